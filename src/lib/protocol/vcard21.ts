/** L1 protocol: vCard 2.1, which Outlook and old telephones still write, in the words of 3.0. */

/** What is read of a card; photos, addresses and the like are left out. */
const WANTED = ["BEGIN", "END", "VERSION", "FN", "N", "NICKNAME", "ORG", "TEL", "EMAIL", "CATEGORIES"];

/** Whether a text holds cards of that version. */
export function isVcard21(text: string): boolean {
  return /^VERSION:2\.1\s*$/im.test(text);
}

/** Bare types get their name, quoted-printable is decoded. Cards of other versions among them are hardly changed. */
export function toVcard3(text: string): string {
  return logicalLines(text).map(toLine).filter(Boolean).join("\r\n");
}

/** Quoted-printable goes on behind a last "=", everything else behind a blank. */
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
  const [name = "", ...parameters] = head.split(";");
  const property = name.slice(name.indexOf(".") + 1).toUpperCase(); // without a group
  if (!WANTED.includes(property)) return "";
  const value = line.slice(head.length + 1);
  const text = isQuotedPrintable(head) ? decode(value, parameters) : value;
  if (property === "VERSION") return "VERSION:3.0";
  const types = parameters.filter((one) => /^type=/i.test(one) || /^[\w-]+$/.test(one));
  const typed = types.map((one) => (one.includes("=") ? one : `TYPE=${one}`));
  // A comma means nothing in 2.1.
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
