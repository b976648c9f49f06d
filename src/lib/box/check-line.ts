/** Types: one line of "Check my Fritz!Box", with the state of one check, its sentence, and an action. */
import { FritzError } from "../core/errors";

/** The checks, in the order of display. */
const CHECKS = [
  "address",
  "monitor",
  "events",
  "box",
  "certificate",
  "login",
  "rights",
  "second-factor",
  "place",
  "phonebooks",
  "rule",
  "hangup",
  "privacy",
] as const;
export type CheckId = (typeof CHECKS)[number];

/** Actions: dial #96*5*, accept the certificate, take over a user name, create a phonebook. */
export type CheckAction = "dial" | "certificate" | "user" | "create-book";

export interface CheckLine {
  id: CheckId;
  /**
   * ok: correct · warn: works with restrictions · fail: does not work · info: for information, or not
   * checked.
   */
  state: "ok" | "warn" | "fail" | "info";
  /**
   * Key of the sentence in fritz-config's texts: "check.login-ok", "problem.refused", "error.box-login" ...
   */
  text: string;
  values?: Record<string, string | number>;
  action?: CheckAction;
  choices?: string[];
  /** Of the rule: whether the box has a call barring list. */
  canBar?: boolean;
  /** The box's page where it can be fixed. */
  link?: string;
}

/** The line of a failure; rethrows anything but a `FritzError`. */
export function failedLine(id: CheckId, error: unknown): CheckLine {
  if (!(error instanceof FritzError)) throw error;
  return { id, state: "fail", text: `error.${error.code}`, values: { ...error.values } };
}
