/**
 * The journal tab of `fritz-block` with a simulated box, below another `httpAdminRoot`, and with nothing but Node-RED to load
 * from: the last decisions, buttons that correct them, a number to try, and the last 30 days. Needs a build.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SimulatedBox } from "../../simulator/index";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, startNodeRed } from "../support/node-red-server";
import { until } from "../support/wait";

const LOGIN = { username: "nodered", password: "gehe!m-42" };
/** A number that cannot exist, and one that can. */
const [SPAM, CALLER] = ["01231234567", "03023125042"];

const WORDS = {
  "de-DE": {
    impossible: /Diese Nummer kann es nicht geben/,
    blocked: /^Würde gesperrt\./,
    allowed: /^Käme durch/,
    undone: "Eintrag entfernt.",
    count: /\d+ von \d+/,
    scored: /für [1-9]\d* Anrufe nach Bewertungen gefragt/,
  },
  "en-US": {
    impossible: /This number cannot exist/,
    blocked: /^Would be blocked\./,
    allowed: /^Would get through/,
    undone: "Entry taken out.",
    count: /\d+ of \d+/,
    scored: /scores asked for [1-9]\d* calls/,
  },
} as const;

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: the journal of fritz-block below /admin, Node-RED ${version}, ${locale}`, function () {
    journalTests(version, locale);
  });
}

function journalTests(version: "4.1" | "5.0", locale: Locale): void {
  const words = WORDS[locale];
  let server: NodeRedServer;
  let editor: EditorPage;
  let box: SimulatedBox;
  /** A PhoneBlock that knows no number, and keeps who asks waiting while `isSilent`. */
  const phoneblock = createServer((_request, response) => {
    if (isSilent) return;
    const known = JSON.stringify({ numbers: [], range10: [], range100: [] });
    response.writeHead(200, { "Content-Type": "application/json" }).end(known);
  });
  let isSilent = false;

  before(async function () {
    const missing = browserMissing ?? nodeRedAt(version).missing;
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    box = new SimulatedBox();
    box.tr064.state.users = [{ name: LOGIN.username, password: LOGIN.password, rights: { phone: "readwrite" } }];
    await box.monitor.listen();
    await box.tr064.listen();
    await new Promise<void>((resolve) => phoneblock.listen(0, "127.0.0.1", resolve));
    server = await startNodeRed({
      version,
      lang: locale === "de-DE" ? "de" : "en-US",
      settings: { httpAdminRoot: "/admin" },
    });
    await deploy();
    await until("the connection", () => box.monitor.connections === 1);
    editor = await EditorPage.open(`${server.url}/admin`, locale, `journal-${version}`);
  });
  after(async () => {
    await editor?.close();
    await server?.stop();
    await box?.monitor.stop();
    await box?.tr064.stop();
    phoneblock.closeAllConnections();
    phoneblock.close();
  });

  async function deploy(): Promise<void> {
    const { port, tlsPort } = box.tr064;
    const at = { host: "127.0.0.1", monitorPort: box.monitor.port, port, tlsPort, tls: true };
    const place = { z: "tab1", y: 100 };
    const baseUrl = `http://127.0.0.1:${(phoneblock.address() as AddressInfo).port}/api`;
    const flows = [
      { id: "tab1", type: "tab", label: "Flow" },
      { id: "box1", type: "fritz-config", name: "", ...at, credentials: LOGIN },
      { ...place, id: "calls", type: "fritz-callmonitor", x: 120, box: "box1", events: ["ring"], wires: [["info"]] },
      {
        ...{ ...place, id: "info", type: "fritz-caller-info", x: 330, box: "box1", wires: [["guard"], []] },
        ...{ providers: [{ id: "phoneblock", enabled: true, baseUrl, allowPrivate: true }] },
        credentials: { phoneblockToken: "pbt_test" },
      },
      {
        ...{ ...place, id: "guard", type: "fritz-block", x: 540, box: "box1", wires: [[], []] },
        ...{ minScore: 0, blockFake: true, action: "barring", dryRun: false },
      },
    ];
    const headers = { "Content-Type": "application/json", "Node-RED-API-Version": "v2" };
    const body = JSON.stringify({ flows });
    const answer = await fetch(`${server.url}/admin/flows`, { method: "POST", headers, body });
    assert.equal(answer.status, 200, await answer.text());
  }

  const barred = () => JSON.stringify(box.tr064.state.books.barring.contacts);
  const line = (what: string) => editor.page.locator(`.fritz-journal-line[data-what="${what}"]`).first();
  const reload = async (what: string) => {
    for (let tries = 0; (await line(what).count()) === 0; tries++) {
      assert.ok(tries < 300, `no line "${what}"`);
      await editor.page.locator("#fritz-journal-reload").click();
      await editor.page.waitForTimeout(100);
    }
  };

  it("shows the last decisions with their reasons", async () => {
    box.hangUp(box.ring(SPAM));
    await until("the entry", () => barred().includes(SPAM.slice(1)));
    box.hangUp(box.ring(CALLER));
    await editor.openDialog("guard");
    await editor.page.locator("#fritz-block-tabs .red-ui-tab-label").nth(3).click();
    await reload("allowed");
    assert.match(await line("blocked").innerText(), words.impossible);
    assert.match(await line("blocked").innerText(), new RegExp(SPAM));
    await editor.screenshot("lines");
  });

  it("undoes an entry, and blocks a caller", async () => {
    const undo = line("added").locator("button").nth(1);
    await undo.click();
    await until("the removal", () => !barred().includes(SPAM.slice(1)));
    await line("added").locator('[role="status"]', { hasText: words.undone }).waitFor();
    await line("allowed").locator("button").click();
    await until("the entry", () => barred().includes(CALLER.slice(1)));
    await editor.screenshot("corrected");
  });

  it("says of a number what would happen to it, and why", async () => {
    const { page } = editor;
    const answer = page.locator("#fritz-journal-answer");
    const tried = async (number: string, wanted: RegExp) => {
      await page.locator("#fritz-journal-number").fill(number);
      await page.locator("#fritz-journal-try").click();
      await answer.filter({ hasText: wanted }).waitFor();
    };
    await tried(SPAM, words.blocked);
    assert.match(await answer.innerText(), words.impossible);
    await tried("03023125099", words.allowed);
    await editor.screenshot("tried");
  });

  it("takes back a false alarm: the number gets through from then on", async () => {
    await line("blocked").locator("button").first().click();
    await line("blocked").locator('[role="status"]').filter({ hasNotText: "…" }).waitFor();
    await editor.page.locator("#fritz-journal-number").fill(SPAM);
    await editor.page.locator("#fritz-journal-try").click();
    await editor.page.locator("#fritz-journal-answer").filter({ hasText: words.allowed }).waitFor();
  });

  it("shows the last 30 days as a table", async () => {
    const { page } = editor;
    box.hangUp(box.ring("01237654321"));
    await until("its entry", () => barred().includes("1237654321"));
    await page.locator("#fritz-journal-rehearse").click();
    const rows = page.locator(".fritz-rehearsal tr");
    await rows.first().waitFor();
    assert.match(await page.locator("#fritz-journal-rehearsal > div").innerText(), words.count);
    assert.match(await rows.first().innerText(), words.impossible);
    assert.match((await rows.allInnerTexts()).join("\n"), /01237654321/);
    await editor.screenshot("rehearsed");
    if (version === "5.0") {
      await editor.done();
      await editor.theme("dark");
      await editor.openDialog("guard");
      await editor.page.locator("#fritz-block-tabs .red-ui-tab-label").nth(3).click();
      await reload("allowed");
      await editor.readable("#dialog-form :is(.fritz-journal-line, .fritz-journal-line div, .fritz-journal-line b)");
      await editor.screenshot("dark");
    }
  });

  it("asks the ticked sources about the last 30 days, shows how far it is, and stops when told to", async () => {
    const { page } = editor;
    const place = page.locator("#fritz-journal-rehearsal");
    await page.locator("#fritz-journal-scores").check();
    await page.locator("#fritz-journal-rehearse").click();
    await place.locator("div").filter({ hasText: words.scored }).waitFor();
    await editor.screenshot("scores");
    isSilent = true;
    box.hangUp(box.ring("03023125077"));
    await page.locator("#fritz-journal-rehearse").click();
    await place.locator("button").waitFor();
    await editor.screenshot("asking");
    await place.locator("button").click();
    await place.locator("div").filter({ hasText: words.count }).waitFor(); // of what is known, perhaps nothing
    assert.equal(await place.locator("button").count(), 0);
  });

  it("loaded nothing from anywhere else, and had no fault", () => assert.deepEqual(editor.faults, []));
}
