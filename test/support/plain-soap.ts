/** Test support: one TR-064 action with a digest login, written for tests of the simulated box alone. */
import { createHash } from "node:crypto";
import { parseXml, type XmlElement } from "../../simulator/tr064/xml";
import type { Tr064Server } from "../../simulator";

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const PATHS: Record<string, string> = {
  "X_AVM-DE_TAM:1": "x_tam",
  "X_AVM-DE_OnTel:1": "x_contact",
  "X_VoIP:1": "x_voip",
  "X_AVM-DE_AppSetup:1": "x_appsetup",
  "X_AVM-DE_Dect:1": "x_dect",
};

const deepest = (root: XmlElement, local: string): XmlElement[] =>
  root.children.flatMap((child) => [...(child.local === local ? [child] : []), ...deepest(child, local)]);

/** The values of the reply, or the code of the fault. */
export async function callAction(
  { port }: Tr064Server,
  user: { name: string; password: string },
  service: string,
  action: string,
  values: Record<string, string>,
): Promise<{ values: Record<string, string>; code?: number }> {
  const path = `/upnp/control/${PATHS[service]}`;
  const type = `urn:dslforum-org:service:${service}`;
  const args = Object.entries(values).map(([name, value]) => `<${name}>${value.replace(/[<&]/g, "")}</${name}>`);
  const body =
    `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">` +
    `<s:Body><u:${action} xmlns:u="${type}">${args.join("")}</u:${action}></s:Body></s:Envelope>`;
  const ask = (login = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...{ method: "POST", body },
      headers: { "Content-Type": 'text/xml; charset="utf-8"', SOAPAction: `${type}#${action}`, ...login },
    });
  const challenge = (await ask()).headers.get("www-authenticate") ?? "";
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
  const [realm, nonce] = [field("realm"), field("nonce")];
  const [a1, a2] = [md5(`${user.name}:${realm}:${user.password}`), md5(`POST:${path}`)];
  const response = md5([a1, nonce, "00000001", "0a4f", "auth", a2].join(":"));
  const answer = await ask({
    Authorization: `Digest username="${user.name}", realm="${realm}", nonce="${nonce}", uri="${path}", response="${response}", algorithm="MD5", qop=auth, nc=00000001, cnonce="0a4f"`,
  });
  const root = parseXml(await answer.text());
  const [code] = deepest(root, "errorCode");
  if (code) return { values: {}, code: Number(code.text) };
  const [reply] = deepest(root, `${action}Response`);
  return { values: Object.fromEntries((reply?.children ?? []).map(({ local, text }) => [local, text])) };
}
