/** Splits a vCard file into cards. */

/** Lines of any system, one by one; without a byte order mark. */
function* linesOf(text: string): Generator<string> {
  let from = text.startsWith("\ufeff") ? 1 : 0;
  for (const { 0: end, index } of text.matchAll(/\r\r\n|\r\n|\n|\r/g)) {
    if (index < from) continue;
    yield text.slice(from, index);
    from = index + end.length;
  }
  yield text.slice(from);
}

const ended = ({ lines, line }: { lines: string[]; line: number }) => ({ lines: [...lines, "END:VCARD"], line });

const LINES_AT_ONCE = 500;

/** The cards of a file, each with the number of its first line; a missing end is added. Undefined: not yet at the end of one. */
export function* splitCards(text: string): Generator<{ lines: string[]; line: number } | undefined> {
  let card: { lines: string[]; line: number } | undefined;
  let number = 0;
  for (const line of linesOf(text)) {
    if (++number % LINES_AT_ONCE === 0) yield;
    const begins = /^\s*BEGIN:VCARD\s*$/i.test(line);
    if (begins) {
      if (card) yield ended(card);
      card = { lines: [], line: number };
    }
    if (line.trimStart() !== "") card?.lines.push(line);
    if (!card || begins || !/^\s*END:VCARD\s*$/i.test(line)) continue;
    yield card;
    card = undefined;
  }
  if (card) yield ended(card);
}
