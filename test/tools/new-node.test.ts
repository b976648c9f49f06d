/** `npm run new-node`: what it makes is a node as Node-RED, the flow library and our own checks want it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as prettier from "prettier";
import { parseNodeHtml } from "../support/node-html";
import { root } from "../support/node-red-server";
import { headerBreaches } from "../support/source-rules";

const EXAMPLE = "examples/6 Box and development - Box und Entwicklung/Voice mail.json";

describe("tools: new-node", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fritz-new-node-"));
    cpSync(join(root, "package.json"), join(folder, "package.json"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const make = (type: string) =>
    spawnSync(process.execPath, [join(root, "tools/new-node.mjs"), type, folder], { encoding: "utf8" });
  const read = (file: string) => readFileSync(join(folder, file), "utf8");

  it("makes all files of a node and says what is left to do", () => {
    const { status, stdout, stderr } = make("fritz-voice-mail");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Left to do/);
    const [, made = ""] = /Made:\n([^]*?)\n\n/.exec(stdout) ?? [];
    assert.equal(made.split("\n").length, 10, "as CONTRIBUTING.md says");
    assert.match(readFileSync(join(root, "CONTRIBUTING.md"), "utf8"), /new-node[^\n]* makes ten files/);
    const { definition } = parseNodeHtml("fritz-voice-mail", read("src/nodes/fritz-voice-mail/fritz-voice-mail.html"));
    assert.deepEqual(Object.keys(definition.defaults), ["name", "box"]);
    assert.equal(definition.icon, "fritz-voice-mail.svg");
    const path = "src/nodes/fritz-voice-mail/fritz-voice-mail.ts";
    assert.deepEqual(headerBreaches(new Map([[path, read(path)]])), []);
    for (const language of ["en-US", "de"]) {
      const texts = JSON.parse(read(`locales/${language}/fritz-voice-mail.json`)) as object;
      assert.deepEqual(Object.keys(texts), ["fritz-voice-mail"]);
      assert.match(read(`locales/${language}/fritz-voice-mail.html`), /<code>box<\/code>/);
    }
    assert.ok(Array.isArray(JSON.parse(read(EXAMPLE))));
    assert.ok(existsSync(join(folder, "test/nodes/fritz-voice-mail.test.ts")));
    const { "node-red": nodeRed } = JSON.parse(read("package.json")) as { "node-red": { nodes: object } };
    assert.ok("fritz-voice-mail" in nodeRed.nodes);
  });

  it("writes as the formatter would, and help in the form that all help has", async () => {
    const { stdout } = make("fritz-voice-mail");
    const [files = ""] = stdout.split("\n\n");
    const made = [...files.matchAll(/^ {2}(\S.*\.(?:ts|html|json))$/gm)].map(([, file = ""]) => file);
    assert.equal(made.length, 9);
    const options = await prettier.resolveConfig(join(root, "package.json"));
    // Where the lines of the form break depends on the length of the name: `npm run format`.
    const short = made.filter((file) => !file.startsWith("src/nodes/") || file.endsWith(".ts"));
    assert.equal(short.length, 8);
    for (const file of short) assert.ok(await prettier.check(read(file), { ...options, filepath: file }), file);
    for (const language of ["en-US", "de"]) {
      assert.equal(read(`locales/${language}/fritz-voice-mail.html`).split("<th>msg</th>").length, 3, language);
    }
    assert.match(read(EXAMPLE), /"type": "fritz-voice-mail"/);
  });

  it("never writes over a node, and refuses a bad name", () => {
    assert.equal(make("fritz-voice-mail").status, 0);
    const before = read("src/nodes/fritz-voice-mail/fritz-voice-mail.ts");
    const again = make("fritz-voice-mail");
    assert.equal(again.status, 1);
    assert.match(again.stderr, /already there/);
    assert.equal(read("src/nodes/fritz-voice-mail/fritz-voice-mail.ts"), before);
    for (const bad of ["", "voice", "fritz-", "fritz-A", "fritz-../x", "fritz-a;b"])
      assert.equal(make(bad).status, 2, bad);
  });
});
