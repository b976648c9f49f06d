/** Cards of a vCard file, and the encodings of version 2.1. */

// Splits a vCard file into cards.

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

/** Properties that are read; photos, addresses and the like are dropped. */
const WANTED = ["BEGIN", "END", "VERSION", "FN", "N", "NICKNAME", "ORG", "TEL", "EMAIL", "CATEGORIES"];

/** More parameters have no meaning and take long, characters. */
const LONGEST_HEAD = 1_000;

/** The lines of a card of version 3.0 or 4.0 that are read, each in one. */
export function wantedLines(lines: readonly string[]): string {
  const whole: string[][] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line)) whole.at(-1)?.push(line.slice(1));
    else whole.push([line]);
  }
  return whole
    .map((parts) => parts.join(""))
    .filter((line) => isWanted(headOf(line)))
    .join("\r\n");
}

function isWanted(head: string): boolean {
  return head.length <= LONGEST_HEAD && WANTED.includes(propertyOf(head));
}

/** Without group and parameters. */
function propertyOf(head: string): string {
  const [name = ""] = head.split(";", 1);
  return name
    .slice(name.indexOf(".") + 1)
    .trim()
    .toUpperCase();
}

/** Whether a text contains cards of that version. */
export function isVcard21(text: string): boolean {
  return /^VERSION:2\.1\s*$/im.test(text);
}

/** Adds names to bare types and decodes quoted-printable. Cards of other versions are hardly changed. */
export function toVcard3(text: string): string {
  return logicalLines(text).map(toLine).filter(Boolean).join("\r\n");
}

/** Quoted-printable continues after a final "=", everything else after a blank. */
function logicalLines(text: string): string[] {
  const lines: string[][] = [];
  let open = false;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const last = lines.at(-1);
    if (last && open) last.push(line);
    else if (last && /^[ \t]/.test(line)) last.push(line.slice(1));
    else lines.push([line]);
    const whole = lines.at(-1) ?? [];
    open = line.endsWith("=") && isQuotedPrintable(headOf(whole[0] ?? ""));
    if (open) whole[whole.length - 1] = (whole.at(-1) ?? "").slice(0, -1);
  }
  return lines.map((parts) => parts.join(""));
}

const headOf = (line: string) => line.slice(0, Math.max(0, line.indexOf(":")));
const isQuotedPrintable = (head: string) => /[;=]QUOTED-PRINTABLE(?:;|$)/i.test(head);

function toLine(line: string): string {
  const head = headOf(line);
  if (!isWanted(head)) return "";
  const property = propertyOf(head);
  const [, ...parameters] = head.split(";");
  const value = line.slice(head.length + 1);
  const text = isQuotedPrintable(head) ? decode(value, parameters) : value;
  if (property === "VERSION") return "VERSION:3.0";
  const types = parameters.filter((one) => /^type=/i.test(one) || /^[\w-]+$/.test(one));
  const typed = types.map((one) => (one.includes("=") ? one : `TYPE=${one}`));
  // A comma has no special meaning in 2.1.
  return `${[property, ...typed].join(";")}:${text.replace(/\\?,/g, "\\,").replace(/\r?\n|\r/g, "\\n")}`;
}

function decode(value: string, parameters: readonly string[]): string {
  const bytes = Buffer.from(value, "utf8")
    .toString("latin1")
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const charset = parameters.find((one) => /^charset=/i.test(one))?.slice("charset=".length) ?? "utf-8";
  return decoderOf(charset).decode(Buffer.from(bytes, "latin1"));
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder("latin1");
  }
}
