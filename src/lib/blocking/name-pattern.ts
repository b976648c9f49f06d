/** Patterns of names that sources say of a caller. */

/** Whether the name fits, in any case; `*` stands for any text. A pattern of nothing else fits no name. Linear in the name's length. */
export function fitsName(pattern: string, name: string): boolean {
  const [text, parts] = [name.trim().toLowerCase(), pattern.trim().toLowerCase().split("*")];
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (text === "" || !/[\p{L}\p{N}]/u.test(pattern)) return false;
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= text.length - last.length;
}
