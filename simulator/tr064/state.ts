/** Simulator, TR-064: what the box knows and how it is set up; everything can be changed from code at any time. */
import { BookShelf } from "./book-shelf";
import { CallList } from "./call-list";
import { numbersOf } from "./phonebooks";
import { SecondFactor } from "./second-factor";

/** How far a right goes. */
export type Access = "none" | "readonly" | "readwrite";

/** Config includes phone. A right left out is "none"; `dial` left out goes with the phone right. */
export interface Rights {
  config?: Access;
  app?: Access;
  phone?: Access;
  dial?: Access;
  nas?: Access;
  homeAuto?: Access;
}

/** Somebody who may log in. */
export interface BoxUser {
  name: string;
  password: string;
  rights: Rights;
}

/** A diversion or barring rule of the user interface. */
export interface Deflection {
  enable: boolean;
  /** fromAll, fromAnonymous, fromNotInPhonebook, fromNumber, fromPB, fromVIP, toAny, … */
  type: string;
  number: string;
  toNumber: string;
  /** eNoSignal = barred; eImmediately, eBusy, … */
  mode: string;
  outgoing: string;
  /** "" = none. */
  phonebookId: number | "";
}

/** A number of the house. */
export interface OwnNumber {
  number: string;
  type: "eVoIP" | "eISDN" | "ePOTS" | "eGSM" | "eNone" | "eAllCalls";
  index: number;
  name: string;
}

/** A DECT handset and its book. */
export interface Handset {
  id: number;
  name: string;
  phonebookId: number;
}

/** Prefixes are what is dialled before the code; all may be empty. */
export interface Place {
  countryCode: string;
  countryPrefix: string;
  areaCode: string;
  areaPrefix: string;
}

/** Model and firmware. */
export interface Model {
  name: string;
  hardware: string;
  /** Model code, FRITZ!OS major, minor: 154.08.02. */
  firmware: string;
  buildNumber: string;
  /** MAC without colons. */
  serial: string;
  /** Very old boxes and repeaters do not tell. */
  tellsVersion: boolean;
}

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

/** The box's memory. */
export class BoxState {
  readonly books: BookShelf;
  readonly calls: CallList;
  readonly secondFactor = new SecondFactor();
  users: BoxUser[] = [{ name: "fritz1234", password: "secret", rights: ALL }];
  /** Who logged in last. */
  lastUser = "fritz1234";
  /** No password is set: everything is open, but dialling. */
  anonymousLogin = false;
  /** "Zugriff für Anwendungen zulassen"; off = every action is answered with 401. */
  appAccess = true;
  /** False = a box or repeater without X_VoIP and X_AVM-DE_OnTel. */
  telephony = true;
  /** Actions that this box is too old for. */
  readonly missingActions = new Set<string>();
  model: Model = {
    name: "FRITZ!Box 7590",
    hardware: "226",
    firmware: "154.08.02",
    buildNumber: "118427",
    serial: "0896D7000001",
    tellsVersion: true,
  };
  place: Place = { countryCode: "49", countryPrefix: "00", areaCode: "7191", areaPrefix: "0" };
  numbers: OwnNumber[] = [{ number: "732123", type: "eVoIP", index: 0, name: "732123" }];
  deflections: Deflection[] = [];
  handsets: Handset[] = [{ id: 1, name: "Mobilteil 1", phonebookId: 0 }];
  /** Telephones that the dialling aid can use. */
  phones = ["FON1: Telefon", "ISDN: ISDN/DECT Rundruf", "DECT: Mobilteil 1"];
  /** The dialling aid's telephone; "" = off. */
  dialPhone = "DECT: Mobilteil 1";
  /** The box's own idea of its address, used in download addresses; "" = where it listens. */
  hostIdea = "";
  /** How long the session id in a download address is good, ms. */
  sidLifetimeMs = 20 * 60_000;
  /** Most contacts of a download without `max`. */
  defaultMaxContacts = 999;

  constructor(readonly now: () => Date) {
    this.books = new BookShelf(() => Math.floor(now().getTime() / 1000));
    this.calls = new CallList(now);
  }

  /** What a user may do with something. Without a password everybody may do everything. */
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

  /** Would the box reject this caller: by its barring list, or by a rule that bars a phonebook or all without a number? */
  bars(caller: string): boolean {
    const rules = this.deflections.filter(({ enable, mode }) => enable && mode === "eNoSignal");
    if (caller === "") return rules.some(({ type }) => type === "fromAnonymous");
    const barring = rules
      .filter(({ type }) => type === "fromPB")
      .map(({ phonebookId }) => (phonebookId === "" ? undefined : this.books.all[phonebookId]));
    const number = this.normalize(caller);
    return [this.books.barring, ...barring].some((book) =>
      book?.contacts.flatMap(numbersOf).some((one) => {
        const pattern = this.normalize(one);
        return pattern.endsWith("*") ? number.startsWith(pattern.slice(0, -1)) : number === pattern;
      }),
    );
  }
}
