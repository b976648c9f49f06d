/** Simulator, TR-064: types of the box's state: users, rights, numbers, telephones, model. */

/** Level of a right. */
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

/** A user with a login. */
export interface BoxUser {
  name: string;
  password: string;
  rights: Rights;
  /** Made by `RegisterApp`. */
  appId?: string;
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

/** An own number. */
export interface OwnNumber {
  number: string;
  type: "eVoIP" | "eISDN" | "ePOTS" | "eGSM" | "eNone" | "eAllCalls";
  index: number;
  name: string;
}

/** An IP telephone: **620 and so on, in their order. */
export interface SipClient {
  name: string;
  username: string;
  /** For SIP; without a password it cannot log in. */
  password?: string;
  clientId?: string;
  outgoing?: string;
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
  /** Very old boxes and repeaters do not send it. */
  hasVersion: boolean;
}
