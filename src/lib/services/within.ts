/** L3 services: waiting, but not for ever. */
import type { Clock } from "../model/ports";

/** What the work gives, or undefined if it takes longer than `ms`; the work goes on, and its late failure is nobody's. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
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
