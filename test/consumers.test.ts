/** The packed package as programs use it: CommonJS, ES modules, TypeScript, and the snippets of docs/library.md. Needs a build. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageJson } from "./support/node-html";
import { root } from "./support/node-red-server";

const NAME = packageJson.name;
const SUBPATHS = ["", "/core", "/box", "/simulator"];

describe("package: its consumers", function () {
  let folder = "";
  let tarball = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fritz-consumer-"));
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const args = ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", folder];
    const packed = spawnSync(npm, args, { cwd: root, encoding: "utf8" });
    assert.equal(packed.status, 0, packed.stderr);
    tarball = join(folder, packed.stdout.trim());
    assert.equal(spawnSync("tar", ["-xzf", tarball, "-C", folder]).status, 0);
    const modules = join(folder, "node_modules");
    mkdirSync(modules);
    renameSync(join(folder, "package"), join(modules, NAME));
    for (const name of [...Object.keys(packageJson.dependencies ?? {}), "@types/node"]) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(root, "node_modules", name), join(modules, name));
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(file: string, program: string): string {
    writeFileSync(join(folder, file), program);
    const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
      cwd: folder,
      encoding: "utf8",
      timeout: 110_000,
    });
    assert.equal(stderr, "");
    assert.equal(status, 0);
    return stdout;
  }

  it("give CommonJS and ES modules the same names", () => {
    const print = (from: string) =>
      `console.log(JSON.stringify(Object.keys(${from}).filter((n) => !["default", "module.exports", "__esModule"].includes(n)).sort()));`;
    const required = run("a.cjs", SUBPATHS.map((path) => print(`require("${NAME}${path}")`)).join("\n"));
    const imported = run("a.mjs", SUBPATHS.map((path) => print(`await import("${NAME}${path}")`)).join("\n"));
    assert.equal(imported, required);
    const [all = [], core = [], box = [], simulator = []] = required
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);
    assert.deepEqual([...core, ...box].sort(), all);
    for (const name of ["parseLine", "anonymizeLine", "normalizeNumber", "decide"])
      assert.ok(core.includes(name), name);
    for (const name of ["CallMonitor", "Tr064Client", "Phonebooks", "HangupAgent"]) assert.ok(box.includes(name), name);
    assert.ok(simulator.includes("SimulatedBox"));
  });

  it("core loads nothing that talks", () => {
    const talking = `Object.keys(require.cache).filter((path) => /tr064|[\\\\/]web[\\\\/]|[\\\\/]sip[\\\\/]|tcp-connection/.test(path))`;
    assert.equal(run("b.cjs", `require("${NAME}/core"); console.log(JSON.stringify(${talking}));`), "[]\n");
  });

  it("nothing else is handed out", () => {
    const inside = `${NAME}/dist/lib/tr064/digest.js`;
    const program = `try { require("${inside}"); } catch ({ code }) { console.log(code); }`;
    assert.equal(run("c.cjs", program), "ERR_PACKAGE_PATH_NOT_EXPORTED\n");
  });

  it("resolve to the right types: arethetypeswrong finds no problem", () => {
    // In a process of its own, without the loader of the tests. TypeScript before 4.7 ("node10") knows no exports.
    const program = `import { readFileSync } from "node:fs";
      import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
      const found = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(process.argv[1]))));
      const problems = found.problems?.filter(({ resolutionKind }) => resolutionKind !== "node10");
      console.log(JSON.stringify({ types: found.types && true, problems }));`;
    const args = ["--input-type=module", "-e", program, tarball];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    assert.deepEqual([stderr, JSON.parse(stdout)], ["", { types: true, problems: [] }]);
  });

  it("compile in TypeScript, as an ES module and as CommonJS", () => {
    const program = `import { type CallEvent, parseLine } from "${NAME}/core";
import { CallMonitor } from "${NAME}/box";
import { SimulatedBox } from "${NAME}/simulator";
import { decide } from "${NAME}";
const monitor: CallMonitor = new CallMonitor({ host: "fritz.box" });
monitor.listen({ event: (event: CallEvent) => void event.caller.number });
const parsed = parseLine("");
if (parsed.ok) void parsed.event;
void new SimulatedBox().monitor.listen();
void decide;
// @ts-expect-error the host is needed
new CallMonitor({});
`;
    const files = ["t.mts", "t.cts"];
    for (const file of files) writeFileSync(join(folder, file), program);
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const args = [
      "--noEmit",
      "--strict",
      "--target",
      "es2022",
      "--types",
      "node",
      "--module",
      "node20",
      "--skipLibCheck",
    ];
    const { stdout, status } = spawnSync(process.execPath, [tsc, ...args, ...files], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });

  const text = readFileSync(join(root, "docs/library.md"), "utf8");
  const snippets = [...text.matchAll(/^## (.+)$[^]*?^```(m?js)\n([^]*?)^```$/gm)];
  it("docs/library.md has snippets to run", () => assert.equal(snippets.length, text.split(/^```m?js$/m).length - 1));
  for (const [, title = "", kind = "", program = ""] of snippets) {
    it(`the snippet "${title}" prints what it says`, () => {
      const promised = [...program.matchAll(/\/\/ => (.*)$/gm)].map(([, line = ""]) => line);
      assert.ok(promised.length > 0);
      const printed = run(`snippet.${kind === "js" ? "cjs" : "mjs"}`, program);
      assert.deepEqual(
        printed
          .trimEnd()
          .split("\n")
          .map((line) => line.trimEnd()),
        promised,
      );
    });
  }
});
