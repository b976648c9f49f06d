/** Test support: the command `fritz-hangup-agent` as a process of its own. Needs a build. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../wait";

const CLI = join(__dirname, "../../../dist/lib/sip/cli.js");

export class AgentProcess {
  output = "";
  private readonly child: ChildProcess;

  constructor(env: Record<string, string>) {
    const child = spawn(process.execPath, [CLI], {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (data: Buffer) => (this.output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (this.output += data.toString()));
    this.child = child;
  }

  /** How often a word stands at the beginning of a line, e.g. "call hungup". */
  count(word: string): number {
    return this.output.split("\n").filter((line) => line.startsWith(word)).length;
  }

  async says(word: string, times = 1, ms = 30_000): Promise<void> {
    await until(
      `the agent says "${word}" ${times} times; it said:\n${this.output.slice(-2_000)}`,
      () => this.count(word) >= times,
      ms,
    );
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Memory in use in kB, and open files; from /proc. */
  get resources(): { kB: number; files: number } {
    const proc = `/proc/${this.child.pid}`;
    const kB = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`${proc}/status`, "utf8"))?.[1]);
    return { kB, files: readdirSync(`${proc}/fd`).length };
  }

  /** Ends it in good order; gives its exit code. */
  async stop(): Promise<number | null> {
    if (!this.alive) return this.child.exitCode;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    const limit = setTimeout(() => this.child.kill("SIGKILL"), 20_000);
    await ended;
    clearTimeout(limit);
    return this.child.exitCode;
  }
}
