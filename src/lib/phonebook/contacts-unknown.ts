/** Maps a failure of the box to the reason why the contacts are not known. */
import { FritzError, type FritzErrorCode } from "../core/errors";
import type { ContactsUnknown } from "./types";

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
