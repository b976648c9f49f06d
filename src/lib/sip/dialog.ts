/** The dialog of a call that was answered: who it is with, and requests of ours inside it (RFC 3261 §12). */
import { type Header, headerOf, type SipRequest } from "./message";
import { bracketed } from "./serialize";
import { addressOf, parseAddress, parseUri, SIP_PORT, valuesOf } from "./values";

/** What is understood, as announced to the box. */
export const ALLOW: Header = ["allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE"];

/** Where the agent can be reached, as announced to the box. */
export interface Local {
  /** IP address, without brackets. */
  host: string;
  port: number;
  transport: "udp" | "tcp";
  user: string;
}

/** The Contact of the agent. */
export function contactOf({ host, port, transport, user }: Local): string {
  const more = transport === "tcp" ? ";transport=tcp" : "";
  return `<sip:${encodeURIComponent(user)}@${bracketed(host)}:${port}${more}>`;
}

/** A Via for a new request; `branch` is its own part behind the magic cookie. */
export function viaOf({ host, port, transport }: Local, branch: string): Header {
  return ["via", `SIP/2.0/${transport.toUpperCase()} ${bracketed(host)}:${port};branch=z9hG4bK${branch};rport`];
}

/** A Record-Route list, to be copied into answers that open a dialog. */
export function recordRoutes(invite: SipRequest): Header[] {
  return valuesOf(invite, "record-route").map((value) => ["record-route", value] as const);
}

export interface ByeParts {
  /** Our To tag. */
  tag: string;
  branch: string;
  local: Local;
}

/** The BYE for an answered INVITE, through its proxies (loose routing, and strict if the first one wants that). */
export function byeFor(invite: SipRequest, { tag, branch, local }: ByeParts): SipRequest {
  const target = remoteTarget(invite);
  const routes = valuesOf(invite, "record-route");
  const first = parseAddress(routes[0]);
  const strict = first !== undefined && !parseUri(first.uri)?.params.has("lr");
  const route = strict ? [...routes.slice(1), `<${target}>`] : routes;
  return {
    kind: "request",
    method: "BYE",
    uri: strict ? first.uri : target,
    headers: [
      viaOf(local, branch),
      ["max-forwards", "70"],
      ...route.map((value) => ["route", value] as const),
      ["from", `${headerOf(invite, "to")};tag=${tag}`],
      ["to", headerOf(invite, "from") ?? ""],
      ["call-id", headerOf(invite, "call-id") ?? ""],
      ["cseq", "1 BYE"],
    ],
    body: "",
  };
}

/** The Contact of the INVITE; without one its From address. */
function remoteTarget(invite: SipRequest): string {
  const contact = parseAddress(valuesOf(invite, "contact")[0])?.uri;
  if (contact !== undefined && !/\s/.test(contact) && parseUri(contact)) return contact;
  return addressOf(invite, "from")?.uri ?? "";
}

/** Host and port of the next hop of a request; undefined where its URI names none that can be read. */
export function nextHop(request: SipRequest): { host: string; port: number } | undefined {
  const uri = parseAddress(valuesOf(request, "route")[0])?.uri ?? request.uri;
  const found = parseUri(uri);
  return found && found.host !== "" ? { host: found.host, port: found.port ?? SIP_PORT } : undefined;
}
