// Builds resources/editor.js: src/editor and what it imports as one plain script, without a bundler. Node-RED serves the folder.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const OPTIONS = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, removeComments: true };

/** Every module that `entry` reaches over relative imports, dependencies of types left out: path from `root` -> code. */
function modulesFrom(root, entry) {
  const found = new Map();
  const visit = (path) => {
    const name = relative(root, path).replaceAll("\\", "/");
    if (found.has(name)) return name;
    found.set(name, "");
    const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), { compilerOptions: OPTIONS, fileName: path });
    const code = outputText.replace(/require\("([^"]+)"\)/g, (_all, wanted) => {
      if (!wanted.startsWith(".")) throw new Error(`${name} imports ${wanted}, which no browser has`);
      return `require(${JSON.stringify(visit(`${join(dirname(path), wanted)}.ts`))})`;
    });
    found.set(name, code);
    return name;
  };
  visit(entry);
  return found;
}

/** Writes the script; gives the first digits of its hash, which change with every change of the script. */
export function buildEditor(root) {
  const entry = "src/editor/index.ts";
  const modules = [...modulesFrom(root, join(root, entry))]
    .map(([name, code]) => `${JSON.stringify(name)}: function (exports, require) {\n${code}}`)
    .join(",\n");
  const script = `(function () {
const modules = {
${modules}
};
const loaded = {};
function require(name) {
  if (!loaded[name]) modules[name]((loaded[name] = {}), require);
  return loaded[name];
}
require(${JSON.stringify(entry)});
})();
`;
  const folder = join(root, "resources");
  mkdirSync(folder, { recursive: true });
  // A concurrent reader gets the old one or the new one, never half of it.
  writeFileSync(join(folder, "editor.js.new"), script);
  renameSync(join(folder, "editor.js.new"), join(folder, "editor.js"));
  return createHash("sha256").update(script).digest("hex").slice(0, 12);
}
