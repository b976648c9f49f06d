// npm run screenshots: the pictures of the READMEs, from the real demo in a real browser. Needs Chromium (CHROMIUM says where).
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, root } from "./ensure.mjs";

if (!install(root)) process.exit(1);
const { chromium } = await import("playwright-core");
/** Where Debian puts Chromium. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-headless-shell"];
const folder = mkdtempSync(join(tmpdir(), "fritz-screenshots-"));
const demo = spawn(process.execPath, [join(root, "tools", "start.mjs")], {
  stdio: ["pipe", "pipe", "inherit"],
  env: { ...process.env, FRITZ_DEMO_DIR: folder },
});
const url = await new Promise((resolve, reject) => {
  let output = "";
  demo.stdout.on("data", (chunk) => {
    output += String(chunk);
    const found = /Calls +(http:\S+)/.exec(output);
    if (found) resolve(found[1]);
  });
  demo.once("exit", () => reject(new Error(`the demo ended:\n${output}`)));
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path)),
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  for (const [locale, grandma, rejected, file] of [
    ["en-US", "Grandma calls", "rejected by the box", "demo.png"],
    ["de-DE", "Oma ruft an", "von der Box abgewiesen", "demo.de.png"],
  ]) {
    const context = await browser.newContext({ locale, viewport: { width: 1000, height: 760 } });
    const page = await context.newPage();
    await page.goto(url);
    const live = page.locator("li.call", { hasText: rejected, has: page.locator(".badge.bad") });
    await live.first().waitFor({ timeout: 90_000 });
    await page.getByRole("button", { name: grandma }).click();
    await page.locator("#banner").waitFor();
    await page.screenshot({ path: join(root, "docs", "images", file), animations: "disabled" });
    await context.close();
  }
} finally {
  await browser.close();
  demo.kill("SIGINT");
  await new Promise((resolve) => demo.once("exit", resolve));
  rmSync(folder, { recursive: true, force: true });
}
