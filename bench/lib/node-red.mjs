// A real Node-RED with chosen packages and the bench's own nodes, in a process and with a user folder of its own.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { folderOf, NODE_RED, BARE } from "./peers.mjs";
import { THIS } from "./figures.mjs";
import { nowMs } from "./stats.mjs";
import { forkThrough, Subject } from "./subject.mjs";

const START_MS = 60_000;

const SETTINGS = {
  flowFile: "flows.json",
  uiHost: "127.0.0.1",
  uiPort: 0,
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, palette: { catalogues: [] } },
  externalModules: { palette: { allowInstall: false }, modules: { allowInstall: false } },
  logging: { console: { level: "info", metrics: false, audit: false } },
  nodesDir: join(import.meta.dirname, "nodes"),
};

/**
 * Starts it with the subject's package (none for `BARE`); resolves when its flows run. `startMs` is the time from the start of
 * the process to then, `log` all that it has said.
 */
export async function startNodeRed(subject, { flows, credentials = {}, through = [], probe = true } = {}) {
  const userDir = mkdtempSync(join(tmpdir(), "fritz-bench-"));
  const name = subject === THIS ? "node-red-contrib-fritz-calls" : subject;
  mkdirSync(join(userDir, "node_modules"), { recursive: true });
  if (subject !== BARE) symlinkSync(folderOf(subject), join(userDir, "node_modules", name), "dir");
  const { nodesDir, ...others } = SETTINGS;
  const settings = probe ? { ...others, nodesDir } : others;
  writeFileSync(join(userDir, "settings.js"), `module.exports = ${JSON.stringify(settings)};\n`);
  writeFileSync(join(userDir, "flows.json"), JSON.stringify(flows));
  writeFileSync(join(userDir, "flows_cred.json"), JSON.stringify(credentials));
  const from = nowMs();
  const child = forkThrough(join(NODE_RED, "red.js"), ["-u", userDir, "-s", join(userDir, "settings.js")], through, {
    cwd: userDir,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { PATH: process.env.PATH, HOME: userDir, ...(process.env.TZ && { TZ: process.env.TZ }) },
  });
  const server = new NodeRedSubject(subject, child, userDir);
  try {
    await server.waitForLog("Started flows");
    server.startMs = nowMs() - from;
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class NodeRedSubject extends Subject {
  log = [];
  startMs = 0;

  constructor(name, child, userDir) {
    super(name, child);
    this.userDir = userDir;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => this.log.push(line));
    }
  }

  async waitForLog(text, from = 0) {
    for (const end = nowMs() + START_MS; nowMs() < end && this.child.exitCode === null;) {
      if (this.log.slice(from).some((line) => line.includes(text))) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`Node-RED with ${this.name} did not say "${text}":\n${this.log.slice(-20).join("\n")}`);
  }

  /** Deploys; resolves when the flows run. */
  async deploy(flows, type = "full") {
    const from = this.log.length;
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(this.log.join("\n"))?.[0];
    const answer = await fetch(`${url}/flows`, {
      method: "POST",
      headers: {
        "Node-RED-API-Version": "v2",
        "Content-Type": "application/json",
        "Node-RED-Deployment-Type": type,
      },
      body: JSON.stringify({ flows }),
    });
    if (!answer.ok) throw new Error(`${this.name}: the deploy was answered with ${answer.status}`);
    await this.waitForLog("Started ", from);
  }

  async stop() {
    await super.stop();
    rmSync(this.userDir, { recursive: true, force: true, maxRetries: 3 });
  }
}
