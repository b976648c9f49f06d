/** When a miss proves nothing: each way in which the books of a box can be known incompletely. */
import assert from "node:assert/strict";
import { FritzError, type FritzErrorCode } from "../../../src/lib/core/errors";
import { PhonebookIndex } from "../../../src/lib/phonebook/lookup-index";
import { BookMemory } from "../../../src/lib/phonebook/stored-books";
import type { Contact } from "../../../src/lib/phonebook/types";
import { FakeClock } from "../../support/fake-clock";
import { FakePhonebooks } from "../../support/fake-phonebooks";
import { FakeStore } from "../../support/fake-store";
import { BERLIN } from "../../support/numbers";
import { until } from "../../support/wait";

const MINUTE = 60_000;
const ANNA = "030 23125001";
const STRANGER = "089 99998001";
const contact = (name: string, ...numbers: string[]): Contact => ({
  name,
  numbers: numbers.map((number) => ({ number })),
});

const newBox = (): FakePhonebooks => {
  const box = new FakePhonebooks();
  box.plan = BERLIN;
  return box.setBooks({ Telefonbuch: [contact("Anna", ANNA)], Spam: [contact("Spam", "0711 1234567")] });
};

describe("contacts unknown", () => {
  let box: FakePhonebooks;
  let clock: FakeClock;
  let store: FakeStore;

  beforeEach(() => {
    box = newBox();
    clock = new FakeClock();
    store = new FakeStore();
  });

  const open = () => new PhonebookIndex(box.source, clock, { memory: new BookMemory(store) });
  const asked = async (index: PhonebookIndex, number: string) => {
    const { contacts, unknown } = await index.find(number);
    return [contacts[0]?.name ?? "-", unknown ?? "known"].join(" ");
  };
  const saved = () => until("the reading is kept", () => store.saves > 0);

  it("is not said while all books are read: a miss is a miss", async () => {
    const index = open();
    assert.equal(await asked(index, STRANGER), "- known");
    assert.equal(await asked(index, ANNA), "Anna known");
  });

  for (const [code, expected] of [
    ["box-login-needed", "no-login"],
    ["box-login", "wrong-password"],
    ["box-right", "no-right"],
    ["box-timeout", "unreachable"],
    ["box-refused", "unreachable"],
    ["box-unreachable", "unreachable"],
    ["box-certificate", "unreachable"],
    ["box-reply", "unreadable-book"],
    ["box-internal", "unreadable-book"],
    ["box-no-service", "no-books"],
  ] as [FritzErrorCode, string][]) {
    it(`is ${expected} when the box answers ${code}, at the start and later`, async () => {
      const index = open();
      box.away = new FritzError(code, {}, true);
      assert.equal(await asked(index, ANNA), `- ${expected}`);
      box.away = undefined;
      clock.advance(MINUTE);
      assert.equal(await asked(index, STRANGER), "- known");
      box.away = new FritzError(code, {}, true);
      clock.advance(MINUTE);
      assert.equal(await asked(index, STRANGER), `- ${expected}`);
      assert.equal(await asked(index, ANNA), `Anna ${expected}`, "a hit still counts");
      box.away = undefined;
      clock.advance(MINUTE);
      assert.equal(await asked(index, STRANGER), "- known", "and ends by itself");
    });
  }

  it("is unreadable-book when one book is a page, and the others still answer", async () => {
    box.unreadable.set("Telefonbuch", new FritzError("box-reply", { detail: "no phonebook" }, true));
    const index = open();
    assert.equal(await asked(index, STRANGER), "- unreadable-book");
    assert.equal(await asked(index, "0711 1234567"), "Spam unreadable-book");
    box.unreadable.clear();
    clock.advance(MINUTE);
    assert.equal(await asked(index, STRANGER), "- known");
    box.unreadable.set("Telefonbuch", new FritzError("box-reply", { detail: "no phonebook" }, true));
    clock.advance(MINUTE);
    assert.equal(await asked(index, STRANGER), "- unreadable-book");
    assert.equal(await asked(index, ANNA), "Anna unreadable-book", "the book keeps its contacts");
  });

  it("is unreadable-book when a listed book cannot be asked for (713), and its contacts stay", async () => {
    const index = open();
    assert.equal(await asked(index, STRANGER), "- known");
    const [Telefonbuch = [], Spam = []] = [...box.stored.values()].map(({ contacts }) => contacts);
    box.setBooks({ Spam });
    box.complete = false;
    clock.advance(MINUTE);
    assert.equal(await asked(index, STRANGER), "- unreadable-book");
    assert.equal(await asked(index, ANNA), "Anna unreadable-book");
    box.setBooks({ Telefonbuch, Spam });
    box.complete = true;
    clock.advance(MINUTE);
    assert.equal(await asked(index, STRANGER), "- known");
  });

  it("is no-books when the box lists none, and the contacts stay", async () => {
    const index = open();
    assert.equal(await asked(index, STRANGER), "- known");
    box.setBooks({});
    clock.advance(MINUTE);
    assert.equal(await asked(index, STRANGER), "- no-books");
    assert.equal(await asked(index, ANNA), "Anna no-books");
    store = new FakeStore();
    assert.equal(await asked(open(), ANNA), "- no-books", "also from the start");
  });

  for (const [what, spoil] of [
    ["empty", (): Record<string, Contact[]> => ({ Telefonbuch: [], Spam: [] })],
    ["missing from the list", (): Record<string, Contact[]> => ({ Spam: [] })],
  ] as const) {
    it(`is unreadable-book for the numbers of a book that is ${what} all at once, until readings agree`, async () => {
      const index = open();
      assert.equal(await asked(index, STRANGER), "- known");
      box.setBooks(spoil());
      clock.advance(MINUTE);
      assert.equal(await asked(index, STRANGER), "- known");
      assert.equal(await asked(index, ANNA), "- unreadable-book");
      await saved();
      assert.equal(await asked(open(), ANNA), "- unreadable-book", "also after a restart");
      clock.advance(14 * MINUTE);
      assert.equal(await asked(index, ANNA), "- unreadable-book");
      clock.advance(MINUTE);
      assert.equal(await asked(index, ANNA), "- known", "a contact that was really deleted");
    });
  }

  it("is unreadable-book for a number that one book loses and another keeps", async () => {
    box.setBooks({ Online: [contact("Anna", ANNA)], Spam: [contact("Spam", ANNA)] });
    const index = open();
    assert.equal(await asked(index, ANNA), "Anna known");
    box.setBooks({ Online: [], Spam: [contact("Spam", ANNA)] });
    clock.advance(MINUTE);
    assert.equal(await asked(index, STRANGER), "- known"); // reads the books again
    assert.equal(await asked(index, ANNA), "Spam unreadable-book");
    await saved();
    assert.equal(await asked(open(), ANNA), "Spam loading", "not certain after a restart either");
    box.setBooks({ Online: [contact("Anna", ANNA)], Spam: [contact("Spam", ANNA)] });
    clock.advance(MINUTE);
    assert.equal(await asked(index, STRANGER), "- known");
    assert.equal(await asked(index, ANNA), "Anna known", "it is back");
    box.setBooks({ Online: [], Spam: [contact("Spam", ANNA)] });
    clock.advance(MINUTE);
    await asked(index, STRANGER);
    clock.advance(15 * MINUTE);
    await asked(index, STRANGER);
    assert.equal(await asked(index, ANNA), "Spam known", "it was really deleted there");
  });

  it("is dial-plan while country and area code are not known", async () => {
    box.planIsKnown = false;
    box.plan = { countryCode: "49" };
    box.setBooks({ Telefonbuch: [contact("Anna", "23125001")] });
    const index = open();
    assert.equal(await asked(index, ANNA), "- dial-plan");
    assert.equal(await asked(index, STRANGER), "- dial-plan");
    box.plan = { countryCode: "49", areaCode: "30" };
    box.planIsKnown = true;
    assert.equal(await asked(index, ANNA), "Anna known", "found as soon as the box has told");
    assert.equal(await asked(index, STRANGER), "- known");
  });

  it("is dial-plan for callers who may be a contact written without the unknown area code", async () => {
    box.plan = { countryCode: "49" };
    box.setBooks({ Telefonbuch: [contact("Anna", "23125001"), contact("Bert", "030 5559001")] });
    const index = open();
    assert.equal(await asked(index, ANNA), "- dial-plan");
    assert.equal(await asked(index, "5559001"), "- dial-plan", "the other way round, too");
    assert.equal(await asked(index, STRANGER), "- known");
    assert.equal(await asked(index, "030 5559001"), "Bert known");
  });

  it("is loading while the first reading takes longer than a ring can wait", async () => {
    let open1 = () => undefined as void;
    box.listGate = new Promise((resolve) => (open1 = resolve));
    const index = open();
    const first = asked(index, ANNA);
    await until("the reading", () => box.listings === 1);
    clock.advance(2_500);
    assert.equal(await first, "- loading");
    const second = asked(index, ANNA);
    await clock.flush();
    open1();
    assert.equal(await second, "Anna known");
  });

  it("is too-old when the last reading is a day ago and the next one does not come", async () => {
    const index = open();
    assert.equal(await asked(index, ANNA), "Anna known");
    box.listGate = new Promise(() => undefined);
    clock.advance(24 * 60 * MINUTE);
    const found = asked(index, ANNA);
    await until("the reading", () => box.listings === 2);
    clock.advance(2_500);
    assert.equal(await found, "Anna too-old");
  });

  describe("after a restart during an outage", () => {
    beforeEach(async () => {
      assert.equal(await asked(open(), ANNA), "Anna known");
      await saved();
      box.away = new FritzError("box-refused", {}, true);
    });

    it("still knows the contacts, and that nothing is certain", async () => {
      const index = open();
      assert.equal(await asked(index, ANNA), "Anna loading", "at once");
      assert.equal(await asked(index, STRANGER), "- unreachable");
      assert.equal(await asked(index, ANNA), "Anna unreachable");
      box.away = undefined;
      clock.advance(MINUTE);
      assert.equal(await asked(index, STRANGER), "- known");
    });

    it("keeps numbers, names, types, VIPs and pictures", async () => {
      box.away = undefined;
      const whole = {
        ...{ name: "Bert", vip: true, imageUrl: "/download.lua?path=b.jpg" },
        numbers: [{ number: "030 23125002", type: "work" }],
      };
      box.setBooks({ Telefonbuch: [whole] });
      store.saves = 0;
      await open().find(STRANGER);
      await saved();
      box.away = new FritzError("box-refused", {}, true);
      const { contacts } = await open().find("+49 30 23125002");
      assert.deepEqual(contacts, [{ ...whole, book: "Telefonbuch", bookId: 0 }]);
    });

    it("does not keep a failed reading in its place", async () => {
      const index = open();
      await index.find(STRANGER);
      box.away = undefined;
      box.complete = false;
      box.setBooks({ Spam: [] });
      clock.advance(MINUTE);
      await index.find(STRANGER);
      box.away = new FritzError("box-refused", {}, true);
      assert.equal(await asked(open(), ANNA), "Anna loading");
    });

    for (const [what, spoil] of [
      ["of a newer version", () => (store.value = { ...(store.value as object), version: 2 })],
      ["no object", () => (store.value = "x")],
      ["damaged", () => (store.failure = new Error("unreadable"))],
      ["with books of another shape", () => (store.value = { ...(store.value as object), books: [{ id: "0" }] })],
    ] as const) {
      it(`knows nothing, rather than no contacts, from a file that is ${what}`, async () => {
        spoil();
        assert.equal(await asked(open(), ANNA), "- unreachable");
      });
    }
  });

  it("works on when nothing can be kept, and reports it", async () => {
    store.failure = new Error("ENOSPC");
    const failures: unknown[] = [];
    const memory = new BookMemory(store, (error) => failures.push(error));
    const index = new PhonebookIndex(box.source, clock, { memory });
    assert.equal(await asked(index, ANNA), "Anna known");
    await until("both failures", () => failures.length === 2);
  });
});

describe("written forms of contacts", () => {
  for (const [written, callers, strangers] of [
    ["01013 030 23125001", ["030 23125001", "+493023125001"], ["030 23125002"]],
    ["0101303023125001", ["030 23125001"], []],
    ["01013 23125001", ["030 23125001"], []],
    ["0100 33 030 23125001", ["030 23125001"], []],
    ["*31#030 23125001", ["030 23125001"], []],
    ["030 5559-0", ["030 5559 17", "03055590", "0305559", "+49305559123"], ["030 5558 17"]],
    ["+49 (30) 5559 - 0", ["030555917"], ["03055"]],
    ["030/5559‑00", ["030555917"], []],
    ["030-0", [], ["030 23125001"]],
    ["030/23125001 Büro", ["030 23125001"], ["030 23125002"]],
    ["Tel.: +49 (30) 23125001", ["030 23125001"], []],
    ["p:030-23125001, d:0171-3920001", ["030 23125001", "0171 3920001"], []],
    ["030 23125xxx", [], ["030 23125", "030 23125001"]],
    ["7191-23125001", ["07191 23125001"], ["07191 23125002"]],
    ["Raum 12", [], ["12", "030 12"]],
    ["0171 3920001", ["+49 171 3920001"], ["0171 39200010"]],
  ] as const) {
    it(`finds ${callers.join(", ") || "nothing"} under ${written}`, async () => {
      const box = newBox().setBooks({ Telefonbuch: [contact("Anna", written)] });
      const index = new PhonebookIndex(box.source, new FakeClock());
      for (const caller of callers) assert.equal((await index.find(caller)).contacts[0]?.name, "Anna", caller);
      for (const caller of strangers) assert.deepEqual((await index.find(caller)).contacts, [], caller);
    });
  }
});
