/** Types: dependencies and requests of the barring queue. */
import type { BarringSessionParts } from "./barring-session";
import type { PendingWrite } from "./types";

export interface BarringQueueParts extends BarringSessionParts {
  /** Most new numbers an hour, so that an attack cannot fill the book. */
  perHour: number;
  /** Allowed operations: in a dry run only what the user requests. */
  ops: readonly PendingWrite["op"][];
  random?: () => number;
  /** Called with the number of waiting writes and the last error. */
  changed?: (waiting: number, trouble: unknown) => void;
}

/** A write for a call or a user's request. */
export type BarringOrder = Omit<PendingWrite, "op" | "losses">;
