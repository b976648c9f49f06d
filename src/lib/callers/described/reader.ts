/** Reads answers in the worker thread. */
import { MINUTE_MS } from "../../core/clock";
import { FritzError } from "../../core/errors";
import type { PageReading } from "./descriptor";
import { GuardedWorker, WorkerFailure } from "../../core/guarded-worker";
import type { PageJob } from "./page";

/** A page takes about 50 ms on a small computer; the rest is for slow patterns and malformed pages. */
const LIMITS = { jobMs: 2_000, idleMs: MINUTE_MS, heapMb: 96 };

/**
 * Origin of the rules: the package's, or a user's own. Each has its thread, so that a user's slow pattern
 * does not delay the package's sources.
 */
export type RulesFrom = "package" | "user";

const newWorker = () => new GuardedWorker(require.resolve("./reader-thread"), LIMITS);
const workers: Readonly<Record<RulesFrom, GuardedWorker>> = { package: newWorker(), user: newWorker() };

/** Starts the thread ahead of an answer. */
export const expectAnswer = (from: RulesFrom) => workers[from].warmUp();

/**
 * Rejects with a `FritzError` if the rules cannot be applied, or not in time, and with the signal's reason if
 * it was aborted before the job started. `host` is for the sentence.
 */
export async function readInThread(
  job: PageJob,
  { host, from, signal }: { host: string; from: RulesFrom; signal?: AbortSignal },
): Promise<PageReading> {
  try {
    const reading = (await workers[from].run(job, signal)) as PageReading | undefined;
    if (reading) return reading;
  } catch (error) {
    if (error instanceof WorkerFailure) throw new FritzError("source-rules", { host });
    throw error;
  }
  throw new FritzError("source-reply", { host, detail: job.type });
}
