/** The dialog of fritz-caller-info: sources, what they send, own sources, trying them. Real Node-RED, real browser. Needs a build. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PHONEBLOCK_TOKEN, WebServices } from "../../simulator/index";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { textsOf } from "../support/locale-texts";
import { type FlowNode, type NodeRedServer, nodeRedAt, sharedNodeRed } from "../support/node-red-server";

/** What a user must be able to read, written down here and not taken from the package. */
const WORDS = {
  "de-DE": {
    sends: {
      nothing: "sendet nichts",
      prefix: /sendet Teil-Hash/,
      number: "sendet die Rufnummer",
    },
    recommended: /Empfohlen/,
    warned: /gibt sie an sieben andere Seiten weiter/,
    found: /^Gefunden:/,
    unknown: /kennt diese Nummer nicht/,
    noKey: /braucht einen Schlüssel/,
    wrongKey: /nimmt den Schlüssel nicht an/,
    wrongPlace: /stimmt "response\.fields\.name\.selct" nicht/,
    badTime: /^Die Zeit ist eine Zahl/,
    healthy: /in Ordnung, 1 gefunden/,
    noList: "keine Liste eingestellt",
    forgotten: /^Vergessen/,
  },
  "en-US": {
    sends: { nothing: "sends nothing", prefix: /sends a partial hash/, number: "sends the number" },
    recommended: /Recommended/,
    warned: /passes it on to seven other sites/,
    found: /^Found:/,
    unknown: /does not know this number/,
    noKey: /needs a key/,
    wrongKey: /does not accept the key/,
    wrongPlace: /"response\.fields\.name\.selct" is wrong/,
    badTime: /^The time is a number/,
    healthy: /fine, 1 found/,
    noList: "no list set",
    forgotten: /^Forgot/,
  },
} as const;

const MINE = {
  id: "mine",
  label: "Mein Verzeichnis",
  kind: ["name"],
  countries: ["49"],
  request: { url: "https://directory.example/{national}" },
  response: {
    type: "html",
    fields: { name: { select: "h1" }, listedNumber: { select: ".tel" } },
    requireMatch: "exactOrTrunk",
  },
};
const PAGE = '<h1>Erika Muster</h1><p class="tel">030 23 12 50 42</p>';

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: caller info, Node-RED ${version}, ${locale}`, function () {
    callerInfoTests(version, locale);
  });
}

function callerInfoTests(version: "4.1" | "5.0", locale: Locale): void {
  const words = WORDS[locale];
  const language = locale === "de-DE" ? "de" : "en-US";
  const web = new WebServices();
  let server: NodeRedServer;
  let editor: EditorPage;
  let folder: string;
  let id = "";

  before(async function () {
    const missing = browserMissing ?? nodeRedAt(version).missing;
    if (missing !== undefined) this.skip();
    folder = mkdtempSync(join(tmpdir(), "fritz-sources-"));
    await web.listen();
    // Nothing listens there; the node takes it by itself.
    const box = { id: "box1", type: "fritz-config", host: "127.0.0.1", monitorPort: 1, port: 1, tlsPort: 1 };
    const flows = [{ id: "tab1", type: "tab", label: "test" }, box];
    server = await sharedNodeRed({ version, lang: language, flows });
    editor = await EditorPage.open(server.url, locale, `caller-info-${version}`);
  });
  after(async () => {
    await editor?.close();
    await server?.stop();
    await web.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
  let failed: string | undefined;
  beforeEach(function () {
    if (failed !== undefined) this.skip();
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") failed ??= this.currentTest.title;
  });

  const row = (source: string) =>
    editor.page.locator("#node-input-providers-list > li", { has: editor.page.locator(`[data-source="${source}"]`) });
  const order = () =>
    editor.page
      .locator(".fritz-source-head")
      .evaluateAll((heads) => heads.map((head) => head.getAttribute("data-source")));
  const details = async (source: string) => {
    await row(source).locator(".fritz-source-details").click();
    await row(source).locator(".fritz-source-body").waitFor();
  };
  const option = (source: string, name: string) => row(source).locator(`[id$="-${name}"]`);
  const result = (source: string) => row(source).locator(".fritz-source-result");
  const deployed = async () => (await server.flows()).find((node) => node.id === id) as FlowNode;
  const says = async (source: string, wanted: RegExp) => {
    const { page } = editor;
    const end = Date.now() + 60_000;
    while (!wanted.test(await result(source).innerText())) {
      if (Date.now() > end) assert.fail(`${source} says ${await result(source).innerText()}`);
      await page.waitForTimeout(20);
    }
    return result(source).innerText();
  };

  it("offers all sources with what they send; three are on, and those send nothing", async () => {
    id = await editor.add("fritz-caller-info", "caller-info", 200, 120);
    assert.deepEqual(await editor.node(id), { id, valid: true, reasons: [] });
    await editor.openDialog(id);
    await row("wemgehoert").waitFor({ state: "attached" });
    const ids = await order();
    const own = ["phonebook", "numbers", "blocklist", "names"];
    assert.deepEqual(ids.slice(0, 5), [...own, "phoneblock"]);
    const keys = own.map((source) => `source.${source}`);
    const names = [...textsOf(language, "fritz-caller-info", keys), "PhoneBlock"];
    assert.ok(ids.length >= 20, ids.join());
    for (const [i, source] of ids.slice(0, 5).entries()) {
      assert.equal(
        await row(source ?? "")
          .locator(".fritz-source-name")
          .innerText(),
        names[i],
      );
    }
    for (const source of ids) {
      const on = await row(source ?? "")
        .locator('.fritz-source-head input[type="checkbox"]')
        .isChecked();
      assert.equal(on, ["phonebook", "numbers", "blocklist"].includes(source ?? ""), source ?? "");
      const sends =
        (await row(source ?? "")
          .locator(".fritz-source-sends")
          .textContent()) ?? "";
      if (on || source === "names") assert.equal(sends.trim(), words.sends.nothing);
      else if (source === "phoneblock") assert.match(sends, words.sends.prefix);
      else assert.equal(sends.trim(), words.sends.number, source ?? "");
    }
    await editor.screenshot("sources");
  });

  it("changes nothing when the dialog is only opened and closed", async () => {
    await editor.done();
    await editor.deploy();
    await editor.openDialog(id);
    await row("wemgehoert").waitFor({ state: "attached" });
    await editor.done();
    assert.equal(await editor.run("RED.nodes.dirty()"), false);
    const { x, y, z, wires, ...node } = await deployed();
    assert.deepEqual([typeof x, typeof y, typeof z, wires], ["number", "number", "string", [[], []]]);
    assert.deepEqual(node, {
      ...{
        id,
        type: "fritz-caller-info",
        name: "",
        box: "box1",
        deadlineMs: 4000,
        deadlineMsType: "num",
        outgoing: true,
        image: false,
        earlier: false,
        cacheStore: "",
      },
      providers: ["phonebook", "numbers", "blocklist"].map((source) => ({ id: source, enabled: true })),
    });
  });

  it("explains a source, sets it, and tries it with the key that stands in the field", async () => {
    const { page } = editor;
    await editor.openDialog(id);
    await row("wemgehoert").waitFor({ state: "attached" });
    await page.locator('.fritz-source-heading[data-group="number"]').click();
    await details("phoneblock-number");
    assert.match(
      await row("phoneblock-number").locator(".fritz-source-body .fritz-source-hint").innerText(),
      words.warned,
    );
    await details("phoneblock");
    assert.match(
      await row("phoneblock").locator(".fritz-source-body .fritz-source-hint").innerText(),
      words.recommended,
    );
    await row("phoneblock").locator('.fritz-source-head input[type="checkbox"]').check();
    await option("phoneblock", "baseUrl").fill(web.base("phoneblock"));
    await option("phoneblock", "allowPrivate").check();
    await row("phoneblock").locator(".fritz-try-ask").click();
    await says("phoneblock", words.noKey);
    await page.locator("#node-input-phoneblockToken").fill("wrong");
    await row("phoneblock").locator(".fritz-try-ask").click();
    await says("phoneblock", words.wrongKey);
    await page.locator("#node-input-phoneblockToken").fill(PHONEBLOCK_TOKEN);
    await row("phoneblock").locator(".fritz-try-ask").click();
    assert.match(await says("phoneblock", words.found), /"reports": 12/);
    await row("phoneblock").locator(".fritz-try-number").fill("030 23125011");
    await row("phoneblock").locator(".fritz-try-ask").click();
    await says("phoneblock", words.unknown);
    await editor.screenshot("phoneblock");
  });

  it("takes the file of a list from elsewhere, and as it is", async () => {
    const { page } = editor;
    const stored = `RED.nodes.node("${id}").providers.find(({ id }) => id === "names")`;
    const field = row("names").locator(".red-ui-typedInput-input");
    for (const [type, file, entry] of [
      ["flow.", "lists.names", { id: "names", enabled: false, file: "lists.names", fileType: "flow" }],
      ["string", "names.csv", { id: "names", enabled: false, file: "names.csv" }],
    ] as const) {
      await details("names");
      await row("names").locator(".red-ui-typedInput-type-select").click();
      const choice = page.locator(".red-ui-typedInput-options:visible a");
      await (type === "string" ? choice.first() : choice.filter({ hasText: type })).click();
      await editor.enter(field, file);
      await editor.screenshot(`list-${entry.file}`);
      await editor.done();
      assert.deepEqual(await editor.run(stored), entry);
      await editor.openDialog(id);
      await row("wemgehoert").waitFor({ state: "attached" });
    }
    await details("names");
    await editor.enter(field, "");
    await details("phoneblock");
  });

  it("moves a source with the keyboard", async () => {
    const up = row("phoneblock").locator("button").first();
    await up.focus();
    await editor.page.keyboard.press("Enter"); // over the heading of its group
    await editor.page.keyboard.press("Enter"); // over the list of names
    await editor.page.keyboard.press("Enter");
    assert.deepEqual((await order()).slice(0, 4), ["phonebook", "numbers", "phoneblock", "blocklist"]);
  });

  it("saves only what is on or set, and keeps the key to itself", async () => {
    await editor.done();
    await editor.deploy();
    const node = await deployed();
    assert.deepEqual(node["providers"], [
      { id: "phonebook", enabled: true },
      { id: "numbers", enabled: true },
      { id: "phoneblock", enabled: true, baseUrl: web.base("phoneblock"), allowPrivate: true },
      { id: "blocklist", enabled: true },
    ]);
    assert.ok(!JSON.stringify(await server.flows()).includes(PHONEBLOCK_TOKEN));
    const credentials = await fetch(`${server.url}/credentials/fritz-caller-info/${id}`);
    assert.ok(!(await credentials.text()).includes(PHONEBLOCK_TOKEN));
  });

  it("shows how the sources are doing, and forgets on a click", async () => {
    const { page } = editor;
    const inject = await editor.add("inject", "inject", 60, 220);
    await editor.run(`(() => { const n = RED.nodes.node("${inject}");
      n.props = [{ p: "payload" }]; n.payload = "030 23125042"; n.payloadType = "str"; n.changed = true; })()`);
    await editor.wire(inject, id);
    await editor.deploy();
    // The editor is done before the flows run again.
    const click = async () => (await fetch(`${server.url}/inject/${inject}`, { method: "POST" })).status;
    for (let tries = 0; (await click()) !== 200; tries++) {
      assert.ok(tries < 100, "the button does not work");
      await page.waitForTimeout(50);
    }
    await page.waitForFunction('/8/.test($(".red-ui-flow-node-status-label").text())');
    await editor.openDialog(id);
    await row("wemgehoert").waitFor({ state: "attached" });
    await page.waitForFunction('$("[data-source=phoneblock] .fritz-source-health").text() !== ""');
    assert.match(await row("phoneblock").locator(".fritz-source-health").innerText(), words.healthy);
    assert.equal(await row("blocklist").locator(".fritz-source-health").innerText(), words.noList);
    await page.locator("#fritz-source-forget").click();
    await page.locator(".red-ui-notification-success:visible", { hasText: words.forgotten }).waitFor();
    await editor.screenshot("health");
  });

  it("takes in a source of the user's own from a file, tries it with a pasted page, and gives it out again", async () => {
    const { page } = editor;
    const file = join(folder, "mine.json");
    writeFileSync(file, JSON.stringify(MINE));
    await page.locator("#fritz-source-file").setInputFiles(file);
    await row("mine").waitFor();
    assert.equal(
      await row("mine")
        .locator(".fritz-source-sends")
        .innerText()
        .then((text) => text.trim()),
      words.sends.number,
    );
    await details("mine");
    await row("mine").locator(".fritz-try-page").fill(PAGE);
    await row("mine").locator(".fritz-try-read").click();
    assert.match(await says("mine", words.found), /"Erika Muster"[\s\S]*"directory"/);
    await editor.screenshot("own-source");
    const download = page.waitForEvent("download");
    await row("mine").locator(".fritz-source-body button").nth(1).click();
    const saved = join(folder, "saved.json");
    await (await download).saveAs(saved);
    assert.deepEqual(JSON.parse(readFileSync(saved, "utf8")), MINE);
  });

  it("edits the description as JSON and says where it is wrong", async () => {
    const { page } = editor;
    await row("mine").locator(".fritz-source-body button").first().click();
    await page.locator(".red-ui-editor-type-json-tab-content:visible").waitFor();
    await editor.still(); // the focus may be lost when the code editor takes the place of the text area
    const wrong = { ...MINE, label: "Anders", response: { ...MINE.response, fields: { name: { selct: "h1" } } } };
    // The code editor is Node-RED's; what is typed there is set here at once.
    await page.locator(".red-ui-editor-type-json-tab-content .monaco-editor, .ace_editor").first().waitFor();
    await editor.run(`(() => { const text = ${JSON.stringify(JSON.stringify(wrong))};
      if (window.monaco) monaco.editor.getEditors().at(-1).setValue(text); else ace.edit($(".ace_editor:visible")[0]).setValue(text); })()`);
    await page.locator(".red-ui-tray:visible #node-dialog-ok").last().click();
    await row("mine")
      .locator(".fritz-source-name", { hasText: /^Anders$/ })
      .waitFor();
    await editor.still();
    await row("mine").locator(".fritz-try-read").click();
    await says("mine", words.wrongPlace);
  });

  it("keeps the own source's key where secrets belong, and removes the source with it", async () => {
    await row("mine").locator('input[type="password"]').fill("own-secret-4711");
    await row("mine").locator('input[type="password"]').blur();
    await editor.done();
    await editor.deploy();
    const entry = () => (entries: unknown) =>
      (entries as { id: string; keySlot?: number }[]).find((one) => one.id === "mine");
    assert.equal(entry()((await deployed())["providers"])?.keySlot, 1);
    assert.ok(!JSON.stringify(await server.flows()).includes("own-secret-4711"));
    const has = async () =>
      (await (await fetch(`${server.url}/credentials/fritz-caller-info/${id}`)).json()) as Record<string, unknown>;
    assert.equal((await has())["has_customKey1"], true);
    await editor.openDialog(id);
    await row("mine").waitFor();
    await details("mine");
    await row("mine").locator(".fritz-source-body button").nth(2).click();
    await row("mine").waitFor({ state: "detached" });
    await editor.done();
    await editor.deploy();
    assert.equal(entry()((await deployed())["providers"]), undefined);
    assert.notEqual((await has())["has_customKey1"], true);
    assert.equal((await has())["has_phoneblockToken"], true);
  });

  it("marks a deadline that is none", async () => {
    await editor.openDialog(id);
    await editor.page.locator("#fritz-info-details-heading").click();
    const deadline = editor.typedField("deadlineMs");
    await editor.enter(deadline, "soon");
    assert.match(await editor.tooltip(deadline), words.badTime);
    await editor.enter(deadline, "2500");
    await editor.done();
    assert.equal(await editor.run(`RED.nodes.node("${id}").deadlineMs`), 2500);
  });

  if (version === "5.0") {
    it("can be read in the dark theme", async () => {
      await editor.deploy();
      await editor.theme("dark");
      await editor.openDialog(id);
      await row("wemgehoert").waitFor({ state: "attached" });
      await details("phoneblock");
      await editor.readable(
        "#dialog-form label, #dialog-form .fritz-source-sends, #dialog-form .fritz-source-hint, #dialog-form input[type=text]",
      );
      await editor.screenshot("dark");
      await editor.done();
    });
  }

  it("had no fault in the page all the time", () => {
    // What the browser says of answers that tell what is wrong: those are shown to the user.
    const faults = editor.faults.filter((fault) => !/fritz-calls\/try-source|status of 422/.test(fault));
    assert.deepEqual(faults, []);
  });
}
