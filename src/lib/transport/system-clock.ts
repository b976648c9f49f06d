/** L2 transport: the real clock behind the `Clock` port. */
import type { Clock } from "../model/ports";

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
