/** One line of "Check my Fritz!Box": the state of one check, its sentence, and an action; and the lines that need no request. */
import type { MonitorProblem } from "../calls/connection";
import { FritzError } from "../core/errors";
import type { TelephonyOptions } from "./telephony";

// What "Check my Fritz!Box" checks: a configured box, deployed or not.

export interface CheckTarget extends TelephonyOptions {
  monitorPort: number;
  /** The target books of blocking. */
  targetBooks?: readonly string[];
  /** State of the connection in use, if there is one: ms since 1970. */
  live?: { connectedSince?: number; lastEventMs?: number };
}

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

// Lines about the box's address, and links to its pages.

const NO_BOX = /^error\.box-(refused|unreachable|timeout|reply|tls)$/;

/** Neither port answered: probably not a Fritz!Box. */
export function isSilent(lines: readonly CheckLine[]): boolean {
  const failure = (id: string) => lines.find((line) => line.id === id && line.state === "fail")?.text ?? "";
  return /^problem\.(refused|unreachable|timeout)$/.test(failure("monitor")) && NO_BOX.test(failure("box"));
}

/** Lines that can be fixed on the box's own pages. */
const ON_THE_BOX = ["rights", "rule", "phonebooks", "login"];

/** The only line if no Fritz!Box answers. */
export function notABox(host: string): CheckLine {
  return { id: "address", state: "fail", text: "check.not-a-box", values: { host } };
}

/** Adds a link to the box if its pages can fix the line. */
export function withLink(line: CheckLine, host: string): CheckLine {
  const isTrouble = line.state === "fail" || line.state === "warn" || line.text === "check.rule-none";
  return isTrouble && ON_THE_BOX.includes(line.id) ? { ...line, link: `http://${host}/` } : line;
}

/** The line about the address. */
export function addressLine(host: string, address: string): CheckLine {
  const text = host === address ? "check.address-home" : "check.address-ok";
  return { id: "address", state: "ok", text, values: { host, address } };
}

// Lines about the call monitor: its port, and its events.

/** The line about the call monitor's port. */
export function monitorLine(problem: MonitorProblem | undefined, mayDial: boolean): CheckLine {
  if (!problem) return { id: "monitor", state: "ok", text: "check.monitor-ok" };
  const { code, host, detail = "" } = problem;
  return {
    ...{ id: "monitor", state: "fail", text: `problem.${code}`, values: { host, detail } },
    ...(code === "refused" && mayDial && { action: "dial" }),
  };
}

/** The line about the events received so far. */
export function eventsLine({ live = {} }: CheckTarget, problem: MonitorProblem | undefined): CheckLine {
  const { lastEventMs, connectedSince } = live;
  const ago = (ms: number) => ({ seconds: Math.max(0, Math.round((Date.now() - ms) / 1000)) });
  if (lastEventMs !== undefined)
    return { id: "events", state: "ok", text: "check.events-heard", values: ago(lastEventMs) };
  if (connectedSince !== undefined) {
    return { id: "events", state: "info", text: "check.events-waiting", values: ago(connectedSince) };
  }
  return { id: "events", state: "info", text: problem ? "check.events-no" : "check.events-deploy" };
}
