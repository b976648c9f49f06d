/** L3 services: who may do what on a box, and which of its rules reject callers. */
import type { BookInfo } from "../model/contact";
import { type Access, parseDeflections, parseRights, parseUserList } from "../protocol/box-lists";
import { readReply } from "../protocol/read-reply";
import { BoxService, type Tr064 } from "./box-service";

/** The present login. */
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

  /** Undefined on boxes that do not tell. */
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

  /** The books whose callers the box rejects: a rule of type phonebook without signal. */
  async barredBooks(books: readonly BookInfo[]): Promise<BookInfo[]> {
    if (!(await this.onTel.has("GetDeflections"))) return [];
    const list = (await this.onTel.call("GetDeflections"))("NewDeflectionList");
    const rules = readReply(list, parseDeflections).filter(
      ({ enabled, type, mode }) => enabled && type === "fromPB" && mode === "eNoSignal",
    );
    return books.filter(({ id }) => rules.some(({ bookId }) => bookId === id));
  }

  /** Dials on the box's dialling aid, e.g. the keypad code that switches the call monitor on. */
  async dial(number: string): Promise<void> {
    await this.voip.call("X_AVM-DE_DialNumber", { "NewX_AVM-DE_PhoneNumber": number });
  }
}

const ORDER: readonly Access[] = ["none", "readonly", "readwrite"];
const best = (a: Access, b: Access): Access => (ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b);
