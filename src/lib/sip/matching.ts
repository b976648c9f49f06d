/** What tells one request from another: the keys of transactions, and what a request asks for that is not supported. */
import { type Header, headerOf, type SipRequest } from "./message";
import { addressOf, cseqOf, SIP_PORT, topVia, valuesOf } from "./values";

/** What matches a request to its server transaction (§17.2.3); ACK and CANCEL have the key of their INVITE. */
export function transactionKeyOf(request: SipRequest): string {
  const via = topVia(request);
  const branch = via?.params.get("branch") ?? "";
  const sentBy = `${via?.host}:${via?.port ?? SIP_PORT}`;
  if (branch.startsWith("z9hG4bK") && branch.length > 7) return `${branch} ${sentBy}`;
  const from = addressOf(request, "from")?.params.get("tag") ?? "";
  return ["old", headerOf(request, "call-id"), from, cseqOf(request)?.number, sentBy, branch].join(" ");
}

/** What an INVITE has in common with the same one that came by another path (§8.2.2.2). */
export function identityOf(request: SipRequest): string {
  return [headerOf(request, "call-id"), addressOf(request, "from")?.params.get("tag"), cseqOf(request)?.number].join(
    " ",
  );
}

/** The Unsupported header for what a request requires; no extension is supported (§8.2.2.3). */
export function unsupportedIn(request: SipRequest): Header | undefined {
  const required = valuesOf(request, "require").filter((word) => /^[\w.!%*+`'~-]+$/.test(word));
  return required.length > 0 ? ["unsupported", required.slice(0, 10).join(", ")] : undefined;
}
