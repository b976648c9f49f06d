/** Applies the rules to past calls and reports which would have been blocked. Asks the phonebooks and no other source. */
import { defined } from "../core/defined";
import { pacer } from "../core/async";
import { decide } from "./decide";
import { whenOf } from "./rules";
import { wasEnded } from "./state";
import { propertiesOf } from "../core/unknown";
import type { BlockRules, Decision, JournalEntry, Phrase } from "./types";
import { FritzError } from "../core/errors";
import { isCallerInfo, type CallerInfo } from "../callers/types";
import type { CallerLookup, Known } from "./caller-lookup";

/** Upper bound, more than a box keeps (about 400). */
const MOST_CALLS = 5_000;

/** A call that would have been blocked. */
export interface RehearsedCall extends Pick<Decision, "because" | "explanation" | "rule"> {
  id: string;
  at: string;
  /** As the box lists it; "hungup" if `fritz-hangup` ended it. */
  kind: string;
  number: string;
  name?: string;
  durationSeconds: number;
}

/** Result of a rehearsal. */
export interface Rehearsal {
  /** Number of calls in the list, and of incoming ones. */
  calls: number;
  incoming: number;
  /** Number of incoming calls of which `fritz-caller-info` has said something before. */
  lookedUp: number;
  wouldBlock: number;
  /** Number of different numbers among them. */
  numbers: number;
  /** Number of them that were answered: possible false positives. */
  answered: number;
  /** Number of calls by the reason of the decision. */
  because: Record<string, number>;
  blocked: RehearsedCall[];
}

/** The relevant properties of a call in the list. */
export interface PastCall {
  id: string;
  at: string;
  kind: string;
  number: string;
  /** The own number; "" if it is not known. */
  called: string;
  durationSeconds: number;
  /** What `fritz-caller-info` has added. */
  info?: CallerInfo;
}

/**
 * Decides about the calls of a box's call list. Scores count if `fritz-caller-info` has looked up the list before; short calls are
 * not considered. Rejects with a `FritzError` if the input is no call list, or the phonebooks cannot be read.
 */
export async function rehearse(
  calls: unknown,
  lookup: CallerLookup,
  rules: BlockRules,
  phrase: Phrase,
  journal: readonly JournalEntry[] = [],
): Promise<Rehearsal> {
  if (!Array.isArray(calls)) throw new FritzError("block-calls");
  const past = calls.slice(0, MOST_CALLS).flatMap(toPastCall);
  if (past.length === 0 && calls.length > 0) throw new FritzError("block-calls");
  const incoming = past.filter(({ kind }) => !/outgoing/.test(kind));
  const because: Record<string, number> = {};
  const blocked: RehearsedCall[] = [];
  const known = new Map<string, Promise<Known>>();
  const pace = pacer();
  for (const call of incoming) {
    const looking = known.get(call.number) ?? lookup.look(call.number, call.info);
    known.set(call.number, looking);
    const { info, context, error } = await looking;
    if (error instanceof Error) throw error;
    if (context.contactsUnknown && context.contactsUnknown !== "no-box")
      throw new FritzError("block-friends", {}, true);
    const decision = decide(info, rules, { ...context, ...whenOf(call.at), called: call.called, phrase });
    because[decision.because] = (because[decision.because] ?? 0) + 1;
    if (decision.verdict === "block") blocked.push(toRehearsed(markEnded(call, journal), decision, info.name));
    await pace();
  }
  return {
    calls: past.length,
    incoming: incoming.length,
    lookedUp: incoming.filter(({ info }) => info).length,
    wouldBlock: blocked.length,
    numbers: new Set(blocked.map(({ number }) => number)).size,
    answered: blocked.filter(({ kind }) => kind === "answered").length,
    because,
    blocked,
  };
}

/** A call of the box's call list; [] for anything else. */
export function toPastCall(value: unknown): PastCall[] {
  const { id, at, kind, caller, called, durationSeconds, callerInfo } = propertiesOf(value);
  const { number } = propertiesOf(caller);
  if (typeof at !== "string" || typeof kind !== "string" || typeof number !== "string") return [];
  const seconds = typeof durationSeconds === "number" ? durationSeconds : 0;
  const { number: own } = propertiesOf(called);
  const texts = { id: typeof id === "string" ? id : "", called: typeof own === "string" ? own : "" };
  return [
    { ...texts, at, kind, number, durationSeconds: seconds, ...(isCallerInfo(callerInfo) && { info: callerInfo }) },
  ];
}

/** A call that `fritz-hangup` ended is one that the box lists as answered. */
function markEnded(call: PastCall, journal: readonly JournalEntry[]): PastCall {
  return call.kind === "answered" && wasEnded(journal, call) ? { ...call, kind: "hungup" } : call;
}

function toRehearsed(
  { id, at, kind, number, durationSeconds }: PastCall,
  { because, explanation, rule }: Decision,
  name: string | undefined,
): RehearsedCall {
  return {
    ...{ id, at, kind, number, durationSeconds },
    ...defined({ name }),
    because,
    explanation,
    ...defined({ rule }),
  };
}
