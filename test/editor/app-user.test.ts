/** The box's restricted user, created in the dialog of fritz-config: real Node-RED, real browser. Needs a build. */
import assert from "node:assert/strict";
import { SimulatedBox } from "../../simulator/index";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, sharedNodeRed } from "../support/node-red-server";

const PASSWORD = "gehe!m-42";

/** What a user must be able to read, written down here and not taken from the package. */
const WORDS = {
  "de-DE": {
    wrong: /Benutzer oder Kennwort/,
    confirm: /wartet noch \d+ s auf eine Bestätigung/,
    button: /Drücken Sie kurz eine Taste an der Fritz!Box/,
    code: /Wählen Sie \*11234 an einem Telefon/,
    stopped: /^Abgebrochen/,
    done: /^nodered[a-z]{6} ist angelegt/,
    loggedIn: /Angemeldet als nodered[a-z]{6}/,
    cancelled: /Die Anmeldung im Flow gilt nicht mehr/,
  },
  "en-US": {
    wrong: /user or password/i,
    confirm: /waits for a confirmation for another \d+ s/,
    button: /Press a button on the Fritz!Box/,
    code: /Dial \*11234 on a telephone/,
    stopped: /^Cancelled/,
    done: /^nodered[a-z]{6} is created/,
    loggedIn: /Logged in as nodered[a-z]{6}/,
    cancelled: /the deployed login no longer works/,
  },
} as const;

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: a user of its own, Node-RED ${version}, ${locale}`, function () {
    userTests(version, locale);
  });
}

function userTests(version: "4.1" | "5.0", locale: Locale): void {
  const words = WORDS[locale];
  let server: NodeRedServer;
  let editor: EditorPage;
  let box: SimulatedBox;

  before(async function () {
    const missing = browserMissing ?? nodeRedAt(version).missing;
    if (missing !== undefined) this.skip();
    box = new SimulatedBox();
    const { state } = box.tr064;
    state.users = [{ name: "chef", password: PASSWORD, rights: { config: "readwrite" } }];
    state.secondFactor.enabled = true;
    state.protectedActions.add("RegisterApp");
    await box.monitor.listen();
    await box.tr064.listen();
    server = await sharedNodeRed({ version, lang: locale === "de-DE" ? "de" : "en-US" });
    editor = await EditorPage.open(server.url, locale, `user-${version}`);
  });
  after(async () => {
    await editor?.close();
    await server?.stop();
    await box?.monitor.stop();
    await box?.tr064.stop();
  });

  const field = (name: string) => editor.page.locator(`#node-config-input-${name}`);
  const said = () => editor.page.locator("#fritz-user-said");
  const create = async (password: string) => {
    await editor.page.locator("#fritz-user-admin").fill("chef");
    await editor.page.locator("#fritz-user-password").fill(password);
    await editor.page.locator("#fritz-user-create").click();
  };
  const state = (wanted: string) => editor.page.locator(`#fritz-user-said[data-state="${wanted}"]`).waitFor();

  it("says when the administrator's password is wrong, and keeps it nowhere", async () => {
    const id = await editor.add("fritz-callmonitor", "callmon", 200, 120);
    await editor.openDialog(id);
    await editor.openConfig("box", "add");
    await field("host").fill("127.0.0.1");
    await editor.page.locator("#fritz-config-details-heading").click();
    await field("monitorPort").fill(String(box.monitor.port));
    await field("port").fill(String(box.tr064.port));
    await field("tlsPort").fill(String(box.tr064.tlsPort));
    await editor.page.locator("#fritz-config-details-heading").click();
    await editor.page.locator("#fritz-user-heading").click();
    await create("falsch");
    await state("fail");
    assert.match(await said().innerText(), words.wrong);
    assert.equal(await editor.page.locator("#fritz-user-password").inputValue(), "");
    await editor.screenshot("wrong");
  });

  it("leads through the second factor, and can be called off", async () => {
    await create(PASSWORD);
    await state("confirm");
    for (const sentence of [words.confirm, words.button, words.code]) assert.match(await said().innerText(), sentence);
    await editor.screenshot("confirm");
    await editor.page.locator("#fritz-user-stop").click();
    await state("fail");
    assert.match(await said().innerText(), words.stopped);
    assert.equal(box.tr064.state.users.length, 1);
  });

  it("puts the new login into the dialog, checks it, and deploys it", async () => {
    await create(PASSWORD);
    await state("confirm");
    box.tr064.state.secondFactor.confirm();
    await state("ok");
    assert.match(await said().innerText(), words.done);
    const created = box.tr064.state.users.at(-1);
    assert.equal(await field("username").inputValue(), created?.name);
    await editor.page.locator("#fritz-check-summary").waitFor();
    const login = editor.page.locator('.fritz-check-line[data-check="login"]');
    assert.match(await login.innerText(), words.loggedIn);
    await editor.screenshot("done");
    await editor.configDone();
    await editor.done();
    await editor.deploy();
    const logins = box.tr064.requests.filter(({ action, status }) => action === "GetPhonebookList" && status === 200);
    assert.ok(logins.length > 0, "the deployed box uses the new user");
    assert.equal(box.tr064.state.lastUser, created?.name);
    const stored: string = await editor.run("JSON.stringify(RED.nodes.createCompleteNodeSet({ credentials: false }))");
    assert.ok(!stored.includes(PASSWORD) && !stored.includes(created?.password ?? PASSWORD));
  });

  it("says that the deployed login is worth nothing when the new one is cancelled", async () => {
    const { page } = editor;
    const [id = ""] = await editor.idsOf("fritz-config");
    await page.reload();
    await page.waitForFunction(
      "window.RED && RED.workspaces && RED.workspaces.active() !== 0 && RED.nodes.getType('fritz-config')",
    );
    await editor.run(`RED.editor.editConfig("", "fritz-config", "${id}")`);
    await page.locator("#node-config-dialog-ok").waitFor();
    await editor.dialogOpen();
    const before = await field("username").inputValue();
    await page.locator("#fritz-user-heading").click();
    await create(PASSWORD);
    await state("confirm");
    box.tr064.state.secondFactor.confirm();
    await state("ok");
    await page.locator("#node-config-dialog-cancel").click();
    await page.locator(".red-ui-notification", { hasText: before }).waitFor();
    assert.match(await page.locator(".red-ui-notification", { hasText: before }).innerText(), words.cancelled);
    await editor.screenshot("cancelled");
  });
}
