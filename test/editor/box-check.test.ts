/** "Check my Fritz!Box" in the dialog of fritz-config, before the first deploy: real Node-RED, real browser. Needs a build. */
import assert from "node:assert/strict";
import { SimulatedBox } from "../../simulator/index";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, sharedNodeRed } from "../support/node-red-server";

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
    checkTests(version, locale);
  });
}

function checkTests(version: "4.1" | "5.0", locale: Locale): void {
  const words = WORDS[locale];
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
    server = await sharedNodeRed({ version, lang: locale === "de-DE" ? "de" : "en-US" });
    editor = await EditorPage.open(server.url, locale, `check-${version}`);
  });
  after(async () => {
    await editor?.close();
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
    await editor.page.locator("#fritz-config-details-heading").click();
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
    await editor.run(`window.seen = []; $(document).on("focusin", ({ target }) => seen.push(target.id))
      .ajaxSend((event, xhr, { url }) => seen.push(url.split("/").pop()));`);
    await line("monitor").locator("button").click();
    await line("monitor").locator("button").waitFor({ state: "detached" });
    await line("certificate").locator("button").click();
    await editor.page.locator("#fritz-check-summary").waitFor();
    await check();
    const seen = await editor.run<string[]>("seen.filter((one) => one !== '')");
    assert.deepEqual(
      seen.slice(0, 3),
      ["dial-monitor-on", "fritz-check-run", "check"],
      "the focus stays in the dialog",
    );
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
    await editor.dialogOpen();
    assert.equal(await field("password").inputValue(), "__PWRD__");
    await check();
    await is("login", "ok", words.loggedIn);
    assert.equal(await line("events").getAttribute("data-state"), "info");
    box.hangUp(box.ring("03023125001"));
    // The call is still on its way to Node-RED when the box has sent it.
    for (let tries = 0; tries < 20 && (await line("events").getAttribute("data-state")) !== "ok"; tries++)
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
    const book = page.locator(".fritz-book-row .red-ui-typedInput-input");
    await book.click(); // shows all of them
    await page.locator("a:visible", { hasText: /^\s*Telefonbuch\s*$/ }).waitFor();
    await book.pressSequentially("sp");
    const offered = page.locator("a:visible", { hasText: /^\s*Spam\s*$/ });
    await offered.waitFor();
    await editor.screenshot("pick");
    await offered.click();
    assert.equal(await page.locator("#node-input-book").inputValue(), "Spam");
    await editor.done();
    const saved = () =>
      editor.run(
        `(({ book, bookType, limit, limitType, valid }) => [book, bookType, limit, limitType, valid])(RED.nodes.node("${id}"))`,
      );
    assert.deepEqual(await saved(), ["Spam", "str", 1000, "num", true]);
    await editor.openDialog(id);
    await page.locator(".fritz-book-row .red-ui-typedInput-type-select").click();
    await page.locator(".red-ui-typedInput-options:visible a", { hasText: "flow." }).click();
    await book.fill("spamBook");
    await book.blur();
    await editor.screenshot("typed");
    await editor.done();
    assert.deepEqual(await saved(), ["spamBook", "flow", 1000, "num", true]);
    await editor.openDialog(id);
    assert.equal(await page.locator("#node-input-bookType").inputValue(), "flow");
    await page.locator("#node-input-operation").selectOption("add");
    await page.locator(".fritz-limit-row .red-ui-typedInput-input").fill("-1");
    await editor.done();
    assert.deepEqual(await saved(), ["spamBook", "flow", "-1", "num", false]);
    await editor.openDialog(id);
    await page.locator(".fritz-limit-row .red-ui-typedInput-input").fill("500");
    await editor.done();
    assert.deepEqual(await saved(), ["spamBook", "flow", 500, "num", true]);
  });

  it("asks for permission: a stranger gets nothing", async () => {
    const answer = await fetch(`${server.url}/fritz-calls/check`, { method: "POST" });
    assert.equal(answer.status, 422, "no login is set up here, but an empty question is no crash");
    assert.deepEqual(await answer.json(), { code: "no-box", values: {} });
  });
}
