/** A JSON list, read one element after the other, so that the reader can yield in between. */

/** No contact is longer, characters. */
const LONGEST_ELEMENT = 1024 * 1024;
const CHARS_AT_ONCE = 64 * 1024;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENS = new Set([0x5b, 0x7b]); // [ {
const CLOSES = new Set([0x5d, 0x7d]); // ] }

/** The elements of a list, or the one value; yields now and then. Throws a `SyntaxError` for what is no JSON. */
export function* readJsonList(text: string): Generator<undefined, unknown[]> {
  const json = text.trim();
  if (!json.startsWith("[")) return [parse(json)];
  const elements: unknown[] = [];
  let [depth, inString, from] = [0, false, 1];
  for (let at = 0; at < json.length; at++) {
    if (at % CHARS_AT_ONCE === 0) yield;
    const code = json.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
      continue;
    }
    if (code === QUOTE) inString = true;
    else if (OPENS.has(code)) depth++;
    else if (CLOSES.has(code)) depth--;
    const isEnd = depth === 0;
    if (!isEnd && !(code === COMMA && depth === 1)) continue;
    const element = json.slice(from, at);
    if (isEnd && at !== json.length - 1) throw new SyntaxError("text behind the list");
    if (isEnd && code !== 0x5d) throw new SyntaxError("no end");
    if (isEnd && elements.length === 0 && element.trim() === "") return elements;
    elements.push(parse(element));
    yield;
    if (isEnd) return elements;
    from = at + 1;
  }
  throw new SyntaxError("no end");
}

function parse(json: string): unknown {
  if (json.length > LONGEST_ELEMENT) throw new SyntaxError("too long");
  return JSON.parse(json) as unknown;
}
