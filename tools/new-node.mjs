// npm run new-node -- fritz-<name>: the files of a new node, and the list of what is left to do.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root as project } from "./ensure.mjs";

const [type = "", folder = project] = process.argv.slice(2);
if (!/^fritz-[a-z][a-z-]*[a-z]$/.test(type)) {
  console.error("usage: npm run new-node -- fritz-<name>   (small letters and hyphens)");
  process.exit(2);
}
const name = type.slice("fritz-".length);
const title = name.replaceAll("-", " ");
const pkg = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const namespace = `${pkg.name}/${type}:${type}`;

const runtime = `/** \`${type}\`: says what it does in one line. */
import { onInput } from "../shared/input";
import type { Node, Runtime } from "../shared/red";
import type { Def } from "./definition";

export default function (RED: Runtime): void {
  RED.nodes.registerType("${type}", function (this: Node, def: Def) {
    RED.nodes.createNode(this, def);
    // What it does belongs into a folder of src/lib; here it is only wired.
    onInput(RED, this, (msg, send) => {
      send(msg);
      return Promise.resolve();
    });
  });
}
`;

const definition = `/** The properties of \`${type}\`, with their defaults. */
import type { Defaults, NodeDef } from "../shared/red";

export interface Def extends NodeDef {
  box?: string;
}

/** The form has the same ones. */
export const DEFAULTS = {} satisfies Defaults<Def>;
`;

const form = `<script type="text/html" data-template-name="${type}">
  <div class="form-row">
    <label for="node-input-name"><i class="fa fa-tag"></i> <span data-i18n="node-red:common.label.name"></span></label>
    <input type="text" id="node-input-name" data-i18n="[placeholder]node-red:common.label.name" />
  </div>
  <div class="form-row">
    <label for="node-input-box"><i class="fa fa-server"></i> <span data-i18n="${type}.label.box"></span></label>
    <input type="text" id="node-input-box" />
  </div>
</script>

<script type="text/javascript">
  RED.nodes.registerType("${type}", {
    category: "Fritz_Box",
    color: "#C0DEED",
    defaults: {
      name: { value: "" },
      box: {
        value: "",
        type: "fritz-config",
        required: true,
        label: RED._("${namespace}.label.box"),
      },
    },
    inputs: 1,
    outputs: 1,
    icon: "${type}.svg",
    paletteLabel: "${title}",
    label: function () {
      return this.name || "${title}";
    },
    labelStyle: function () {
      return this.name ? "node_label_italic" : "";
    },
  });
</script>
`;

const icon = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="60" viewBox="0 0 40 60">
  <path fill="#fff" d="M20 14a16 16 0 1 0 0 32 16 16 0 0 0 0-32z" />
</svg>
`;

const HELP = {
  "en-US": [
    "Says what it does in two or three lines: this is the palette's tooltip.",
    ["Inputs", "Outputs", "what"],
    "which box",
  ],
  de: [
    "Sagt in zwei, drei Zeilen, was er tut: das ist der Hinweis in der Palette.",
    ["Eingänge", "Ausgänge", "was"],
    "welche Box",
  ],
};

function help(language) {
  const [first, [inputs, outputs, what], box] = HELP[language];
  const table = `  <table>
    <thead>
      <tr>
        <th>msg</th>
        <th>${what}</th>
      </tr>
    </thead>
    <tbody>
      <tr>
        <td><code>payload</code> <i>object</i></td>
        <td>…</td>
      </tr>
    </tbody>
  </table>`;
  return `<script type="text/html" data-help-name="${type}">
  <p>${first}</p>
  <h3>${inputs}</h3>
${table}
  <h3>${outputs}</h3>
${table}
  <h3>Details</h3>
  <dl class="message-properties">
    <dt>Fritz!Box <span class="property-type">fritz-config</span></dt>
    <dd>${box} (<code>box</code>).</dd>
  </dl>
</script>
`;
}

const test = `/** ${type} in a real Node-RED. */
import assert from "node:assert/strict";
import { collect, helper, load, node, until } from "../support/flow";

describe("${type}", () => {
  before((done) => void helper.startServer(done));
  after((done) => void helper.stopServer(done));
  afterEach(() => helper.unload());

  it("passes on what it does not know", async () => {
    await load([
      { id: "n1", type: "${type}", name: "", box: "", wires: [["n2"]] },
      { id: "n2", type: "helper" },
    ]);
    const got = collect("n2");
    node("n1").receive({ payload: 1, mine: "kept" });
    await until("the message", () => got.length === 1);
    assert.equal(got[0]?.["mine"], "kept");
  });
});
`;

const example = [
  { id: "fcnew00000000t01", type: "tab", label: title, disabled: false, info: "" },
  { id: "fcnew00000000c01", type: "comment", z: "fcnew00000000t01", name: title, info: "…", x: 140, y: 60, wires: [] },
  { id: "fcnew00000000n01", type, z: "fcnew00000000t01", name: "", box: "", x: 140, y: 120, wires: [[]] },
];

const texts = { [type]: { label: { box: "Fritz!Box" } } };
const json = (value) => `${JSON.stringify(value, null, 2).replace(/\[\n +\[\]\n +\]/g, "[[]]")}\n`; // as the formatter writes it
const exampleName = title[0].toUpperCase() + title.slice(1);
const files = {
  [`src/nodes/${type}/${type}.ts`]: runtime,
  [`src/nodes/${type}/definition.ts`]: definition,
  [`src/nodes/${type}/${type}.html`]: form,
  [`icons/${type}.svg`]: icon,
  ...Object.fromEntries(
    Object.keys(HELP).flatMap((language) => [
      [`locales/${language}/${type}.json`, json(texts)],
      [`locales/${language}/${type}.html`, help(language)],
    ]),
  ),
  [`test/nodes/${type}.test.ts`]: test,
  [`examples/6 Box and development - Box und Entwicklung/${exampleName}.json`]: json(example),
};

const present = Object.keys(files).filter((file) => existsSync(join(folder, file)));
if (present.length > 0) {
  console.error(`already there: ${present.join(", ")}`);
  process.exit(1);
}
for (const [file, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}
pkg["node-red"].nodes[type] = `dist/nodes/${type}/${type}.js`;
writeFileSync(join(folder, "package.json"), json(pkg));

console.log(`Made:\n${Object.keys(files)
  .map((file) => `  ${file}`)
  .join("\n")}

Left to do:
  1. what it does in a folder of src/lib, its tests, and a FritzError with a sentence for each failure
  2. each property: definition.ts, the form, texts and help in English and German; the runtime reads it with the default of DEFAULTS
  3. the example, and what it must do in test/e2e/examples.test.ts
  4. the lists of nodes and examples in README.md and README.de.md, a line in CHANGELOG.md
  5. npm run format, npm test: it says what is missing, until 2 also that nothing imports DEFAULTS`);
