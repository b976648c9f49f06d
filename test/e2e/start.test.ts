/** `npm start` as a newcomer meets it. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/node-red-server";
import { until } from "../support/wait";

describe("npm start", () => {
  it("shows calls in its output and on its page, takes commands, and leaves nothing running", async function () {
    this.timeout(90_000);
    const child = spawn(process.execPath, [join(root, "tools/start.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
    after(() => void child.kill("SIGKILL"));
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    await until("the addresses", () => /Calls +http/.test(output), 60_000);
    const page = /Calls +(http:\/\/127\.0\.0\.1:\d+\/calls)/.exec(output)?.[1] ?? "";
    await until("the first recorded call", () => output.includes("16.06.20 12:25:42;RING;0;01755290xxx"), 20_000);
    child.stdin.write("ring 0711<b>5\nstatus\n");
    await until("the own call", () => output.includes("1 clients"));
    let html = "";
    // The caller's name from the phonebook; the first call of the spammer is barred, the second one the box rejects.
    const wanted = ["0711&lt;b&gt;5", "Anna Beispiel", "blocked (added)", "rejected"];
    for (let i = 0; i < 400 && !wanted.every((text) => html.includes(text)); i++) {
      html = await (await fetch(page)).text();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    for (const text of wanted) assert.ok(html.includes(text), `${text} in ${html}`);
    assert.match(output, /blocked\] The score of 8 with 12 reports/);
    assert.match(html, /01755290xxx/);
    assert.match(html, /0711&lt;b&gt;5/, "what comes from outside is escaped");
    const editor = await fetch(page.replace("/calls", "/"));
    assert.equal(editor.status, 200);

    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 0);
    await assert.rejects(fetch(page));
    if (existsSync("/proc")) {
      const left = spawnSync("pgrep", ["-f", join(root, "tools/demo/settings.cjs")], { encoding: "utf8" });
      assert.equal(left.stdout, "");
    }
  });
});
