/** L1 protocol: a box's bytes -> text. */

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8; bytes that are not UTF-8 are read as Latin-1, which old boxes and some replies are without saying so. */
export function decodeText(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}
