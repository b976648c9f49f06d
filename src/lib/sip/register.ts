/** The REGISTER request, and how long its answer lets a binding live (RFC 3261 §10). */
import { ALLOW, contactOf, type Local, viaOf } from "./dialog";
import { type Header, headerOf, type SipRequest, type SipResponse } from "./message";
import { bracketed } from "./serialize";
import { parseAddress, parseUri, secondsOf, SIP_PORT, valuesOf } from "./values";

export interface RegisterParts {
  user: string;
  domain: string;
  local: Local;
  branch: string;
  callId: string;
  fromTag: string;
  cseq: number;
  /** 0 removes the binding. */
  expires: number;
}

/** Names no user: a box drops a REGISTER that does. */
export const registrarUri = (domain: string) => `sip:${bracketed(domain)}`;

/** A REGISTER for the own binding only (never `Contact: *`). */
export function registerRequest(parts: RegisterParts, authorization: readonly Header[]): SipRequest {
  const { user, domain, local, branch, callId, fromTag, cseq, expires } = parts;
  const own = `<sip:${encodeURIComponent(user)}@${bracketed(domain)}>`;
  return {
    kind: "request",
    method: "REGISTER",
    uri: registrarUri(domain),
    headers: [
      viaOf(local, branch),
      ["max-forwards", "70"],
      ["from", `${own};tag=${fromTag}`],
      ["to", own],
      ["call-id", callId],
      ["cseq", `${cseq} REGISTER`],
      ["contact", `${contactOf(local)};expires=${expires}`],
      ["expires", String(expires)],
      ALLOW,
      ...authorization,
    ],
    body: "",
  };
}

/** The time that the registrar grants to our Contact; those of other phones in the list do not count (§10.3). */
export function grantedSeconds(response: SipResponse, local: Local): number | undefined {
  for (const text of valuesOf(response, "contact")) {
    const contact = parseAddress(text);
    const uri = parseUri(contact?.uri ?? "");
    const own = uri?.user === local.user && uri.host === local.host && (uri.port ?? SIP_PORT) === local.port;
    const seconds = contact?.params.get("expires");
    if (own && seconds !== undefined && /^\d{1,9}$/.test(seconds)) return Number(seconds);
  }
  const seconds = secondsOf(response, "expires");
  return headerOf(response, "expires") === undefined ? undefined : seconds;
}
