/** Which own entries at the box are due to go. */
import assert from "node:assert/strict";
import type { BarringQueueParts } from "../../../src/lib/blocking/barring-session";
import { hasDueEntry } from "../../../src/lib/blocking/due-entries";
import { FakeClock } from "../../support/fake-clock";

const DAY_MS = 86_400_000;
const SPAM = "+493023125042";

/** Whether one is due: an entry made so many ms ago, where entries stay for so many days. */
function isDue(agoMs: number, days: number, { key = SPAM, books = [] as string[], fails = false } = {}) {
  const clock = new FakeClock();
  const at = new Date(clock.now() - agoMs).toISOString();
  const find = () =>
    fails ? Promise.reject(new Error("no box")) : Promise.resolve({ contacts: books.map((book) => ({ book })) });
  const parts = {
    ...{ memory: { entries: [{ key, number: key, at }] }, box: { find }, clock },
    options: { days, blockBooks: ["Spam"] },
  };
  return hasDueEntry(parts as unknown as BarringQueueParts);
}

describe("an own entry at the box is due to go", () => {
  it("once it is older than its days, and never by its age where it stays for good", async () => {
    assert.deepEqual([await isDue(2 * DAY_MS, 2), await isDue(2 * DAY_MS + 1, 2)], [false, true]);
    assert.equal(await isDue(5_000 * DAY_MS, 0), false);
  });

  it("where its number is a contact's by now, but not for a contact of a block book or without an answer", async () => {
    assert.equal(await isDue(0, 0, { books: ["Telefonbuch"] }), true);
    assert.equal(await isDue(0, 0, { books: ["Spam"] }), false);
    assert.equal(await isDue(0, 0, { fails: true }), false);
  });

  it("where its number must not be barred, unless it is a whole block of numbers", async () => {
    assert.equal(await isDue(0, 0, { key: "**622" }), true);
    assert.equal(await isDue(0, 0, { key: "+4930231250*" }), false);
  });
});
