/** What is loaded when: a Node-RED without calls must not pay for numbers. Needs a build. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./support/node-red-server";
import { packageJson } from "./support/node-html";

interface Loaded {
  files: string[];
  packages: string[];
}

/** Runs statements in a process of its own; each step tells the data files that were read and the packages that were loaded. */
function loadedAfter(...steps: string[]): Loaded[] {
  const script = `
    const fs = require("node:fs");
    const files = [];
    for (const name of ["readFileSync", "readFile", "openSync", "open"]) {
      const real = fs[name];
      fs[name] = (path, ...rest) => (files.push(String(path)), real(path, ...rest));
    }
    const report = () => ({
      files: files.map((path) => path.split(/[\\\\/]/).pop()).filter((name) => ["numbering.json", "plans.jsonl"].includes(name)),
      packages: ["csv-parse"].filter((name) => Object.keys(require.cache).some((path) => path.includes(name))),
    });
    const states = [];
    ${steps.map((step) => `${step}; states.push(report());`).join("\n")}
    console.log(JSON.stringify(states));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
  assert.equal(stderr, "");
  return JSON.parse(stdout) as Loaded[];
}

const nothing: Loaded = { files: [], packages: [] };
const lib = `const lib = require(${JSON.stringify(join(root, "dist/lib"))})`;
const plan = '{ countryCode: "49", areaCode: "7191" }';

describe("loading", () => {
  it("the library loads data with the first number, and other countries' plans with the first foreign one", () => {
    const [loaded, anonymous, german, again, foreign] = loadedAfter(
      lib,
      `lib.normalizeNumber("", ${plan})`,
      `lib.normalizeNumber("0711 123456", ${plan})`,
      `lib.normalizeNumber("0171 1234567", ${plan})`,
      `lib.normalizeNumber("+43 1 5550000", ${plan})`,
    );
    assert.deepEqual(loaded, nothing);
    assert.deepEqual(anonymous, nothing);
    assert.deepEqual(german, { files: ["numbering.json"], packages: [] });
    assert.deepEqual(again, german);
    assert.deepEqual(foreign, { files: ["numbering.json", "plans.jsonl"], packages: [] });
  });

  it("the nodes load neither when Node-RED starts", () => {
    const nodes = Object.values(packageJson["node-red"].nodes).map(
      (file) => `require(${JSON.stringify(join(root, file))})`,
    );
    assert.ok(nodes.length > 2);
    assert.deepEqual(loadedAfter(nodes.join(";")), [nothing]);
  });
});
