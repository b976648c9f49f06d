/** The form of `fritz-block` as a user meets it: lists, rules as sentences, and nothing lost between saving and opening. */
import assert from "node:assert/strict";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { textsOf } from "../support/locale-texts";
import { type NodeRedServer, nodeRedAt, sharedNodeRed } from "../support/node-red-server";
import { FORMS } from "../support/written-forms";

const WORDS: Record<Locale, { lang: string; sentences: RegExp[]; bad: RegExp }> = {
  "de-DE": {
    lang: "de",
    sentences: [
      /^Kontakte aller/,
      /Telefonbüchern Community/,
      /0900\*, 030 23125000\.\.999/,
      /liegt kein Node Anruferinfo/,
      /Ausland, außer aus at, CH/,
    ],
    bad: /Oma ist kein gültiges Muster/,
  },
  "en-US": {
    lang: "en-US",
    sentences: [
      /^Contacts of all/,
      /phonebooks Community/,
      /0900\*, 030 23125000\.\.999/,
      /no caller info node/,
      /except from at, CH/,
    ],
    bad: /Oma is not a valid pattern/,
  },
};

const TABS = ["tab.rules", "tab.action", "tab.limits", "tab.journal"];

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: fritz-block in Node-RED ${version}, ${locale}`, function () {
    const words = WORDS[locale];
    let server: NodeRedServer | undefined;
    let editor: EditorPage;
    let id = "";

    before(async function () {
      const { missing = browserMissing } = nodeRedAt(version);
      if (missing !== undefined) {
        console.log(`    skipped: ${missing}`);
        this.skip();
      }
      // Nothing listens there; the node takes it by itself.
      const box = { id: "box1", type: "fritz-config", host: "127.0.0.1", monitorPort: 1, port: 1, tlsPort: 1 };
      const flows = [{ id: "tab1", type: "tab", label: "test" }, box];
      server = await sharedNodeRed({ version, lang: words.lang, flows });
      editor = await EditorPage.open(server.url, locale, `block-${version}-${words.lang}`);
    });
    after(async () => {
      await editor?.close();
      await server?.stop();
    });

    // The steps build on each other.
    let failed = false;
    beforeEach(function () {
      if (failed) this.skip();
    });
    afterEach(function () {
      failed ||= this.currentTest?.state === "failed";
    });

    const saved = () =>
      editor.run(`JSON.parse(JSON.stringify((({ allowBooks, allowPatterns, blockBooks, blockPatterns, minScore, minReports,
        blockForeign, countries, quietFrom, dryRun, action }) => ({ allowBooks, allowPatterns, blockBooks, blockPatterns,
        minScore, minReports, blockForeign, countries, quietFrom, dryRun, action }))(RED.nodes.node("${id}"))))`);
    const fill = async (list: string, ...texts: string[]) => {
      const holder = editor.page.locator(`#node-input-${list}-list`);
      const add = holder.locator("xpath=../..").locator(".red-ui-editableList-addButton");
      for (const text of texts) {
        const before = await holder.locator("input").count();
        await add.click();
        await holder.locator("input:focus").waitFor();
        await editor.page.keyboard.insertText(text); // without keys: a book's field would ask the box for suggestions
        assert.equal(await holder.locator("input").nth(before).inputValue(), text);
      }
    };

    it("is valid as it comes, a dry run that only decides", async () => {
      id = await editor.add("fritz-block", "block", 200, 120);
      assert.deepEqual(await editor.node(id), { id, valid: true, reasons: [] });
      assert.equal(await editor.run(`RED.nodes.node("${id}").box`), "box1");
      await editor.openDialog(id);
      assert.equal(await editor.page.locator("#node-input-preset").inputValue(), "recommended");
      const tabs = await editor.page.locator("#fritz-block-tabs .red-ui-tab-label").allInnerTexts();
      assert.deepEqual(
        tabs.map((tab) => tab.trim()),
        textsOf(words.lang, "fritz-block", TABS),
      );
      assert.equal(await editor.page.locator("#node-input-dryRun").isChecked(), true);
      const needs = editor.page.locator("#fritz-block-ready span");
      assert.equal(await needs.first().getAttribute("data-need"), "box");
      for (const input of await editor.page.locator("#dialog-form .form-row :is(input, select):visible").all()) {
        const name = await input.evaluate((field) => {
          const { id: of } = field;
          const label = document.querySelector(`label[for="${of}"]`)?.textContent;
          return (label ?? field.getAttribute("aria-label") ?? "").trim();
        });
        assert.notEqual(name, "", await input.evaluate((field) => field.outerHTML));
      }
      await editor.screenshot("new");
    });

    it("takes every written form as a pattern, as the runtime does", async () => {
      const written = Object.values(FORMS).flatMap((forms) => Object.keys(forms));
      assert.ok(written.length >= 95, `${written.length} forms`);
      const refused = `((texts) => texts.filter((text) => RED.fritzCalls.valid.badPattern([text]) !== undefined))`;
      assert.deepEqual(await editor.run(`${refused}(${JSON.stringify(written)})`), []);
      const wrong = ["030 99..11", "++49301", "0*", "00*", "+*", "*", "Betrug", "0900*1"];
      assert.deepEqual(await editor.run(`${refused}(${JSON.stringify(wrong)})`), wrong);
    });

    it("says its rules in sentences while they are written", async () => {
      const { page } = editor;
      await fill("allowBooks", "Familie");
      await fill("blockBooks", "Community");
      await fill("blockPatterns", "0900*", " 030 23125000..999 ", "");
      await editor.typedField("minScore").fill("8");
      await editor.typedField("minReports").fill("5");
      await page.locator("#node-input-blockForeign-mode").selectOption("but");
      await page.locator("#node-input-countries-list").fill("at, CH");
      await editor.typedField("quietFrom").fill("22:00");
      await editor.typedField("quietTo").fill("07:00");
      await page.locator("#fritz-block-tabs .red-ui-tab-label").nth(1).click();
      await page.locator("#node-input-action").selectOption("phonebook");
      const said = await page.locator("#fritz-block-sentences li").allInnerTexts();
      for (const sentence of words.sentences)
        assert.ok(
          said.some((text) => sentence.test(text)),
          `${sentence}: ${said.join("\n")}`,
        );
      await editor.screenshot("filled");
      await editor.done();
      assert.deepEqual(await saved(), {
        ...{ allowBooks: ["Familie"], allowPatterns: [], blockBooks: ["Community"] },
        ...{ blockPatterns: ["0900*", "030 23125000..999"], minScore: 8, minReports: 5, blockForeign: true },
        ...{ countries: { mode: "allow", list: ["AT", "CH"] }, quietFrom: "22:00", dryRun: true, action: "phonebook" },
      });
      assert.deepEqual(await editor.node(id), { id, valid: true, reasons: [] });
    });

    it("shows the same when it is opened again, and changes nothing by that", async () => {
      await editor.deploy();
      const before = await saved();
      await editor.openDialog(id);
      assert.equal(await editor.page.locator("#node-input-blockForeign-mode").inputValue(), "but");
      assert.equal(await editor.page.locator("#node-input-countries-list").inputValue(), "AT, CH");
      assert.equal(await editor.page.locator("#node-input-blockPatterns-list input").count(), 2);
      const rows = "#node-input-blockPatterns-list input";
      await editor.shows(rows, `.red-ui-editableList-container:has(${rows})`);
      await editor.done();
      assert.deepEqual(await saved(), before);
      assert.equal(await editor.run("RED.nodes.dirty()"), false);
    });

    it("takes numbers and quiet hours from elsewhere, says so in its sentences, and is no preset then", async () => {
      const { page } = editor;
      const properties = "[minScore, minScoreType, quietFrom, quietFromType, quietTo, quietToType, valid]";
      const values = () => editor.run(`(({ ${properties.slice(1, -1)} }) => ${properties})(RED.nodes.node("${id}"))`);
      await editor.openDialog(id);
      await editor.chooseType("minScore", "flow.");
      await editor.typedField("minScore").fill("spam.limit");
      await editor.chooseType("quietFrom", "msg.");
      await editor.typedField("quietFrom").fill("night");
      await editor.typedField("quietTo").fill("");
      await editor.typedField("quietTo").blur();
      const said = (await page.locator("#fritz-block-sentences li").allInnerTexts()).join("\n");
      assert.doesNotMatch(said, /night/, "quiet hours have no end yet");
      assert.equal(await page.locator("#node-input-preset").inputValue(), "own");
      await editor.screenshot("typed");
      await editor.done();
      assert.deepEqual(await values(), ["spam.limit", "flow", "night", "msg", "", "str", false]);
      await editor.openDialog(id);
      await editor.typedField("quietTo").fill("07:00");
      await editor.typedField("quietTo").blur();
      const now = (await page.locator("#fritz-block-sentences li").allInnerTexts()).join("\n");
      assert.match(now, /msg\.night .* 07:00/);
      await editor.done();
      assert.deepEqual(await values(), ["spam.limit", "flow", "night", "msg", "07:00", "str", true]);
      await editor.openDialog(id);
      await page.locator("#node-input-preset").selectOption("strict");
      await editor.done();
      assert.deepEqual(await values(), [6, "num", "night", "msg", "07:00", "str", true]);
    });

    it("marks what is no pattern", async () => {
      await editor.openDialog(id);
      await fill("allowPatterns", "Oma");
      await editor.done();
      const { valid, reasons } = await editor.node(id);
      assert.equal(valid, false);
      assert.match(reasons.join(), words.bad);
    });

    it("can be read in both themes, and had no fault in the page", async () => {
      const fields = "#dialog-form :is(h4, label, label span, input, select, li, .form-tips)";
      await editor.openDialog(id);
      await editor.readable(fields);
      await editor.done();
      if (version === "5.0") {
        await editor.theme("dark");
        await editor.openDialog(id);
        await editor.readable(fields);
        await editor.screenshot("dark");
        await editor.done();
      }
      assert.deepEqual(editor.faults, []);
    });
  });
}
