// What stands beside the compiled code (Node-RED looks for a node's html, icon, texts and help in the folder of its code), and
// few files instead of many.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildEditor } from "./build-editor.mjs";
import { bundle } from "./bundle.mjs";
import { compactData } from "./compact-data.mjs";

/** A node's form; `<!-- include x.html -->` stands for a part in the node's folder. */
export function readForm(folder, type) {
  const read = (name) => readFileSync(join(folder, name), "utf8");
  return read(`${type}.html`).replace(/^ *<!-- include ([\w-]+\.html) -->\n/gm, (_line, name) => read(name));
}

/** `dev`: every file of the sources has its own, which can be compiled alone. */
export function copyAssets(root, dist, { dev = false } = {}) {
  const at = (...parts) => join(root, ...parts);
  const editor = buildEditor(root);
  for (const type of readdirSync(at("src/nodes")).filter((name) => name !== "shared")) {
    const to = join(dist, "nodes", type);
    const form = readForm(at("src/nodes", type), type);
    writeFileSync(join(to, `${type}.html`), form.replace("__EDITOR__", editor)); // no browser keeps an older script
    const icon = at("icons", `${type}.svg`);
    if (existsSync(icon)) cpSync(icon, join(to, "icons", `${type}.svg`));
    for (const language of readdirSync(at("locales"))) {
      for (const file of [`${type}.json`, `${type}.html`]) {
        const from = at("locales", language, file);
        if (existsSync(from)) cpSync(from, join(to, "locales", language, file));
      }
    }
  }
  mkdirSync(join(dist, "lib/data"), { recursive: true });
  const { because } = JSON.parse(readFileSync(at("locales/en-US/fritz-block.json"), "utf8"))["fritz-block"];
  writeFileSync(join(dist, "lib/data/decisions.json"), JSON.stringify(because)); // for those who use the library alone
  compactData(at("data"), join(dist, "lib/data/numbering.json"));
  cpSync(at("simulator/recorded-day.log"), join(dist, "simulator/recorded-day.log"));
  if (!dev) bundle(root, dist);
}
