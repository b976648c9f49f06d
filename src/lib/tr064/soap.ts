/**
 * SOAP 1.1 of TR-064: builds the envelope of an action, and parses the reply into values or the box's fault.
 */
import { child, childText, descendants, escapeXml, parseXml } from "../core/xml";

/** Arguments or results by name, e.g. { NewPhonebookID: "0" }. */
export type SoapValues = Readonly<Record<string, string>>;

/** A box's answer: the values, or its UPnP error code (docs/protocol/tr064.md#soap). */
export type SoapReply = { ok: true; values: SoapValues } | { ok: false; code: number; description: string };

/**
 * Builds the body of a request. Values are escaped once, so XML as a value arrives as text, as the box
 * expects. `token`: of the second factor (X_AVM-DE_Auth).
 */
export function soapEnvelope(serviceType: string, action: string, values: SoapValues, token?: string): string {
  const args = Object.entries(values).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  const header =
    token === undefined
      ? ""
      : `<s:Header><avm:token xmlns:avm="avm.de" s:mustUnderstand="1">${escapeXml(token)}</avm:token></s:Header>`;
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">' +
    `${header}<s:Body><u:${action} xmlns:u="${escapeXml(serviceType)}">${args.join("")}</u:${action}></s:Body></s:Envelope>`
  );
}

/** Reads a reply; a document that is neither the action's response nor a fault is an `XmlError` or an unknown fault (code 0). */
export function parseSoapReply(text: string, action: string): SoapReply {
  const body = child(parseXml(text), "Body");
  const response = child(body, `${action}Response`);
  if (response) {
    return { ok: true, values: Object.fromEntries(response.children.map(({ name, text }) => [name, text])) };
  }
  const [error] = body ? descendants(body, "UPnPError") : [];
  return {
    ok: false,
    code: Number(childText(error, "errorCode")) || 0,
    description: childText(error, "errorDescription"),
  };
}
