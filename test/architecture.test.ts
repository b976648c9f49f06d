/** Reads the imports of the sources: the order of the folders, no cycle, and which files do I/O. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  cycles,
  docBreaches,
  headerBreaches,
  importBreaches,
  numbersBreaches,
  importsOf,
  lengthBreaches,
  IO_FILES,
  purityBreaches,
  readFiles,
  readSources,
  type Sources,
  TIMED_FILES,
} from "./support/source-rules";
import { unusedExports } from "./support/unused-exports";

const root = join(__dirname, "..");
/** Built into dist/vendor: there are no others at run time. */
const vendored = JSON.parse(readFileSync(join(root, "tools/vendored.json"), "utf8")) as Record<string, string>;
const src = readSources(root, "src");
const simulator = readSources(root, "simulator");
const lib: Sources = new Map([...src].filter(([path]) => path.startsWith("src/lib/")));

/** Their exports are for users, for commands, or for the tools. */
const ENTRIES = [
  ...["src/lib/index.ts", "src/lib/pure.ts", "src/lib/live.ts", "simulator/index.ts"],
  "simulator/demo-books.ts",
];

/** Made-up files. */
const filesOf = (files: Record<string, string>): Sources => new Map(Object.entries(files));

describe("architecture", () => {
  it("sees the sources and their imports", () => {
    assert.ok(src.size > 20, `only ${src.size} files under src/`);
    assert.ok(simulator.size >= 4, `only ${simulator.size} files under simulator/`);
    const imports = [...src].flatMap(([path, text]) => importsOf(path, text));
    assert.ok(imports.length > src.size, `only ${imports.length} imports found`);
  });

  it("imports from lower folders only, and touches the outside world in the listed files only", () => {
    assert.deepEqual(importBreaches(src, Object.keys(vendored)), []);
  });

  it("lists no file for I/O or time that is not there", () => {
    assert.deepEqual(
      [...IO_FILES, ...TIMED_FILES].filter((path) => !src.has(path)),
      [],
    );
  });

  it("has no cycles", () => assert.deepEqual(cycles(src), []));

  it("understands numbers in one place", () => assert.deepEqual(numbersBreaches(src), []));
  it("keeps the simulator apart from src/", () => assert.deepEqual(importBreaches(simulator, []), []));

  it("keeps the library pure but for the listed files", () => assert.deepEqual(purityBreaches(src), []));

  it("has no file over 200 lines, in any language, but for the listed ones", () => {
    const files = readFiles(root, /\.(html|css|[cm]?[jt]s)$/, "src", "simulator", "tools", "bench");
    assert.deepEqual(lengthBreaches(files), []);
    const long = filesOf({ "src/a.html": "<p>\n".repeat(201), "src/b.ts": "x;\n".repeat(200) });
    assert.deepEqual(lengthBreaches(long), ["src/a.html has 201 lines, at most 200 are allowed"]);
  });

  it("exports no function, class or constant that nothing imports", () => {
    const all = readSources(root, "src", "simulator", "test");
    const byNodeRed = /^src\/nodes\/(fritz-[\w-]+)\/\1\.ts$/;
    const isEntry = (path: string) => path.startsWith("test/") || byNodeRed.test(path) || ENTRIES.includes(path);
    assert.deepEqual(unusedExports(all, isEntry), []);
    const files = filesOf({
      "src/a.ts": "export const used = 1; export function dead() {} export interface Kept {}",
      "src/b.ts": 'import { used as other } from "./a"; export default function () {}',
    });
    assert.deepEqual(
      unusedExports(files, () => false),
      ["src/a.ts dead", "src/b.ts default"],
    );
  });

  it("says the one job of each file in its first line", () => assert.deepEqual(headerBreaches(src), []));

  it("documents every exported function and class of the library", () => assert.deepEqual(docBreaches(lib), []));
});

describe("architecture: the checker itself", () => {
  const leaf = "/** A leaf. */\n";
  const io = IO_FILES[0] ?? "";
  const folders = {
    "src/lib/core/a.ts": leaf,
    "src/lib/numbers/a.ts": leaf,
    "src/lib/web/a.ts": leaf,
    "src/lib/tr064/a.ts": leaf,
    "src/lib/phonebook/a.ts": leaf,
    "src/lib/calls/a.ts": leaf,
    "src/lib/box/a.ts": leaf,
    "src/lib/callers/a.ts": leaf,
    "src/lib/callers/described/a.ts": leaf,
    "src/lib/callers/sources/a.ts": leaf,
    "src/lib/blocking/a.ts": leaf,
    "src/lib/log/a.ts": leaf,
    "src/nodes/a.ts": leaf,
    "src/lib/index.ts": leaf,
  };
  const flagged = (path: string, text: string, wanted: RegExp) => {
    const breaches = importBreaches(filesOf({ ...folders, [path]: text }), ["known"]);
    assert.equal(breaches.length, 1, `${path} with ${text}: ${breaches.join(" | ") || "not flagged"}`);
    assert.match(breaches[0] ?? "", wanted);
  };
  const allowed = (path: string, text: string) =>
    assert.deepEqual(importBreaches(filesOf({ ...folders, [path]: text }), ["known"]), []);

  it("flags every import from a folder further right, or of the same level", () => {
    const order = [
      ["core"],
      ["numbers"],
      ["web", "tr064"],
      ["phonebook"],
      ["calls"],
      ["box"],
      ["callers"],
      ["callers/described"],
      ["callers/sources"],
      ["blocking"],
      ["log"],
    ];
    for (const [i, level] of order.entries()) {
      for (const from of level) {
        flagged(`src/lib/${from}/b.ts`, `import { a } from "${up(from)}../nodes/a";`, /imports upwards/);
        for (const [j, others] of order.entries()) {
          for (const to of others) {
            const text = `import type { A } from "${up(from)}${to}/a";`;
            if (i < j) flagged(`src/lib/${from}/b.ts`, text, /imports upwards/);
            else if (i === j && from !== to) flagged(`src/lib/${from}/b.ts`, text, /folder of the same level/);
            else allowed(`src/lib/${from}/b.ts`, text);
          }
        }
      }
    }
    allowed("src/nodes/b.ts", 'import { a } from "../lib/callers/a"; import { b } from "./a";');
  });

  it("flags sockets, HTTP, the disk and workers outside the listed files", () => {
    const modules = ["net", "tls", "http", "https", "fs", "dns", "dgram", "child_process", "worker_threads"];
    for (const name of [...modules, "fs/promises"]) {
      const text = `import { x } from "node:${name}";`;
      for (const folder of ["src/lib/core", "src/lib/numbers", "src/nodes", "src/nodes/shared"]) {
        flagged(`${folder}/b.ts`, text, /not in the list of files that do I\/O/);
      }
      allowed(io, text);
    }
    flagged("src/nodes/b.ts", 'import { x } from "net";', /not in the list/);
    flagged(io, 'import { x } from "net";', /without "node:"/);
    allowed("src/nodes/b.ts", 'import { join } from "node:path"; import { setTimeout } from "node:timers/promises";');
  });

  it("sees every way to name a module, and none in comments and strings", () => {
    const ways = [
      'import x from "node:net";',
      'import "node:net";',
      'import type { Socket } from "node:net";',
      'export * from "node:net";',
      'export { Socket } from "node:net";',
      'import net = require("node:net");',
      'const x = require("node:net");',
      'const x = await import("node:net");',
      'let x: import("node:net").Socket;',
    ];
    for (const way of ways) flagged("src/lib/core/b.ts", way, /:1 imports node:net, but is not in the list/);
    allowed("src/lib/core/b.ts", "// import \"node:net\"\nconst text = 'import \"node:net\"'; /* require('net') */");
  });

  it("flags Node-RED outside src/nodes, unknown packages, the entry point and ways out of src/", () => {
    flagged("src/lib/core/b.ts", 'import type { Node } from "node-red";', /outside src\/nodes/);
    flagged("src/lib/core/b.ts", 'import { x } from "@node-red/util";', /outside src\/nodes/);
    allowed("src/nodes/b.ts", 'import type { Node } from "node-red";');
    flagged("src/lib/tr064/b.ts", 'import { x } from "unknown/deep";', /not in tools\/vendored.json/);
    allowed("src/lib/tr064/b.ts", 'import { x } from "known/deep";');
    flagged("src/nodes/b.ts", 'import { x } from "../lib";', /entry point/);
    flagged("src/lib/index.ts", 'export { x } from "../nodes/a";', /not of the library/);
    flagged("src/nodes/b.ts", 'import { x } from "../../simulator/index";', /no file under src/);
    const simulated = { ...folders, "simulator/b.ts": 'import { x } from "../src/lib/core/a";' };
    assert.match(
      importBreaches(filesOf(simulated), []).join(),
      /^simulator\/b\.ts:1 the simulator stands alone[^,]*, but/,
    );
  });

  it("flags a cycle, once, and of types too", () => {
    const files = filesOf({
      "src/nodes/a.ts": 'import "./b";',
      "src/nodes/b.ts": 'import type { C } from "./c";',
      "src/nodes/c.ts": 'export * from "./a";',
      "src/nodes/d.ts": 'import "./a";',
    });
    assert.deepEqual(cycles(files), ["src/nodes/a.ts -> src/nodes/b.ts -> src/nodes/c.ts -> src/nodes/a.ts"]);
    assert.deepEqual(cycles(filesOf({ "src/nodes/a.ts": 'import "./b";', "src/nodes/b.ts": "" })), []);
  });

  it("flags a file without its job, and in no known folder", () => {
    const breaches = (path: string, text: string) => headerBreaches(filesOf({ [path]: text })).length;
    assert.equal(breaches("src/lib/core/a.ts", "/** One job. */"), 0);
    assert.equal(breaches("src/lib/core/a.ts", "// One job."), 0);
    assert.equal(breaches("src/lib/core/a.ts", "/** */"), 1);
    assert.equal(breaches("src/lib/core/a.ts", 'import "./b";\n/** One job. */'), 1);
    assert.equal(breaches("src/lib/helpers/a.ts", "/** One job. */"), 1);
  });

  it("flags an export without a docstring directly before it", () => {
    const breaches = (text: string) => docBreaches(filesOf({ "src/lib/core/a.ts": text })).length;
    assert.equal(breaches("/** L1. */\n\n/** Does. */\nexport function a() {}\n/** Is. */\nexport class B {}"), 0);
    assert.equal(breaches("/** L1 domain: the file's, not the function's. */\n\nexport function a() {}"), 1);
    assert.equal(breaches("// Does.\nexport class B {}"), 1);
    assert.equal(breaches("/** */\nexport class B {}"), 1);
    assert.equal(breaches("export const a = () => 1;"), 1);
    assert.equal(breaches("function a() {}\nexport const limit = 3;"), 0);
  });

  it("flags a clock, chance and the outside world where they do not belong", () => {
    const breaches = (path: string, text: string) => purityBreaches(filesOf({ [path]: text })).length;
    for (const use of ["Date.now();", "new Date();", "Math.random();", "setTimeout(f, 1);", "process.cwd();"]) {
      assert.equal(breaches("src/lib/core/a.ts", use), 1, use);
      assert.equal(breaches(io, use), 0, use);
      assert.equal(breaches("src/nodes/a.ts", use), 0, use);
    }
    assert.equal(breaches("src/lib/core/a.ts", "new Date(0); clock.now(); Math.floor(1);"), 0);
    assert.equal(breaches("src/nodes/a.ts", 'await fetch("x");'), 1);
    assert.equal(breaches(io, 'await fetch("x");'), 0);
  });
});

/** From a folder below src/lib to src/lib. */
const up = (folder: string) => "../".repeat(folder.split("/").length);
