/** The sentences of decisions stand in the locales only; each that a rule names is there, and each is named. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inEnglish } from "../../../src/lib/blocking/block-phrases";
import { CONTACTS_UNKNOWN } from "../../../src/lib/blocking/facts";
import { root } from "../../support/node-red-server";
import { readSources } from "../../support/source-rules";

const texts = JSON.parse(readFileSync(join(root, "locales/en-US/fritz-block.json"), "utf8")) as {
  "fritz-block": { because: Record<string, string> };
};
const { because } = texts["fritz-block"];

describe("the sentences of decisions", () => {
  const sources = [...readSources(root, "src/lib/blocking", "src/nodes/fritz-block")]
    .map(([, text]) => text)
    .join("\n");

  it("are those of the node's English texts", () => {
    for (const [key, sentence] of Object.entries(because)) assert.equal(inEnglish(key, {}), sentence);
  });

  it("stand nowhere in the code", () => {
    for (const sentence of Object.values(because)) assert.ok(!sources.includes(`"${sentence}"`), sentence);
  });

  it("are there for each key that a reason names", () => {
    const reasons = sources.matchAll(/\b(?:pass|block)\("[\w-]+", "([\w-]+)"/g);
    const phrases = sources.matchAll(/\bphrase\("([\w-]+)"/g);
    const named = [...reasons, ...phrases].map(([, key = ""]) => key);
    assert.ok(named.length > 15, `${named.length} keys`);
    const unknown = CONTACTS_UNKNOWN.map((code) => `friends-unknown-${code}`);
    for (const key of [...named, ...unknown]) assert.ok(Object.hasOwn(because, key), `${key} has no sentence`);
    const unnamed = Object.keys(because).filter((key) => ![...named, ...unknown].includes(key));
    assert.deepEqual(
      unnamed.filter((key) => !key.startsWith("fake-")),
      [],
    );
  });

  it("take their values, and keep what is not given", () => {
    assert.equal(inEnglish("contact", { name: "Oma", book: "$&" }), "Oma is in your phonebook $&.");
    assert.equal(inEnglish("contact", { name: "Oma" }), "Oma is in your phonebook __book__.");
    assert.equal(inEnglish("no such", {}), "no such");
  });
});
