/**
 * Runs regular expressions and parsers on foreign input in a worker thread, and terminates the thread when it
 * exceeds its time or memory. The event loop never waits for it.
 */
import { Worker } from "node:worker_threads";

/** Limits of a job. */
export interface WorkerLimits {
  /** Time limit of one job, ms. */
  jobMs: number;
  /** An idle thread is terminated after this, ms. */
  idleMs: number;
  heapMb: number;
}

/** The job was not finished: the thread was terminated or exited. */
export class WorkerFailure extends Error {
  override readonly name = "WorkerFailure";

  constructor(readonly reason: "time" | "memory" | "crash") {
    super(reason);
  }
}

/** What a thread says when it has loaded all. */
export const READY = "ready";
/** Time to start a thread on a small, busy computer, ms. */
const START_MS = 15_000;
/** A limit is waited for in so many parts: one that is over because the computer slept does not take the others with it. */
const SLICES = 10;

interface Job {
  data: unknown;
  signal: AbortSignal | undefined;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * One thread for all jobs, one after the other; started with the first job. `file` is CommonJS: it posts `READY` once it has
 * loaded all that it needs, and a result for each message that it takes.
 */
export class GuardedWorker {
  private readonly queue: Job[] = [];
  private current: Job | undefined;
  private worker: Worker | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string,
    private readonly limits: WorkerLimits,
  ) {}

  /**
   * Rejects with a `WorkerFailure` if the job was not finished, with the signal's reason if it was aborted
   * while queued. Job and result are plain data.
   */
  run(data: unknown, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.queue.push({ data, signal, resolve, reject });
      this.next();
    });
  }

  /** Starts the thread ahead of a job. */
  warmUp(): void {
    if (!this.worker) this.start();
  }

  private next(): void {
    if (this.current) return;
    this.current = this.takeWanted();
    if (!this.current) return;
    const worker = this.worker ?? this.start();
    worker.ref();
    this.limit(this.isReady ? this.limits.jobMs : START_MS, "time");
    worker.postMessage(this.current.data);
  }

  /** The next job that was not aborted. */
  private takeWanted(): Job | undefined {
    for (let job = this.queue.shift(); job; job = this.queue.shift()) {
      if (job.signal?.aborted !== true) return job;
      job.reject(job.signal.reason as Error);
    }
    return undefined;
  }

  private isReady = false;

  private start(): Worker {
    const isSource = this.file.endsWith(".ts"); // run from the sources, as tests do
    const worker = new Worker(this.file, {
      resourceLimits: { maxOldGenerationSizeMb: this.limits.heapMb },
      execArgv: isSource ? ["--require", "tsx/cjs"] : [],
      stdout: true, // discards what libraries print
      stderr: true,
    });
    this.worker = worker;
    this.isReady = false;
    worker.on("message", (message) => {
      if (worker !== this.worker) return;
      if (message !== READY) return this.finish((job) => job.resolve(message));
      this.isReady = true;
      if (this.current) this.limit(this.limits.jobMs, "time"); // loading does not count
    });
    worker.once("error", (error: Error & { code?: string }) =>
      this.end(worker, error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "crash"),
    );
    worker.once("exit", () => this.end(worker, "crash"));
    worker.unref();
    this.limit(this.limits.idleMs);
    return worker;
  }

  private finish(settle: (job: Job) => void): void {
    const job = this.current;
    this.current = undefined;
    this.worker?.unref();
    this.limit(this.limits.idleMs);
    if (job) settle(job);
    this.next();
  }

  /** Terminates the thread after `ms`; without a reason as idle. A pause of the whole process counts as one slice at most. */
  private limit(ms: number, reason?: WorkerFailure["reason"], slices = SLICES): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (slices > 1) this.limit(ms, reason, slices - 1);
      else if (this.worker) this.end(this.worker, reason ?? "crash");
    }, ms / SLICES);
    if (reason === undefined) this.timer.unref();
  }

  private end(worker: Worker, reason: WorkerFailure["reason"]): void {
    if (worker !== this.worker) return;
    clearTimeout(this.timer);
    this.worker = undefined;
    void worker.terminate();
    const job = this.current;
    this.current = undefined;
    job?.reject(new WorkerFailure(reason));
    this.next();
  }
}
