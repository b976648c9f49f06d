/** Decodes text that a box sent. */

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * UTF-8; bytes that are not UTF-8 are read as Latin-1, one by one: old boxes and some replies are Latin-1 without saying so, and
 * a book may hold both after a write.
 */
export function decodeText(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString("latin1").replace(UTF8_SEQUENCES, (some) => Buffer.from(some, "latin1").toString("utf8"));
  }
}

const BYTES_AT_ONCE = 256 * 1024;

/** The same for a long text, line by line: yields after each piece. */
export function* decodePieces(bytes: Buffer): Generator<undefined, string> {
  let text = "";
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(0x0a, Math.min(bytes.length, from + BYTES_AT_ONCE));
    const next = end < 0 ? bytes.length : end + 1;
    text += decodeText(bytes.subarray(from, next));
    from = next;
    yield;
  }
  return text;
}

/** One character of several bytes, as its bytes look in Latin-1. */
const UTF8_SEQUENCES =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}/g;
