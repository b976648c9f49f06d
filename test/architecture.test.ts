/** The house has floors; this test reads the sources' imports and fails on an arrow that points upwards. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  cycles,
  docBreaches,
  headerBreaches,
  importBreaches,
  importsOf,
  purityBreaches,
  readSources,
  type Sources,
} from "./support/source-rules";

const root = join(__dirname, "..");
const { dependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies?: Record<string, string>;
};
const src = readSources(root, "src");
const simulator = readSources(root, "simulator");
const lib: Sources = new Map([...src].filter(([path]) => path.startsWith("src/lib/")));

/** A house of made-up files. */
const house = (files: Record<string, string>): Sources => new Map(Object.entries(files));

describe("architecture", () => {
  it("sees the sources and their imports", () => {
    assert.ok(src.size > 20, `only ${src.size} files under src/`);
    assert.ok(simulator.size >= 4, `only ${simulator.size} files under simulator/`);
    const imports = [...src].flatMap(([path, text]) => importsOf(path, text));
    assert.ok(imports.length > src.size, `only ${imports.length} imports found`);
  });

  it("imports point downwards, stay in their room, and the outside world is reached through transport/", () => {
    assert.deepEqual(importBreaches(src, Object.keys(dependencies)), []);
  });

  it("has no cycles", () => assert.deepEqual(cycles(src), []));

  it("keeps the simulator apart from src/", () => assert.deepEqual(importBreaches(simulator, []), []));

  it("keeps model, protocol and domain pure", () => assert.deepEqual(purityBreaches(src), []));

  it("says the layer and the one job in the first line of each file", () => assert.deepEqual(headerBreaches(src), []));

  it("documents every exported function and class of the library", () => assert.deepEqual(docBreaches(lib), []));
});

describe("architecture: the checker itself", () => {
  const leaf = "/** L0 model: a leaf. */\n";
  const floors = {
    "src/lib/model/a.ts": leaf,
    "src/lib/protocol/a.ts": leaf,
    "src/lib/domain/a.ts": leaf,
    "src/lib/transport/a.ts": leaf,
    "src/lib/services/a.ts": leaf,
    "src/lib/providers/a.ts": leaf,
    "src/nodes/a.ts": leaf,
    "src/lib/index.ts": leaf,
  };
  const flagged = (path: string, text: string, wanted: RegExp) => {
    const breaches = importBreaches(house({ ...floors, [path]: text }), ["known"]);
    assert.equal(breaches.length, 1, `${path} with ${text}: ${breaches.join(" | ") || "not flagged"}`);
    assert.match(breaches[0] ?? "", wanted);
  };
  const allowed = (path: string, text: string) =>
    assert.deepEqual(importBreaches(house({ ...floors, [path]: text }), ["known"]), []);

  it("flags every arrow that points upwards or next door", () => {
    const rooms = ["model", "protocol", "domain", "transport", "services", "providers"];
    const levels = [0, 1, 1, 2, 3, 4];
    for (const [i, lower] of rooms.entries()) {
      flagged(`src/lib/${lower}/b.ts`, 'import { a } from "../../nodes/a";', /imports upwards/);
      for (const [j, upper] of rooms.entries()) {
        const path = `src/lib/${lower}/b.ts`;
        const text = `import type { A } from "../${upper}/a";`;
        if ((levels[i] ?? 0) < (levels[j] ?? 0)) flagged(path, text, /imports upwards/);
        else if (levels[i] === levels[j] && lower !== upper) flagged(path, text, /room next door/);
        else allowed(path, text);
      }
    }
    allowed("src/nodes/b.ts", 'import { a } from "../lib/providers/a"; import { b } from "./a";');
  });

  it("flags sockets, HTTP and the disk outside transport/", () => {
    for (const name of ["net", "tls", "http", "https", "fs", "dns", "dgram", "child_process", "fs/promises"]) {
      const text = `import { x } from "node:${name}";`;
      for (const folder of ["src/lib/services", "src/lib/domain", "src/nodes", "src/nodes/shared"]) {
        flagged(`${folder}/b.ts`, text, /outside transport/);
      }
      allowed("src/lib/transport/b.ts", text);
    }
    flagged("src/nodes/b.ts", 'import { x } from "net";', /outside transport/);
    flagged("src/lib/transport/b.ts", 'import { x } from "net";', /without "node:"/);
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
    for (const way of ways) flagged("src/lib/services/b.ts", way, /:1 imports node:net outside transport/);
    allowed(
      "src/lib/services/b.ts",
      "// import \"node:net\"\nconst text = 'import \"node:net\"'; /* require('net') */",
    );
  });

  it("flags Node-RED outside src/nodes, unknown packages, the front door and ways out of src/", () => {
    flagged("src/lib/services/b.ts", 'import type { Node } from "node-red";', /outside src\/nodes/);
    flagged("src/lib/services/b.ts", 'import { x } from "@node-red/util";', /outside src\/nodes/);
    allowed("src/nodes/b.ts", 'import type { Node } from "node-red";');
    flagged("src/lib/transport/b.ts", 'import { x } from "unknown/deep";', /not in package.json/);
    allowed("src/lib/transport/b.ts", 'import { x } from "known/deep";');
    flagged("src/nodes/b.ts", 'import { x } from "../lib";', /front door/);
    flagged("src/lib/index.ts", 'export { x } from "../nodes/a";', /not of the pure core/);
    flagged("src/nodes/b.ts", 'import { x } from "../../simulator/index";', /no file under src/);
    const simulated = { ...floors, "simulator/b.ts": 'import { x } from "../src/lib/domain/a";' };
    assert.match(
      importBreaches(house(simulated), []).join(),
      /^simulator\/b\.ts:1 the simulator stands alone[^,]*, but/,
    );
  });

  it("flags a cycle, once, and of types too", () => {
    const files = house({
      "src/nodes/a.ts": 'import "./b";',
      "src/nodes/b.ts": 'import type { C } from "./c";',
      "src/nodes/c.ts": 'export * from "./a";',
      "src/nodes/d.ts": 'import "./a";',
    });
    assert.deepEqual(cycles(files), ["src/nodes/a.ts -> src/nodes/b.ts -> src/nodes/c.ts -> src/nodes/a.ts"]);
    assert.deepEqual(cycles(house({ "src/nodes/a.ts": 'import "./b";', "src/nodes/b.ts": "" })), []);
  });

  it("flags a file without its layer, with the wrong one, and on no floor", () => {
    const breaches = (path: string, text: string) => headerBreaches(house({ [path]: text })).length;
    assert.equal(breaches("src/lib/domain/a.ts", "/** L1 domain: one job. */"), 0);
    assert.equal(breaches("src/lib/domain/a.ts", "/**\n * L1 domain: one job.\n *\n * More. */"), 0);
    assert.equal(breaches("src/lib/domain/a.ts", "// L1 domain: one job."), 0);
    assert.equal(breaches("src/lib/domain/a.ts", "/** L2 transport: one job. */"), 1);
    assert.equal(breaches("src/lib/domain/a.ts", "/** One job. */"), 1);
    assert.equal(breaches("src/lib/domain/a.ts", 'import "./b";\n/** L1 domain: one job. */'), 1);
    assert.equal(breaches("src/lib/helpers/a.ts", "/** L1 domain: one job. */"), 1);
  });

  it("flags an export without a docstring directly before it", () => {
    const breaches = (text: string) => docBreaches(house({ "src/lib/domain/a.ts": text })).length;
    assert.equal(breaches("/** L1. */\n\n/** Does. */\nexport function a() {}\n/** Is. */\nexport class B {}"), 0);
    assert.equal(breaches("/** L1 domain: the file's, not the function's. */\n\nexport function a() {}"), 1);
    assert.equal(breaches("// Does.\nexport class B {}"), 1);
    assert.equal(breaches("/** */\nexport class B {}"), 1);
    assert.equal(breaches("export const a = () => 1;"), 1);
    assert.equal(breaches("function a() {}\nexport const limit = 3;"), 0);
  });

  it("flags a clock, chance and the outside world where they do not belong", () => {
    const breaches = (path: string, text: string) => purityBreaches(house({ [path]: text })).length;
    for (const use of ["Date.now();", "new Date();", "Math.random();", "setTimeout(f, 1);", "process.cwd();"]) {
      assert.equal(breaches("src/lib/domain/a.ts", use), 1, use);
      assert.equal(breaches("src/lib/services/a.ts", use), 0, use);
    }
    assert.equal(breaches("src/lib/protocol/a.ts", 'import { x } from "node:os";'), 1);
    assert.equal(breaches("src/lib/domain/a.ts", "new Date(0); clock.now(); Math.floor(1);"), 0);
    assert.equal(breaches("src/lib/services/a.ts", 'await fetch("x");'), 1);
    assert.equal(breaches("src/lib/transport/a.ts", 'await fetch("x");'), 0);
  });
});
