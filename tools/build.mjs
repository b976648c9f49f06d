// Builds dist/: the package's code (tsc) and beside the nodes what Node-RED looks for there: html, locales, icons.
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compactData } from "./compact-data.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

rmSync(at("dist"), { recursive: true, force: true });
for (const project of ["tsconfig.json", "simulator/tsconfig.json"]) {
  const { status } = spawnSync(process.execPath, [tsc, "-p", at(project)], { stdio: "inherit", cwd: root });
  if (status !== 0) process.exit(status ?? 1);
}
for (const file of readdirSync(at("src/nodes"))) {
  if (file.endsWith(".html")) cpSync(at("src/nodes", file), at("dist/nodes", file));
}
cpSync(at("locales"), at("dist/nodes/locales"), { recursive: true });
cpSync(at("icons"), at("dist/nodes/icons"), { recursive: true });
compactData(at("data"), at("dist/lib/data/numbering.json"));
cpSync(at("simulator/recorded-day.log"), at("dist/simulator/recorded-day.log"));
