// node tools/release-notes.mjs v1.2.3: prints the changelog's section of that version; fails if tag, package and changelog disagree.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./ensure.mjs";

const [tag = "", folder = root] = process.argv.slice(2);
const read = (file) => readFileSync(join(folder, file), "utf8");

function fail(message) {
  console.error(message);
  process.exit(1);
}

const { version } = JSON.parse(read("package.json"));
if (tag !== `v${version}`) fail(`The tag is ${tag}, package.json says ${version}.`);
const lines = read("CHANGELOG.md").split(/\r?\n/);
const start = lines.indexOf(`## ${version}`);
if (start < 0) fail(`CHANGELOG.md has no section "## ${version}".`);
const next = lines.findIndex((line, i) => i > start && line.startsWith("## "));
const section = lines
  .slice(start + 1, next < 0 ? undefined : next)
  .join("\n")
  .trim();
if (section === "") fail(`The section "## ${version}" of CHANGELOG.md is empty.`);
console.log(section);
