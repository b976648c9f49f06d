// What a package costs before it does anything: Node-RED's start and memory with and without it, and its installation.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { figure, THIS } from "../lib/figures.mjs";
import { BOX_LOGIN, firstFlow } from "../lib/flows.mjs";
import { startNodeRed } from "../lib/node-red.mjs";
import { BARE, CONTRIB_FRITZ, FRITZ_CALLMONITOR, FRITZBOX, root, simulator, whoIsMeasured } from "../lib/peers.mjs";
import { pause, randomFrom, shuffled } from "../lib/stats.mjs";

export const title = "Start and installation";
const NO_NODE = "a library, no Node-RED node";
const SETTLE_MS = 2_500;

export async function run({ quick, runs }) {
  return [...(await starts(quick ? 2 : runs + 2)), ...installations()];
}

async function starts(runs) {
  const { SimulatedBox } = simulator();
  const box = new SimulatedBox();
  await Promise.all([box.monitor.listen(), box.tr064.listen({ port: 0 })]);
  const where = { host: "127.0.0.1", port: box.monitor.port, tr064: box.tr064.port };
  const [ms, mb] = [0, 1].map(() => ({ [THIS]: [], [CONTRIB_FRITZ]: [], [BARE]: [] }));
  try {
    for (let run = 0; run <= runs; run++) {
      for (const subject of shuffled(Object.keys(ms), randomFrom(run))) {
        const { startMs, residentMB } = await startOnce(subject, where);
        if (run === 0) continue; // warm-up
        ms[subject].push(startMs);
        mb[subject].push(residentMB);
      }
    }
  } finally {
    await Promise.all([box.monitor.stop(), box.tr064.stop()]);
  }
  const missing = { [FRITZ_CALLMONITOR]: NO_NODE, [FRITZBOX]: NO_NODE };
  const flow = `with a flow of call monitor, phonebook and debug node, ${BARE} with a debug node. ${runs} runs in turn, one to warm up`;
  return [
    figure(
      "start of Node-RED",
      { unit: "ms", better: "less", how: `from the start of the process to "Started flows", ${flow}` },
      { ...ms, ...missing },
    ),
    figure(
      "memory of Node-RED",
      { unit: "MB", better: "less", how: `resident, ${SETTLE_MS / 1000} s after that, ${flow}` },
      { ...mb, ...missing },
    ),
  ];
}

async function startOnce(subject, where) {
  const credentials = subject === BARE ? {} : BOX_LOGIN;
  const server = await startNodeRed(subject, { flows: firstFlow(subject, where), credentials, probe: false });
  await pause(SETTLE_MS);
  const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(server.child.pid)], { encoding: "utf8" });
  await server.stop();
  return { startMs: server.startMs, residentMB: (Number(stdout) * 1024) / 1e6 };
}

function installations() {
  const folder = mkdtempSync(join(tmpdir(), "fritz-bench-install-"));
  const versions = Object.fromEntries(whoIsMeasured().map(({ name, version }) => [name, version]));
  const [packages, sizes] = [{}, {}];
  try {
    for (const subject of [THIS, CONTRIB_FRITZ, FRITZ_CALLMONITOR, FRITZBOX]) {
      const what = subject === THIS ? pack(folder) : `${subject}@${versions[subject]}`;
      const result = what && install(join(folder, String(Object.keys(sizes).length)), what);
      packages[subject] = result ? [result.packages] : "npm could not install it here";
      sizes[subject] = result ? [result.bytes / 1e6] : "npm could not install it here";
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const how =
    "npm pack, then an installation of that without development dependencies into an empty folder; the peers from the registry";
  return [
    figure("installation", { unit: "MB", better: "less", how }, sizes),
    figure("packages installed", { unit: "packages", better: "less", how }, packages),
  ];
}

const npm = (args, cwd) =>
  spawnSync(process.platform === "win32" ? "npm.cmd" : "npm", [...args, "--loglevel=error", "--ignore-scripts"], {
    cwd,
    encoding: "utf8",
  });

/** The package as it would be published; the file's path, undefined if npm failed. */
function pack(folder) {
  const { status, stdout } = npm(["pack", "--json", "--pack-destination", folder], root);
  return status === 0 ? join(folder, JSON.parse(stdout)[0].filename) : undefined;
}

function install(folder, what) {
  const { status } = npm([
    "install",
    "--prefix",
    folder,
    "--omit=dev",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    what,
  ]);
  if (status !== 0) return undefined;
  const modules = join(folder, "node_modules");
  const lock = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
  const files = readdirSync(modules, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return { packages: Object.keys(lock.packages).length, bytes };
}
