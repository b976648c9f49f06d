/** `npm run dev` in a copy of the project: a change reaches Node-RED and the editor, and the flows stay. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/node-red-server";
import { pause, removeFolder, until } from "../support/wait";

const COPIED = [
  ...["src", "simulator", "data", "locales", "icons", "tools", "package.json", "package-lock.json", "tsconfig.json"],
  ...["resources", "dist"], // built, so newer than the sources
];

describe("npm run dev", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fritz-dev-"));
    for (const path of COPIED.filter((name) => existsSync(join(root, name)))) {
      cpSync(join(root, path), join(folder, path), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  });
  let child: ChildProcess | undefined;
  afterEach(async () => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  after(() => removeFolder(folder));

  it("compiles what changed, restarts Node-RED with its flows, and reloads open editors", async function () {
    child = spawn(process.execPath, [join(folder, "tools/dev.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += String(chunk)));
    const starts = () => output.split("Started flows").length - 1;
    await until("Node-RED", () => /Editor +http/.test(output) && starts() >= 1, 100_000);
    const url = /Editor +(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1] ?? "";

    const headers = { "Content-Type": "application/json", "Node-RED-API-Version": "v2" };
    const flows = async () => (await (await fetch(`${url}/flows`, { headers })).json()) as { flows: { id: string }[] };
    const mine = [...(await flows()).flows, { id: "mine", type: "tab", label: "mine" }];
    const deployed = await fetch(`${url}/flows`, { method: "POST", headers, body: JSON.stringify({ flows: mine }) });
    assert.equal(deployed.status, 200);

    assert.match(await (await fetch(url)).text(), /<script src="theme[^"]*reload\.js"/);
    const reload = await (await fetch(`${url}/theme/scripts/reload.js`)).text();
    const bell = await fetch(/EventSource\("([^"]+)"/.exec(reload)?.[1] ?? "");
    let rung = "";
    const listening = (async () => {
      for await (const chunk of bell.body ?? []) rung += Buffer.from(chunk as Uint8Array).toString();
    })().catch(() => undefined);

    const node = (file: string) => join(folder, "src/nodes/fritz-log", file);
    const before = starts();
    appendFileSync(node("fritz-log.ts"), '\nconsole.log("compiled anew");\n');
    writeFileSync(node("fritz-log.html"), `${readFileSync(node("fritz-log.html"), "utf8")}<!-- a new form -->\n`);
    await until("the restart", () => output.includes("compiled anew") && starts() > before, 100_000);
    await until("the editor's reload", () => rung.includes("data: reload"));
    // A machine that is slow between both changes makes it two restarts.
    const forms = async () => (await fetch(`${url}/nodes`, { headers: { Accept: "text/html" } })).text();
    for (let tries = 0; !(await forms().catch(() => "")).includes("<!-- a new form -->"); tries++) {
      assert.ok(tries < 300, "the new form is not served");
      await pause(100);
    }
    const isThere = async () => (await flows()).flows.some(({ id }) => id === "mine");
    for (let tries = 0; !(await isThere().catch(() => false)); tries++) {
      assert.ok(tries < 300, "the flows did not stay");
      await pause(100);
    }
    assert.match(readFileSync(join(folder, "dist/nodes/fritz-log/fritz-log.js"), "utf8"), /sourceMappingURL=data:/);

    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 0);
    await assert.rejects(fetch(url));
    await listening;
  });
});
