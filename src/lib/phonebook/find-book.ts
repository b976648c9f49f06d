/** Finds a phonebook of the box's list by name or id. */
import { quoted } from "../numbers/index";
import { FritzError } from "../core/errors";
import type { BookInfo } from "./types";

/** The name or id as text; throws `book-missing` if it is empty. */
export function bookText(wanted: string | number): string {
  const text = String(wanted).trim();
  if (text === "") throw new FritzError("book-missing");
  return text;
}

/** Whether a book has exactly this name or id. */
export const hasBook = (books: readonly BookInfo[], text: string) =>
  books.some(({ name, id }) => name === text || String(id) === text);

/** As `pickBook`, undefined if there is none. */
export function findBook(books: readonly BookInfo[], text: string): BookInfo | undefined {
  const tests = [
    ({ name }: BookInfo) => name === text,
    ({ id }: BookInfo) => String(id) === text,
    ({ name }: BookInfo) => name.normalize().toLowerCase() === text.normalize().toLowerCase(),
  ];
  for (const test of tests) {
    const [first, second] = books.filter(test);
    if (second) throw new FritzError("book-ambiguous", { book: quoted(text) });
    if (first) return first;
  }
  return undefined;
}

/** By exact name, then by id, then by name whatever the case; a `FritzError` if there is none. */
export function pickBook(books: readonly BookInfo[], text: string): BookInfo {
  const found = findBook(books, text);
  if (!found) throw new FritzError("book-unknown", { book: quoted(text) });
  return found;
}

/** The URL of a book's document, for all its contacts. */
export function withMax(url: string): string {
  if (url === "" || /[?&]max=/.test(url)) return url;
  return `${url}${url.includes("?") ? "&" : "?"}max=${ALL_CONTACTS}`;
}

/** Without this parameter a box returns at most 999 contacts. */
const ALL_CONTACTS = 100_000;

/** The book of barred numbers; it is in no list. */
export const BARRING_LIST: BookInfo = { id: 258, name: "", writable: true };

/** Upper bound, more than any box has. */
export const MOST_BOOKS = 100;
