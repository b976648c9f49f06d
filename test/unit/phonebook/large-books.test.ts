/** Books far larger than a box holds: the event loop goes on, and a caller is known or honestly unknown. */
import assert from "node:assert/strict";
import { exportContacts } from "../../../src/lib/phonebook/import-export";
import { Phonebooks } from "../../../src/lib/phonebook/phonebooks";
import { BookMemory } from "../../../src/lib/phonebook/stored-books";
import type { Store } from "../../../src/lib/core/store";
import { FakeTr064 } from "../../support/fake-tr064";
import { stopsOf } from "../../support/stops";
import { until } from "../../support/wait";

/** Stops are meant to be 50 ms at most; a computer under load gets a margin. */
const LONGEST_MS = 400;
const CONTACTS = 10_000;
const SERVICE = "X_AVM-DE_OnTel:1";

describe("a book of 10,000 contacts", function () {
  this.timeout(120_000);
  let box: FakeTr064;
  let kept: unknown;
  const store: Store = {
    load: () => Promise.resolve(kept),
    save: (value) => Promise.resolve(void (kept = JSON.parse(JSON.stringify(value)))),
  };
  const booksOf = (client: FakeTr064, patienceMs: number) =>
    new Phonebooks(client, {
      dialPlan: () => Promise.resolve({ countryCode: "49", areaCode: "30" }),
      lookup: { memory: new BookMemory(store), patienceMs },
    });

  before(async () => {
    kept = undefined;
    box = new FakeTr064({
      [`${SERVICE}#GetPhonebookList`]: { NewPhonebookList: "0" },
      [`${SERVICE}#GetPhonebook`]: { NewPhonebookName: "Telefonbuch", NewPhonebookURL: "http://box/book" },
    });
    const contacts = Array.from({ length: CONTACTS }, (_, i) => ({
      name: `Anna ${i}`,
      numbers: [{ number: `030 ${2_000_000 + i}` }, { number: `0171 ${3_000_000 + i}` }],
    }));
    box.document = await exportContacts(contacts, "xml");
  });

  it("is read in turns; a ring on the way is known or told to be unknown", async () => {
    const books = booksOf(box, 5);
    const first = await stopsOf(() => books.find("0302000007"));
    assert.ok(first.result?.contacts.length === 1 || first.result?.unknown === "loading", JSON.stringify(first));
    const whole = await stopsOf(() => books.refresh());
    assert.ok(whole.turns > 5 || first.turns > 5, `${first.turns} and ${whole.turns} turns`);
    assert.ok(Math.max(first.longestMs, whole.longestMs) < LONGEST_MS, `${first.longestMs}, ${whole.longestMs} ms`);
    const { contacts, unknown } = await books.find("+49302000007");
    assert.deepEqual([contacts[0]?.name, unknown], ["Anna 7", undefined]);
    assert.deepEqual((await books.find("030555")).contacts, []);
    await until("the reading to be kept", () => kept !== undefined);
  });

  it("knows a contact right after a start, before the box has answered", async () => {
    const silent = new FakeTr064({});
    silent.call = () => new Promise(() => undefined);
    const books = booksOf(silent, 60_000);
    const found = await stopsOf(() => books.find("0171 3009999"));
    assert.deepEqual([found.result?.contacts[0]?.name, found.result?.unknown], ["Anna 9999", "loading"]);
    assert.ok(found.longestMs < LONGEST_MS, `${found.longestMs} ms`);
  });
});
