/** L3 services: a message -> the line that `fritz-log` writes. */
import { anonymizeEvent } from "../domain/anonymize-event";
import { anonymizeInfo, anonymizeDecision } from "../domain/anonymize-info";
import type { CallEvent } from "../model/call-event";
import type { CallerInfo } from "../model/caller-info";
import type { Decision } from "../model/decision";
import { FritzError } from "../model/errors";
import { propertiesOf } from "../model/properties";
import { anonymizeLine } from "../protocol/anonymize-line";

export type LogFormat = "line" | "json";

export interface LogRecord {
  event?: CallEvent;
  callerInfo?: CallerInfo;
  decision?: Decision;
}

/** Reads what can be logged from a message of unknown origin; what is not of the right shape does not count. */
export function toLogRecord(msg: Readonly<Record<string, unknown>>): LogRecord {
  const { payload, callerInfo, decision } = msg;
  const record: LogRecord = {
    ...(isEvent(payload) && { event: payload }),
    ...(isCallerInfo(callerInfo) && { callerInfo }),
    ...(isDecision(decision) && { decision }),
  };
  if (!record.event && !record.decision) throw new FritzError("log-nothing");
  return record;
}

const isText = (value: unknown): value is string => typeof value === "string";

/** Whether it is a call event, as far as one needs to know. */
export function isEvent(value: unknown): value is CallEvent {
  const { raw, at, caller, called } = propertiesOf(value);
  return [raw, at, propertiesOf(caller)["number"], propertiesOf(called)["number"]].every(isText);
}

/** Whether it is what `fritz-caller-info` adds, as far as one needs to know. */
export function isCallerInfo(value: unknown): value is CallerInfo {
  const { number, display, sources } = propertiesOf(value);
  return isText(number) && isText(display) && Array.isArray(sources);
}

function isDecision(value: unknown): value is Decision {
  const { verdict, because, rule = "" } = propertiesOf(value);
  return isText(verdict) && isText(because) && isText(rule);
}

/**
 * One line without line end. Format "line": the box's raw line, or for a call that was decided at its ring the line of the
 * block log, `date time;RATE;method;number;"name";score;comments;searches;` as in Airport1's tool set, once a call. Format
 * "json": the event's properties with `callerInfo` and `decision` beside them.
 */
export function formatLogRecord(record: LogRecord, format: LogFormat, anonymize: boolean, nowMs: number): string {
  const safe = anonymize ? anonymizeRecord(record) : record;
  const { event, ...rest } = safe;
  if (format === "json") return JSON.stringify({ ...event, ...rest });
  const { decision } = rest;
  const isDecided = decision && (!event || event.event === "ring" || event.event === "call");
  const line = isDecided ? decisionLine(decision, safe, nowMs) : (event?.raw ?? "");
  return line.replace(/[\r\n]+/g, " ");
}

function anonymizeRecord({ event, callerInfo, decision }: LogRecord): LogRecord {
  return {
    ...(event && { event: anonymizeEvent(event, anonymizeLine) }),
    ...(callerInfo && { callerInfo: anonymizeInfo(callerInfo) }),
    ...(decision && { decision: anonymizeDecision(decision) }),
  };
}

function decisionLine(decision: Decision, { event, callerInfo }: LogRecord, nowMs: number): string {
  const remote = event?.direction === "outgoing" ? event.called : event?.caller;
  const number = field(callerInfo?.number ?? remote?.number ?? "");
  const name = number === "" ? "ANON" : `"${field(callerInfo?.display ?? "")}"`;
  const rate = rateOf(decision);
  const { spam } = callerInfo ?? {};
  const rated = spam && rate !== "WHITELIST" && rate !== "BLACKLIST";
  const score = rated ? `${spam.score};${spam.reports};0;` : "";
  return `${boxDate(event, nowMs)};${rate};${rated ? 1 : 0};${number};${name};${score}`;
}

/** WHITELIST and BLACKLIST: a list decided; BLOCK and PASS: what was found out decided. */
function rateOf({ verdict, because }: Decision): string {
  const listed = ["allow-book", "contact", "block-book", "pattern"].includes(because);
  if (verdict === "block") return listed ? "BLACKLIST" : "BLOCK";
  return listed ? "WHITELIST" : "PASS";
}

/** The box's own stamp if there is one, else now in its form. */
function boxDate(event: CallEvent | undefined, nowMs: number): string {
  const stamp = /^[^;]{17,19}(?=;)/.exec(event?.raw ?? "")?.[0];
  if (stamp !== undefined) return stamp;
  const now = new Date(nowMs);
  const two = (n: number) => String(n).padStart(2, "0");
  const date = [now.getDate(), now.getMonth() + 1, now.getFullYear() % 100].map(two).join(".");
  return `${date} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(":")}`;
}

/** Nothing from outside may open a new field or line. */
function field(text: string): string {
  return String(text).replace(/[;\p{Cc}]+/gu, ",");
}
