/**
 * L2 transport: runs what other people's patterns and pages may make endless in a thread of its own, which ends when it takes
 * too long or too much. The event loop, on which the telephone rings, never waits for it.
 */
import { Worker } from "node:worker_threads";

/** How long and how much. */
export interface WorkerLimits {
  /** For one job, ms. */
  jobMs: number;
  /** A thread without work ends after this, ms. */
  idleMs: number;
  heapMb: number;
}

/** A job that was not done: the thread was ended, or ended itself. */
export class WorkerFailure extends Error {
  override readonly name = "WorkerFailure";

  constructor(readonly reason: "time" | "memory" | "crash") {
    super(reason);
  }
}

/** Starting a thread on a small computer that is busy, ms. */
const START_MS = 15_000;

interface Job {
  data: unknown;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** One thread for all jobs, one after the other; started with the first job. `file` is CommonJS: it takes and posts messages. */
export class GuardedWorker {
  private readonly queue: Job[] = [];
  private current: Job | undefined;
  private worker: Worker | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string,
    private readonly limits: WorkerLimits,
  ) {}

  /** Rejects with a `WorkerFailure` if it was not done. Job and result are plain data. */
  run(data: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.queue.push({ data, resolve, reject });
      this.next();
    });
  }

  /** Starts the thread, if it is not there, for a job that will come. */
  warmUp(): void {
    if (!this.worker) this.start();
  }

  private next(): void {
    if (this.current || this.queue.length === 0) return;
    this.current = this.queue.shift();
    const worker = this.worker ?? this.start();
    worker.ref();
    this.limit(this.isOnline ? this.limits.jobMs : START_MS + this.limits.jobMs, "time");
    worker.postMessage(this.current?.data);
  }

  private isOnline = false;

  private start(): Worker {
    const isSource = this.file.endsWith(".ts"); // run from the sources, as tests do
    const worker = new Worker(this.file, {
      resourceLimits: { maxOldGenerationSizeMb: this.limits.heapMb },
      execArgv: isSource ? ["--require", "tsx/cjs"] : [],
      stdout: true, // what libraries print is nobody's business
      stderr: true,
    });
    this.worker = worker;
    this.isOnline = false;
    worker.once("online", () => (this.isOnline = true));
    worker.on("message", (result) => this.finish((job) => job.resolve(result)));
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

  /** After the time the thread ends: without a reason it is only not needed any more. */
  private limit(ms: number, reason?: WorkerFailure["reason"]): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.worker && this.end(this.worker, reason ?? "crash"), ms);
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
