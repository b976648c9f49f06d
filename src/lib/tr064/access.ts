/** Users, rights and abilities of a box. */
import { readReply } from "./read-reply";
import { BoxService, type Tr064 } from "./service";
import { descendants, parseXml, type XmlElement } from "../core/xml";

// Parses the lists of a box's users and of the current user's rights, XML in a text.

/** Level of a right. */
export type Access = "none" | "readonly" | "readwrite";

/** NewX_AVM-DE_UserList -> names, the last login first. */
function parseUserList(text: string): string[] {
  if (text.trim() === "") return [];
  const users = descendants(parseXml(text), "Username");
  const isLast = ({ attributes }: XmlElement) => attributes["last_user"] === "1";
  return [...users.filter(isLast), ...users.filter((user) => !isLast(user))]
    .map(({ text: name }) => name.trim())
    .filter((name) => name !== "");
}

/** NewX_AVM-DE_CurrentUserRights (`path` and `access` in turn) -> access by path: BoxAdmin, Phone, Dial, NAS, HomeAuto. */
function parseRights(text: string): ReadonlyMap<string, Access> {
  const root = parseXml(text);
  const [paths, accesses] = [descendants(root, "path"), descendants(root, "access")];
  return new Map(paths.map(({ text: path }, i) => [path.trim(), accessOf(accesses[i])]));
}

function accessOf(element: XmlElement | undefined): Access {
  const text = element?.text.trim().toLowerCase();
  return text === "readwrite" || text === "readonly" ? text : "none";
}

/** The current login. */
export interface CurrentUser {
  name: string;
  /** Phonebooks and call list: by the phone right, or as an administrator. */
  phone: Access;
  /** The dialling aid. */
  dial: Access;
}

/** Asks the box; rejects with a `FritzError`. */
export class BoxAccess {
  private readonly security: BoxService;
  private readonly onTel: BoxService;
  private readonly voip: BoxService;
  private readonly auth: BoxService;

  constructor(client: Tr064) {
    this.security = new BoxService(client, "LANConfigSecurity:1");
    this.onTel = new BoxService(client, "X_AVM-DE_OnTel:1");
    this.voip = new BoxService(client, "X_VoIP:1");
    this.auth = new BoxService(client, "X_AVM-DE_Auth:1");
  }

  /** The names that may log in, without login; the most likely one first. Empty on boxes before FRITZ!OS 7.20. */
  async users(): Promise<string[]> {
    if (!(await this.security.has("X_AVM-DE_GetUserList"))) return [];
    return readReply((await this.security.call("X_AVM-DE_GetUserList"))("NewX_AVM-DE_UserList"), parseUserList);
  }

  /** Undefined on boxes that do not return it. */
  async currentUser(): Promise<CurrentUser | undefined> {
    if (!(await this.security.has("X_AVM-DE_GetCurrentUser"))) return undefined;
    const user = await this.security.call("X_AVM-DE_GetCurrentUser");
    const rights = readReply(user("NewX_AVM-DE_CurrentUserRights"), parseRights);
    const higher = (path: string) => best(rights.get(path) ?? "none", rights.get("BoxAdmin") ?? "none");
    return { name: user("NewX_AVM-DE_CurrentUsername"), phone: higher("Phone"), dial: higher("Dial") };
  }

  async secondFactor(): Promise<boolean> {
    return (await this.auth.has("GetInfo")) && (await this.auth.call("GetInfo"))("NewEnabled") === "1";
  }

  canBar(): Promise<boolean> {
    return canBar(this.onTel);
  }

  /** Dials on the box's dialling aid, e.g. the keypad code that switches the call monitor on. */
  async dial(number: string): Promise<void> {
    await this.voip.call("X_AVM-DE_DialNumber", { "NewX_AVM-DE_PhoneNumber": number });
  }
}

/** Whether the box has a call barring list (FRITZ!OS 7.20 and newer), which needs neither a phonebook nor a rule. */
export async function canBar(onTel: BoxService): Promise<boolean> {
  const needed = ["GetCallBarringList", "SetCallBarringEntry", "DeleteCallBarringEntryUID"];
  return (await Promise.all(needed.map((action) => onTel.has(action)))).every(Boolean);
}

const ORDER: readonly Access[] = ["none", "readonly", "readwrite"];
const best = (a: Access, b: Access): Access => (ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b);
