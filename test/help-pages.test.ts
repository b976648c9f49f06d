/**
 * The help pages of the languages that are under way: what is there has the form of the English page and names nothing that is
 * gone; what is missing is listed, and shown in English where a whole page is missing. English and German: locales.test.ts.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readNodeHtmls } from "./support/node-html";
import { root } from "./support/node-red-server";

const read = (language: string, set: string) => readFileSync(join(root, "locales", language, `${set}.html`), "utf8");
const languages = readdirSync(join(root, "locales")).filter((language) => !["en-US", "de"].includes(language));
const nodes = readNodeHtmls();

/** The elements in order, as far as they make the form of a page; rows and entries may be fewer in a page that is behind. */
const formOf = (page: string) =>
  [...page.matchAll(/<(script|h3|table|dl|ol)\b|<th>(msg[^<]*)/g)].map(([, tag, heading]) => heading ?? tag);
/** What stands in `<code>`, with single blanks. */
const codesIn = (page: string) =>
  new Set([...page.matchAll(/<code>([^<]*)<\/code>/g)].map(([, code = ""]) => code.replace(/\s+/g, " ").trim()));
/** Words in brackets after an explanation: `(<code>name</code>, <code>other</code>)`. */
const propertiesIn = (page: string) =>
  [...page.matchAll(/\(((?:<code>\w+<\/code>(?:,\s*)?)+)\)/g)].flatMap(([, names = ""]) =>
    [...names.matchAll(/<code>(\w+)</g)].map(([, name = ""]) => name),
  );

/** The first paragraph, with single blanks. */
const firstOf = (page: string) => /<p>([^<]*)/.exec(page)?.[1]?.replace(/\s+/g, " ").trim();

/** Tags that are open at the end, or closed without having been open. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  for (const [, end, name = ""] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (end === "") open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [`</${name}>`];
  }
  return open;
}

/** What a page says wrongly, and what the English one says that it does not. */
function compare(english: string, page: string): { faults: string[]; missing: string[] } {
  const faults = unbalanced(page).map((tag) => `${tag} is not closed, or was not open`);
  if (formOf(page).join() !== formOf(english).join()) faults.push(`has the parts ${formOf(page).join()}`);
  if (!/^<script[^>]*>\s*<p>[^<]{20,}/.test(page)) faults.push("does not begin with the palette's tooltip");
  if (/<script[^>]*>/.exec(page)?.[0] !== /<script[^>]*>/.exec(english)?.[0]) faults.push("is another node's");
  const known = codesIn(english);
  faults.push(...propertiesIn(page).flatMap((name) => (known.has(name) ? [] : [`names ${name}, which is gone`])));
  const own = codesIn(page);
  return { faults, missing: propertiesIn(english).filter((name) => !own.has(name)) };
}

describe("locales: help in the languages that are under way", () => {
  for (const language of languages) {
    it(`${language}: what is there fits; what is missing is listed`, () => {
      const behind: string[] = [];
      for (const { set, definition } of nodes) {
        if (!existsSync(join(root, "locales", language, `${set}.html`))) {
          behind.push(`${set}: the page`);
          continue;
        }
        const page = read(language, set);
        const { faults, missing } = compare(read("en-US", set), page);
        assert.deepEqual(faults, [], `${language}/${set}.html`);
        if (firstOf(page) === firstOf(read("en-US", set))) {
          behind.push(`${set}: still in English`);
          continue;
        }
        const unsaid = Object.keys(definition.defaults).filter(
          (property) => property !== "name" && !codesIn(page).has(property),
        );
        const all = [...new Set([...unsaid, ...missing])];
        if (all.length > 0) behind.push(`${set}: ${all.join(", ")}`);
      }
      console.log(`      ${language}: ${behind.length} help pages are behind\n        ${behind.join("\n        ")}`);
    });
  }

  it("finds a page that is behind, and one that says what is gone", () => {
    const english =
      '<script type="text/html" data-help-name="a">\n<p>Rings for a while, and stops.</p><dl>(<code>a</code>, <code>b</code>)</dl></script>';
    const dutch = english.replace("Rings for a while, and stops.", "Gaat een tijd over, en stopt.");
    assert.deepEqual(compare(english, dutch), { faults: [], missing: [] });
    assert.deepEqual(compare(english, dutch.replace(", <code>b</code>", "")), { faults: [], missing: ["b"] });
    assert.deepEqual(compare(english, dutch.replace(">b<", ">c<")).faults, ["names c, which is gone"]);
    assert.deepEqual(compare(english, dutch.replace("</dl>", "")).faults, ["</script> is not closed, or was not open"]);
    assert.deepEqual(compare(english, dutch.replace("<dl>", "<h3></h3><dl>")).faults, ["has the parts script,h3,dl"]);
    assert.deepEqual(compare(english, dutch.replace('"a"', '"b"')).faults, ["is another node's"]);
  });
});
