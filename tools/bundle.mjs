// Makes few files of many: what the package uses of others (dist/vendor), and all nodes with their part of the library (one file).
// Why: docs/decisions/0034-few-files.md.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { buildSync } from "esbuild";

/** Module -> what the file in dist/vendor has of it. */
const VENDORED = JSON.parse(readFileSync(new URL("vendored.json", import.meta.url), "utf8"));
/** As deep in dist/ as src/lib/core/package-root.ts says. */
const NODES = join("nodes", "shared", "nodes.js");
const READER = ["./reader-thread", "../../lib/callers/described/reader-thread.js"];
const OPTIONS = {
  ...{ bundle: true, format: "cjs", platform: "node", target: "node20", legalComments: "none" },
  ...{ metafile: true, logLevel: "error", charset: "utf8" },
};

const fileOf = (name) => `${name.replace("/", "-")}${name.endsWith(".js") ? "" : ".js"}`;
const filesIn = (folder, ending) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

export function bundle(root, dist) {
  vendor(root, dist);
  for (const file of filesIn(join(dist, "lib"), ".js")) useVendored(dist, file);
  bundleNodes(root, dist);
  useVendored(dist, join(dist, NODES));
}

function vendor(root, dist) {
  const folder = join(dist, "vendor");
  mkdirSync(folder, { recursive: true });
  const packages = new Set();
  for (const [name, contents] of Object.entries(VENDORED)) {
    const stdin = { contents, resolveDir: root };
    const { metafile } = buildSync({ ...OPTIONS, stdin, outfile: join(folder, fileOf(name)), absWorkingDir: root });
    for (const input of Object.keys(metafile.inputs).filter((path) => path.includes("node_modules")))
      packages.add(packageOf(join(root, input)));
  }
  const texts = [...packages].sort((a, b) => (a < b ? -1 : 1)).map(licenceOf);
  writeFileSync(join(folder, "LICENSES.txt"), `${INTRODUCTION}\n${texts.join("\n")}`);
}

const INTRODUCTION = `The files of this folder were built from the following packages of the npm registry, unchanged but for the parts
that are not used. Their sources are there under these names and versions.
`;

/** The folder of the package that a file belongs to. */
function packageOf(file) {
  const parts = file.split(sep);
  const at = parts.lastIndexOf("node_modules") + 1;
  return parts.slice(0, at + (parts[at].startsWith("@") ? 2 : 1)).join(sep);
}

function licenceOf(folder) {
  const { name, version, license, homepage, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file
    ? readFileSync(join(folder, file), "utf8").trim()
    : `Copyright (c) ${author?.name ?? author ?? `the authors of ${name}`}`;
  return `${"=".repeat(80)}\n${name} ${version}, ${license}${homepage ? `, ${homepage}` : ""}\n\n${text}\n`;
}

/** Lets a file take the modules from dist/vendor. */
function useVendored(dist, file) {
  const text = readFileSync(file, "utf8");
  const used = text.replace(/\b(require|import)\("([^".][^"]*)"\)/g, (all, how, name) => {
    if (!(name in VENDORED)) return all;
    const path = relative(dirname(file), join(dist, "vendor", fileOf(name))).replaceAll(sep, "/");
    return `${how}("${path}")`;
  });
  if (used !== text) writeFileSync(file, used);
}

/** One character beyond Latin-1, also in an expression or a comment, and V8 keeps the whole file with two bytes a character. */
const inAscii = (code) =>
  code.replace(/[^\x00-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);

function bundleNodes(root, dist) {
  const nodes = Object.entries(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))["node-red"].nodes);
  const idOf = (type) => type.replaceAll("-", "_");
  const contents = nodes.map(([type]) => `export { default as ${idOf(type)} } from "./src/nodes/${type}/${type}";`);
  for (const file of [...filesIn(join(dist, "nodes"), ".js"), ...filesIn(join(dist, "nodes"), ".d.ts")]) rmSync(file);
  const outfile = join(dist, NODES);
  const external = [...Object.keys(VENDORED), READER[0]];
  const stdin = { contents: contents.join("\n"), resolveDir: root, sourcefile: "nodes.ts", loader: "ts" };
  buildSync({ ...OPTIONS, stdin, outfile, external, absWorkingDir: root });
  const text = readFileSync(outfile, "utf8");
  const resolved = `require.resolve("${READER[0]}")`;
  if (text.split(resolved).length !== 2) throw new Error("the reader's thread is not where it is expected");
  writeFileSync(outfile, inAscii(text.replace(resolved, `require.resolve("${READER[1]}")`)));
  for (const [type, file] of nodes) {
    const to = relative(dirname(join(root, file)), join(root, "dist", NODES)).replaceAll(sep, "/");
    writeFileSync(
      join(dist, relative("dist", file)),
      `"use strict";\nmodule.exports = require("${to}").${idOf(type)};\n`,
    );
  }
  createRequire(join(dist, NODES)).resolve(READER[1]); // throws if it is not there
  if (!existsSync(outfile)) throw new Error(`${outfile} was not written`);
}
