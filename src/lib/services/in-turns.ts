/** L3 services: long work in pieces, so that calls are announced and others are served in between. */
import { setImmediate as nextTurn } from "node:timers/promises";

/** So much is done in one go, ms: less than anybody notices, also on a computer five times slower. */
const PIECE_MS = 8;

/** Runs what gives way now and then (a generator) to its end; gives what it returns. */
export async function runInTurns<T>(work: Generator<unknown, T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < PIECE_MS) continue;
    await nextTurn();
    since = performance.now();
  }
}

/** Does something with each of many things. */
export function inTurns<T>(things: Iterable<T>, work: (thing: T) => void): Promise<void> {
  return runInTurns(each(things, work));
}

function* each<T>(things: Iterable<T>, work: (thing: T) => void): Generator<undefined, void> {
  for (const thing of things) {
    work(thing);
    yield;
  }
}
