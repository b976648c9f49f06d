// npm start: a simulated Fritz!Box and a Node-RED with the demo flow, from a fresh clone, with one command. Loopback only.
import { fork } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { build, install, root } from "./ensure.mjs";

const LIKED_PORT = 1880;
/** A number reserved for films, which the simulated PhoneBlock knows. */
const SPAM = "03023125042";
const pause = (ms) => delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
const userDir = join(root, ".demo");
const require = createRequire(import.meta.url);

if (!install(root) || !build()) process.exit(1);

prepareUserDir();
const { SimulatedBox, play, readLog } = require(join(root, "dist", "simulator"));
const { fillForDemo } = require(join(root, "dist", "simulator", "demo-books.js"));
const { runCommand } = require(join(root, "dist", "simulator", "commands.js"));
const box = new SimulatedBox();
fillForDemo(box);
await box.monitor.listen();
await box.tr064.listen();
await box.web.listen();
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
  if (existsSync(flows)) return;
  copyFileSync(join(root, "tools", "demo", "flows.json"), flows);
  const secrets = {
    "fritz-demo-box": { username: "fritz1234", password: "secret" },
    "fritz-demo-info": { phoneblockToken: "pbt_simulator" },
  };
  writeFileSync(join(userDir, "flows_cred.json"), JSON.stringify(secrets));
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
      env: {
        ...process.env,
        FRITZ_DEMO_PORT: String(port),
        FRITZ_DEMO_MONITOR_PORT: String(box.monitor.port),
        FRITZ_DEMO_TR064_PORT: String(box.tr064.port),
        FRITZ_DEMO_TLS_PORT: String(box.tr064.tlsPort),
        FRITZ_DEMO_PHONEBLOCK: `http://127.0.0.1:${box.web.port}/phoneblock`,
      },
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
  Fritz!Box         simulated: call monitor 127.0.0.1:${box.monitor.port}, TR-064 ${box.tr064.port} and ${box.tr064.tlsPort} (TLS),
                    user fritz1234, password secret

  A recorded day plays, and two calls that are spam: the first one is barred, the second one the box rejects.
  Each call appears below and on the page.
  Type "ring ${SPAM}" to let it ring, "help" for more, Ctrl-C to end.
`);
  prompt = createInterface({ input: process.stdin });
  prompt.on("line", async (typed) => {
    if (typed.trim() === "quit") return quit(0);
    const answer = await runCommand(box, typed);
    if (answer) console.log(answer);
  });
  void playForEver();
  void spamTwice();
}

async function playForEver() {
  await listened();
  const day = readLog(readFileSync(join(root, "simulator", "recorded-day.log"), "utf8"));
  while (!stopping.signal.aborted) {
    await play(box.monitor, day, { speed: 4, longestPauseMs: 4000, signal: stopping.signal });
  }
}

/** The same caller twice: the second time the number is in the box's book, and the box rejects it by itself. */
async function spamTwice() {
  await listened();
  for (const wait of [6000, 8000]) {
    await pause(wait);
    if (stopping.signal.aborted) return;
    const call = box.ring(SPAM);
    await pause(3000);
    box.hangUp(call);
  }
}

/** A box does not repeat what happened before somebody listened. */
async function listened() {
  while (box.monitor.connections === 0 && !stopping.signal.aborted) await pause(100);
}

function quit(code) {
  if (stopping.signal.aborted) return;
  stopping.abort();
  prompt?.close();
  process.stdin.destroy(); // an open pipe would keep the process alive
  for (const part of [box.monitor, box.tr064, box.web]) void part.stop();
  process.exitCode = code;
  if (nodeRed.exitCode !== null) return;
  nodeRed.kill("SIGTERM");
  setTimeout(() => nodeRed.kill("SIGKILL"), 5000).unref();
}
