/** Reads what the box answers: bodies as text, documents, and their errors as `FritzError`. */
import { FritzError } from "../core/errors";
import { decodeText } from "../core/text";
import { isCompleteXml, XmlError } from "../core/xml";
import type { BoxReply } from "./http-types";

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

/** The error for an HTTP status. A download may be retried, as its URL is only valid for a short time. */
export function badStatus(status: number, action = ""): FritzError {
  return new FritzError("box-reply", { detail: `${status} ${action}`.trim() }, status >= 500 || action === "");
}

/** The body as text; one that may be truncated counts only if it is a complete document. */
export function textOf({ status, body, complete }: BoxReply, anyStatus = false): string {
  if (!anyStatus && status !== 200) throw badStatus(status);
  const text = decodeText(body).replace(/^\ufeff/, "");
  if (!complete && !isCompleteXml(text)) throw new FritzError("box-reply", { detail: "cut" }, true);
  return text;
}
