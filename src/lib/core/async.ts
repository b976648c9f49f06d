/** Helpers for asynchronous work: yield to the event loop, pause, time out, serialize, call listeners safely. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "./clock";

/** Longest stretch of work without yielding, ms: unnoticeable also on a computer that is five times slower. */
const SLICE_MS = 8;

/** Drives a generator to its end, yielding to the event loop every 8 ms. Resolves to what it returns. */
export async function runYielding<T>(work: Generator<unknown, T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await nextTurn();
    since = performance.now();
  }
}

/** Calls `work` with each item, yielding to the event loop every 8 ms. */
export function yieldingly<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  return runYielding(each(items, work));
}

/** For asynchronous loops: a function that yields to the event loop if the last yield was more than 8 ms ago. */
export function pacer(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await nextTurn();
    since = performance.now();
  };
}

function* each<T>(items: Iterable<T>, work: (item: T) => void): Generator<undefined, void> {
  for (const item of items) {
    work(item);
    yield;
  }
}

/** Resolves after `ms`, or early when the signal is aborted. */
export async function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  const timer = clock.after(ms, end);
  signal?.addEventListener("abort", end);
  await over;
  timer.cancel();
  signal?.removeEventListener("abort", end);
}

/** Resolves to the result of `work`, or to undefined after `ms`; a later rejection is swallowed. */
export async function withTimeout<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  let end: () => void = () => undefined;
  const late = new Promise<undefined>((resolve) => (end = () => resolve(undefined)));
  const timer = clock.after(ms, end);
  try {
    work.catch(() => undefined);
    return await Promise.race([work, late]);
  } finally {
    timer.cancel();
  }
}

const tails = new WeakMap<object, Promise<unknown>>();

/** Runs `work` when all earlier work on the same object has settled, however it ended. */
export function serialize<T>(shared: object, work: () => Promise<T>): Promise<T> {
  const before = tails.get(shared) ?? Promise.resolve();
  const mine = before.then(work, work);
  tails.set(
    shared,
    mine.catch(() => undefined),
  );
  return mine;
}

/** Calls a listener; what it throws becomes a warning of the process and does not reach the caller. */
export function safeCall(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
