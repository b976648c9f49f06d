/** Simulator, TR-064: replies before they are sent. */
import { escapeXml } from "./xml";

/** A request as it came in. */
export interface BoxRequest {
  method: string;
  /** With query. */
  path: string;
  header(name: string): string | undefined;
  body: Uint8Array;
  tls: boolean;
}

/** Status, headers and body. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
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

/** An HTML page, as the box sends it for errors outside SOAP. */
export function page(status: number, headers: Record<string, string> = {}): Reply {
  const title = escapeXml(TITLES[status] ?? String(status));
  const [, heading = title, note = ""] = /^([^(]*) \((.*)\)$/.exec(title) ?? [];
  const body = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD><BODY><H1>${heading}</H1><BR>${note}<HR><B>Webserver</B></BODY></HTML>`;
  return { status, headers: { "Content-Type": "text/html", ...headers }, body };
}

/** A page for people that an XML parser takes for a document; the box sends such ones when its user interface answers. */
export function xhtmlPage(): Reply {
  const head = "<head><title>FRITZ!Box</title></head>";
  const body = `<body><div id="content"><p>Ihre FRITZ!Box ist gleich wieder da.</p></div></body>`;
  return xml(
    `<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">${head}${body}</html>`,
  );
}

/** An XML document. */
export function xml(body: string, status = 200): Reply {
  return { status, headers: { "Content-Type": 'text/xml; charset="utf-8"' }, body };
}
