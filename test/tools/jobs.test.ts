/** The runner of the test jobs: ends with its jobs, whatever they leave behind. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { until } from "../support/wait";

const run = promisify(execFile);
const runner = pathToFileURL(join(__dirname, "../../tools/jobs.mjs")).href;

/** Whether a process still runs. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the test runner's jobs", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "jobs-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a shell command as the only job, with a limit of 6 s. */
  async function job(command: string): Promise<{ ok: boolean; output: string; seconds: number }> {
    const script = join(folder, "run.mjs");
    writeFileSync(
      script,
      `import { runJobs } from ${JSON.stringify(runner)};
      const job = { name: "only", command: "bash", args: ["-c", ${JSON.stringify(command)}] };
      await runJobs([job], (_, result) => console.log(JSON.stringify(result)));`,
    );
    const env = { ...process.env, FRITZ_JOB_MINUTES: "0.1" };
    const { stdout } = await run(process.execPath, [script], { env, timeout: 100_000 });
    return JSON.parse(stdout) as { ok: boolean; output: string; seconds: number };
  }

  it("that mostly wait take the places of the others, once these are over", async () => {
    const file = join(folder, "written");
    const script = join(folder, "run.mjs");
    writeFileSync(
      script,
      `import { runJobs } from ${JSON.stringify(runner)};
      const shell = (text) => ({ name: text, command: "bash", args: ["-c", text], idle: true });
      const waits = shell("for i in {1..200}; do [ -e ${file} ] && exit 0; sleep 0.1; done; exit 1");
      const jobs = [waits, waits, shell("touch ${file}"), { ...shell("true"), idle: false }];
      await runJobs(jobs, (_, { ok }) => console.log(ok), 1);`,
    );
    const { stdout } = await run(process.execPath, [script], { timeout: 100_000 });
    assert.equal(stdout, "true\n".repeat(4));
  });

  it("end when their program ends, and end what it left running", async () => {
    const pidFile = join(folder, "pid");
    const { ok, output, seconds } = await job(`sleep 60 & echo $! > ${pidFile}; echo done`);
    assert.deepEqual({ ok, output }, { ok: true, output: "done\n" });
    assert.ok(seconds < 30);
    await until("the end of what it left", () => !alive(Number(readFileSync(pidFile, "utf8"))));
  });

  it("fail and end at their limit, with all that they started", async () => {
    const pidFile = join(folder, "pid");
    const { ok, output } = await job(`sleep 60 & echo $! > ${pidFile}; echo begun; sleep 60`);
    assert.equal(ok, false);
    assert.match(output, /^begun\n\nended: /);
    await until("the end of all", () => !alive(Number(readFileSync(pidFile, "utf8"))));
  });

  it("fail with the exit code of their program", async () => {
    assert.equal((await job("exit 3")).ok, false);
  });
});
