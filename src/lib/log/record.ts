/** Converts a message to the line that `fritz-log` writes. */
import { defined } from "../core/defined";
import { isCallerInfo, type CallerInfo } from "../callers/types";
import { isCallEvent, remoteParty, type Call, isListedCall, type CallEvent } from "../calls/types";
import { anonymizeEvent, anonymizeLine } from "../calls/anonymize";
import { maskNumber, maskText } from "../numbers/index";
import type { Decision } from "../blocking/types";
import { FritzError } from "../core/errors";
import { propertiesOf } from "../core/unknown";

export const LOG_FORMATS = ["line", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogRecord {
  event?: CallEvent;
  /** A call of the box's call list. */
  call?: { at: string; number: string };
  callerInfo?: CallerInfo;
  decision?: Decision;
}

/** Reads what can be logged from a message of unknown origin; ignores values of the wrong type. */
export function toLogRecord(msg: Readonly<Record<string, unknown>>): LogRecord {
  const { payload, callerInfo, decision } = msg;
  const record: LogRecord = {
    ...(isCallEvent(payload) ? { event: payload } : isListedCall(payload) && { call: toCall(payload) }),
    ...(isCallerInfo(callerInfo) && { callerInfo: withoutPicture(callerInfo) }),
    ...(isDecision(decision) && { decision }),
  };
  if (!record.event && !record.decision) throw new FritzError("log-nothing");
  return record;
}

function toCall({ at, kind, caller, called }: Call): { at: string; number: string } {
  return { at, number: (kind.includes("outgoing") ? called : caller).number };
}

/** A line of a log is no place for a picture. */
function withoutPicture(info: CallerInfo): CallerInfo {
  if (info.contact?.image === undefined) return info;
  const contact = { ...info.contact };
  delete contact.image;
  return { ...info, contact };
}

const isText = (value: unknown): value is string => typeof value === "string";

function isDecision(value: unknown): value is Decision {
  const { verdict, because, rule = "" } = propertiesOf(value);
  return isText(verdict) && isText(because) && isText(rule);
}

/** The box's line; a missed end has none and becomes a comment, which a replay skips. */
function lineOf(event: CallEvent | undefined): string {
  if (!event) return "";
  if (event.raw !== "") return event.raw;
  const { number } = event.direction === "outgoing" ? event.called : event.caller;
  return `# ${event.at} ${event.outcome ?? event.event}${event.recovered ? ` ${event.direction} ${number}` : ""}`;
}

/**
 * One line without line end. Format "line": the box's raw line, or for a call that was decided at its ring
 * the line of the block log, `date time;RATE;method;number;"name";score;comments;searches;` as in Airport1's
 * tool set, once a call. Format "json": the event's properties with `callerInfo` and `decision` beside them.
 */
export function formatLogRecord(record: LogRecord, format: LogFormat, anonymize: boolean, nowMs: number): string {
  const safe = anonymize ? anonymizeRecord(record) : record;
  const { event, ...rest } = safe;
  if (format === "json") return JSON.stringify({ ...event, ...rest });
  const { decision } = rest;
  const isDecided = decision && (!event || event.event === "ring" || event.event === "call");
  const line = isDecided ? decisionLine(decision, safe, nowMs) : lineOf(event);
  return line.replace(/[\r\n]+/g, " ");
}

function anonymizeRecord({ event, call, callerInfo, decision }: LogRecord): LogRecord {
  return {
    ...(event && { event: anonymizeEvent(event, anonymizeLine) }),
    ...(call && { call: { at: call.at, number: maskNumber(call.number) } }),
    ...(callerInfo && { callerInfo: anonymizeInfo(callerInfo) }),
    ...(decision && { decision: anonymizeDecision(decision) }),
  };
}

function decisionLine(decision: Decision, { event, call, callerInfo }: LogRecord, nowMs: number): string {
  const remote = event ? remoteParty(event) : call;
  const number = field(callerInfo?.number ?? remote?.number ?? "");
  const name = number === "" ? "ANON" : `"${field(callerInfo?.display ?? "")}"`;
  const rate = rateOf(decision);
  const { spam } = callerInfo ?? {};
  const rated = spam && rate !== "WHITELIST" && rate !== "BLACKLIST";
  const score = rated ? `${spam.score};${spam.reports};0;` : "";
  return `${boxDate(event, call?.at, nowMs)};${rate};${rated ? 1 : 0};${number};${name};${score}`;
}

/** WHITELIST and BLACKLIST: a list decided; BLOCK and PASS: another rule decided. */
function rateOf({ verdict, because }: Decision): string {
  const listed = ["allow-book", "contact", "block-book", "pattern"].includes(because);
  if (verdict === "block") return listed ? "BLACKLIST" : "BLOCK";
  return listed ? "WHITELIST" : "PASS";
}

/** The box's own time if there is one, else the current time in its format. `at`: of a call of its list. */
function boxDate(event: CallEvent | undefined, at: string | undefined, nowMs: number): string {
  const stamp = /^[^;]{17,19}(?=;)/.exec(event?.raw ?? "")?.[0];
  if (stamp !== undefined) return stamp;
  const [, year, month, day, time] = /^\d\d(\d\d)-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(at ?? "") ?? [];
  if (time !== undefined) return `${day}.${month}.${year} ${time}`;
  const now = new Date(nowMs);
  const two = (n: number) => String(n).padStart(2, "0");
  const date = [now.getDate(), now.getMonth() + 1, now.getFullYear() % 100].map(two).join(".");
  return `${date} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(":")}`;
}

/** Removes separators, so that no value can start a new field or line. */
function field(text: string): string {
  return String(text).replace(/[;\p{Cc}]+/gu, ",");
}

/** Placeholder for every name, as in Airport1's block log. */
const NO_NAME = "Anonymized";

/** Keeps type, flags, place, score and which sources answered; drops name, picture and link. */
function anonymizeInfo(info: CallerInfo): CallerInfo {
  const { number, e164, type, flags, place, contact, spam, sources, complete } = info;
  return {
    number: maskNumber(number),
    ...(e164 !== undefined && { e164: maskNumber(e164) }),
    display: NO_NAME,
    type,
    flags,
    ...(place && { place }),
    ...(contact && { contact: { book: contact.book, bookId: contact.bookId, name: NO_NAME, vip: contact.vip } }),
    ...(spam && { spam: { score: spam.score, reports: spam.reports, source: spam.source } }),
    sources: sources?.map(({ id, status, ms }) => ({ id, status, ...defined({ ms }) })),
    complete,
  };
}

/** Drops the sentence, which may name the caller; keeps the rule with masked numbers. */
function anonymizeDecision(decision: Decision): Decision {
  const { verdict, because, rule, action, book } = decision;
  return {
    verdict,
    because,
    explanation: "",
    ...(rule !== undefined && { rule: maskText(rule) }),
    action,
    ...defined({ book }),
  };
}
