// npm start: a simulated Fritz!Box and a Node-RED with the demo flow, from a fresh clone, with one command. Loopback only.
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { listenForButtons, spamAgainAndAgain } from "./demo/actions.mjs";
import { live, rememberPast, SPAM } from "./demo/day.mjs";
import { forkNodeRed, freePort, prepareUserDir } from "./demo/node-red.mjs";
import { startPhones } from "./demo/phones.mjs";
import { buildIfNeeded, install, root } from "./ensure.mjs";

const LIKED_PORT = 1880;
/** The addresses are printed by then, connected or not. */
const LONGEST_START_MS = 10_000;
const pause = (ms) => delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
const userDir = process.env.FRITZ_DEMO_DIR ?? join(root, ".demo");
const require = createRequire(import.meta.url);

if (!install(root) || !buildIfNeeded()) process.exit(1);

prepareUserDir(userDir);
const { SimulatedBox } = require(join(root, "dist", "simulator"));
const { fillForDemo } = require(join(root, "dist", "simulator", "demo-books.js"));
const { runCommand } = require(join(root, "dist", "simulator", "commands.js"));
const box = new SimulatedBox();
fillForDemo(box);
rememberPast(box);
await box.monitor.listen();
await box.tr064.listen();
await box.web.listen();
const telephones = await startPhones(box);
const port = await freePort(LIKED_PORT);
const stopping = new AbortController();
const buttons = await listenForButtons(box, pause, telephones.phones);
const nodeRed = startNodeRed();
let prompt;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => quit(0));

function startNodeRed() {
  const child = forkNodeRed({ userDir, port, box, buttons });
  let started = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    console.log(line);
    if (started || !line.includes("Started flows")) return;
    started = true;
    telephones.report(port);
    // With the call monitor connected, what is printed is true: a call that is typed now shows on the page.
    void Promise.race([listened(), pause(LONGEST_START_MS)]).then(() => stopping.signal.aborted || welcome());
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
                    user fritz1234, password secret; SIP ${box.sip.port} with two telephones that ring

  People call, and now and then a spammer does, twice: the first call is ended at once, the second one the box rejects.
  The page shows each call and the telephones, and has buttons for more. A line below is a call that has ended.
  Type "ring ${SPAM}" to let it ring, "help" for more, Ctrl-C to end.
`);
  prompt = createInterface({ input: process.stdin });
  prompt.on("line", async (typed) => {
    if (typed.trim() === "quit") return quit(0);
    const answer = await runCommand(box, typed);
    if (answer) console.log(answer);
  });
  const ended = () => stopping.signal.aborted;
  void ready().then(() => Promise.all([live(box, pause, ended), spamAgainAndAgain(box, pause, ended)]));
}

/** A box does not repeat what happened before somebody listened. */
async function listened() {
  while (box.monitor.connections === 0 && !stopping.signal.aborted) await pause(100);
}

/** The contacts are known, so that the first caller has a name. */
async function ready() {
  await listened();
  const read = () => box.tr064.requests.some(({ path }) => path.startsWith("/phonebook.lua"));
  for (const until = Date.now() + LONGEST_START_MS; !read() && Date.now() < until;) await pause(100);
  await pause(1_000);
}

function quit(code) {
  if (stopping.signal.aborted) return;
  stopping.abort();
  prompt?.close();
  process.stdin.destroy(); // an open pipe would keep the process alive
  for (const part of [box.monitor, box.tr064, box.web, telephones]) void part.stop();
  buttons.close();
  buttons.closeAllConnections();
  process.exitCode = code;
  if (nodeRed.exitCode !== null) return;
  nodeRed.kill("SIGTERM");
  setTimeout(() => nodeRed.kill("SIGKILL"), 5000).unref();
}
