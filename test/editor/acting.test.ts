/** The nodes that act on the telephone system: dragged, configured from pick lists, deployed and used, in a real browser. Needs a build. */
import assert from "node:assert/strict";
import { SimulatedBox } from "../../simulator/index";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { textsOf } from "../support/locale-texts";
import { type NodeRedServer, nodeRedAt, sharedNodeRed } from "../support/node-red-server";
import { until } from "../support/wait";

const INJECT = {
  name: "",
  props: [{ p: "topic", vt: "str" }],
  repeat: "",
  crontab: "",
  once: false,
  onceDelay: 0.1,
  topic: "",
};
const LOGIN = { username: "nodered", password: "gehe!m-42" };

/** What a user must be able to read, written down here and not taken from the package. */
const WORDS = {
  "de-DE": {
    rule: /^Alle Anrufe.*\(aus\)/,
    allPhones: /\*\*9 .*alle/i,
  },
  "en-US": {
    rule: /^All calls.*\(off\)/i,
    allPhones: /\*\*9 .*all/i,
  },
} as const;

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: nodes that act, Node-RED ${version}, ${locale}`, function () {
    actingTests(version, locale);
  });
}

function actingTests(version: "4.1" | "5.0", locale: Locale): void {
  const words = WORDS[locale];
  const language = locale === "de-DE" ? "de" : "en-US";
  let server: NodeRedServer;
  let editor: EditorPage;
  let box: SimulatedBox;
  const ids: Record<string, string> = {};

  before(async function () {
    const missing = browserMissing ?? nodeRedAt(version).missing;
    if (missing !== undefined) this.skip();
    box = new SimulatedBox();
    const { state } = box.tr064;
    state.users = [{ name: LOGIN.username, password: LOGIN.password, rights: { phone: "readwrite" } }];
    const rule = { number: "", toNumber: "", mode: "eNoSignal", outgoing: "", phonebookId: "" as const };
    state.deflections = [{ ...rule, type: "fromAll", enable: false }];
    state.phones = ["FON1: Türtelefon", ...state.phones.slice(1)];
    await box.monitor.listen();
    await box.tr064.listen();
    server = await sharedNodeRed({ version, lang: language });
    const { port, tlsPort } = box.tr064;
    const at = { host: "127.0.0.1", monitorPort: box.monitor.port, port, tlsPort, tls: true };
    await server.deploy([
      { id: "tab1", type: "tab", label: "Flow" },
      { id: "box1", type: "fritz-config", name: "Zuhause", ...at, credentials: LOGIN },
      { id: "go", type: "inject", z: "tab1", x: 120, y: 60, ...INJECT, wires: [[]] },
    ]);
    editor = await EditorPage.open(server.url, locale, `acting-${version}`);
  });
  after(async () => {
    await editor?.close();
    await server?.stop();
    await box?.monitor.stop();
    await box?.tr064.stop();
  });

  const field = (name: string) => editor.page.locator(`#node-input-${name}`);
  /** Drags a node and opens its dialog. */
  async function begin(type: string, y: number): Promise<void> {
    ids[type] = await editor.add(type, type, 420, y);
    await editor.openDialog(ids[type]);
    assert.equal(await field("box").inputValue(), "box1", "the only box");
  }
  /** Opens the list of a field with a click and takes an offer. */
  async function choose(name: string, offer: string | RegExp, value: string): Promise<void> {
    await field(name).click();
    const offered = editor.page.locator("a:visible", { hasText: offer }).first();
    await offered.waitFor();
    await editor.screenshot(`pick-${name}`);
    await offered.click();
    assert.equal(await field(name).inputValue(), value);
  }
  async function end(type: string): Promise<void> {
    await editor.screenshot(type);
    await editor.done();
    const { valid, reasons } = await editor.node(ids[type] ?? "");
    assert.ok(valid, reasons.join());
    await editor.wire("go", ids[type] ?? "");
  }

  it("have names in the user's language in the palette", async () => {
    const types = ["fritz-deflection", "fritz-dial", "fritz-answering-machine", "fritz-action"];
    for (const type of types) {
      await editor.inPalette(type).waitFor({ state: "attached" });
      const shown = (await editor.inPalette(type).textContent()) ?? "";
      assert.deepEqual([shown.trim().replace(/\s+/g, " ")], textsOf(language, type, ["palette"]));
    }
  });

  it("fritz-deflection: one of the box's rules, in words", async () => {
    await begin("fritz-deflection", 60);
    await field("operation").selectOption("set");
    await choose("deflection", words.rule, "fromAll NoSignal");
    const said = editor.page.locator("#fritz-deflection-said");
    await said.filter({ hasText: words.rule }).waitFor();
    await editor.done();
    await editor.openDialog(ids["fritz-deflection"] ?? "");
    await said.filter({ hasText: words.rule }).waitFor();
    await end("fritz-deflection");
  });

  it("fritz-dial: one of the house's telephones, by name", async () => {
    await begin("fritz-dial", 140);
    await choose("phone", "**1 Türtelefon", "**1");
    await choose("phone", words.allPhones, "**9");
    await field("phone").click();
    await editor.page.locator("a:visible", { hasText: "**1" }).first().waitFor();
    assert.equal(await editor.page.locator("a:visible", { hasText: "**600" }).count(), 0, "a machine does not ring");
    await editor.page.locator("a:visible", { hasText: words.allPhones }).first().click();
    await field("seconds").fill("60");
    await editor.page.locator("#node-input-allowed-list").fill("030*\n\n**610");
    await end("fritz-dial");
  });

  it("fritz-answering-machine: one of the machines, to be switched off", async () => {
    await begin("fritz-answering-machine", 220);
    await field("operation").selectOption("set");
    await choose("machine", "Anrufbeantworter 1", "0");
    await field("enabled").uncheck();
    await end("fritz-answering-machine");
  });

  it("fritz-action: service and action of this box, with a template of the arguments", async () => {
    await begin("fritz-action", 300);
    await choose("service", "X_AVM-DE_TAM:1", "X_AVM-DE_TAM:1");
    await choose("action", /^GetInfo$/, "GetInfo");
    await editor.page.waitForFunction('$("#node-input-arguments-json").val().includes("Index")');
    assert.deepEqual(JSON.parse(await editor.page.locator("#node-input-arguments-json").inputValue()), { Index: 0 });
    assert.match(await editor.page.locator("#fritz-action-arguments").innerText(), /Index \(ui2: 0 – 4\)/);
    await end("fritz-action");
  });

  it("do what they were set up for", async () => {
    await editor.deploy();
    // The editor is done before the flows run again.
    const click = async () => (await fetch(`${server.url}/inject/go`, { method: "POST" })).status;
    for (let tries = 0; (await click()) !== 200; tries++) {
      assert.ok(tries < 100, "the button does not work");
      await editor.page.waitForTimeout(50);
    }
    const { state } = box.tr064;
    await until("the rule", () => state.deflections[0]?.enable === true);
    await until("the ring", () => box.ringing === "**9");
    await until("the machine", () => state.tam.slots[0]?.enable === false);
    await editor.page.waitForFunction('$(".red-ui-flow-node-status-label").filter((_, e) => $(e).text()).length >= 4');
    const texts: string[] = await editor.run('$(".red-ui-flow-node-status-label").get().map((e) => $(e).text())');
    for (const text of texts) assert.ok(text.length <= 25, text);
    await editor.screenshot("used");
    const flows = await server.flows();
    assert.deepEqual(flows.find(({ id }) => id === ids["fritz-dial"])?.["allowed"], ["030*", "**610"]);
    const saved = flows.find(({ id }) => id === ids["fritz-action"]);
    assert.deepEqual(
      [saved?.["service"], saved?.["action"], saved?.["arguments"]],
      ["X_AVM-DE_TAM:1", "GetInfo", { Index: 0 }],
    );
    assert.deepEqual(editor.faults, []);
  });

  it("change nothing when their dialogs are only opened and closed", async () => {
    for (const id of Object.values(ids)) {
      await editor.openDialog(id);
      await editor.done();
      assert.equal(await editor.run("RED.nodes.dirty()"), false, (await editor.node(id)).id);
    }
    await editor.openDialog(ids["fritz-action"] ?? "");
    await editor.page.waitForFunction('$("#fritz-action-arguments").is(":visible")');
    await editor.done();
  });
}
