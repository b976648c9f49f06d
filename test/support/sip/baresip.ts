/** Test support: Debian's baresip as a household phone that registers beside the agent. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../wait";

const WORDS = {
  registered: /200 OK.*binding|registered successfully/i,
  rings: /Incoming call from/i,
  stops: /session closed|terminate|Call with .* terminated|closed: /i,
  answered: /Call answered|Call established/i,
};

export class Baresip {
  output = "";
  private readonly folder = mkdtempSync(join(tmpdir(), "baresip-"));
  private readonly child: ChildProcess;

  constructor({ box, address, port, password }: { box: string; address: string; port: number; password: string }) {
    const modules = ["/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules"].find(existsSync) ?? "";
    writeFileSync(
      join(this.folder, "config"),
      [
        ...[`sip_listen ${address}:${port}`, `module_path ${modules}`, "module_tmp account.so", "module g711.so"],
        ...[
          "module_app menu.so",
          "call_max_calls 4",
          "audio_player aufile,/dev/null",
          "audio_source aufile,/dev/null",
          "",
        ],
      ].join("\n"),
    );
    writeFileSync(
      join(this.folder, "accounts"),
      `<sip:house@fritz.box>;auth_user=house;auth_pass=${password};outbound="sip:${box}";regint=60;answermode=manual\n`,
    );
    this.child = spawn("baresip", ["-f", this.folder, "-v"], { stdio: ["pipe", "pipe", "pipe"] });
    this.child.on("error", () => undefined);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (data: Buffer) => (this.output += data.toString()));
    }
  }

  count(word: keyof typeof WORDS): number {
    return this.output.split("\n").filter((line) => WORDS[word].test(line)).length;
  }

  async says(word: keyof typeof WORDS): Promise<void> {
    await until(`baresip: ${word}`, () => this.count(word) > 0).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output.slice(-3_000)}`);
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode === null && this.child.kill("SIGKILL")) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
