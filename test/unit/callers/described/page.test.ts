import assert from "node:assert/strict";
import type { FieldRule } from "../../../../src/lib/callers/described/descriptor";
import { FritzError } from "../../../../src/lib/core/errors";
import { readInThread } from "../../../../src/lib/callers/described/reader";
import { type PageJob, readPage } from "../../../../src/lib/callers/described/page";

type Rules = PageJob["rules"];
const read = (text: string, rules: Partial<Rules>, type: PageJob["type"] = "html", asked = "3023125042") =>
  readPage({ type, text, asked, rules: { fields: {}, ...rules } });
/** What one rule says of an answer. */
async function said(text: string, rule: FieldRule, type: PageJob["type"] = "html"): Promise<string | undefined> {
  const reading = await read(text, { fields: { it: rule } }, type);
  return reading.says === "entries" ? reading.entries[0]?.["it"] : reading.says;
}

describe("rules: where it stands", () => {
  const page = `<html><head><title> Muster &amp;
    Söhne </title><script>var n = "x";</script></head><body>
    <div class="name" title="Erika Muster"><span class="hide">Otto</span> Erika  Muster</div>
    <a data-x="na=Erika+M%C3%BCller&amp;ci=Berlin" href="/1">1</a><i>1</i><i>2</i><i></i></body></html>`;
  const cases: [string, FieldRule, string | undefined][] = [
    ["the text of an element, its blanks folded", { select: "title" }, "Muster & Söhne"],
    ["an attribute", { select: ".name", attr: "title" }, "Erika Muster"],
    ["an attribute that is not there", { select: ".name", attr: "alt" }, undefined],
    ["without decoys", { select: ".name", without: ".hide" }, "Erika Muster"],
    ["with decoys", { select: ".name" }, "Otto Erika Muster"],
    ["part of a query", { select: "a", attr: "data-x", regex: "na=([^&]+)", decode: "url" }, "Erika Müller"],
    ["the first group, or all", { select: "title", regex: "Must\\w+" }, "Muster"],
    ["another group", { select: "title", regex: "(\\w+) & (\\w)", group: 2 }, "S"],
    ["nothing where nothing matches", { select: "title", regex: "Meier" }, undefined],
    ["the whole answer, scripts included", { regex: 'n = "(\\w)"' }, "x"],
    ["how many", { select: "i", count: true }, "3"],
    ["how many of a kind", { select: "i", regex: "\\d", count: true }, "2"],
    ["none", { select: "u", count: true }, "0"],
    ["a constant", { const: "7" }, "7"],
    ["several together", { join: [{ select: "i" }, { select: "u" }, { const: "b" }] }, "1 b"],
    ["the first that says something", [{ select: "u" }, { select: "i:empty" }, { select: "i" }], "1"],
    ["a word for another", { select: "i", map: { "1": "one" } }, "one"],
    ["only words of the map", { select: "i", map: { "2": "two" } }, undefined],
    ["no inherited words", { const: "constructor", map: {} }, undefined],
    ["a name the right way round", { const: "Muster, Anna", swapComma: true }, "Anna Muster"],
  ];
  for (const [what, rule, wanted] of cases) it(what, async () => assert.equal(await said(page, rule), wanted));

  it("numbers as people write them", async () => {
    const numbers: [string, "int" | "de" | "en", string | undefined][] = [
      ["1.077 Anrufe", "int", "1077"],
      ["12 345", "int", "12345"],
      ["4,5 von 5", "de", "4.5"],
      ["1.234,5", "de", "1234.5"],
      ["1,234.5", "en", "1234.5"],
      ["-3", "int", "-3"],
      ["keine", "int", undefined],
    ];
    for (const [text, num, wanted] of numbers) assert.equal(await said("", { const: text, num }, "text"), wanted, text);
  });

  it("in JSON by pointer, one or many alike", async () => {
    const json = JSON.stringify({ a: { "b/c": [{ n: "x" }, { n: 2 }], one: { n: true }, none: null, list: [] } });
    const at = (pointer: string) => said(json, { json: pointer }, "json");
    assert.deepEqual(
      await Promise.all(
        ["/a/b~1c/0/n", "/a/b~1c/*/n", "/a/one/*/n", "/a/none", "/a/list/*/n", "/a", "/a/toString"].map(at),
      ),
      ["x", "x", "true", undefined, undefined, undefined, undefined],
    );
    await assert.rejects(read("{", {}, "json"));
  });

  it("in XML with prefixes", async () => {
    const xml = '<f xmlns:tel="x"><entry><tel:name>Muster</tel:name></entry></f>';
    assert.equal(await said(xml, { select: "entry > tel\\:name" }, "xml"), "Muster");
  });

  it("entry by entry", async () => {
    const reading = await read("<p><b>1</b></p><p><b>2</b></p>", { each: "p", fields: { n: { select: "b" } } });
    assert.deepEqual(reading, { says: "entries", entries: [{ n: "1" }, { n: "2" }] });
    const many = await read("<p>x</p>".repeat(1000), { each: "p", fields: { n: {} } });
    assert.equal(many.says === "entries" && many.entries.length, 50);
  });
});

describe("rules: unknown, blocked, or neither", () => {
  it("tell from signs, also from an empty element", async () => {
    assert.deepEqual(await read('<p class="none"></p>', { unknownIf: [{ select: ".none" }] }), { says: "unknown" });
    assert.deepEqual(await read('{"n":"0"}', { unknownIf: [{ json: "/n", equals: "0" }] }, "json"), {
      says: "unknown",
    });
    assert.deepEqual(await read('{"n":"1"}', { unknownIf: [{ json: "/n", equals: "0" }] }, "json"), {
      says: "entries",
      entries: [{}],
    });
    assert.deepEqual(
      await read("<i class=captcha>", { blockedIf: [{ select: ".captcha" }], unknownIf: [{ select: "i" }] }),
      { says: "blocked" },
    );
  });

  it("believe in what is missing only on a page about the number", async () => {
    const unknownIf = [{ select: ".rating", absent: true as const }];
    for (const page of ["<h1>03023125042</h1>", "<h1>(030) 23 12 50-42</h1>", "<h1>+49&nbsp;30 231&nbsp;25042</h1>"]) {
      assert.deepEqual(await read(page, { unknownIf }), { says: "unknown" }, page);
    }
    assert.deepEqual(await read("<h1>Wartung</h1>", { unknownIf }), { says: "entries", entries: [{}] });
    assert.deepEqual(await read('<h1>03023125042</h1><p class="rating">', { unknownIf }), {
      says: "entries",
      entries: [{}],
    });
  });
});

describe("rules in their thread", () => {
  const X = { host: "x", from: "user" } as const;
  const job = (text: string, fields: Rules["fields"], type: PageJob["type"] = "html"): PageJob => ({
    ...{ type, text, asked: "", rules: { fields } },
  });
  const codeOf = async (reading: Promise<unknown>) => {
    const error = await reading.then(
      () => assert.fail("read"),
      (reason: unknown) => reason,
    );
    return error instanceof FritzError ? error.code : String(error);
  };

  it("read a page", async () =>
    assert.deepEqual(await readInThread(job("<h1>x</h1>", { name: { select: "h1" } }), X), {
      says: "entries",
      entries: [{ name: "x" }],
    }));

  it("end when a pattern is too clever, and the next page is read", async () => {
    const evil = job(`<p>${"a".repeat(60)}!</p>`, { name: { select: "p", regex: "^(a+)+$" } });
    assert.equal(await codeOf(readInThread(evil, X)), "source-rules");
    assert.equal((await readInThread(job("<h1>x</h1>", {}), X)).says, "entries");
  });

  it("of a user never keep those of the package waiting", async () => {
    const evil = job(`<p>${"a".repeat(60)}!</p>`, { name: { select: "p", regex: "^(a+)+$" } });
    let ended = 0;
    const endless = [1, 2, 3].map(() => readInThread(evil, X).catch(() => ended++));
    const { says } = await readInThread(job("<h1>x</h1>", {}), { host: "x", from: "package" });
    assert.deepEqual([says, ended < 3], ["entries", true]);
    await Promise.all(endless);
  });

  it("are not applied for a caller who has left meanwhile", async () => {
    const evil = job(`<p>${"a".repeat(60)}!</p>`, { name: { select: "p", regex: "^(a+)+$" } });
    const leaving = new AbortController();
    const first = codeOf(readInThread(evil, X));
    const queued = codeOf(readInThread(evil, { ...X, signal: leaving.signal }));
    const next = readInThread(job("<h1>x</h1>", {}), X);
    leaving.abort(new Error("left"));
    assert.deepEqual([await first, await queued, (await next).says], ["source-rules", "Error: left", "entries"]);
  });

  it("survive pages that are hostile", async () => {
    const deep = "<div>".repeat(200_000);
    const wide = "<p>".repeat(200_000);
    const tags = "</div>".repeat(200_000);
    for (const text of [deep, wide, tags, "<".repeat(500_000), "&#x".repeat(200_000), "\0<a b='".repeat(10_000)]) {
      const code = await readInThread(job(text, { name: { select: "h1" } }), X).then(
        ({ says }) => says,
        (error: unknown) => (error instanceof FritzError ? error.code : String(error)),
      );
      assert.match(code, /^(entries|source-reply|source-rules)$/);
    }
  });

  it("say when a selector or a document is none", async () => {
    assert.equal(await codeOf(readInThread(job("<p>", { name: { select: "p[" } }), X)), "source-reply");
    assert.equal(await codeOf(readInThread(job("{", { name: { json: "/a" } }, "json"), X)), "source-reply");
  });
});
