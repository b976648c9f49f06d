/** The nodes that want to know what was missed of one box's calls. */
import type { Clock } from "../core/clock";
import { safeCall } from "../core/async";
import type { Call, CallEvent } from "../calls/types";
import type { CallQuery } from "../calls/call-list";
import type { CallMonitor } from "../calls/call-monitor";
import type { Store } from "../core/store";

// Who wants to know what was missed of a box's calls, and how far back.

/** Limits of what is reported after a gap, and times in ms. */
export const LIMITS = {
  /** So far back calls are reported, and so many of one gap. */
  days: 7,
  most: 100,
  /** After these times the list is asked: an entry may take some seconds to appear. */
  afterGapMs: [1_000, 5_000, 20_000, 60_000],
  afterEndMs: [1_000, 3_000, 6_000, 10_000, 14_000],
  /** After a restart of the box its calls wait so long for what the list, or a line, says of them. */
  doubtMs: 15_000,
  /** A call that the list shows as running after a restart is kept so long without another sign: the entry may be a remnant. */
  runningMs: 3_600_000,
  saveMs: 2_000,
} as const;

export interface RecoveryParts {
  monitor: CallMonitor;
  publish: (event: CallEvent) => void;
  clock: Clock;
  newId: () => string;
  timeZone: string;
  /** Without one nothing outlasts a restart. */
  store?: Store;
}

/** A time in which lines may have been missed, ms since 1970. */
export interface Gap {
  fromMs: number;
  toMs: number;
  /** "call-list": there is a login, but the list cannot be read. */
  reason: "outage" | "restart" | "call-list";
}

/** A node that wants to know what was missed. */
export interface RecoveryUser {
  /** Reads the call list; absent without a login. */
  calls?: (query: CallQuery) => Promise<Call[]>;
  /** There was a gap, and nothing shows what was missed in it. */
  gap(gap: Gap): void;
  /** The list cannot be read, or what was reported cannot be kept: once, until it works again. */
  trouble(error: unknown): void;
  /** So many calls were too old or too many. */
  skipped(count: number): void;
}

/** A deploy takes its users away for a moment. */
const WITHOUT_USERS_MS = 60_000;

/** Passes everything on to all of them; a fault of one does not reach the others. */
export class RecoveryUsers {
  private readonly users = new Set<RecoveryUser>();
  private leftMs: number;

  constructor(private readonly clock: Clock) {
    this.leftMs = clock.now();
  }

  get count(): number {
    return this.users.size;
  }

  /** There is one, or was a moment ago. */
  get areThere(): boolean {
    return this.users.size > 0 || this.clock.now() - this.leftMs < WITHOUT_USERS_MS;
  }

  /** Reads the call list; undefined without a login. */
  get calls(): RecoveryUser["calls"] {
    return [...this.users].find(({ calls }) => calls)?.calls;
  }

  add(user: RecoveryUser): void {
    this.users.add(user);
  }

  remove(user: RecoveryUser): void {
    if (this.users.delete(user)) this.leftMs = this.clock.now();
  }

  gap(gap: Gap): void {
    for (const user of this.users) safeCall(() => user.gap(gap));
  }

  skipped(count: number): void {
    if (count > 0) for (const user of this.users) safeCall(() => user.skipped(count));
  }

  /** One of them reports it for the box. */
  trouble(error: unknown): void {
    const [user] = this.users;
    if (user) safeCall(() => user.trouble(error));
  }
}
