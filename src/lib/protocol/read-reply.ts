/** L1 protocol: a document that the box sent -> what it says, or the failure that it cannot be used. */
import { FritzError } from "../model/errors";
import { XmlError } from "./xml";

/** Reads a document of the box; one that is not the XML it should be is the box's unusable answer. */
export function readReply<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    throw replyFault(error);
  }
}

/** The failure for the caller, where reading a document of the box failed with this. */
export function replyFault(error: unknown): unknown {
  return error instanceof XmlError ? new FritzError("box-reply", { detail: error.message }, true) : error;
}
