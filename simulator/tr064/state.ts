/** Simulator, TR-064: state and settings of the box; everything can be changed from code at any time. */
import { AnsweringMachines } from "./answering-machines";
import { BoxPhonebooks } from "./box-phonebooks";
import { CallList } from "./call-list";
import { nameOf, numbersOf, type Phonebook } from "./phonebooks";
import { SecondFactor } from "./second-factor";
import type { Access, BoxUser, Deflection, Handset, Model, OwnNumber, Place, Rights, SipClient } from "./state-types";

const ALL: Rights = {
  config: "readwrite",
  app: "readwrite",
  phone: "readwrite",
  dial: "readwrite",
  nas: "readwrite",
  homeAuto: "readwrite",
};

const LEVELS: readonly Access[] = ["none", "readonly", "readwrite"];
const higher = (a: Access = "none", b: Access = "none"): Access => (LEVELS.indexOf(a) > LEVELS.indexOf(b) ? a : b);

/** The state of the box. */
export class BoxState {
  readonly books: BoxPhonebooks;
  readonly calls: CallList;
  readonly secondFactor = new SecondFactor();
  readonly tam = new AnsweringMachines();
  /** Pictures of contacts and other files: path -> bytes. */
  readonly files = new Map<string, Uint8Array>();
  /** How recordings and pictures are downloaded: as documented, or by the user interface's route. */
  fileRoute: "download" | "user-interface" = "download";
  users: BoxUser[] = [{ name: "fritz1234", password: "secret", rights: ALL }];
  /** The last user who logged in. */
  lastUser = "fritz1234";
  /** No password is set: everything is allowed, except dialling. */
  anonymousLogin = false;
  /** "Zugriff für Anwendungen zulassen"; off = every action is answered with 401. */
  appAccess = true;
  /** False = a box or repeater without X_VoIP and X_AVM-DE_OnTel. */
  telephony = true;
  /** Actions missing on this box. */
  readonly missingActions = new Set<string>();
  /** Actions that require the second factor, besides those that always do. */
  readonly protectedActions = new Set<string>();
  model: Model = {
    name: "FRITZ!Box 7590",
    hardware: "226",
    firmware: "154.08.02",
    buildNumber: "118427",
    serial: "0896D7000001",
    hasVersion: true,
  };
  place: Place = { countryCode: "49", countryPrefix: "00", areaCode: "7191", areaPrefix: "0" };
  numbers: OwnNumber[] = [{ number: "732123", type: "eVoIP", index: 0, name: "732123" }];
  deflections: Deflection[] = [];
  guestWlan = false;
  sipClients: SipClient[] = [];
  handsets: Handset[] = [{ id: 1, name: "Mobilteil 1", phonebookId: 0 }];
  /** Telephones that the dialling aid can use. */
  phones = ["FON1: Telefon", "ISDN: ISDN/DECT Rundruf", "DECT: Mobilteil 1"];
  /** The dialling aid's telephone; "" = off. */
  dialPhone = "DECT: Mobilteil 1";
  /** The host in download addresses; "" = where it listens. */
  hostIdea = "";
  /** Addresses of documents have the scheme of the request; else TLS where the box listens for it. */
  schemeOfRequest = false;
  /** Validity of the session id in a download address, ms. */
  sidLifetimeMs = 20 * 60_000;
  /** Most contacts of a download without `max`. */
  defaultMaxContacts = 999;

  constructor(readonly now: () => Date) {
    this.books = new BoxPhonebooks(() => Math.floor(now().getTime() / 1000));
    this.calls = new CallList(now);
  }

  /** A user's access level. Without a password everything is allowed. */
  accessOf(userName: string | undefined, right: keyof Rights): Access {
    if (this.anonymousLogin) return "readwrite";
    const { rights = {} } = this.users.find(({ name }) => name === userName) ?? {};
    if (right === "phone") return higher(rights.phone, rights.config);
    if (right === "dial") return rights.dial ?? higher(rights.phone, rights.config);
    return rights[right] ?? "none";
  }

  /** A number as the box compares it: `+49…`, `0049…` and `0…` are the same. */
  normalize(number: string): string {
    const { countryCode, countryPrefix, areaCode, areaPrefix } = this.place;
    let digits = number.replace(/[\s()/.-]/g, "").replace(/^\+/, countryPrefix);
    const home = countryPrefix + countryCode;
    if (countryCode !== "" && digits.startsWith(home)) digits = areaPrefix + digits.slice(home.length);
    else if (areaCode !== "" && /^[1-9]\d*\*?$/.test(digits)) digits = areaPrefix + areaCode + digits;
    return digits;
  }

  /** The bytes behind a path: a recording, or a picture. */
  file(path: string): Uint8Array | undefined {
    return this.files.get(path) ?? this.tam.file(path);
  }

  /** Returns a function that restores what a write may have changed. */
  save(): () => void {
    const undo = [this.books.save(), this.tam.save()];
    const { deflections, handsets, users, dialPhone, sipClients } = this;
    const before = structuredClone({ deflections, handsets, users, dialPhone, sipClients });
    return () => {
      Object.assign(this, before);
      for (const one of undo) one();
    };
  }

  /** Whether the box rejects this caller: by its barring list, or by a rule. */
  bars(caller: string): boolean {
    const rules = this.deflections.filter(({ enable, mode }) => enable && mode === "eNoSignal");
    const has = (type: string) => rules.some((rule) => rule.type === type);
    if (has("fromAll")) return true;
    if (caller === "") return has("fromAnonymous");
    const books = rules
      .filter(({ type }) => type === "fromPB")
      .map(({ phonebookId }) => (phonebookId === "" ? [] : this.numbersIn(this.books.all[phonebookId])));
    const listed = rules.filter(({ type }) => type === "fromNumber").map(({ number }) => number);
    if ([...this.numbersIn(this.books.barring), ...books.flat(), ...listed].some((one) => this.fits(one, caller))) {
      return true;
    }
    const known = this.books.all.flatMap((book) => this.numbersIn(book));
    return has("fromNotInPhonebook") && !known.some((one) => this.fits(one, caller));
  }

  /** The name that the box shows for a caller; "" = none. */
  nameOf(caller: string): string {
    const contacts = caller === "" ? [] : this.books.all.flatMap((book) => book.contacts);
    const found = contacts.find((contact) => numbersOf(contact).some((one) => this.fits(one, caller)));
    return found ? nameOf(found) : "";
  }

  private numbersIn(book: Phonebook | undefined): string[] {
    return book?.contacts.flatMap(numbersOf) ?? [];
  }

  /** A number in any written form; a * at the end stands for anything. */
  private fits(listed: string, caller: string): boolean {
    const [pattern, number] = [this.normalize(listed), this.normalize(caller)];
    return pattern.endsWith("*") ? number.startsWith(pattern.slice(0, -1)) : number === pattern;
  }
}
