/** The form of `fritz-block` as a user meets it: lists, rules as sentences, and nothing lost between saving and opening. */
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { browserMissing, EditorPage, launchBrowser, type Locale } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, startNodeRed } from "../support/node-red-server";

const WORDS: Record<Locale, { lang: string; headings: string[]; sentences: RegExp[]; bad: RegExp }> = {
  "de-DE": {
    lang: "de",
    headings: ["Wer immer durchkommt", "Wer gesperrt wird", "Was dann geschieht", "Grenzen, gute Anrufer, Gedächtnis"],
    sentences: [
      /^Kontakte aller/,
      /Bücher \(1\) und Nummernmuster \(2\)/,
      /ab 8 von mindestens 5/,
      /Ausland, außer aus at, CH/,
    ],
    bad: /Kein Muster: Oma/,
  },
  "en-US": {
    lang: "en-US",
    headings: ["Who always gets through", "Who is blocked", "What happens then", "Limits, good callers, memory"],
    sentences: [
      /^Contacts of all/,
      /books \(1\) and number patterns \(2\)/,
      /from 8 on by at least 5/,
      /except from at, CH/,
    ],
    bad: /No pattern: Oma/,
  },
};

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: fritz-block in Node-RED ${version}, ${locale}`, function () {
    this.timeout(120_000);
    const words = WORDS[locale];
    let browser: Browser | undefined;
    let server: NodeRedServer | undefined;
    let editor: EditorPage;
    let id = "";

    before(async function () {
      const { missing = browserMissing } = nodeRedAt(version);
      if (missing !== undefined) {
        console.log(`    skipped: ${missing}`);
        this.skip();
      }
      server = await startNodeRed({ version, lang: words.lang });
      browser = await launchBrowser();
      editor = await EditorPage.open(browser, server.url, locale, `block-${version}-${words.lang}`);
    });
    after(async () => {
      await browser?.close();
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
        await holder.locator("input").nth(before).fill(text);
      }
    };

    it("is valid as it comes, a dry run that only decides", async () => {
      id = await editor.add("fritz-block", "block", 200, 120);
      assert.deepEqual(await editor.node(id), { id, valid: true, reasons: [] });
      await editor.openDialog(id);
      const headings = await editor.page.locator("#dialog-form > h4").allInnerTexts();
      assert.deepEqual(headings, words.headings);
      assert.equal(await editor.page.locator("#node-input-dryRun").isChecked(), true);
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

    it("says its rules in sentences while they are written", async () => {
      const { page } = editor;
      await fill("allowBooks", "Familie");
      await fill("blockBooks", "Community");
      await fill("blockPatterns", "0900*", " 030 23125000..999 ", "");
      await page.locator("#node-input-minScore").fill("8");
      await page.locator("#node-input-minReports").fill("5");
      await page.locator("#node-input-blockForeign-mode").selectOption("but");
      await page.locator("#node-input-countries-list").fill("at, CH");
      await page.locator("#node-input-quietFrom").fill("22:00");
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
      await editor.done();
      assert.deepEqual(await saved(), before);
      assert.equal(await editor.run("RED.nodes.dirty()"), false);
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
