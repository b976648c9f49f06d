/** L3 services: one line of "Check my Fritz!Box": how it stands with one thing, in one sentence, and what can be done. */
import { FritzError } from "../../model/errors";

/** What is looked at, in the order in which it is shown. */
export const CHECKS = [
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
  "privacy",
] as const;
export type CheckId = (typeof CHECKS)[number];

/** What a click can do about it: dial #96*5*, take the certificate or a user's name over, make a phonebook. */
export type CheckAction = "dial" | "certificate" | "user" | "create-book";

export interface CheckLine {
  id: CheckId;
  /** ok: as it should be · warn: works, but · fail: does not work · info: for your information, or not looked at. */
  state: "ok" | "warn" | "fail" | "info";
  /** Of the sentence, in fritz-config's texts: "check.login-ok", "problem.refused", "error.box-login" ... */
  text: string;
  values?: Record<string, string | number>;
  action?: CheckAction;
  choices?: string[];
}

/** The line for a failure; anything but a `FritzError` is thrown on. */
export function failedLine(id: CheckId, error: unknown): CheckLine {
  if (!(error instanceof FritzError)) throw error;
  return { id, state: "fail", text: `error.${error.code}`, values: { ...error.values } };
}
