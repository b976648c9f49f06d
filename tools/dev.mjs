// npm run dev: a simulated Fritz!Box and a Node-RED that follow the sources: a change is compiled, Node-RED restarts, the editor
// reloads. The flows stay (in .dev/). `npm run dev -- --inspect` lets a debugger in; breakpoints are set in src/.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { listenForButtons } from "./demo/actions.mjs";
import { startPhones } from "./demo/phones.mjs";
import { forkNodeRed, freePort, prepareUserDir } from "./demo/node-red.mjs";
import { build, buildIfNeeded, DEV_MARK, install, root } from "./ensure.mjs";

const QUIET_MS = 150;
const [userDir, dist, src] = [".dev", "dist", "src"].map((folder) => join(root, folder));
const execArgv = ["--enable-source-maps", ...process.argv.slice(2)];

if (!install(root) || !buildIfNeeded()) process.exit(1);
// Only now: on a fresh clone what these need has just been installed.
const { default: ts } = await import("typescript");
const { copyAssets } = await import("./copy-assets.mjs");
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config,
  ts.sys,
  root,
);
for (const file of sources(src)) compile(file);
writeFileSync(DEV_MARK, "");
prepareUserDir(userDir);

const require = createRequire(import.meta.url);
const { SimulatedBox } = require(join(dist, "simulator"));
const { fillForDemo } = require(join(dist, "simulator", "demo-books.js"));
const { runCommand } = require(join(dist, "simulator", "commands.js"));
const box = new SimulatedBox();
fillForDemo(box);
await Promise.all([box.monitor.listen(), box.tr064.listen(), box.web.listen()]);
const telephones = await startPhones(box);
const buttons = await listenForButtons(box, (ms) => delay(ms, undefined, { ref: false }), telephones.phones);
const port = await freePort(1880);
telephones.report(port);
const editors = new Set();
const bell = await listenForEditors();
// Not in .dev/: Node-RED serves nothing out of a hidden folder.
const scripts = mkdtempSync(join(tmpdir(), "fritz-dev-"));
const script = join(scripts, "reload.js");
writeFileSync(script, reloadScript(bell.address().port));

let nodeRed;
let ending = false;
let busy = Promise.resolve();
const changed = new Set();
start();
for (const folder of ["src", "locales", "icons", "data", "simulator", "tools"]) {
  watch(join(root, folder), { recursive: true }, (_, file) => note(join(folder, String(file)))).on("error", (error) =>
    console.log(`[dev] ${error.message}`),
  );
}
createInterface({ input: process.stdin }).on("line", async (typed) => {
  const answer = await runCommand(box, typed);
  if (answer) console.log(answer);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
console.log(`
  Editor      http://127.0.0.1:${port}/   reloads by itself; what is not deployed is asked for
  Fritz!Box   simulated: type "ring 03023125001", "help" for more, Ctrl-C to end
`);

function sources(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts")).map((file) => join(folder, file));
}

/** Compiles one file as the build does, without a look at the types, and with its source map inside. */
function compile(file) {
  const to = join(dist, relative(src, file)).replace(/\.ts$/, ".js");
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
    fileName: relative(dirname(to), file).replaceAll("\\", "/"),
    compilerOptions: { ...options, inlineSourceMap: true, inlineSources: true, declaration: false },
  });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, outputText);
}

/** Collects changes until it is quiet for a moment: an editor that saves all, a checkout. */
let timer;
function note(path) {
  changed.add(path);
  clearTimeout(timer);
  timer = setTimeout(() => (busy = busy.then(follow)), QUIET_MS);
}

async function follow() {
  const paths = [...changed];
  changed.clear();
  if (ending || paths.length === 0) return;
  console.log(`\n[dev] changed: ${paths.slice(0, 5).join(", ")}${paths.length > 5 ? ", ..." : ""}`);
  if (paths.some((path) => /^(simulator|tools)\b/.test(path)))
    console.log("[dev] for the simulator and the tools, start npm run dev anew");
  try {
    renew(paths.map((path) => join(root, path)));
  } catch (error) {
    return console.log(`[dev] ${error.message}`);
  }
  await stop();
  start();
}

function renew(files) {
  const code = files.filter((file) => file.startsWith(src) && file.endsWith(".ts"));
  const present = new Set(sources(src));
  // A file that came or went, and the editor's scripts, are the build's business.
  if (code.some((file) => !present.has(file)) || files.some((file) => file.startsWith(join(src, "editor")))) {
    if (!build()) throw new Error("the build failed, Node-RED goes on with what it has");
    writeFileSync(DEV_MARK, "");
    for (const file of present) compile(file);
    return;
  }
  for (const file of code) compile(file);
  copyAssets(root, dist, { dev: true });
}

function start() {
  nodeRed = forkNodeRed({ userDir, buttons, port, box, execArgv, env: { FRITZ_DEV_SCRIPT: script } });
  createInterface({ input: nodeRed.stdout }).on("line", (line) => {
    console.log(line);
    if (line.includes("Started flows")) for (const editor of editors) editor.write("data: reload\n\n");
  });
  nodeRed.stderr.pipe(process.stderr);
}

/** Ends Node-RED as its user would, and by force if it does not listen. */
async function stop() {
  const old = nodeRed;
  if (old.exitCode !== null || old.signalCode !== null) return;
  const gone = new Promise((resolve) => old.once("exit", resolve));
  old.kill("SIGTERM");
  const force = setTimeout(() => old.kill("SIGKILL"), 5000);
  await gone;
  clearTimeout(force);
}

/** A stream of events that open editors listen to. */
function listenForEditors() {
  const server = createServer((request, response) => {
    response.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Access-Control-Allow-Origin": `http://127.0.0.1:${port}`,
    });
    response.write(": here\n\n");
    editors.add(response);
    request.on("close", () => editors.delete(response));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function reloadScript(bellPort) {
  return `new EventSource("http://127.0.0.1:${bellPort}/").onmessage = () => {
  if (!window.RED?.nodes?.dirty?.()) return location.reload();
  RED.notify("The package has changed. Deploy, then reload this page.", { type: "warning", fixed: true, id: "fritz-dev" });
};
`;
}

async function end() {
  if (ending) return;
  ending = true;
  process.stdin.destroy();
  bell.closeAllConnections();
  bell.close();
  buttons.close();
  await stop();
  await Promise.all([box.monitor.stop(), box.tr064.stop(), box.web.stop()]);
  rmSync(scripts, { recursive: true, force: true });
  process.exit(0);
}
