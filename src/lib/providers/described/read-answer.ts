/** L4 providers: has an answer read in the guarded thread. */
import { FritzError } from "../../model/errors";
import type { PageReading } from "../../model/descriptor";
import { GuardedWorker, WorkerFailure } from "../../transport/guarded-worker";
import type { PageJob } from "./page";

/** A page takes some 50 ms on a small computer; the rest is for pages and patterns that are too clever. */
const LIMITS = { jobMs: 2_000, idleMs: 60_000, heapMb: 96 };

const worker = new GuardedWorker(require.resolve("./thread"), LIMITS);

/** For an answer that will come: a thread takes a moment to start. */
export const expectAnswer = () => worker.warmUp();

/** Rejects with a `FritzError` when the rules cannot be applied, or not in time. `host` is for its sentence. */
export async function readInThread(job: PageJob, host: string): Promise<PageReading> {
  try {
    const reading = (await worker.run(job)) as PageReading | undefined;
    if (reading) return reading;
  } catch (error) {
    if (error instanceof WorkerFailure) throw new FritzError("source-rules", { host });
    throw error;
  }
  throw new FritzError("source-reply", { host, detail: job.type });
}
