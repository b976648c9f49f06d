/** L3 services: the rules tried on calls of the past: who would have been blocked, and why. Asks the phonebooks, nobody else. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { decide } from "../domain/block-rules";
import { propertiesOf } from "../model/properties";
import type { BlockRules, Phrase } from "../model/block-rules";
import type { Decision } from "../model/decision";
import { FritzError } from "../model/errors";
import type { CallerLookup, Known } from "./caller-lookup";

/** More than a box keeps (about 400). */
const MOST_CALLS = 5_000;
/** After so many calls the rest of Node-RED gets its turn. */
const CALLS_A_TURN = 50;

/** A call that would have been blocked. */
export interface RehearsedCall extends Pick<Decision, "because" | "explanation" | "rule"> {
  id: string;
  at: string;
  kind: string;
  number: string;
  name?: string;
  durationSeconds: number;
}

/** What a rehearsal found. */
export interface Rehearsal {
  /** Calls in the list, and those of them that came in. */
  calls: number;
  incoming: number;
  wouldBlock: number;
  /** How many different numbers that are. */
  numbers: number;
  /** Of these, the ones that somebody answered: look at them first. */
  answered: number;
  /** Calls by what decided them. */
  because: Record<string, number>;
  blocked: RehearsedCall[];
}

interface PastCall {
  id: string;
  at: string;
  kind: string;
  number: string;
  durationSeconds: number;
}

/**
 * Judges the calls of a box's call list. What the list does not tell, nobody judges: scores, and how often somebody let it
 * ring shortly. Rejects with a `FritzError` if it is no call list, or the phonebooks cannot be read.
 */
export async function rehearse(
  calls: unknown,
  lookup: CallerLookup,
  rules: BlockRules,
  phrase: Phrase,
): Promise<Rehearsal> {
  if (!Array.isArray(calls)) throw new FritzError("block-calls");
  const past = calls.slice(0, MOST_CALLS).flatMap(toPastCall);
  if (past.length === 0 && calls.length > 0) throw new FritzError("block-calls");
  const incoming = past.filter(({ kind }) => !/outgoing/.test(kind));
  const because: Record<string, number> = {};
  const blocked: RehearsedCall[] = [];
  const known = new Map<string, Promise<Known>>();
  for (const [i, call] of incoming.entries()) {
    const looking = known.get(call.number) ?? lookup.look(call.number);
    known.set(call.number, looking);
    const { info, context, error } = await looking;
    if (error instanceof Error) throw error;
    const decision = decide(info, rules, { ...context, time: call.at.slice(11, 16), phrase });
    because[decision.because] = (because[decision.because] ?? 0) + 1;
    if (decision.verdict === "block") blocked.push(toRehearsed(call, decision, info.name));
    if (i % CALLS_A_TURN === CALLS_A_TURN - 1) await nextTurn();
  }
  return {
    calls: past.length,
    incoming: incoming.length,
    wouldBlock: blocked.length,
    numbers: new Set(blocked.map(({ number }) => number)).size,
    answered: blocked.filter(({ kind }) => kind === "answered").length,
    because,
    blocked,
  };
}

function toPastCall(value: unknown): PastCall[] {
  const { id, at, kind, caller, durationSeconds } = propertiesOf(value);
  const { number } = propertiesOf(caller);
  if (typeof at !== "string" || typeof kind !== "string" || typeof number !== "string") return [];
  const seconds = typeof durationSeconds === "number" ? durationSeconds : 0;
  return [{ id: typeof id === "string" ? id : "", at, kind, number, durationSeconds: seconds }];
}

function toRehearsed(
  call: PastCall,
  { because, explanation, rule }: Decision,
  name: string | undefined,
): RehearsedCall {
  return {
    ...call,
    ...(name !== undefined && { name }),
    because,
    explanation,
    ...(rule !== undefined && { rule }),
  };
}
