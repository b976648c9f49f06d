/** Test support: how long a piece of work keeps the event loop from others. */

export interface Stops<T> {
  result: T | undefined;
  error: unknown;
  /** Longest stretch without a turn for others, in ms of processor time: other programs do not count. */
  longestMs: number;
  /** How many turns others got. */
  turns: number;
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Runs the work and watches. */
export async function stopsOf<T>(work: () => Promise<T> | T): Promise<Stops<T>> {
  const stops: Stops<T> = { result: undefined, error: undefined, longestMs: 0, turns: -1 };
  let since = cpuMs();
  let going = true;
  const tick = () => {
    stops.longestMs = Math.max(stops.longestMs, cpuMs() - since);
    stops.turns++;
    since = cpuMs();
    if (going) setImmediate(tick);
  };
  await new Promise<void>((resolve) => setImmediate(resolve));
  setImmediate(tick);
  await new Promise<void>((resolve) => setImmediate(resolve));
  try {
    stops.result = await work();
  } catch (error) {
    stops.error = error;
  }
  going = false;
  await new Promise<void>((resolve) => setImmediate(resolve));
  return stops;
}
