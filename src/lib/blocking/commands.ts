/** Commands of `fritz-block`: block a number, allow it, undo. */
import { defined } from "../core/defined";
import { BY_ORDER, covers, isBarrable } from "./barred-number";
import { decide } from "./decide";
import { endedLast, type BlockMemory } from "./state";
import { DEFAULT_PLAN, type DialPlan, lookupKeys } from "../numbers/index";
import type { BlockRules, Decision, JournalEntry } from "./types";
import { FritzError, type FritzErrorCode } from "../core/errors";
import type { Clock } from "../core/clock";
import type { BarringQueue } from "./barring-queue";
import type { CallerLookup } from "./caller-lookup";

export interface OrderParts {
  memory: BlockMemory;
  lookup: CallerLookup;
  clock: Clock;
  barring: BarringQueue | undefined;
  /** The current rules: a command does not block what they protect. */
  rules: () => BlockRules;
  dryRun: boolean;
}

/** Result of a command. */
export interface OrderReport {
  number: string;
  /** An entry was removed at the box. */
  removed: boolean;
  /** The number is on the node's allow list now. */
  allowed: boolean;
  /** Of the command "block": the result at the box, and the book; "" is the call barring list. */
  action?: Decision["action"];
  book?: string;
  /** Why the command is not completed yet. */
  error?: unknown;
}

/**
 * Removes what was added for the number, or what was added last. A number that was a false alarm is none any more. One whose
 * call was ended gets through from now on: its next call would be ended again.
 */
export async function undo(parts: OrderParts, given: string | undefined): Promise<OrderReport> {
  const { memory, lookup } = parts;
  const plan = await lookup.plan();
  const number = given ?? lastAdded(memory, plan);
  if (number === undefined) throw new FritzError("block-undo");
  const key = keyOf(number, plan);
  const wasAllowed = memory.allowed.some((allowed) => allowed.key === key);
  if (wasAllowed) {
    memory.change({ allowed: memory.allowed.filter((allowed) => allowed.key !== key) });
    memory.note({ at: now(parts), what: "revoked", number });
  } else if (endedLast(memory.journal, key, plan)) return falseAlarm(parts, number);
  const { removed, error } = await takeOut(parts, key, number);
  if (error instanceof FritzError && !wasAllowed && NOTHING_DONE.includes(error.code)) throw error;
  return { number, removed, allowed: false, ...remaining(error) };
}

/**
 * Bars the number, or the last caller's, at the box. Rejects with `block-protected` for contacts and other
 * protected numbers, and with `block-friends` while the contacts are not known.
 */
export async function blockNumber(parts: OrderParts, given: string | undefined): Promise<OrderReport> {
  const { memory, lookup, barring } = parts;
  const number = given ?? lastCaller(memory);
  if (number === undefined) throw new FritzError("block-number");
  if (memory.isUnreadable) throw new FritzError("block-state", { detail: "not saved" });
  const { info, context } = await lookup.look(number);
  const plan = context.plan ?? DEFAULT_PLAN;
  const own = keyOf(number, plan);
  const key = [own, info.e164 ?? ""].find(isBarrable);
  const rules = { ...parts.rules(), allowedKeys: [], blockPatterns: [own], patternsWhenUnknown: false };
  const { because, verdict } = decide(info, rules, context);
  if (because === "friends-unknown") throw new FritzError("block-friends", {}, true);
  if (verdict === "allow" || key === undefined) throw new FritzError("block-protected");
  if (!barring) throw new FritzError("no-box");
  memory.change({ allowed: memory.allowed.filter((allowed) => allowed.key !== own) });
  const report = { number, removed: false, allowed: false };
  if (parts.dryRun) return { ...report, action: "dry-run" };
  const order = { key, number, at: now(parts), name: info.name || info.display, because: BY_ORDER };
  const { action, book, error } = await barring.bar(order);
  if (action === "spared") throw new FritzError("block-protected");
  const done = action === "added" || action === "already-there" ? action : "failed";
  return { ...report, action: done, ...defined({ book, error }) };
}

/** Puts the number, or the last caller's, on the allow list and removes its entry at the box. */
export function allowNumber(parts: OrderParts, given: string | undefined): Promise<OrderReport> {
  return falseAlarm(parts, given ?? lastCaller(parts.memory));
}

/** The last caller's number, without withheld ones. */
function lastCaller({ journal }: BlockMemory): string | undefined {
  return journal.find(({ what, number }) => (what === "blocked" || what === "allowed") && number !== "")?.number;
}

/** Puts the number, or the one blocked last, on the allow list and removes its entry at the box. */
export async function falseAlarm(parts: OrderParts, given: string | undefined): Promise<OrderReport> {
  const { memory, lookup } = parts;
  const number = given ?? memory.journal.find(({ what, number: of }) => what === "blocked" && of !== "")?.number;
  if (number === undefined) throw new FritzError("block-number");
  const key = keyOf(number, await lookup.plan());
  const others = memory.allowed.filter((allowed) => allowed.key !== key);
  memory.change({ allowed: [...others, { key, number, at: now(parts) }] });
  memory.note({ at: now(parts), what: "false-alarm", number });
  const { removed, error } = await takeOut(parts, key, number);
  const forgotten = memory.isUnreadable ? new FritzError("block-state", { detail: "not saved" }) : undefined;
  return { number, removed, allowed: true, ...remaining(forgotten ?? error) };
}

function keyOf(number: string, plan: DialPlan): string {
  const [key] = lookupKeys(number, plan);
  if (key === undefined) throw new FritzError("block-number");
  return key;
}

async function takeOut(parts: OrderParts, key: string, number: string): Promise<{ removed: boolean; error?: unknown }> {
  const { barring } = parts;
  if (!barring) return { removed: false, error: new FritzError("no-box") };
  const { action, error } = await barring.release({ key, number, at: now(parts), name: "", because: "undo" });
  return { removed: action === "removed", ...defined({ error }) };
}

/** The number of the youngest entry that is still there or still waits to be written, or of the call that was ended last. */
function lastAdded({ journal, entries, pending }: BlockMemory, plan: DialPlan): string | undefined {
  const waiting = pending.filter(({ op }) => op === "bar").at(-1);
  if (waiting) return waiting.number;
  const isThere = ({ what, number }: JournalEntry) => {
    const [own = ""] = lookupKeys(number, plan);
    if (what === "hungup") return endedLast(journal, own, plan);
    return (what === "added" || what === "range") && entries.some(({ key }) => covers(key, own));
  };
  return journal.find(isThere)?.number;
}

/** Nothing to remove, or no box. */
const NOTHING_DONE: FritzErrorCode[] = ["block-undo", "no-box"];

function remaining(error: unknown): Pick<OrderReport, "error"> {
  const nothing = error === undefined || (error instanceof FritzError && NOTHING_DONE.includes(error.code));
  return nothing ? {} : { error };
}

const now = ({ clock }: OrderParts) => new Date(clock.now()).toISOString();
