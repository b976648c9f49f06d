/** L3 services: what the user orders of `fritz-block`: take it back, it was a false alarm. */
import { covers } from "../domain/barred-number";
import { FritzError, type FritzErrorCode } from "../model/errors";
import type { DialPlan } from "../model/phone-number";
import type { Clock } from "../model/ports";
import type { Barring } from "./barring";
import type { BlockMemory } from "./block-memory";
import type { CallerLookup } from "./caller-lookup";
import { lookupKeys } from "./numbers";

export interface OrderParts {
  memory: BlockMemory;
  lookup: CallerLookup;
  clock: Clock;
  barring: Barring | undefined;
}

/** What an order did. */
export interface OrderReport {
  number: string;
  /** An entry was taken out of the box. */
  removed: boolean;
  /** The number is on the node's allow list now. */
  allowed: boolean;
  /** What is still to be done, and why. */
  error?: unknown;
}

/** Removes what was added for the number, or what was added last. A number that was a false alarm is none any more. */
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
  }
  const { removed, error } = await takeOut(parts, key, number);
  if (error instanceof FritzError && !wasAllowed && NOTHING_DONE.includes(error.code)) throw error;
  return { number, removed, allowed: false, ...remaining(error) };
}

/** The number, or the one that was blocked last, gets through from now on, and comes out of the box. */
export async function falseAlarm(parts: OrderParts, given: string | undefined): Promise<OrderReport> {
  const { memory, lookup } = parts;
  const number = given ?? memory.journal.find(({ what, number: of }) => what === "blocked" && of !== "")?.number;
  if (number === undefined) throw new FritzError("block-number");
  const key = keyOf(number, await lookup.plan());
  const others = memory.allowed.filter((allowed) => allowed.key !== key);
  memory.change({ allowed: [...others, { key, number, at: now(parts) }] });
  memory.note({ at: now(parts), what: "false-alarm", number });
  const { removed, error } = await takeOut(parts, key, number);
  return { number, removed, allowed: true, ...remaining(error) };
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
  return { removed: action === "removed", ...(error !== undefined && { error }) };
}

/** The number of the youngest entry that is still there, or still waits to be written. */
function lastAdded({ journal, entries, pending }: BlockMemory, plan: DialPlan): string | undefined {
  const waiting = pending.filter(({ op }) => op === "bar").at(-1);
  if (waiting) return waiting.number;
  const added = journal.filter(({ what }) => what === "added" || what === "range");
  return added.find(({ number }) => entries.some(({ key }) => covers(key, lookupKeys(number, plan)[0] ?? "")))?.number;
}

/** There was nothing to take out, or nowhere to take it from. */
const NOTHING_DONE: FritzErrorCode[] = ["block-undo", "no-box"];

function remaining(error: unknown): Pick<OrderReport, "error"> {
  const nothing = error === undefined || (error instanceof FritzError && NOTHING_DONE.includes(error.code));
  return nothing ? {} : { error };
}

const now = ({ clock }: OrderParts) => new Date(clock.now()).toISOString();
