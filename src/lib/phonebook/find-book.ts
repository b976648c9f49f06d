/** Finds a phonebook of the box's list by name or id. */
import { quoted } from "../numbers/index";
import { FritzError, type FritzErrorCode } from "../core/errors";
import type { BookInfo, ContactsUnknown } from "./types";

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

// Maps a failure of the box to the reason why the contacts are not known.

const REASONS: Partial<Record<FritzErrorCode, ContactsUnknown>> = {
  "box-login-needed": "no-login",
  "box-login": "wrong-password",
  "box-right": "no-right",
  "box-no-service": "no-books",
  "box-no-action": "no-books",
  "box-reply": "unreadable-book",
  "box-no-entry": "unreadable-book",
  "box-arguments": "unreadable-book",
  "box-internal": "unreadable-book",
  "box-action-failed": "unreadable-book",
  "no-books": "no-books",
  "book-unknown": "no-books",
  "book-ambiguous": "no-books",
  "no-box": "no-box",
};

/** The reason for an error; any other error means that the box is unreachable. */
export function unknownBecause(error: unknown): ContactsUnknown {
  return (error instanceof FritzError && REASONS[error.code]) || "unreachable";
}

/** Whether only this book failed, so that the others can still be read. */
export function isOfOneBook(error: unknown): boolean {
  return unknownBecause(error) === "unreadable-book";
}
