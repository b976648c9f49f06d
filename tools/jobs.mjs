// Runs programs side by side: one more than there are cores, as most wait now and then, and those that mostly wait beside them.
// Where the others are over, their places take these, too.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { root } from "./ensure.mjs";

/** A job that takes longer hangs; it is ended and counts as failed. */
const LIMIT_MS = Number(process.env.FRITZ_JOB_MINUTES ?? 8) * 60_000;
const IDLE_PLACES = 2;
/** How long a job that has ended is waited for until its last output is there. */
const GRACE_MS = 2000;

/**
 * Starts the jobs in their order and resolves when all have ended. The output of a job is held back until its end, so that
 * jobs do not write into one another's lines.
 * @param jobs `{ name, command, args, env?, idle? }`; `idle`: needs little processor time for the time that it takes
 * @param done called with each job and `{ ok, output, seconds }`
 */
export async function runJobs(jobs, done, places = Number(process.env.FRITZ_JOBS) || availableParallelism() + 1) {
  const queues = { busy: jobs.filter(({ idle }) => !idle), idle: jobs.filter(({ idle }) => idle) };
  const worker = async (...own) => {
    const next = () => own.find((queue) => queue.length > 0)?.shift();
    for (let job = next(); job; job = next()) await done(job, await runJob(job));
  };
  const idlePlaces = queues.idle.length > 0 ? IDLE_PLACES : 0;
  await Promise.all([
    ...Array.from({ length: idlePlaces }, () => worker(queues.idle)),
    ...Array.from({ length: places }, () => worker(queues.busy, queues.idle)),
  ]);
}

/** Ends a job and everything that it started (each job is a process group of its own). */
function endGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

function runJob({ command, args, env = {} }) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => chunks.push(chunk));
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nended: it did not come to an end within ${LIMIT_MS / 60_000} minutes\n`));
      endGroup(child);
    }, LIMIT_MS);
    const onSignal = () => {
      endGroup(child);
      process.exit(1);
    };
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, onSignal);
    let ended = false;
    const end = (ok) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      for (const signal of ["SIGINT", "SIGTERM"]) process.removeListener(signal, onSignal);
      resolve({ ok, output: Buffer.concat(chunks).toString(), seconds: (Date.now() - started) / 1000 });
    };
    child.once("error", (error) => {
      chunks.push(Buffer.from(`${error.message}\n`));
      end(false);
    });
    child.once("close", (code) => end(code === 0));
    // A program that a test left running holds the output open: the job is over all the same.
    child.once("exit", (code) => {
      endGroup(child);
      setTimeout(() => end(code === 0), GRACE_MS);
    });
  });
}
