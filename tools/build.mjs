// Builds dist/: the package's code (tsc) and what stands beside it. The old dist/ stays until the new one is complete.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { install, root } from "./ensure.mjs";

const at = (...parts) => join(root, ...parts);
const tsc = at("node_modules", "typescript-native", "bin", "tsc");
const [next, old] = [at("dist.next"), at("dist.old")];
const remove = (folder) => rmSync(folder, { recursive: true, force: true });

async function compile(project, outDir) {
  const child = spawn(process.execPath, [tsc, "-p", at(project), "--outDir", outDir], { stdio: "inherit", cwd: root });
  const [code] = await once(child, "exit");
  return code === 0;
}

if (!existsSync(at("node_modules")) && !install(root)) process.exit(1); // npm pack in a fresh clone
const { copyAssets } = await import("./copy-assets.mjs");
remove(next);
const compiled = await Promise.all([
  compile("tsconfig.json", next),
  compile("simulator/tsconfig.json", join(next, "simulator")),
]);
if (compiled.includes(false)) process.exit(1);
copyAssets(root, next);
remove(old);
if (existsSync(at("dist"))) renameSync(at("dist"), old);
renameSync(next, at("dist"));
remove(old);
