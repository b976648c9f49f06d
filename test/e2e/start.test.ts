/** `npm start` as a newcomer meets it: its output, its page in a browser, its buttons. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { browserMissing, type Locale, sharedBrowser } from "../support/editor-page";
import { root } from "../support/node-red-server";
import { pause, removeFolder, until } from "../support/wait";

describe("npm start", () => {
  it("shows calls in its output and on its page, has buttons that work, and leaves nothing running", async function () {
    if (browserMissing !== undefined) this.skip();
    this.timeout(400_000);
    const folder = mkdtempSync(join(tmpdir(), "fritz-demo-"));
    const child = spawn(process.execPath, [join(root, "tools/start.mjs")], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, FRITZ_DEMO_DIR: folder, LC_ALL: "en_US.UTF-8" },
    });
    after(() => {
      child.kill("SIGKILL");
      removeFolder(folder);
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    await until("the addresses", () => /Calls +http/.test(output), 60_000);
    const url = /Calls +(http:\/\/127\.0\.0\.1:\d+\/calls)/.exec(output)?.[1] ?? "";
    // "Started flows" comes before the connection, and a box does not repeat what happened before.
    for (let tries = 0; tries < 600 && !output.includes("1 clients"); tries++) {
      child.stdin.write("status\n");
      await pause(100);
    }
    child.stdin.write("ring 0711<b>5\n");

    const browser = await sharedBrowser();
    const german = await openPage(browser, url, "de-DE", { width: 390, height: 800 });
    const row = (words: string) => german.locator("li.call", { hasText: words }).first();
    // The last 24 hours, of the box's call list.
    await german.locator("li.call", { hasText: "von der Box abgewiesen" }).nth(3).waitFor();
    const hours = "[...document.querySelectorAll('.bar')].filter((bar) => bar.style.height !== '0%').length";
    assert.ok(Number(await german.evaluate(hours)) > 10, "calls in most of the last 24 hours");
    await row("0711<b>5").waitFor(); // what comes from outside is text, not markup
    const showed = await notesOf(german, "#banner, .phone");
    await german.getByRole("button", { name: "Oma ruft an" }).click();
    await showed("Oma Erna ruft an");
    await row("Oma Erna").locator(".badge.good").waitFor();
    await row("Oma Erna").getByText("steht im Telefonbuch").waitFor(); // also where Node-RED speaks English
    await showed("Telefon in der Küche: klingelt");
    await showed("Telefon in der Küche: im Gespräch"); // a wanted call rings on, and is picked up
    assert.equal(await row("Oma Erna").getByRole("button").count(), 0, "a contact has no button that blocks");

    // The spammer's first call is ended at once and barred, the second one the box rejects.
    const rejected = german.locator("li.call", { hasText: "Spam · schon gesperrt" });
    await rejected.filter({ hasText: "von der Box abgewiesen" }).first().waitFor();
    const spam = row("Spam · fürs nächste Mal gesperrt");
    await spam.waitFor();
    await row("von Node-RED beendet").waitFor();
    await spam.getByRole("button", { name: "Kein Spam" }).click();
    await spam.getByText("Erledigt").waitFor();
    await german.getByRole("button", { name: "Spam ruft an" }).click();
    await german.locator("li.call:not(.spam)", { hasText: "03023125042" }).first().waitFor();
    assert.ok(await german.evaluate("document.documentElement.scrollWidth <= innerWidth"), "fits on a phone");

    const english = await openPage(browser, url, "en-US", { width: 1200, height: 900 });
    await english.locator("li.call", { hasText: "Oma Erna" }).first().waitFor(); // what was before is there, too
    await until(
      "a line for an ended call",
      () => /\[debug:calls\] \d\d:\d\d Anna Beispiel, missed/.test(output),
      60_000,
    );
    await english.getByRole("button", { name: "Pull the plug" }).click();
    await english.getByText("the box is away").waitFor();
    const missed = english.locator("li.call", { hasText: "caught up from the call list" });
    await missed.filter({ hasText: "Oma Erna" }).first().waitFor();
    await english.getByText("the box is away").waitFor({ state: "hidden" });
    assert.equal((await fetch(url.replace("/calls", "/"))).status, 200);

    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 0);
    await assert.rejects(fetch(url));
    if (existsSync("/proc")) {
      const left = spawnSync("pgrep", ["-f", join(root, "tools/demo/settings.cjs")], { encoding: "utf8" });
      assert.equal(left.stdout, "");
    }
  });
});

/** Notes all that the elements show from now on, however short; gives a way to wait for a text. */
async function notesOf(page: Page, elements: string): Promise<(text: string) => Promise<unknown>> {
  await page.evaluate(`(() => { const notes = (window.notes = []);
    const look = () => document.querySelectorAll(${JSON.stringify(elements)}).forEach((one) => notes.push(one.textContent));
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true }); })()`);
  return (text) => page.waitForFunction(`notes.some((note) => note.includes(${JSON.stringify(text)}))`);
}

async function openPage(browser: Browser, url: string, locale: Locale, viewport: { width: number; height: number }) {
  const context = await browser.newContext({ locale, viewport });
  const page: Page = await context.newPage();
  page.setDefaultTimeout(90_000);
  await page.goto(url);
  return page;
}
