/** Options of the phonebooks of a box, and of their writes. */
import type { DialPlan } from "../numbers/index";
import type { Clock } from "../core/clock";
import type { WriteOptions } from "./types";
import type { IndexOptions } from "./lookup-index";

export interface PhonebooksOptions {
  /** Which books a lookup searches, and how old its data may be. */
  lookup?: IndexOptions;
  /** The box's dial plan; the box is asked if this is left out. */
  dialPlan?: () => Promise<DialPlan>;
  /** Whether the plan is known for certain; if left out, as soon as `dialPlan` has resolved. */
  planIsKnown?: () => boolean;
  /** Number of contacts from which a write warns; about 1000. */
  limit?: number;
  /** How long a write waits for an unreachable box, ms. */
  patienceMs?: number;
  clock?: Clock;
}

/** Options of one write, which override those of the box. */
export type PhonebookWriteOptions = WriteOptions & { limit?: number };

/** exact: adds contacts as they are · merge: does not add a number that is there already. */
export type ImportMode = "exact" | "merge";
