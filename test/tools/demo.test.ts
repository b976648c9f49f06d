/** The demo's flow in German: names of its nodes, and the line in the terminal for a call. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../support/node-red-server";
import { removeFolder } from "../support/wait";

interface DemoNode {
  id: string;
  type: string;
  name?: string;
  complete?: string;
}
interface Expression {
  registerFunction(name: string, run: (name: string) => string, signature: string): void;
  evaluate(message: object): Promise<unknown>;
}
const fromNodeRed = createRequire(require.resolve("@node-red/util"));
const jsonata = fromNodeRed("jsonata") as (text: string) => Expression;

const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as DemoNode[];

describe("the demo's flow", () => {
  it("has German names where the system is German", () => {
    const folder = mkdtempSync(join(tmpdir(), "fritz-demo-"));
    after(() => removeFolder(folder));
    const module = pathToFileURL(join(root, "tools/demo/node-red.mjs")).href;
    const script = `import(${JSON.stringify(module)}).then((demo) => demo.prepareUserDir(${JSON.stringify(folder)}))`;
    const { status, stderr } = spawnSync(process.execPath, ["-e", script], {
      env: { ...process.env, LC_ALL: "de_DE.UTF-8" },
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    const german = read(join(folder, "flows.json"));
    const same = read(join(root, "tools/demo/flows.json")).filter(
      ({ id, name, type }) => name && type !== "comment" && german.find((node) => node.id === id)?.name === name,
    );
    assert.deepEqual(same, []);
    assert.equal(german.find(({ id }) => id === "fritz-demo-keep")?.name, "die letzten 300 merken");
  });

  for (const [language, missed, dialled] of [
    ["de", "12:25 Anna Beispiel, verpasst: Steht im Telefonbuch.", "12:25 an 0171, angenommen"],
    ["en-US", "12:25 Anna Beispiel, missed: Steht im Telefonbuch.", "12:25 to 0171, answered"],
  ] as const) {
    it(`says in the terminal what became of a call, ${language}`, async () => {
      const line = read(join(root, "tools/demo/flows.json")).find(({ id }) => id === "fritz-demo-debug");
      const expression = jsonata(line?.complete ?? "");
      expression.registerFunction("env", (name) => (name === "FRITZ_DEMO_LANG" ? language : ""), "<s:s>");
      const at = "2026-11-24T12:25:00+01:00";
      const incoming = { at, direction: "incoming", outcome: "missed", caller: { number: "030" } };
      const decision = { explanation: "Steht im Telefonbuch." };
      const callerInfo = { display: "Anna Beispiel" };
      assert.equal(await expression.evaluate({ payload: incoming, callerInfo, decision }), missed);
      const outgoing = { at, direction: "outgoing", outcome: "answered", called: { number: "0171" } };
      assert.equal(await expression.evaluate({ payload: outgoing }), dialled);
    });
  }
});
