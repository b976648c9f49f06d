/** The editor as a user meets it: real Node-RED 4.1 and 5.0, a real browser, German and English. Needs a build. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator/index";
import { EVENT_NAMES } from "../../src/lib/calls/types";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { textsOf } from "../support/locale-texts";
import { readNodeHtmls } from "../support/node-html";
import { type FlowNode, type NodeRedServer, nodeRedAt, root, sharedNodeRed } from "../support/node-red-server";

/** What a user must be able to read, written down here and not taken from the package. Labels are found by their keys. */
const WORDS = {
  "de-DE": {
    lang: "de",
    badPort: "Der Port ist eine ganze Zahl von 1 bis 65535.",
    badZone: /^Diese Zeitzone gibt es nicht/,
    badTime: /^Die Zeit ist eine Zahl/,
    noEvent: "Mindestens ein Ereignis wählen.",
    tip: /braucht keine Anmeldung.*#96\*5\*/,
    status: /^\d\d:\d\d klingelt$/,
    outage: /127\.0\.0\.1 lehnt ab/,
    brief: /^\d\d:\d\d Box startet neu$/,
    headings: { node: ["Eingänge", "Ausgänge", "Details"], config: ["Details"] },
  },
  "en-US": {
    lang: "en-US",
    badPort: "The port is a whole number from 1 to 65535.",
    badZone: /^No such time zone/,
    badTime: /^The time is a number/,
    noEvent: "Choose at least one event.",
    tip: /needs no login.*#96\*5\*/,
    status: /^\d\d:\d\d ring$/,
    outage: /127\.0\.0\.1 refuses, probably restarting/,
    brief: /^\d\d:\d\d box restarting$/,
    headings: { node: ["Inputs", "Outputs", "Details"], config: ["Details"] },
  },
} as const;

/** The labels of fritz-callmonitor, fritz-log and fritz-config after the name, in the order of their dialogs, by their keys. */
const LABELS = ["box", "events", "settleMs", "recover", "numbers"].map((name) => `label.${name}`);
const LOG_LABELS = ["file", "format", "daily", "anonymize"].map((name) => `label.${name}`);
const CONFIG_LABELS = [
  ...["label.host", "label.username", "label.password", "user.admin", "user.password"],
  ...["label.monitorPort", "label.timeZone", "label.tls", "label.fingerprint", "label.port", "label.tlsPort"],
  ...["label.countryCode", "label.areaCode", "label.areaCodeFile"],
];

const nodes = readNodeHtmls().map(({ definition }) => definition);
const inCi = process.env["CI"] === "true";

/** The simulated box shows this computer's time. */
const hostZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Why the tests of a version cannot run here. In CI only a platform without a Node.js binary is an excuse. */
function excuse(version: "4.1" | "5.0"): string | undefined {
  if (browserMissing !== undefined) {
    if (inCi) throw new Error(browserMissing);
    return browserMissing;
  }
  const { missing } = nodeRedAt(version);
  return missing === undefined ? undefined : `Node-RED ${version} is not installed (${missing.replace(root, ".")})`;
}

const same = (said: string[], wanted: readonly (string | RegExp)[], what: string) => {
  const texts = said.map((text) => text.trim());
  assert.equal(texts.length, wanted.length, `${what}: ${texts.join(" | ")}`);
  for (const [i, word] of wanted.entries()) {
    if (typeof word === "string") assert.equal(texts[i], word, what);
    else assert.match(texts[i] ?? "", word, what);
  }
};

for (const version of ["4.1", "5.0"] as const) {
  for (const locale of ["de-DE", "en-US"] as const) {
    describe(`editor: Node-RED ${version}, ${locale}`, function () {
      editorTests(version, locale);
    });
  }
}

function editorTests(version: "4.1" | "5.0", locale: Locale): void {
  const words = WORDS[locale];
  let server: NodeRedServer;
  let editor: EditorPage;
  let simulator: SimulatedBox;
  let monitorId = "";
  let configId = "";

  before(async function () {
    const reason = excuse(version);
    if (reason !== undefined) {
      console.log(`    skipped: ${reason}`);
      this.skip();
    }
    simulator = new SimulatedBox();
    await simulator.monitor.listen();
    server = await sharedNodeRed({ version, lang: words.lang });
    editor = await EditorPage.open(server.url, locale, `editor-${version}-${words.lang}`);
  });

  after(async () => {
    await editor?.close();
    await server?.stop();
    await simulator?.monitor.stop();
  });

  // The steps build on each other: after the first failure the rest would only fail for its sake.
  let failed: string | undefined;
  beforeEach(function () {
    if (failed === undefined) return;
    console.log(`      skipped after the failure of "${failed}"`);
    this.skip();
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") failed ??= this.currentTest.title;
  });

  const fieldLabels = (form: string) => editor.page.locator(`${form} .form-row > label`).allInnerTexts();

  it("shows all nodes of the package in the palette", async () => {
    await editor.searchPalette("fritz");
    for (const { type, category } of nodes) {
      assert.equal(await editor.inPalette(type).count(), category === "config" ? 0 : 1, type);
      if (category !== "config") assert.ok(await editor.inPalette(type).isVisible(), type);
      assert.equal(await editor.run(`!!RED.nodes.getType("${type}")`), true);
    }
    const heading = editor.page.locator(".red-ui-palette-header:visible", { hasText: /Fritz/ });
    assert.equal((await heading.allInnerTexts()).join().trim(), "Fritz Box");
    await editor.screenshot("palette");
  });

  it("adds a fritz-callmonitor, which is valid without a box: a replay needs none", async () => {
    monitorId = await editor.add("fritz-callmonitor", "callmon", 200, 120);
    assert.deepEqual(await editor.node(monitorId), { id: monitorId, valid: true, reasons: [] });
  });

  it("shows the dialog in the user's language", async () => {
    await editor.openDialog(monitorId);
    same(await fieldLabels("#dialog-form"), ["Name", ...textsOf(words.lang, "fritz-callmonitor", LABELS)], "labels");
    const events = editor.page.locator("#node-input-events-boxes label");
    const names = [...EVENT_NAMES, "state"].map((name) => `event.${name}`);
    same(await events.allInnerTexts(), textsOf(words.lang, "fritz-callmonitor", names), "events");
    for (const box of await editor.page.locator("#node-input-events-boxes input").all()) {
      assert.equal(await box.isChecked(), !(await box.getAttribute("id"))?.endsWith("state"));
    }
    assert.equal(await editor.page.locator("#node-input-settleMs").inputValue(), "0");
    assert.equal(await editor.page.locator("#node-input-numbers-list input").count(), 0);
    await editor.screenshot("dialog-new");
  });

  it("creates a fritz-config in its dialog and says what is wrong in it", async () => {
    const { page } = editor;
    await editor.openConfig("box", "add");
    const labels = ["Name", ...textsOf(words.lang, "fritz-config", CONFIG_LABELS)];
    same(await fieldLabels("#node-config-dialog-edit-form"), labels, "labels");
    assert.match(await page.locator("#node-config-dialog-edit-form .form-tips").first().innerText(), words.tip);
    assert.equal(await page.locator("#node-config-dialog-edit-form .form-tips b").innerText(), "#96*5*");
    const port = page.locator("#node-config-input-monitorPort");
    const zone = page.locator("#node-config-input-timeZone");
    assert.equal(await page.locator("#node-config-input-host").inputValue(), "fritz.box");
    assert.equal(await port.inputValue(), "1012");
    assert.equal(await zone.inputValue(), "");
    await editor.screenshot("config-new");
    await page.locator("#fritz-config-details-heading").click();

    const wrong = /(^|\s)input-error(\s|$)/;
    for (const bad of ["0", "10.5", "port", "", "70000"]) {
      await editor.enter(port, bad);
      assert.match((await port.getAttribute("class")) ?? "", wrong, `port "${bad}"`);
    }
    assert.ok((await editor.tooltip(port)).includes(words.badPort));
    await editor.enter(zone, "Europe/Nowhere");
    assert.match(await editor.tooltip(zone), words.badZone);
    await editor.screenshot("config-invalid");

    await editor.enter(zone, hostZone);
    await page.locator("#node-config-input-host").fill("127.0.0.1");
    await editor.enter(port, String(simulator.monitor.port));
    for (const field of [port, zone]) assert.doesNotMatch((await field.getAttribute("class")) ?? "", wrong);
    await editor.screenshot("config");
    await editor.configDone();
    configId = await page.locator("#node-input-box").inputValue();
    assert.deepEqual(await editor.idsOf("fritz-config"), [configId]);
  });

  it("takes an own number, the events and the settle time", async () => {
    const { page } = editor;
    await page.locator("#node-input-event-call").uncheck();
    await page.locator("#node-input-event-connect").uncheck();
    await page.locator("#node-input-settleMs").fill("250");
    const list = page.locator("#node-input-numbers-list");
    const add = page.locator(".red-ui-editableList-addButton:visible");
    await add.click();
    await list.locator("input").nth(0).fill("  732123 ");
    await add.click(); // stays empty
    await editor.shows("#node-input-numbers-list input", "#dialog-form .red-ui-editableList-container");
    await editor.shows("#dialog-form > :is(.form-row, .form-tips)", "#dialog-form");
    await editor.screenshot("dialog");
    await editor.done();
    const { valid, reasons } = await editor.node(monitorId);
    assert.deepEqual({ valid, reasons }, { valid: true, reasons: [] });
  });

  it("deploys exactly the contract's properties", async () => {
    const debugId = await editor.add("debug", "debug", 500, 120);
    await editor.wire(monitorId, debugId);
    await editor.deploy();
    const flows = await server.flows();
    const deployed = flows.find(({ id }) => id === monitorId) as FlowNode;
    const { x, y, z, ...monitor } = deployed;
    assert.ok([typeof x, typeof y, typeof z].join() === "number,number,string");
    assert.deepEqual(monitor, {
      id: monitorId,
      type: "fritz-callmonitor",
      name: "",
      box: configId,
      events: ["ring", "disconnect"],
      numbers: ["732123"],
      settleMs: 250,
      recover: true,
      wires: [[debugId]],
    });
    assert.deepEqual(
      flows.find(({ id }) => id === configId),
      {
        id: configId,
        type: "fritz-config",
        name: "",
        host: "127.0.0.1",
        monitorPort: simulator.monitor.port,
        ...{ port: 49000, tlsPort: 49443, tls: true, fingerprint: "", countryCode: "", areaCode: "", areaCodeFile: "" },
        timeZone: hostZone,
      },
    );
  });

  it("shows a call in the debug sidebar and in the status", async () => {
    const { page } = editor;
    await until(() => simulator.monitor.connections === 1, "no connection to the box");
    const status = editor.onCanvas(monitorId).locator(".red-ui-flow-node-status-label");
    await editor.run('RED.sidebar.show("debug")');
    const call = simulator.ring("0301234567");
    const messages = page.locator(".red-ui-debug-msg");
    await messages.first().waitFor();
    await page.waitForFunction(`/${words.status.source}/.test($(".red-ui-flow-node-status-label").text())`);
    assert.match((await status.textContent()) ?? "", words.status);
    const said = (await messages.allInnerTexts()).join("\n");
    assert.match(said, /ring : msg\.payload/);
    assert.match(said, /event: "ring"/);
    await editor.screenshot("call");
    simulator.hangUp(call);
    await messages.nth(1).waitFor();
    assert.match(await messages.nth(1).innerText(), /disconnect : msg\.payload/);
  });

  it("says in the status what is wrong", async () => {
    const status = editor.onCanvas(monitorId).locator(".red-ui-flow-node-status-label");
    await simulator.monitor.refuse();
    simulator.monitor.resetAll();
    await until(async () => words.brief.test((await status.textContent()) ?? ""), "no outage in the status");
    await editor.screenshot("outage");
    await simulator.monitor.accept();
    await until(() => simulator.monitor.connections === 1, "no second connection");
  });

  it("shows the same values when the dialog is opened again, and changes nothing by that", async () => {
    const { page } = editor;
    await editor.openDialog(monitorId);
    assert.equal(await page.locator("#node-input-box").inputValue(), configId);
    const checked = await page
      .locator("#node-input-events-boxes input:checked")
      .evaluateAll((boxes) => boxes.map(({ id }) => id));
    assert.deepEqual(checked, ["node-input-event-ring", "node-input-event-disconnect"]);
    assert.equal(await page.locator("#node-input-settleMs").inputValue(), "250");
    const numbers = page.locator("#node-input-numbers-list input");
    assert.equal(await numbers.count(), 1);
    assert.equal(await numbers.first().inputValue(), "732123");
    await editor.done();
    assert.equal(await editor.run("RED.nodes.dirty()"), false);
  });

  if (version === "5.0" && locale === "en-US") {
    it("can be read in the dark theme", async () => {
      await editor.theme("dark");
      await editor.openDialog(monitorId);
      await editor.readable("#dialog-form label, #dialog-form span, #dialog-form input, #dialog-form .form-tips");
      await editor.screenshot("dark-dialog");
      await editor.openConfig("box");
      await editor.readable("#node-config-dialog-edit-form :is(label, input, .form-tips, .form-tips b)");
      await editor.screenshot("dark-config");
      await editor.configDone();
      await editor.done();
      await editor.theme("light");
      assert.equal(await editor.run("RED.nodes.dirty()"), false);
    });
  }

  it("plays a call into the deployed flow", async () => {
    const { page } = editor;
    const calls = () => page.locator(".red-ui-debug-msg").allInnerTexts();
    const before = (await calls()).length;
    await editor.openDialog(monitorId);
    await page.locator("#fritz-play-number").fill("030 23125 001");
    await page.locator("#fritz-play-outcome").selectOption("missed");
    await editor.screenshot("play");
    await page.locator("#fritz-play").click();
    await until(async () => (await calls()).length >= before + 2, "the played call did not arrive");
    const said = (await calls()).slice(before).join("\n");
    assert.match(said, /ring : msg\.payload[\s\S]*disconnect : msg\.payload/);
    await editor.done();
  });

  it("keeps environment variables in number fields", async () => {
    const { page } = editor;
    await editor.openDialog(monitorId);
    await page.locator("#node-input-settleMs").fill("${SETTLE}");
    await editor.openConfig("box");
    await page.locator("#node-config-input-monitorPort").fill("${PORT}");
    await editor.configDone();
    await editor.done();
    assert.equal(await editor.run(`RED.nodes.node("${monitorId}").settleMs`), "${SETTLE}");
    assert.equal(await editor.run(`RED.nodes.node("${configId}").monitorPort`), "${PORT}");
    assert.equal((await editor.node(monitorId)).valid, true);
    assert.equal((await editor.node(configId)).valid, true);
  });

  it("marks nodes that cannot work, with the reason in the user's language", async () => {
    const { page } = editor;
    await editor.openDialog(monitorId);
    for (const event of ["ring", "disconnect"]) await page.locator(`#node-input-event-${event}`).uncheck();
    const settle = page.locator("#node-input-settleMs");
    await editor.enter(settle, "-1");
    assert.match(await editor.tooltip(settle), words.badTime);
    await editor.openConfig("box");
    await page.locator("#node-config-input-monitorPort").fill("99999");
    await editor.configDone();
    await editor.done();

    const config = await editor.node(configId);
    assert.deepEqual(config, { id: configId, valid: false, reasons: [words.badPort] });
    const { valid, reasons } = await editor.node(monitorId);
    assert.equal(valid, false);
    assert.equal(reasons.length, 3, reasons.join());
    assert.match(reasons[0] ?? "", /Fritz!Box/); // its configuration is not valid
    assert.equal(reasons[1], words.noEvent);
    assert.match(reasons[2] ?? "", words.badTime);
    const shown = await editor.tooltip(editor.onCanvas(monitorId).locator(".red-ui-flow-node-error"));
    assert.ok(shown.includes(words.noEvent), shown);
    await editor.screenshot("invalid");
    await editor.restMouse();
  });

  it("shows the dialog of fritz-log in the user's language", async () => {
    const logId = await editor.add("fritz-log", "fritz-log", 200, 260);
    assert.equal((await editor.node(logId)).valid, true);
    await editor.openDialog(logId);
    same(await fieldLabels("#dialog-form"), ["Name", ...textsOf(words.lang, "fritz-log", LOG_LABELS)], "labels");
    const { page } = editor;
    assert.equal(await page.locator("#node-input-anonymize").isChecked(), true);
    assert.equal(await page.locator("#node-input-daily").isChecked(), false);
    await page.locator("#node-input-format").selectOption("json");
    await page.locator("#node-input-daily").check();
    await editor.screenshot("log");
    await editor.done();
    const saved = await editor.run(
      `(({ file, daily, anonymize, format }) => ({ file, daily, anonymize, format }))(RED.nodes.node("${logId}"))`,
    );
    assert.deepEqual(saved, { file: "fritz-calls/calls.log", daily: true, anonymize: true, format: "json" });
  });

  it("shows help for every node in the user's language", async () => {
    for (const { type, category } of nodes) {
      await editor.run(`RED.sidebar.help.show("${type}")`);
      const help = editor.page.locator(".red-ui-help:visible");
      const headings = help.locator("h3");
      await editor.page.waitForFunction(`$(".red-ui-help:visible").text().includes("${helpStart(words.lang, type)}")`);
      assert.deepEqual(await headings.allInnerTexts(), words.headings[category === "config" ? "config" : "node"], type);
      await editor.screenshot(`help-${type}`);
    }
  });

  it("had no fault in the page all the time", () => {
    assert.deepEqual(editor.faults, []);
    const errors = server.log.filter((line) => /\[(warn|error)\]/.test(line) && /fritz/i.test(line));
    assert.equal(errors.length, 1, errors.join("\n")); // the outage, once
    assert.match(errors[0] ?? "", words.outage);
  });
}

/** The first words of a node's help. */
function helpStart(lang: string, type: string): string {
  const html = readFileSync(join(root, "locales", lang, `${type}.html`), "utf8");
  return /<p>\s*([^<]{10,30})/.exec(html)?.[1]?.trim() ?? assert.fail(`no help of ${type}`);
}

async function until(condition: () => boolean | Promise<boolean>, complaint: string): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > end) assert.fail(complaint);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
