import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GuardedWorker, WorkerFailure } from "../../../src/lib/core/guarded-worker";

const THREAD = `
const { parentPort, threadId } = require("node:worker_threads");
parentPort.on("message", (job) => {
  if (job === "loop") for (;;);
  if (job === "wait") return setTimeout(() => parentPort.postMessage({ job, threadId }), 1_700);
  if (job === "regex") /^(a+)+$/.test("a".repeat(60) + "!");
  if (job === "memory") { const all = []; for (;;) all.push(new Array(100000).fill(Math.random())); }
  if (job === "throw") throw new Error("03023125042");
  if (job === "exit") process.exit(3);
  if (job === "print") console.log("03023125042");
  parentPort.postMessage({ job, threadId });
});
parentPort.postMessage("ready");`;
/** Loads for longer than a job may take. */
const SLOW = `for (const end = Date.now() + 1_000; Date.now() < end;);${THREAD}`;

describe("guarded worker", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fritz-worker-"));
    file = join(folder, "thread.cjs");
    writeFileSync(file, THREAD);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const start = (over = {}) => new GuardedWorker(file, { jobMs: 5_000, idleMs: 60_000, heapMb: 32, ...over });
  const reasonOf = (job: Promise<unknown>) =>
    job.then(
      () => assert.fail("done"),
      (error: unknown) => (error instanceof WorkerFailure ? error.reason : String(error)),
    );

  it("does jobs in one thread, one after the other, in order", async () => {
    const worker = start();
    const results = (await Promise.all([1, 2, 3].map((job) => worker.run(job)))) as { job: number; threadId: number }[];
    assert.deepEqual(
      results.map(({ job }) => job),
      [1, 2, 3],
    );
    assert.equal(new Set(results.map(({ threadId }) => threadId)).size, 1);
  });

  it("gives each job its own result, also one that is done before the rest is loaded", async () => {
    const eager = join(folder, "eager.cjs");
    writeFileSync(
      eager,
      THREAD.replace('parentPort.postMessage("ready");', 'setTimeout(() => parentPort.postMessage("ready"), 300);'),
    );
    const worker = new GuardedWorker(eager, { jobMs: 5_000, idleMs: 60_000, heapMb: 32 });
    for (const job of ["a", "b", "c"]) assert.equal(((await worker.run(job)) as { job: string }).job, job);
    await new Promise((resolve) => setTimeout(resolve, 400));
    for (const job of ["d", "e"]) assert.equal(((await worker.run(job)) as { job: string }).job, job);
  });

  it("counts only the time of a job, not that of loading what the thread needs", async () => {
    const slow = join(folder, "slow.cjs");
    writeFileSync(slow, SLOW);
    const worker = new GuardedWorker(slow, { jobMs: 500, idleMs: 60_000, heapMb: 32 });
    assert.equal(((await worker.run("first")) as { job: string }).job, "first");
  });

  it("does not count a time in which the process stood still", async () => {
    const worker = start({ jobMs: 1_000 });
    await worker.run("warm");
    const job = worker.run("wait");
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const end = Date.now() + 1_500; Date.now() < end;);
    assert.equal(((await job) as { job: string }).job, "wait");
  });

  for (const job of ["loop", "regex"]) {
    it(`ends a job that takes too long (${job}) and does the next ones; nothing waits for it`, async () => {
      const worker = start({ jobMs: 1_000 });
      await worker.run("warm");
      let ticks = 0;
      const ticking = setInterval(() => ticks++, 5);
      const [bad, good] = [worker.run(job), worker.run("next")];
      assert.equal(await reasonOf(bad), "time");
      clearInterval(ticking);
      assert.ok(ticks > 10, `the event loop stood still: ${ticks} ticks`);
      assert.equal(((await good) as { job: string }).job, "next");
    });
  }

  it("ends a job that takes too much memory", async () => {
    const worker = start({ jobMs: 10_000 });
    assert.equal(await reasonOf(worker.run("memory")), "memory");
    assert.equal(((await worker.run("next")) as { job: string }).job, "next");
  });

  for (const job of ["throw", "exit"]) {
    it(`survives a thread that ends by itself (${job})`, async () => {
      const worker = start();
      const [bad, good] = [worker.run(job), worker.run("next")];
      assert.equal(await reasonOf(bad), "crash");
      assert.equal(((await good) as { job: string }).job, "next");
    });
  }

  it("ends a thread without work, and starts another when there is some", async () => {
    const worker = start({ idleMs: 30 });
    const first = (await worker.run(1)) as { threadId: number };
    let second = first;
    for (const end = Date.now() + 30_000; second.threadId === first.threadId && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      second = (await worker.run(2)) as { threadId: number };
    }
    assert.notEqual(first.threadId, second.threadId);
  });

  it("keeps to itself what a thread prints", async () => {
    const printed: unknown[] = [];
    const original = process.stdout.write.bind(process.stdout);
    process.stdout.write = ((chunk: unknown) => printed.push(chunk)) as never;
    try {
      await start({ idleMs: 200 }).run("print"); // a thread that has printed keeps the process, until it ends
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      process.stdout.write = original;
    }
    assert.ok(!printed.join("").includes("3023125042"));
  });
});
