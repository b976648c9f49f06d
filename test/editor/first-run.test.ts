/** The first run, click by click: from an empty editor to spam that is blocked, in a real browser. Needs a build. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SimulatedBox } from "../../simulator/index";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, root, sharedNodeRed } from "../support/node-red-server";
import { until } from "../support/wait";

const LOGIN = { name: "nodered", password: "gehe!m-42" };
/** Two numbers that cannot exist: Germany has no such area codes. */
const SPAM = ["01231234567", "01237654321"];
const CLICKS = { dryRun: 15, armed: 3 };

/** Room for a word in the palette of Node-RED 4.1 and 5.0, pixels. */
const PALETTE_WIDTH = 82;

function paletteNames(): [language: string, type: string, name: string][] {
  const folder = join(root, "locales");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return files.flatMap((file) => {
    const type = basename(file, ".json");
    const texts = JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, { palette?: string }>;
    const name = texts[type]?.palette;
    return name === undefined ? [] : [[dirname(file), type, name]];
  });
}

const WORDS = {
  "de-DE": { dryRun: "Probelauf: falsche Nummer", armed: "gesperrt: falsche Nummer" },
  "en-US": { dryRun: "dry run: fake number", armed: "blocked: fake number" },
} as const;

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: the first run in Node-RED ${version}, ${locale}`, function () {
    firstRun(version, locale);
  });
}

function firstRun(version: "4.1" | "5.0", locale: Locale): void {
  let server: NodeRedServer;
  let editor: EditorPage;
  let box: SimulatedBox;
  let clicks = 0;
  const ids: Record<string, string> = {};

  before(async function () {
    const missing = browserMissing ?? nodeRedAt(version).missing;
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    box = new SimulatedBox();
    box.tr064.state.users = [{ ...LOGIN, rights: { phone: "readwrite" } }];
    await box.monitor.listen();
    await box.tr064.listen();
    server = await sharedNodeRed({ version, lang: locale === "de-DE" ? "de" : "en-US" });
    editor = await EditorPage.open(server.url, locale, `first-run-${version}`);
  });
  after(async () => {
    await editor?.close();
    await server?.stop();
    await box?.monitor.stop();
    await box?.tr064.stop();
  });

  /** One move of a person that counts: a click, a double click, a drag. */
  const move = async <T>(does: Promise<T>): Promise<T> => {
    clicks++;
    return does;
  };
  const click = (selector: string) => move(editor.page.locator(selector).click());
  const drag = async (type: string, x: number) => {
    ids[type] = await move(editor.add(type, type, x, 120));
  };
  const idOf = (type: string) => ids[type] ?? assert.fail(`no ${type}`);
  const call = (number: string) => box.hangUp(box.ring(number));
  const shows = async (wanted: string) => {
    const text = editor.onCanvas(idOf("fritz-block")).locator(".red-ui-flow-node-status-label");
    await text.filter({ hasText: wanted }).waitFor({ timeout: 20_000 });
  };

  it("has names in the palette that are not broken within a word, in every language", async () => {
    const broken: string[] = [];
    for (const [language, type, name] of paletteNames()) {
      for (const word of name.split(/[ -]/)) {
        const width = await editor.run<number>(
          `RED.view.calculateTextWidth(${JSON.stringify(word)}, "red-ui-palette-label")`,
        );
        if (width >= PALETTE_WIDTH) broken.push(`${language} ${type}: ${word} (${width})`);
      }
    }
    assert.deepEqual(broken, []);
  });

  it(`blocks spam in a dry run after at most ${CLICKS.dryRun} clicks`, async () => {
    const { page } = editor;
    clicks++; // into the palette's search field, where "fritz" shows all of these nodes
    await drag("fritz-callmonitor", 120);
    await move(editor.openDialog(idOf("fritz-callmonitor")));
    await move(editor.openConfig("box", "add"));
    await useSimulator();
    await click("#fritz-check-run");
    await page.locator("#fritz-check-summary").waitFor();
    await click('.fritz-check-line[data-check="login"] button');
    await page.keyboard.type(LOGIN.password); // the field has the focus
    await move(editor.configDone());
    await move(editor.done());
    await drag("fritz-caller-info", 330);
    await drag("fritz-block", 540);
    await move(editor.wire(idOf("fritz-callmonitor"), idOf("fritz-caller-info")));
    await move(editor.wire(idOf("fritz-caller-info"), idOf("fritz-block")));
    await move(editor.deploy());
    assert.ok(clicks <= CLICKS.dryRun, `${clicks} clicks`);
    await until("the connection", () => box.monitor.connections === 1);
    call(SPAM[0] ?? "");
    await shows(WORDS[locale].dryRun);
    await editor.screenshot("dry-run");
    assert.equal(box.tr064.state.books.barring.contacts.length, 0);
    console.log(`      ${clicks} clicks to the dry run`);
  });

  it(`blocks it at the Fritz!Box after ${CLICKS.armed} more`, async function () {
    if (box.monitor.connections === 0) this.skip();
    clicks = 0;
    await move(editor.openDialog(idOf("fritz-block")));
    await editor.screenshot("arm");
    await click("#fritz-block-arm");
    await editor.page.locator("#node-dialog-ok").waitFor({ state: "detached" });
    await move(editor.deploy());
    assert.ok(clicks <= CLICKS.armed, `${clicks} clicks`);
    call(SPAM[1] ?? "");
    const { barring } = box.tr064.state.books;
    await until("the entry", () => JSON.stringify(barring.contacts).includes("1237654321"));
    await shows(WORDS[locale].armed);
    await editor.screenshot("armed");
    assert.deepEqual(editor.faults, []);
  });

  /** A real box is at fritz.box with its usual ports: nothing to enter. */
  async function useSimulator(): Promise<void> {
    const fields = {
      host: "127.0.0.1",
      monitorPort: box.monitor.port,
      port: box.tr064.port,
      tlsPort: box.tr064.tlsPort,
    };
    await editor.run(`(() => { const fields = ${JSON.stringify(fields)};
      for (const name in fields) $("#node-config-input-" + name).val(fields[name]).trigger("change"); })()`);
  }
}
