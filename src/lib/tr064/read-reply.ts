/** Reads a document from the box, and maps parse errors to `FritzError`. */
import { FritzError } from "../core/errors";
import { XmlError } from "../core/xml";

/** Runs a parser; an XML error becomes the error for an unusable answer. */
export function readReply<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    throw replyFault(error);
  }
}

/** The error for the caller, given the error of a parser. */
export function replyFault(error: unknown): unknown {
  return error instanceof XmlError ? new FritzError("box-reply", { detail: error.message }, true) : error;
}
