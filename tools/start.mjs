// npm start: a simulated Fritz!Box and a Node-RED with the demo flow, from a fresh clone, with one command. Loopback only.
import { fork } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build, install, root } from "./ensure.mjs";

const LIKED_PORT = 1880;
const userDir = join(root, ".demo");
const require = createRequire(import.meta.url);

if (!install(root) || !build()) process.exit(1);

prepareUserDir();
const { SimulatedBox, play, readLog } = require(join(root, "dist", "simulator"));
const { runCommand } = require(join(root, "dist", "simulator", "commands.js"));
const box = new SimulatedBox();
await box.monitor.listen();
const port = await freePort(LIKED_PORT);
const stopping = new AbortController();
const nodeRed = startNodeRed();
let prompt;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => quit(0));

function prepareUserDir() {
  mkdirSync(join(userDir, "node_modules"), { recursive: true });
  const link = join(userDir, "node_modules", "node-red-contrib-fritz-calls");
  rmSync(link, { recursive: true, force: true });
  symlinkSync(root, link, "junction");
  const flows = join(userDir, "flows.json");
  if (!existsSync(flows)) copyFileSync(join(root, "tools", "demo", "flows.json"), flows);
}

/** The port that people expect if it is free, else any. */
function freePort(liked) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(freePort(0)));
    probe.listen(liked, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function startNodeRed() {
  const child = fork(
    require.resolve("node-red/red.js"),
    ["--settings", join(root, "tools", "demo", "settings.cjs"), "--userDir", userDir],
    {
      cwd: userDir,
      silent: true,
      env: { ...process.env, FRITZ_DEMO_PORT: String(port), FRITZ_DEMO_MONITOR_PORT: String(box.monitor.port) },
    },
  );
  let started = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    console.log(line);
    if (started || !line.includes("Started flows")) return;
    started = true;
    welcome();
  });
  child.stderr.pipe(process.stderr);
  child.on("exit", (code) => quit(code ?? 1));
  return child;
}

function welcome() {
  console.log(`
  Editor            http://127.0.0.1:${port}/
  Calls             http://127.0.0.1:${port}/calls
  Call monitor      127.0.0.1:${box.monitor.port} (simulated Fritz!Box)

  A recorded day plays; each call appears below and on the page.
  Type "ring 0711123456" to let it ring, "help" for more, Ctrl-C to end.
`);
  prompt = createInterface({ input: process.stdin });
  prompt.on("line", async (typed) => {
    if (typed.trim() === "quit") return quit(0);
    const answer = await runCommand(box, typed);
    if (answer) console.log(answer);
  });
  void playForEver();
}

async function playForEver() {
  // A box does not repeat what happened before somebody listened.
  while (box.monitor.connections === 0 && !stopping.signal.aborted) await new Promise((go) => setTimeout(go, 100));
  const day = readLog(readFileSync(join(root, "simulator", "recorded-day.log"), "utf8"));
  while (!stopping.signal.aborted) {
    await play(box.monitor, day, { speed: 4, longestPauseMs: 4000, signal: stopping.signal });
  }
}

function quit(code) {
  if (stopping.signal.aborted) return;
  stopping.abort();
  prompt?.close();
  process.stdin.destroy(); // an open pipe would keep the process alive
  void box.monitor.stop();
  process.exitCode = code;
  if (nodeRed.exitCode !== null) return;
  nodeRed.kill("SIGTERM");
  setTimeout(() => nodeRed.kill("SIGKILL"), 5000).unref();
}
