/** "Check my Fritz!Box" in the dialog of fritz-config, before the first deploy: real Node-RED, real browser. Needs a build. */
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { SimulatedBox } from "../../simulator/index";
import { browserMissing, EditorPage, launchBrowser, type Locale } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, startNodeRed } from "../support/node-red-server";

const PASSWORD = "gehe!m-42";

/** What a user must be able to read, written down here and not taken from the package. */
const WORDS = {
  "de-DE": {
    monitorOff: /ist aus: an einem Telefon der Fritz!Box #96\*5\* wählen/,
    noLogin: /Kein Kennwort eingetragen/,
    wrongLogin: /Benutzer oder Kennwort sind falsch/,
    loggedIn: /Angemeldet als nodered/,
    books: /Telefonbuch 0, Spam 1/,
    privacy: /Nichts verlässt Ihr Heimnetz/,
  },
  "en-US": {
    monitorOff: /is off: dial #96\*5\* on a phone at the Fritz!Box/,
    noLogin: /No password entered/,
    wrongLogin: /user or password is wrong|User or password are wrong|wrong/i,
    loggedIn: /Logged in as nodered/,
    books: /Telefonbuch 0, Spam 1/,
    privacy: /Nothing leaves your home network/,
  },
} as const;

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: check my Fritz!Box, Node-RED ${version}, ${locale}`, function () {
    this.timeout(120_000);
    checkTests(version, locale);
  });
}

function checkTests(version: "4.1" | "5.0", locale: Locale): void {
  const words = WORDS[locale];
  let browser: Browser | undefined;
  let server: NodeRedServer;
  let editor: EditorPage;
  let box: SimulatedBox;
  let configId = "";

  before(async function () {
    const missing = browserMissing ?? nodeRedAt(version).missing;
    if (missing !== undefined) this.skip();
    box = new SimulatedBox();
    box.tr064.state.users = [{ name: "nodered", password: PASSWORD, rights: { phone: "readwrite" } }];
    box.tr064.state.books.addLocal("Spam").add("Gewinnspiel", "0900*");
    await box.monitor.listen();
    await box.monitor.refuse();
    await box.tr064.listen();
    server = await startNodeRed({ version, lang: locale === "de-DE" ? "de" : "en-US" });
    browser = await launchBrowser();
    editor = await EditorPage.open(browser, server.url, locale, `check-${version}`);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await box?.monitor.stop();
    await box?.tr064.stop();
  });

  const field = (name: string) => editor.page.locator(`#node-config-input-${name}`);
  const line = (check: string) => editor.page.locator(`.fritz-check-line[data-check="${check}"]`);
  const check = async () => {
    await editor.page.locator("#fritz-check-run").click();
    await editor.page.locator("#fritz-check-summary").waitFor();
  };
  const is = async (id: string, state: string, said: RegExp) => {
    assert.equal(await line(id).getAttribute("data-state"), state, id);
    assert.match(await line(id).innerText(), said);
  };

  it("works before the first deploy and says what is missing", async () => {
    const id = await editor.add("fritz-callmonitor", "callmon", 200, 120);
    await editor.openDialog(id);
    await editor.openConfig("box", "add");
    await field("host").fill("127.0.0.1");
    await field("monitorPort").fill(String(box.monitor.port));
    await field("port").fill(String(box.tr064.port));
    await field("tlsPort").fill(String(box.tr064.tlsPort));
    await check();
    await is("monitor", "fail", words.monitorOff);
    await is("login", "info", words.noLogin);
    await editor.screenshot("events-first");
  });

  it("offers the users of the box, and says when the password is wrong", async () => {
    await line("login").locator("button").click();
    await editor.page.locator("#fritz-check-summary").waitFor();
    assert.equal(await field("username").inputValue(), "nodered");
    await field("password").fill("wrong");
    await check();
    await is("login", "fail", words.wrongLogin);
  });

  it("logs in, dials #96*5* for the user, takes the certificate over", async () => {
    await field("password").fill(PASSWORD);
    await check();
    await is("login", "ok", words.loggedIn);
    await is("phonebooks", "ok", words.books);
    await is("privacy", "ok", words.privacy);
    await line("monitor").locator("button").click();
    await line("monitor").locator("button").waitFor({ state: "detached" });
    await line("certificate").locator("button").click();
    await editor.page.locator("#fritz-check-summary").waitFor();
    await check();
    assert.equal(await line("monitor").getAttribute("data-state"), "ok");
    assert.equal(await line("certificate").getAttribute("data-state"), "ok");
    assert.equal(await field("fingerprint").inputValue(), box.tr064.fingerprint.replaceAll(":", ""));
    await editor.screenshot("all-well");
  });

  it("gives a report without numbers and secrets", async () => {
    const report: string = await editor.run(`(() => { let copied = ""; const copy = RED.clipboard.copyText;
      RED.clipboard.copyText = (text) => { copied = text; }; $("#fritz-check-copy").trigger("click");
      RED.clipboard.copyText = copy; return copied; })()`);
    assert.match(report, /^\[ok\] address: /);
    assert.match(report, /FRITZ!Box 7590/);
    for (const secret of [
      PASSWORD,
      "nodered",
      "127.0.0.1",
      "7191",
      "Spam",
      box.tr064.fingerprint.slice(0, 2) + box.tr064.fingerprint.slice(3, 5),
    ]) {
      assert.ok(!report.includes(secret), secret);
    }
  });

  it("uses the stored password after the deploy, without knowing it", async () => {
    await editor.configDone();
    await editor.done();
    await editor.deploy();
    [configId = ""] = await editor.idsOf("fritz-config");
    await editor.page.reload();
    await editor.page.waitForFunction(
      "window.RED && RED.workspaces && RED.workspaces.active() !== 0 && RED.nodes.getType('fritz-config')",
    );
    await editor.run(`RED.editor.editConfig("", "fritz-config", "${configId}")`);
    await editor.page.locator("#node-config-dialog-ok").waitFor();
    await editor.page.waitForTimeout(500);
    assert.equal(await field("password").inputValue(), "__PWRD__");
    await check();
    await is("login", "ok", words.loggedIn);
    assert.equal(await line("events").getAttribute("data-state"), "info");
    box.hangUp(box.ring("03023125001"));
    await editor.page.waitForTimeout(300);
    await check();
    assert.equal(await line("events").getAttribute("data-state"), "ok");
    await editor.screenshot("deployed");
  });

  it("offers the box's phonebooks where one is wanted", async () => {
    const { page } = editor;
    await editor.configDone();
    const id = await editor.add("fritz-phonebook", "phonebook", 200, 220);
    await editor.openDialog(id);
    await page.locator("#node-input-box").selectOption(configId);
    await page.locator("#node-input-operation").selectOption("contacts");
    await page.locator("#node-input-book").pressSequentially("sp");
    const offered = page.locator("a:visible", { hasText: /^\s*Spam\s*$/ });
    await offered.waitFor();
    await editor.screenshot("pick");
    await offered.click();
    assert.equal(await page.locator("#node-input-book").inputValue(), "Spam");
    await editor.done();
  });

  it("asks for permission: a stranger gets nothing", async () => {
    const answer = await fetch(`${server.url}/fritz-calls/check`, { method: "POST" });
    assert.equal(answer.status, 422, "no login is set up here, but an empty question is no crash");
    assert.deepEqual(await answer.json(), { code: "no-box", values: {} });
  });
}
