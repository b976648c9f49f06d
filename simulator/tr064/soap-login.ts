/**
 * Simulator, TR-064: the login in the SOAP header that some clients use instead of HTTP's (AVM, First Steps, 4.1.2):
 * `InitChallenge` -> `Challenge` -> `ClientAuth`; each reply brings the next nonce. All with HTTP 200, as those clients need it.
 */
import { createHash } from "node:crypto";
import type { Credentials, DigestGate } from "./digest";
import { element, type XmlElement } from "./xml";

const SOAP_LOGIN = "http://soap-authentication.org/digest/2001/10/";
const REALM = "F!Box SOAP-Auth";

/** What the header says: the fields of `ClientAuth`, or none with `InitChallenge`. */
export type SoapLogin = Readonly<Record<string, string>>;

const md5 = (text: string) => createHash("md5").update(text, "utf8").digest("hex");

/** The login of a SOAP header, if it has one. */
export function soapLoginOf(header: XmlElement | undefined): SoapLogin | undefined {
  const found = header?.children.find(
    ({ local, namespace }) => namespace.trim() === SOAP_LOGIN && (local === "InitChallenge" || local === "ClientAuth"),
  );
  if (!found) return undefined;
  const fields = found.children.map(({ local, text }) => [local, text.trim()]);
  return found.local === "ClientAuth" ? (Object.fromEntries(fields) as SoapLogin) : {};
}

/** The user, if the login is right; a nonce is good once. */
export function checkSoapLogin(login: SoapLogin, gate: DigestGate, users: readonly Credentials[]): string | undefined {
  const { Nonce = "", Auth = "", UserID = "", Realm = "" } = login;
  if (Auth === "" || gate.locked || !gate.spend(Nonce)) return undefined;
  const user = users.find(({ name }) => name === UserID);
  if (user && Realm === REALM && Auth === md5(`${md5(`${UserID}:${REALM}:${user.password}`)}:${Nonce}`))
    return user.name;
  gate.countWrong();
  return undefined;
}

/** The header of a reply: asks for a login, or brings the nonce for the next request. */
export function soapChallenge(gate: DigestGate, isIn: boolean): string {
  const name = isIn ? "NextChallenge" : "Challenge";
  const status = element("Status", isIn ? "Authenticated" : "Unauthenticated");
  const fields = [status, element("Nonce", gate.issue()), element("Realm", REALM)].join("\n");
  return `<h:${name} xmlns:h="${SOAP_LOGIN}" s:mustUnderstand="1">\n${fields}\n</h:${name}>`;
}
