// Who is measured: where they lie, their versions and licences.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { THIS } from "./figures.mjs";

export const bench = dirname(import.meta.dirname);
export const root = dirname(bench);
export const require = createRequire(join(bench, "package.json"));
export const NODE_RED = join(root, "node_modules", "node-red");
export const CONTRIB_FRITZ = "node-red-contrib-fritz";
export const FRITZ_CALLMONITOR = "fritz-callmonitor";
export const FRITZBOX = "fritzbox";
export const BARE = "Node-RED alone";

const manifest = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** The folder of a subject's package. */
export const folderOf = (name) => (name === THIS ? root : join(bench, "node_modules", name));

/** Name, version and licence of everybody. */
export function whoIsMeasured() {
  const peers = Object.keys(manifest(bench).dependencies);
  return [root, ...peers.map(folderOf), NODE_RED].map((folder) => {
    const { name, version, license } = manifest(folder);
    return { name, version, license };
  });
}

/** The commit that is measured; with "-dirty" if files differ from it. Undefined outside a clone. */
export function commit() {
  const { status, stdout } = spawnSync("git", ["describe", "--always", "--dirty", "--exclude=*"], {
    cwd: root,
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}

export const machine = () => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? "",
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 1e9),
});

/** This package's built library, and its simulated box. */
export const ours = () => require(join(root, "dist", "lib"));
export const simulator = () => require(join(root, "dist", "simulator"));
