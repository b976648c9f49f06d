/** L0 model: the ports through which the inner floors reach time and the network. Each has a fake in test/. */
import type { MonitorProblem } from "./problems";

/** Something that can be called off. */
export interface Timer {
  cancel(): void;
}

/** Time as a parameter. Milliseconds since 1970 and in delays. */
export interface Clock {
  now(): number;
  after(ms: number, run: () => void): Timer;
}

/** An open (or opening) connection to the call monitor. */
export interface Wire {
  /** Ends it at once. No callback of the `WireEvents` is called after this. */
  close(): void;
}

/** Why a wire ended: the box closed it in good order, or something went wrong. */
export type WireEnd = { orderly: true } | { orderly: false; problem: MonitorProblem };

export interface WireEvents {
  /** At most once; `address` is the address that answered. */
  opened(address: string): void;
  received(chunk: Uint8Array): void;
  /** Exactly once, as the last call, whether the wire was ever open or not. */
  ended(end: WireEnd): void;
}

/** Opens one connection. Never throws: every failure comes as `ended`. */
export type Dial = (events: WireEvents) => Wire;

/** Keeps one value, plain JSON, over restarts: as well as whoever stands behind it does. */
export interface Store {
  /** Undefined if nothing was ever saved. */
  load(): Promise<unknown>;
  save(value: unknown): Promise<void>;
}
