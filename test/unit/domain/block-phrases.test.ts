import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ENGLISH, inEnglish } from "../../../src/lib/domain/block-phrases";
import { root } from "../../support/node-red-server";

describe("the sentences of decisions", () => {
  it("are the same in the library and in the node's English texts", () => {
    const file = join(root, "locales/en-US/fritz-block.json");
    const texts = JSON.parse(readFileSync(file, "utf8")) as { "fritz-block": { because: Record<string, string> } };
    assert.deepEqual(texts["fritz-block"].because, ENGLISH);
  });

  it("take their values, and keep what nobody gave", () => {
    assert.equal(inEnglish("contact", { name: "Oma", book: "$&" }), "Oma is in your phonebook $&.");
    assert.equal(inEnglish("contact", { name: "Oma" }), "Oma is in your phonebook __book__.");
    assert.equal(inEnglish("no such", {}), "no such");
  });
});
