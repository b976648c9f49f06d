/** Reads the body of a box's reply as text. */
import { isCompleteXml } from "../core/xml";
import { decodeText } from "../core/text";
import { FritzError } from "../core/errors";
import type { BoxReply } from "./http-types";

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
