/** Types: what a blocker is made of, and its results. */
import type { CallerInfo } from "../callers/types";
import type { CallEvent } from "../calls/types";
import type { Clock } from "../core/clock";
import type { BarringQueue } from "./barring-queue";
import type { BlockMemory } from "./state";
import type { CallerLookup } from "./caller-lookup";
import type { BlockRules, Decision, Phrase } from "./types";

export interface BlockerOptions {
  rules: BlockRules;
  action: "decide" | "phonebook" | "barring";
  dryRun: boolean;
  /** A call that rang and talked for no longer is short, s. */
  repeatSeconds: number;
}

/** A decision, and the error to report, if there was one. */
export interface DecisionResult {
  decision: Decision;
  error?: unknown;
}

/** A decision, and whether a source was cut off by the deadline. */
export interface DecidedCall {
  deciding: Promise<DecisionResult>;
  complete: boolean;
  /** Not decided yet: later events of the call wait for it. */
  isOpen: boolean;
}

/** By `callId`. */
export type DecidedCalls = Map<string, DecidedCall>;

/** Rules of one message, which go before the configured ones; a decision rejects as they do. */
export type OwnRules = Promise<Partial<BlockRules>>;

/** A call of the box's call list, or one that is tried. */
export interface PastCaller {
  number: string;
  at: string;
  /** The own number; "" if it is not known. */
  called: string;
}

/** The call to decide. */
export interface CallToDecide {
  number: string;
  info: CallerInfo | undefined;
  event: CallEvent | undefined;
}

export interface BlockerParts {
  options: BlockerOptions;
  lookup: CallerLookup;
  memory: BlockMemory;
  clock: Clock;
  phrase: Phrase;
  /** Undefined without a box: nothing can be barred. */
  barring: BarringQueue | undefined;
  /** The sentence of an error. */
  sentence: (error: unknown) => string;
  /** Decisions of calls that may still be open, kept over deploys; empty if missing. */
  calls?: DecidedCalls;
}
