/** What a user gets: the packed files, checked as the flow library and npm will, but offline. Needs a build. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { publint } from "publint";
import { packageJson, parseNodeHtml, readNodeHtmls } from "./support/node-html";
import { type FlowNode, root } from "./support/node-red-server";

const LANGUAGES = ["en-US", "de"];
const nodeFiles = Object.entries(packageJson["node-red"].nodes);
const nodes = readNodeHtmls();

/** All files of a folder below the project's root, with slashes. */
function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    );
}

function packedFiles(): string[] {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { stdout, stderr, status } = spawnSync(npm, args, { cwd: root, encoding: "utf8", timeout: 110_000 });
  assert.equal(status, 0, stderr);
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  return packed?.files.map(({ path }) => path) ?? [];
}

describe("package: the tarball", function () {
  let files: string[] = [];
  before(() => {
    assert.ok(existsSync(join(root, "dist/lib/index.js")), "not built: run node tools/build.mjs");
    files = packedFiles();
  });
  const has = (path: string) => assert.ok(files.includes(path), `${path} is not in the tarball`);

  it("has README, CHANGELOG and LICENSE", () => ["README.md", "CHANGELOG.md", "LICENSE"].forEach(has));

  it("has the numbering data, and says whose they are", () => {
    [
      "dist/lib/data/numbering.json",
      "data/plans.jsonl",
      "NOTICE",
      "data/SOURCES.md",
      "data/LICENSE-APACHE-2.0.txt",
    ].forEach(has);
    const notice = readFileSync(join(root, "NOTICE"), "utf8");
    for (const owner of ["The Libphonenumber Authors", "Apache License, Version 2.0", "commenthol"]) {
      assert.ok(notice.includes(owner), owner);
    }
  });

  for (const [set, js] of nodeFiles) {
    it(`has everything of ${set}: code, editor html, icon, texts and help in each language`, () => {
      assert.equal(basename(js), `${set}.js`);
      has(js);
      has(js.replace(/\.js$/, ".html"));
      const { definition } = nodes.find((node) => node.set === set) ?? assert.fail(`${set} has no html`);
      assert.equal(definition.type, set);
      if (definition.category !== "config") has(`dist/nodes/${set}/icons/${definition.icon}`);
      for (const language of LANGUAGES) {
        has(`dist/nodes/${set}/locales/${language}/${set}.json`);
        has(`dist/nodes/${set}/locales/${language}/${set}.html`);
      }
    });
  }

  it("has the licence of each package that is built in, with its version", () => {
    const texts = readFileSync(join(root, "dist/vendor/LICENSES.txt"), "utf8");
    has("dist/vendor/LICENSES.txt");
    for (const module of Object.keys(
      JSON.parse(readFileSync(join(root, "tools/vendored.json"), "utf8")) as Record<string, string>,
    )) {
      const [name = ""] = module.split("/");
      const manifest = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as {
        version: string;
        license: string;
      };
      assert.ok(texts.includes(`\n${name} ${manifest.version}, ${manifest.license}`), name);
    }
    assert.ok(texts.includes("Mozilla Public License"));
  });

  it("needs nothing that is not installed with it", () => {
    const built = files.filter((file) => /^dist\/(lib|nodes|vendor)\/.*\.js$/.test(file));
    const wanted = built.flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(/\b(?:require|import)\("([^".][^"]*)"\)/g)].map(
        ([, name = ""]) => name,
      ),
    );
    assert.ok(built.length > 100 && wanted.length > 20);
    assert.deepEqual(
      wanted.filter((name) => !isBuiltin(name)),
      [],
    );
  });

  it("has all files that the package points at", () => {
    for (const target of [
      ...[packageJson.main, ...Object.values(packageJson.bin)],
      ...["dist/simulator/recorded-day.log", "resources/editor.js"],
    ]) {
      has(target);
    }
    for (const example of filesIn("examples")) has(example);
  });

  it("has no sources, tests, fixtures or leftovers", () => {
    const wanted =
      /^(dist\/(lib|nodes|simulator|vendor)|examples)\/|^(resources\/editor\.js|package\.json|README(\.de)?\.md|CHANGELOG\.md|LICENSE|NOTICE|data\/(SOURCES\.md|LICENSE-APACHE-2\.0\.txt|plans\.jsonl|sources\/[\w-]+\.json))$/;
    assert.deepEqual(
      files.filter((file) => !wanted.test(file)),
      [],
    );
    const unwanted = /(?<!\.d)\.[cm]?ts$|fixture|\.test\.|tsbuildinfo|\.tgz$|(^|\/)(node_modules|\.[^/]+)(\/|$)/;
    assert.deepEqual(
      files.filter((file) => unwanted.test(file)),
      [],
    );
  });

  const editorHash = createHash("sha256")
    .update(readFileSync(join(root, "resources/editor.js")))
    .digest("hex")
    .slice(0, 12);

  it("has an editor script that needs nothing but a browser, under an address that changes with it", () => {
    const script = readFileSync(join(root, "resources/editor.js"), "utf8");
    const wanted = [...script.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name ?? "");
    const own = [...script.matchAll(/^"(src\/[^"]+)": function/gm)].map(([, name]) => name ?? "");
    assert.ok(own.includes("src/editor/index.ts") && own.length > 10, own.join());
    assert.deepEqual(
      wanted.filter((name) => !own.includes(name)),
      [],
    );
    const form = readFileSync(join(root, "dist/nodes/fritz-config/fritz-config.html"), "utf8");
    assert.ok(form.includes(`src="resources/${packageJson.name}/editor.js?v=${editorHash}"`));
  });

  it("was built from the present html, texts and icons", () => {
    for (const file of ["src/nodes", "locales", "icons"].flatMap((folder) => filesIn(folder))) {
      const [, type] = /([^/]+)\.(?:html|json|svg)$/.exec(file) ?? [];
      if (type === undefined) continue;
      if (file.startsWith("src/nodes/") && basename(dirname(file)) !== type) continue; // a part of a form
      const place = file.startsWith("src/nodes/") ? basename(file) : file;
      const built = join(root, "dist/nodes", type, place);
      const source = readFileSync(join(root, file), "utf8")
        .replace(/^ *<!-- include ([\w-]+\.html) -->\n/gm, (_line, part: string) =>
          readFileSync(join(root, dirname(file), part), "utf8"),
        )
        .replace("__EDITOR__", editorHash);
      assert.equal(readFileSync(built, "utf8"), source, `${built} is out of date`);
    }
  });

  it("satisfies publint", async () => {
    const { messages } = await publint({ pkgDir: root, strict: true, pack: "npm" });
    assert.deepEqual(
      messages.filter(({ type }) => type !== "suggestion"),
      [],
    );
  });

  it("gives a commands' file that a shell can start", () => {
    for (const target of Object.values(packageJson.bin)) {
      assert.match(readFileSync(join(root, target), "utf8"), /^#!\/usr\/bin\/env node\n/);
    }
  });

  it("loads as a library, without Node-RED", () => {
    const script = `const lib = require(${JSON.stringify(packageJson.name)});
      const loaded = Object.keys(require.cache).filter((path) => /node_modules.(@?node-red)/.test(path));
      console.log(JSON.stringify({ names: Object.keys(lib), loaded }));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
    assert.equal(stderr, "");
    const { names, loaded } = JSON.parse(stdout) as { names: string[]; loaded: string[] };
    for (const name of ["parseLine", "anonymizeLine", "CallMonitor"]) assert.ok(names.includes(name), name);
    assert.deepEqual(loaded, []);
  });
});

describe("package: package.json", () => {
  it("is found by the flow library and the palette", () => {
    assert.ok(packageJson.keywords.includes("node-red"));
    assert.match(packageJson["node-red"].version, /^>=4\.\d+\.\d+$/);
  });

  it("runs on the smallest Node.js of Node-RED 4 and 5", () => {
    const [, major = "", minor = ""] = /^>=(\d+)\.(\d+)$/.exec(packageJson.engines.node) ?? [];
    const least = Number(major) * 1000 + Number(minor);
    assert.ok(least > 0, `engines.node is not of the form >=major.minor: ${packageJson.engines.node}`);
    assert.ok(least <= 22_009, `${packageJson.engines.node} does not admit 22.9`);
    assert.equal(packageJson.engines.node, ">=20.19");
  });

  it("installs little, and runs nothing while it is installed", () => {
    assert.deepEqual(packageJson.dependencies ?? {}, {}, "what is used is built into dist/vendor");
    for (const script of ["preinstall", "install", "postinstall"]) {
      assert.equal(packageJson.scripts[script], undefined, script);
    }
  });

  it("locks versions, not a registry's address", () => {
    for (const lock of ["package-lock.json", "test/nr5/package-lock.json"]) {
      const text = readFileSync(join(root, lock), "utf8");
      assert.ok(text.includes('"lockfileVersion"'), lock);
      assert.doesNotMatch(text, /"resolved"\s*:\s*"[a-z+]*https?:/, lock);
    }
  });
});

describe("package: the editor html as the flow library reads it", () => {
  for (const { set, definition } of nodes) {
    it(`${set} is registered with literals`, () => {
      assert.equal(definition.type, set);
      assert.ok(Object.keys(definition.defaults).length > 0);
      for (const name of Object.keys(definition.defaults)) {
        assert.ok(
          name.length > 1 && !["id", "type", "wires", "inputs", "outputs"].includes(name),
          `${name} is reserved`,
        );
      }
      if (definition.category === "config") return;
      assert.match(definition.icon ?? "", /^fritz-[\w-]+\.svg$/); // unique among all packages
      assert.match(definition.color ?? "", /^#[0-9A-F]{6}$/i);
      assert.ok(definition.inputs === 0 || definition.inputs === 1);
      assert.ok(Number.isInteger(definition.outputs));
    });
  }

  it("flags what the flow library cannot read", () => {
    const html = (definition: string, script = '<script type="text/javascript">') =>
      `${script}RED.nodes.registerType(${definition})</script>`;
    const good =
      '{ category: "c", color: "#FFF", icon: "a.svg", inputs: 1, outputs: 1, defaults: { n: { value: [] } } }';
    assert.equal(parseNodeHtml("a", html(`"a", ${good}`)).definition.type, "a");
    assert.throws(() => parseNodeHtml("a", html(`TYPE, ${good}`)), /type is not a string literal/);
    assert.throws(() => parseNodeHtml("a", html('"a", definition')), /not an object literal/);
    assert.throws(() => parseNodeHtml("a", html(`"a", ${good}`, "<script>")), /script of type nothing/);
    assert.throws(() => parseNodeHtml("a", html(`"a", ${good}`, '<script type="module">')), /script of type module/);
    assert.throws(() => parseNodeHtml("a", html(`"a", ${good.replace('"a.svg"', "icon()")}`)), /icon is not a literal/);
    assert.throws(() => parseNodeHtml("a", html(`"a", ${good.replace("inputs: 1,", "")}`)), /inputs is missing/);
    assert.throws(
      () => parseNodeHtml("a", html(`"a", ${good.replace("{ n: { value: [] } }", "d")}`)),
      /no inline defaults/,
    );
    assert.throws(() => parseNodeHtml("a", ""), /registers 0 types/);
  });
});

interface PlacedNode {
  type: string;
  name?: string;
  x: number;
  y: number;
}

/** Where the editor draws a node: 100 pixels wide at least, about 7 pixels for each character of its label. */
function frameOf({ type, name, x, y }: PlacedNode) {
  const label = name === undefined || name === "" ? type : name;
  const half = Math.max(100, 40 + 7 * label.length) / 2;
  return { name: label, left: x - half, right: x + half, y };
}

describe("package: the examples", () => {
  const examples = filesIn("examples").map((file) => ({
    file,
    text: readFileSync(join(root, file), "utf8"),
    flow: JSON.parse(readFileSync(join(root, file), "utf8")) as FlowNode[],
  }));
  const own = new Map(nodes.map(({ definition }) => [definition.type, definition]));
  const core = coreTypes();

  for (const [type, { category }] of own) {
    if (category === "config") continue;
    it(`show ${type}`, () => {
      const users = examples.filter(({ flow }) => flow.some((node) => node.type === type));
      assert.ok(users.length > 0, `no example uses ${type}`);
    });
  }

  it("need no other package and hold no addresses and secrets", () => {
    assert.ok(core.has("inject") && core.has("debug") && core.size > 40, "core types not found");
    for (const { file, text, flow } of examples) {
      assert.match(basename(file), /^[A-Z][^_]*\.json$/, `${file}: the name is the menu entry`);
      // Examples that need FlowFuse Dashboard stand in a folder of their own and say so at once.
      const dashboard = file.includes("/7 With FlowFuse Dashboard");
      if (dashboard)
        assert.match(String(flow.find(({ type }) => type === "comment")?.["name"]), /^Needs FlowFuse Dash/);
      const known = (type: string) => own.has(type) || core.has(type) || (dashboard && type.startsWith("ui-"));
      const foreign = flow.map(({ type }) => type).filter((type) => !known(type));
      assert.deepEqual(foreign, [], `${file} uses types of other packages`);
      const set = JSON.stringify(flow, (key, value: unknown) => (key === "info" ? undefined : value)); // notes may explain
      assert.doesNotMatch(
        set,
        /\b\d{1,3}(\.\d{1,3}){3}\b|[0-9a-f]{1,4}(:[0-9a-f]{0,4}){3,7}/i,
        `${file} holds an address`,
      );
      assert.doesNotMatch(text, /"credentials"|"password"/i, `${file} holds credentials`);
      assert.ok(
        flow.some(
          ({ type, info }) => type === "comment" || (type === "tab" && typeof info === "string" && info !== ""),
        ),
        `${file} explains nothing`,
      );
    }
  });

  it("stand in folders of the import menu, named in English and German", () => {
    for (const { file } of examples) assert.match(file, /^examples\/\d [A-Z][^/]+ - [A-Z][^/]+\/[^/]+$/);
  });

  it("are listed in both READMEs", () => {
    for (const readme of ["README.md", "README.de.md"]) {
      const text = readFileSync(join(root, readme), "utf8").replace(/\s+/g, " ");
      const missing = examples.map(({ file }) => basename(file, ".json")).filter((name) => !text.includes(`*${name}*`));
      assert.deepEqual(missing, [], readme);
    }
  });

  it("bring no Fritz!Box of their own, and share no id with another example", () => {
    const owners = new Map<string, string>();
    for (const { file, flow } of examples) {
      assert.ok(!flow.some(({ type }) => type === "fritz-config"), `${file} brings a fritz-config`);
      for (const { id } of flow) {
        assert.equal(owners.get(id), undefined, `${file} and ${owners.get(id) ?? ""} share the id ${id}`);
        owners.set(id, file);
      }
    }
  });

  it("are tidy: 1,500 pixels wide at most, and no node covers another", () => {
    for (const { file, flow } of examples) {
      const frames = flow.filter((node) => "x" in node).map((node) => frameOf(node as unknown as PlacedNode));
      for (const [i, a] of frames.entries()) {
        assert.ok(a.left >= 0 && a.right <= 1_500, `${file}: ${a.name} reaches from ${a.left} to ${a.right}`);
        for (const b of frames.slice(i + 1)) {
          const apart = a.right < b.left || b.right < a.left || Math.abs(a.y - b.y) >= 35;
          assert.ok(apart, `${file}: ${a.name} covers ${b.name}`);
        }
      }
    }
  });

  it("are whole: unique ids, wires and boxes that exist, properties that the node knows", () => {
    const core = [
      "id",
      "type",
      "z",
      "g",
      "x",
      "y",
      "wires",
      "l",
      "d",
      "info",
      "env",
      "icon",
      "inputLabels",
      "outputLabels",
    ];
    for (const { file, flow } of examples) {
      const ids = flow.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, `${file}: an id twice`);
      for (const node of flow) {
        const { z, box, wires = [] } = node as { z?: string; box?: string; wires?: string[][] };
        const targets = [...wires.flat(), ...[z, box].filter((id) => id !== undefined && id !== "")];
        assert.deepEqual(
          targets.filter((id) => !ids.includes(id ?? "")),
          [],
          `${file}: ${node.id} points at nothing`,
        );
        const definition = own.get(node.type);
        if (!definition) continue;
        const known = [...Object.keys(definition.defaults), ...core];
        const unknown = Object.keys(node).filter((property) => !known.includes(property));
        assert.deepEqual(unknown, [], `${file}: ${node.type} has unknown properties`);
        for (const property of Object.keys(definition.defaults)) {
          assert.ok(property in node, `${file}: ${node.type} lacks ${property}`);
        }
      }
    }
  });
});

/** The node types that every Node-RED brings. */
function coreTypes(): Set<string> {
  const core = join(root, "node_modules/@node-red/nodes/core");
  const html = readdirSync(core, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".html"));
  const types = html.flatMap((path) =>
    [...readFileSync(join(core, path), "utf8").matchAll(/registerType\(\s*['"]([^'"]+)['"]/g)].map(
      ([, type]) => type ?? "",
    ),
  );
  return new Set([...types, "tab", "group", "junction", "global-config"]);
}
