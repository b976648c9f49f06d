/** Simulator, TR-064: what goes back to a client, before it is put on the wire. */
import { escapeXml } from "./xml";

/** A request as it came in. */
export interface BoxRequest {
  method: string;
  /** With query. */
  path: string;
  header(name: string): string | undefined;
  body: Uint8Array;
}

/** Status, headers and body. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** A file and not a SOAP reply. */
  download?: boolean;
}

const TITLES: Record<number, string> = {
  200: "FRITZ!Box",
  401: "401 Unauthorized (ERR_NONE)",
  403: "403 Forbidden (ERR_NONE)",
  404: "404 Not Found (ERR_NOT_FOUND)",
  405: "405 Method Not Allowed (ERR_NONE)",
  503: "503 Service Unavailable (ERR_NONE)",
};

/** A page for people, as the box sends it where SOAP does not get to. */
export function page(status: number, headers: Record<string, string> = {}): Reply {
  const title = escapeXml(TITLES[status] ?? String(status));
  const [, heading = title, note = ""] = /^([^(]*) \((.*)\)$/.exec(title) ?? [];
  const body = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD><BODY><H1>${heading}</H1><BR>${note}<HR><B>Webserver</B></BODY></HTML>`;
  return { status, headers: { "Content-Type": "text/html", ...headers }, body };
}

/** An XML document. */
export function xml(body: string, status = 200): Reply {
  return { status, headers: { "Content-Type": 'text/xml; charset="utf-8"' }, body };
}
