/** Simulator, TR-064: SOAP envelopes: reads a request, writes replies and UPnP faults as a box words them. */
import { type SoapLogin, soapLoginOf } from "./soap-login";
import { element, parseXml, XmlError, type XmlElement } from "./xml";

const ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";
const ENCODING = "http://schemas.xmlsoap.org/soap/encoding/";

const ERROR_NAMES: Record<number, string> = {
  401: "Invalid Action",
  402: "Invalid Args",
  501: "Action Failed",
  502: "XML error",
  503: "Auth. failed",
  600: "Argument Value Invalid",
  603: "Out of Memory",
  606: "Action Not Authorized",
  713: "SpecifiedArrayIndexInvalid",
  714: "NoSuchEntryInArray",
  820: "Internal Error",
  866: "second factor authentication required",
  867: "second factor authentication blocked",
  868: "second factor authentication busy",
};

/** What an action refuses with: HTTP 500 and this code in a SOAP fault. */
export class UpnpError extends Error {
  constructor(readonly code: number) {
    super(ERROR_NAMES[code] ?? "Error");
  }
}

/** What a client asked for. */
export interface SoapRequest {
  action: string;
  namespace: string;
  /** In order of appearance, names as sent, without prefix. */
  args: [name: string, value: string][];
  /** Second factor's token from the header. */
  token: string | undefined;
  /** A login in the header. */
  login: SoapLogin | undefined;
}

// With a blank before it: a widespread client (of ioBroker) writes the namespace so, and boxes take it.
const isSoap = (part: XmlElement, local: string) => part.local === local && part.namespace.trim() === ENVELOPE;

/** Reads the bytes of a request. Throws `XmlError` on everything that is not UTF-8, well-formed and SOAP. */
export function readSoap(bytes: Uint8Array): SoapRequest {
  const root = parseXml(decode(bytes));
  const body = root.children.find((part) => isSoap(part, "Body"));
  if (!isSoap(root, "Envelope") || !body) throw new XmlError("no SOAP envelope");
  const [action, ...more] = body.children;
  if (!action || more.length > 0) throw new XmlError("the body does not hold one action");
  for (const arg of action.children) {
    if (arg.children.length > 0) throw new XmlError(`${arg.local} holds XML that is not escaped`);
  }
  const header = root.children.find((part) => isSoap(part, "Header"));
  const token = header?.children.find(({ local, namespace }) => local === "token" && namespace === "avm.de");
  return {
    action: action.local,
    namespace: action.namespace,
    args: action.children.map(({ local, text }) => [local, text]),
    token: token?.text.trim(),
    login: soapLoginOf(header),
  };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new XmlError("not UTF-8");
  }
}

/** Line breaks as real boxes send them: clients exist that need text in every element of a fault. */
function envelope(body: string, header: string): string {
  return `<?xml version="1.0"?>
<s:Envelope xmlns:s="${ENVELOPE}" s:encodingStyle="${ENCODING}">
${header && `<s:Header>\n${header}\n</s:Header>\n`}<s:Body>
${body}
</s:Body>
</s:Envelope>
`;
}

/** The reply to an action; `header` is what the SOAP header holds. */
export function soapReply(
  action: string,
  serviceType: string,
  values: Record<string, string | number>,
  header = "",
): string {
  const children = Object.entries(values).map(([name, value]) => `${element(name, value)}\n`);
  return envelope(`<u:${action}Response xmlns:u="${serviceType}">\n${children.join("")}</u:${action}Response>`, header);
}

/** The body of an HTTP 500. */
export function soapFault({ code, message }: UpnpError, header = ""): string {
  return envelope(
    `<s:Fault>
<faultcode>s:Client</faultcode>
<faultstring>UPnPError</faultstring>
<detail>
<UPnPError xmlns="urn:dslforum-org:control-1-0">
${element("errorCode", code)}
${element("errorDescription", message)}
</UPnPError>
</detail>
</s:Fault>`,
    header,
  );
}
