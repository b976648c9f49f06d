import assert from "node:assert/strict";
import type { Contact } from "../../../src/lib/phonebook/types";
import { FritzError } from "../../../src/lib/core/errors";
import { type IndexOptions, PhonebookIndex } from "../../../src/lib/phonebook/lookup-index";
import { FakeClock } from "../../support/fake-clock";
import { FakePhonebooks } from "../../support/fake-phonebooks";
import { BERLIN } from "../../support/numbers";
import { until } from "../../support/wait";

const contact = (name: string, ...numbers: string[]): Contact => ({
  name,
  numbers: numbers.map((number) => ({ number })),
});

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe("PhonebookIndex", () => {
  let box: FakePhonebooks;
  let clock: FakeClock;
  const away = () => new FritzError("box-timeout", {}, true);
  /** Holds back what is read; returns how to let it go. */
  const hold = () => {
    let letGo = () => undefined as void;
    box.readGate = new Promise((resolve) => (letGo = resolve));
    return letGo;
  };

  beforeEach(() => {
    box = new FakePhonebooks();
    box.plan = BERLIN;
    clock = new FakeClock();
    box.setBooks({
      Telefonbuch: [contact("Anna", "030 23125001", "+49 171 3920001"), contact("Bert", "23125002")],
      Spam: [contact("Range", "0711 123*"), contact("Wide", "0711*"), contact("Anna S", "03023125001")],
    });
  });

  const index = (options: IndexOptions = {}) => new PhonebookIndex(box.source, clock, options);
  const names = async (of: PhonebookIndex, number: string) =>
    (await of.find(number)).contacts.map(({ name, book, bookId }) => `${name} in ${book} ${bookId}`);

  const reason = async (of: PhonebookIndex, number: string) => (await of.find(number)).unknown;

  for (const [number, expected] of [
    ["0049 30 23125-001", ["Anna in Telefonbuch 0", "Anna S in Spam 1"]],
    ["01713920001", ["Anna in Telefonbuch 0"]],
    ["030 23125002", ["Bert in Telefonbuch 0"]],
    ["0711 123456", ["Range in Spam 1", "Wide in Spam 1"]],
    ["0711 123", ["Range in Spam 1", "Wide in Spam 1"]],
    ["0711 9", ["Wide in Spam 1"]],
    ["0711 12*", ["Wide in Spam 1"]],
    ["089 99998001", []],
    ["", []],
  ] as [string, string[]][]) {
    it(`finds ${expected.join(", ") || "no contact"} for ${number || "no number"}`, async () =>
      assert.deepEqual(await names(index(), number), expected));
  }

  it("keeps internal and SIP numbers as they are, and out of the ranges of others", async () => {
    box.setBooks({ T: [contact("Door", "**610"), contact("Sip", "Anna@example.org"), contact("All", "0*")] });
    assert.deepEqual(await names(index(), "**610"), ["Door in T 0"]);
    assert.deepEqual(await names(index(), "sip:anna@EXAMPLE.org"), ["Sip in T 0"]);
    assert.deepEqual(await names(index(), "**611"), []);
  });

  it("answers from memory, with contacts of one's own", async () => {
    const it = index();
    const [first] = (await it.find("030 23125001")).contacts;
    assert.ok(first);
    first.name = "changed";
    first.numbers.length = 0;
    for (let i = 0; i < 100; i++) {
      assert.equal((await it.find("030 23125001")).contacts[0]?.name, "Anna");
      assert.equal((await it.find("030 23125001")).contacts[0]?.numbers.length, 2);
    }
    assert.equal(box.listings, 1);
    assert.equal(it.size, 5);
  });

  it("reads once, however many ask at first", async () => {
    const it = index();
    await Promise.all(Array.from({ length: 25 }, () => it.find("030 23125001")));
    assert.equal(box.listings, 1);
  });

  it("looks only into the books that are wanted, in their order", async () => {
    assert.deepEqual(await names(index({ books: ["Spam"] }), "030 23125001"), ["Anna S in Spam 1"]);
    assert.deepEqual(await names(index({ books: ["Spam", "0"] }), "030 23125001"), [
      "Anna S in Spam 1",
      "Anna in Telefonbuch 0",
    ]);
    assert.equal((await index({ books: ["Nothing"] }).find("1")).unknown, "no-books");
  });

  it("looks into one book if told to, and says when there is none of that name", async () => {
    const it = index();
    const inBook = async (book: string) =>
      (await it.find("030 23125001", book)).contacts.map(({ name }) => name).join();
    assert.equal(await inBook("Telefonbuch"), "Anna");
    assert.equal(await inBook("spam"), "Anna S");
    assert.equal(await inBook("1"), "Anna S");
    await assert.rejects(it.find("030 23125001", "Neu"), { code: "book-unknown" });
    box.put("Neu", "Neu", "030 23125001");
    await assert.rejects(it.find("030 23125001", "Neu"), { code: "book-unknown" });
    clock.advance(MINUTE);
    assert.equal(await inBook("Neu"), "Neu");
  });

  it("reads anew on age, in the background: the caller does not wait", async () => {
    const it = index();
    await it.find("030 23125001");
    box.put("Telefonbuch", "Carl", "030 23125003");
    clock.advance(HOUR - 1);
    await it.find("030 23125001");
    assert.equal(box.listings, 1);
    clock.advance(1);
    const letGo = hold();
    assert.equal((await it.find("030 23125001")).contacts.length, 2);
    letGo();
    await until("the new reading", () => it.size === 6);
    assert.equal(box.listings, 2);
  });

  it("reads anew for an unknown number, once a minute at most", async () => {
    const it = index();
    await it.find("030 23125001");
    box.put("Telefonbuch", "Carl", "030 23125003");
    assert.deepEqual(await names(it, "030 23125003"), []);
    clock.advance(MINUTE - 1);
    assert.deepEqual(await names(it, "030 23125003"), []);
    assert.equal(box.listings, 1);
    clock.advance(1);
    assert.deepEqual(await names(it, "030 23125003"), ["Carl in Telefonbuch 0"]);
    for (let i = 0; i < 50; i++) await it.find(`089 ${i}`);
    assert.equal(box.listings, 2);
  });

  it("shows a write in the next answer", async () => {
    const it = index();
    await it.find("030 23125001");
    box.put("Telefonbuch", "Carl", "030 23125003");
    it.touch();
    assert.deepEqual(await names(it, "030 23125003"), ["Carl in Telefonbuch 0"]);
    assert.equal(box.listings, 2);
  });

  it("shows a write that fell into a reading, the first one included", async () => {
    for (const first of [true, false]) {
      const it = index();
      if (!first) await it.find("030 23125001");
      const letGo = hold();
      const reading = it.refresh();
      await until("the reading", () => box.listings > (first ? 0 : 1));
      await clock.flush();
      box.put("Telefonbuch", `Carl ${first}`, "030 23125003");
      it.touch();
      const found = names(it, "030 23125003");
      letGo();
      await reading;
      assert.deepEqual((await found).at(-1), `Carl ${first} in Telefonbuch 0`);
      assert.equal(box.listings, first ? 2 : 3, "and reads no more often than needed");
      box.listings = 0;
      box.stored.get("Telefonbuch")?.contacts.pop();
    }
  });

  it("a write before anybody looks anything up reads nothing", async () => {
    const it = index();
    it.touch();
    await clock.flush();
    assert.equal(box.listings, 0);
    await it.find("030 23125001");
    assert.equal(box.listings, 1);
  });

  it("says so when it answers from memory because the box is away, and does not keep asking it", async () => {
    const it = index();
    const loadedAt = clock.now();
    assert.equal((await it.find("030 23125001")).staleSince, undefined);
    box.away = away();
    clock.advance(HOUR);
    await it.find("030 23125001");
    await until("the attempt", () => box.listings === 2);
    await clock.flush();
    const found = await it.find("030 23125001");
    assert.deepEqual([found.contacts[0]?.name, found.staleSince], ["Anna", loadedAt]);
    for (let i = 0; i < 20; i++) await it.find("089 1");
    assert.equal(box.listings, 2);
    box.away = undefined;
    clock.advance(MINUTE);
    await it.find("089 1");
    assert.equal((await it.find("030 23125001")).staleSince, undefined);
  });

  it("does not wait for a box that is away after a write, either", async () => {
    const it = index();
    await it.find("030 23125001");
    box.away = away();
    it.touch();
    for (let i = 0; i < 20; i++) assert.equal((await it.find("030 23125001")).contacts.length, 2);
    assert.ok(box.listings <= 2, `${box.listings} readings`);
    box.away = undefined;
    box.put("Telefonbuch", "Carl", "030 23125003");
    clock.advance(MINUTE);
    assert.deepEqual(await names(it, "030 23125003"), ["Carl in Telefonbuch 0"]);
  });

  it("says why nothing is known as long as nothing was ever read, and tries again soon", async () => {
    box.away = away();
    const it = index();
    assert.deepEqual(await reason(it, "030 23125001"), "unreachable");
    await assert.rejects(it.refresh(), { code: "box-timeout" });
    box.away = undefined;
    clock.advance(5_000);
    assert.equal((await it.find("030 23125001")).contacts.length, 2);
    box.away = away();
    await assert.rejects(it.refresh(), { code: "box-timeout" }, "an explicit reading fails with its error");
    assert.equal((await it.find("030 23125001")).contacts.length, 2);
  });

  it("gives others a turn while it takes in thousands", async () => {
    box.setBooks({ T: Array.from({ length: 40_000 }, (_, i) => contact("N", `030 ${i}`, `0171 ${i}`)) });
    let turns = 0;
    let busy = true;
    const tick = () => busy && (turns++, setImmediate(tick));
    setImmediate(tick);
    await index().refresh();
    busy = false;
    assert.ok(turns > 5, `${turns} turns`);
  });
});
