/** L3 services: whoever shares something waits for the other. */

const turns = new WeakMap<object, Promise<unknown>>();

/** Runs the work when all earlier work on the same thing is done, however that ended. */
export function oneAtATime<T>(shared: object, work: () => Promise<T>): Promise<T> {
  const before = turns.get(shared) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(
    shared,
    mine.catch(() => undefined),
  );
  return mine;
}
