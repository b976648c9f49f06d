import assert from "node:assert/strict";
import { coversPattern } from "../../../src/lib/blocking/pattern-list";
import { keyOf } from "../../../src/lib/numbers/index";
import { FritzError } from "../../../src/lib/core/errors";
import type {
  BarringOptions,
  BarringOutcome,
  BarringOrder,
  BarringQueueParts,
} from "../../../src/lib/blocking/barring-session";
import { BarringQueue, WAIT_MS } from "../../../src/lib/blocking/barring-queue";
import type { BlockState } from "../../../src/lib/blocking/types";
import type { Contact, WriteOptions } from "../../../src/lib/phonebook/types";
import { BlockMemory } from "../../../src/lib/blocking/state";
import { FakeClock } from "../../support/fake-clock";
import { FakePhonebooks } from "../../support/fake-phonebooks";
import { FakeStore } from "../../support/fake-store";

const OPTIONS: BarringOptions = {
  ...{ target: "phonebook", book: "Spam", blockBooks: ["Spam"], namePrefix: "[Spam] ", timeStamp: false },
  ...{ most: 500, days: 0, rangeFrom: 0, learnBook: "Good" },
};
const AWAY = new FritzError("box-timeout", {}, true);
const BERLIN = "03023125001";

interface Setup {
  options?: Partial<BarringOptions>;
  allow?: string[];
  parts?: Partial<BarringQueueParts>;
}

/** The barring of one box, which outlives the runs of Node-RED. */
class Harness {
  readonly box = new FakePhonebooks();
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  readonly reported: [number, unknown][] = [];
  barring!: BarringQueue;
  memory!: BlockMemory;

  async start({ options = {}, allow = [], parts = {} }: Setup = {}): Promise<this> {
    const memory = await BlockMemory.open(this.store, (error) => assert.fail(String(error)));
    this.memory = memory;
    this.barring = new BarringQueue({
      ...{ box: this.box, clock: this.clock, memory, perHour: 100, ops: ["bar", "release", "learn"], random: () => 0 },
      options: { ...OPTIONS, ...options },
      isAllowed: (key) => coversPattern([...allow, ...memory.allowed.map((one) => one.key)], key),
      changed: (...of) => this.reported.push(of),
      ...parts,
    });
    this.barring.start();
    return this;
  }

  order(number: string, over: Partial<BarringOrder> = {}): BarringOrder {
    const key = keyOf(number, this.box.plan);
    return { key, number, at: "2026-11-24T12:25:42+01:00", name: "Berlin", because: "pattern", ...over };
  }

  /** Bars one after the other. */
  async bar(...numbers: string[]): Promise<BarringOutcome[]> {
    const outcomes: BarringOutcome[] = [];
    for (const number of numbers) outcomes.push(await this.barring.bar(this.order(number)));
    return outcomes;
  }

  get changes(): string[] {
    return this.memory.journal.map(({ what, number }) => `${what} ${number}`).reverse();
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    await this.clock.flush();
  }
}

const codeOf = (error: unknown) => (error instanceof FritzError ? error.code : error);

describe("barring: writing", () => {
  it("makes the book if it is missing, and writes the number as the box shows it", async () => {
    const harness = await new Harness().start();
    assert.deepEqual(await harness.bar("+49 30 23125001"), [{ action: "added", book: "Spam" }]);
    assert.deepEqual(harness.box.texts("Spam"), ["[Spam] Berlin: 03023125001"]);
    assert.deepEqual(harness.box.writes, ["create Spam", "add Spam 03023125001"]);
    assert.deepEqual(harness.changes, ["added +49 30 23125001"]);
  });

  it("a number from abroad with the prefix for abroad, a local one with its area code", async () => {
    const harness = await new Harness().start();
    await harness.bar("+2348012345678", "732999");
    assert.deepEqual(
      harness.box.texts("Spam").map((text) => text.split(": ")[1]),
      ["002348012345678", "07191732999"],
    );
  });

  it("with the time of the call, and a name that is short and without control characters", async () => {
    const harness = await new Harness().start({ options: { timeStamp: true } });
    await harness.barring.bar(harness.order(BERLIN, { name: `A\n${"b".repeat(100)}` }));
    const [name = ""] = harness.box.texts("Spam").map((text) => text.replace(/: \d+$/, ""));
    assert.match(name, /^\[Spam\] A b+ 2026-11-24 12:25$/);
    assert.equal(name.length, 48);
  });

  it("into the list of barred numbers", async () => {
    const harness = await new Harness().start({ options: { target: "barring" } });
    assert.deepEqual(await harness.bar(BERLIN), [{ action: "added", book: "" }]);
    assert.deepEqual(harness.box.texts(""), ["[Spam] Berlin: 03023125001"]);
    assert.equal(harness.box.stored.has("Spam"), false);
  });

  it("tells what the box cannot do, and tries again when the next one is to be barred", async () => {
    const harness = await new Harness().start({ options: { target: "barring" } });
    harness.box.canBar = false;
    const [outcome] = await harness.bar(BERLIN);
    assert.equal(outcome?.action, "failed");
    assert.equal(codeOf(outcome.error), "barring-missing");
    assert.equal(harness.clock.nextInMs, 60_000, "no use to try again soon: only the look after own entries");
    harness.box.canBar = true;
    await harness.bar("03023125002");
    assert.equal(harness.box.barred.length, 2);
  });

  it("tells that the book belongs to a server", async () => {
    const harness = await new Harness().start();
    harness.box.stored.set("Spam", { writable: false, contacts: [] });
    const [outcome] = await harness.bar(BERLIN);
    assert.equal(codeOf(outcome?.error), "book-read-only");
  });

  it("the refusal of one entry does not stop the others", async () => {
    const harness = await new Harness().start();
    harness.box.refuses = "box-arguments";
    const [outcome] = await harness.bar(BERLIN);
    assert.equal(codeOf(outcome?.error), "box-arguments");
    assert.equal(harness.memory.pending.length, 0);
    harness.box.refuses = undefined;
    assert.equal((await harness.bar("03023125002"))[0]?.action, "added");
    assert.deepEqual(harness.changes, ["failed 03023125001", "added 03023125002"]);
  });
});

describe("barring: never twice", () => {
  it("one entry for a hundred orders at once, in any written form", async () => {
    const harness = await new Harness().start();
    const forms = [BERLIN, "+49 30 23125001", "004930/23125001", "+49 (0)30 23125001"];
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, i) => harness.barring.bar(harness.order(forms[i % 4] ?? ""))),
    );
    assert.equal(outcomes.filter(({ action }) => action === "added").length, 100, "all of them are told the same");
    assert.equal(harness.box.texts("Spam").length, 1);
  });

  it("a later order finds it, and does not even ask the box within a minute", async () => {
    const harness = await new Harness().start();
    await harness.bar(BERLIN);
    const { reads } = harness.box;
    assert.deepEqual(await harness.bar(BERLIN), [{ action: "already-there", book: "Spam" }]);
    assert.equal(harness.box.reads, reads);
    harness.clock.advance(61_000);
    assert.deepEqual(await harness.bar(BERLIN), [{ action: "already-there", book: "Spam" }]);
    assert.ok(harness.box.reads > reads);
    assert.equal(harness.box.texts("Spam").length, 1);
  });

  for (const [what, number] of [
    ["in another form", "+49 30 23125001"],
    ["by a range", "030 231250*"],
  ]) {
    it(`what the user wrote there ${what} is there`, async () => {
      const harness = await new Harness().start();
      harness.box.put("Spam", "Betrug", number ?? "");
      assert.deepEqual(await harness.bar(BERLIN), [{ action: "already-there", book: "Spam" }]);
      assert.equal(harness.memory.entries.length, 0, "it is the user's, not ours");
    });
  }

  it("two nodes of one box wait for one another", async () => {
    const [one, other] = [new Harness(), new Harness()];
    Object.assign(other, { box: one.box });
    await one.start();
    await other.start();
    const outcomes = await Promise.all([one.barring.bar(one.order(BERLIN)), other.barring.bar(other.order(BERLIN))]);
    assert.deepEqual(outcomes.map(({ action }) => action).sort(), ["added", "already-there"]);
    assert.equal(one.box.texts("Spam").length, 1);
  });

  it("what the user took out by hand is written again, if it calls again", async () => {
    const harness = await new Harness().start();
    await harness.bar(BERLIN);
    harness.box.stored.get("Spam")?.contacts.pop();
    harness.clock.advance(61_000);
    assert.deepEqual(await harness.bar(BERLIN), [{ action: "added", book: "Spam" }]);
    assert.equal(harness.memory.entries.length, 1);
  });
});

describe("barring: never a contact", () => {
  const spared = async (setup: Setup, prepare: (harness: Harness) => void, number = BERLIN) => {
    const harness = await new Harness().start(setup);
    prepare(harness);
    assert.deepEqual(await harness.bar(number), [{ action: "spared" }]);
    assert.deepEqual(harness.box.writes, []);
    assert.deepEqual(harness.changes, [`spared ${number}`]);
  };
  it("a contact of any other book, looked up at the last moment", () =>
    spared({}, ({ box }) => box.put("Telefonbuch", "Oma", "07191 1", "+49 (0)30 / 23125001")));
  it("a switchboard that is a contact by a range", () =>
    spared({}, ({ box }) => box.put("Firma", "Arzt", "030231250*")));
  it("an allow pattern", () => spared({ allow: ["030*"] }, () => undefined));
  it("an own number", () => spared({}, () => undefined, "07191732123"));
  it("what is no whole number", () => spared({}, () => undefined, "112"));
  it("but the contacts of blocked books are not protected", async () => {
    const harness = await new Harness().start({ options: { blockBooks: ["Spam", "Community"] } });
    harness.box.put("Community", "Betrug", BERLIN);
    assert.equal((await harness.bar(BERLIN))[0]?.action, "added");
  });

  it("if a book cannot be read, nothing is written", async () => {
    const harness = await new Harness().start();
    harness.box.contacts = () => Promise.reject(AWAY);
    assert.equal((await harness.bar(BERLIN))[0]?.action, "failed");
    assert.deepEqual(harness.box.writes, []);
  });

  it("who becomes a contact comes out again, also if she does not call", async () => {
    const harness = await new Harness().start();
    await harness.bar(BERLIN);
    harness.clock.advance(60_000);
    await harness.settle();
    assert.equal(harness.box.texts("Spam").length, 1);
    const { reads } = harness.box;
    harness.box.put("Telefonbuch", "Oma", BERLIN);
    harness.clock.advance(3_600_000);
    await harness.settle();
    assert.ok(harness.box.reads > reads, "all books are read before anything is taken out");
    await harness.settle();
    assert.deepEqual(harness.box.texts("Spam"), []);
    assert.deepEqual(harness.changes, ["added 03023125001", "spared 03023125001"]);
  });
});

describe("barring: not too many", () => {
  const numbers = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => `030231${String(25_000 + (from + i) * 101).padStart(5, "0")}`);

  it("an attack with 1000 numbers fills no book", async () => {
    const harness = await new Harness().start({ parts: { perHour: 10 } });
    const outcomes = await Promise.all(numbers(1000).map((number) => harness.barring.bar(harness.order(number))));
    assert.equal(outcomes.filter(({ action }) => action === "added").length, 10);
    const refused = outcomes.filter(({ error }) => codeOf(error) === "block-rate");
    assert.equal(refused.length, 990);
    assert.deepEqual((refused[0]?.error as FritzError).values, { most: 10 });
    assert.equal(harness.box.texts("Spam").length, 10);
    harness.clock.advance(3_600_000);
    assert.equal((await harness.bar("08999998001"))[0]?.action, "added");
  });

  it("the limit of an hour survives a restart; who is barred already does not count", async () => {
    const harness = await new Harness().start({ parts: { perHour: 2 } });
    await harness.bar(...numbers(2));
    await harness.barring.close();
    await harness.start({ parts: { perHour: 2 } });
    assert.deepEqual(
      (await harness.bar(...numbers(3))).map(({ action }) => action),
      ["already-there", "already-there", "failed"],
    );
  });

  it("the oldest own entries give way; those of others stay", async () => {
    const harness = await new Harness().start({ options: { most: 3 } });
    harness.box.put("Spam", "von Hand", "08999998001");
    await harness.bar(...numbers(5));
    await harness.settle();
    const [first, second, ...rest] = numbers(5);
    assert.deepEqual(
      harness.box.texts("Spam").map((text) => text.split(": ")[1]),
      ["08999998001", ...rest],
    );
    assert.deepEqual(
      harness.changes.filter((change) => change.startsWith("rotated")),
      [`rotated ${first}`, `rotated ${second}`],
    );
    assert.equal(harness.memory.entries.length, 3);
  });

  it("own entries expire; those of others do not", async () => {
    const harness = await new Harness().start({ options: { days: 30 } });
    harness.box.put("Spam", "von Hand", "08999998001");
    await harness.bar(BERLIN);
    harness.clock.advance(29 * 86_400_000);
    await harness.settle();
    assert.equal(harness.box.texts("Spam").length, 2);
    for (let day = 0; day < 2; day++) {
      harness.clock.advance(86_400_000);
      await harness.settle();
    }
    assert.deepEqual(harness.box.texts("Spam"), ["von Hand: 08999998001"]);
    assert.equal(harness.changes.at(-1), "expired 03023125001");
  });

  it("an entry that cannot be taken out does not stop the others", async () => {
    const harness = await new Harness().start({ options: { days: 1 } });
    await harness.bar(BERLIN);
    harness.clock.advance(2 * 86_400_000);
    harness.box.refuses = "box-internal";
    await harness.bar("03023125002");
    harness.box.refuses = undefined;
    assert.equal((await harness.bar("03023125003"))[0]?.action, "added");
    await harness.settle();
    assert.equal(harness.changes.filter((change) => change.startsWith("failed")).length, 2);
  });
});

describe("barring: ranges", () => {
  const neighbours = (count: number) => Array.from({ length: count }, (_, i) => `0302312500${i}`);
  const RANGES = { options: { rangeFrom: 4 } };

  it("many neighbours become one entry, and the next one is there already", async () => {
    const harness = await new Harness().start(RANGES);
    const outcomes = await harness.bar(...neighbours(6));
    assert.deepEqual(
      outcomes.map(({ action }) => action),
      ["added", "added", "added", "added", "already-there", "already-there"],
    );
    assert.deepEqual(harness.box.texts("Spam"), ["[Spam] Berlin: 030231250*"]);
    assert.deepEqual(harness.changes.at(-1), "range 03023125003");
  });

  it("not if a contact lives among them", async () => {
    const harness = await new Harness().start(RANGES);
    harness.box.put("Telefonbuch", "Oma", "030 23125099");
    await harness.bar(...neighbours(6));
    assert.equal(harness.box.texts("Spam").length, 6);
  });

  for (const pattern of ["03023125042", "030231250*", "+4930*", "030 23125090..030 23125110"]) {
    it(`nor if ${pattern} gets through`, async () => {
      const harness = await new Harness().start({ ...RANGES, allow: [pattern] });
      const free = neighbours(6).filter((number) => !coversPattern([pattern], keyOf(number)));
      await harness.bar(...free);
      assert.equal(harness.box.texts("Spam").length, free.length);
    });
  }

  it("not in the list of barred numbers, not across hundreds, not for short numbers", async () => {
    const list = await new Harness().start({ options: { rangeFrom: 2, target: "barring" } });
    await list.bar(...neighbours(3));
    assert.equal(list.box.barred.length, 3);
    const harness = await new Harness().start({ options: { rangeFrom: 2 } });
    await harness.bar("03023125099", "03023125100", "0302311", "0302312");
    assert.equal(harness.box.texts("Spam").length, 4);
  });

  it("undo of one number keeps its neighbours barred, each by itself", async () => {
    const harness = await new Harness().start(RANGES);
    await harness.bar(...neighbours(4));
    assert.equal((await harness.barring.release(harness.order("03023125001"))).action, "removed");
    assert.deepEqual(
      harness.box.texts("Spam").map((text) => text.split(": ")[1]),
      ["03023125000", "03023125002", "03023125003"],
    );
    assert.equal(harness.memory.entries.length, 3);
  });
});

describe("barring: outages and restarts", () => {
  it("a call waits for a limited time; the entry is written when the box is back, once", async () => {
    const harness = await new Harness().start();
    harness.box.away = AWAY;
    const [outcome] = await harness.bar(BERLIN);
    assert.deepEqual(outcome, { action: "failed", error: AWAY });
    assert.deepEqual(harness.reported.at(-1), [1, AWAY]);
    for (let i = 0; i < 5; i++) {
      harness.clock.advance(60_000);
      await harness.settle();
    }
    assert.equal(harness.memory.pending.length, 1);
    harness.box.away = undefined;
    harness.clock.advance(60_000);
    await harness.settle();
    assert.deepEqual(harness.box.texts("Spam"), ["[Spam] Berlin: 03023125001"]);
    assert.deepEqual(harness.reported.at(-1), [0, undefined]);
    harness.clock.advance(600_000);
    await harness.settle();
    assert.equal(harness.box.writes.filter((write) => write.startsWith("add")).length, 1);
  });

  it("a slow box: the call goes on after 5 s, the writing does, too", async () => {
    const harness = await new Harness().start();
    let open: () => void = () => undefined;
    harness.box.gate = new Promise((resolve) => (open = resolve));
    const barring = harness.bar(BERLIN);
    await harness.settle();
    harness.clock.advance(WAIT_MS);
    const [outcome] = await barring;
    assert.equal(codeOf(outcome?.error), "block-pending");
    open();
    await harness.settle();
    assert.equal(harness.box.texts("Spam").length, 1);
    assert.equal(harness.memory.pending.length, 0);
  });

  it("an entry that the box forgot is written again, but not endlessly", async () => {
    const harness = await new Harness().start();
    harness.box.forgets = 1;
    const [outcome] = await harness.bar(BERLIN);
    assert.equal(codeOf(outcome?.error), "contact-dropped");
    harness.clock.advance(60_000);
    await harness.settle();
    assert.equal(harness.box.texts("Spam").length, 1);
    harness.box.forgets = 100;
    await harness.bar("03023125002");
    for (let i = 0; i < 10; i++) {
      harness.clock.advance(60_000);
      await harness.settle();
    }
    assert.equal(harness.memory.pending.length, 0);
    assert.equal(harness.box.forgets, 97);
    assert.equal(harness.changes.at(-1), "failed 03023125002");
  });

  it("what waits is written by the next run", async () => {
    const harness = await new Harness().start();
    harness.box.away = AWAY;
    await harness.bar(BERLIN, "03023125002");
    await harness.barring.close();
    harness.box.away = undefined;
    await harness.settle();
    assert.deepEqual(harness.box.texts("Spam"), [], "nothing is written after the end");
    await harness.start();
    await harness.settle();
    assert.equal(harness.box.texts("Spam").length, 2);
    assert.equal(harness.memory.entries.length, 2);
  });

  it("a crash between write and memory: the next run finds its entry and takes it for its own", async () => {
    const harness = await new Harness().start();
    harness.box.away = AWAY;
    await harness.bar(BERLIN);
    await harness.barring.close();
    harness.box.away = undefined;
    harness.box.put("Spam", "[Spam] Berlin", BERLIN);
    await harness.start();
    await harness.settle();
    assert.equal(harness.box.texts("Spam").length, 1);
    assert.deepEqual(
      harness.memory.entries.map(({ key }) => key),
      ["+493023125001"],
    );
  });

  it("a run that may only do what the user orders drops what waits to be barred", async () => {
    const harness = await new Harness().start();
    harness.box.away = AWAY;
    await harness.bar(BERLIN);
    await harness.barring.close();
    harness.box.away = undefined;
    await harness.start({ parts: { ops: ["release"] } });
    await harness.settle();
    assert.deepEqual(harness.box.writes, []);
    assert.equal(harness.memory.pending.length, 0);
  });

  it("ends while a round hangs, and tells who waits", async () => {
    const harness = await new Harness().start();
    harness.box.gate = new Promise(() => undefined);
    const barring = harness.bar(BERLIN);
    await harness.settle();
    const closing = harness.barring.close();
    await harness.settle();
    harness.clock.advance(2_000);
    await closing;
    assert.equal(codeOf((await barring)[0]?.error), "block-pending");
    assert.equal(harness.clock.pending, 0);
    const saved = harness.store.value as BlockState;
    assert.deepEqual(
      saved.pending.map(({ key }) => key),
      ["+493023125001"],
    );
  });

  it("a closed run stops a write that waits for the box, writes no further job, and reports no status", async () => {
    const harness = await new Harness().start();
    const signals: (AbortSignal | undefined)[] = [];
    let goOn = () => undefined as void;
    const add = harness.box.add.bind(harness.box);
    const slowAdd = async (book: string, contacts: readonly Contact[], options?: WriteOptions) => {
      signals.push(options?.signal);
      await new Promise<void>((resolve) => (goOn = resolve));
      if (options?.signal?.aborted) throw new FritzError("interrupted");
      return add(book, contacts);
    };
    Object.assign(harness.box, { add: slowAdd });
    const first = harness.bar(BERLIN);
    await harness.settle();
    const second = harness.bar("03023125002");
    const closing = harness.barring.close();
    await harness.settle();
    harness.clock.advance(2_000);
    await closing;
    const reported = harness.reported.length;
    goOn();
    await harness.settle();
    assert.deepEqual(
      [signals.length, signals[0]?.aborted, harness.box.writes, harness.reported.length - reported],
      [1, true, [], 0],
    );
    await Promise.all([first, second]);
    Object.assign(harness.box, { add });
    await harness.start();
    await harness.settle();
    assert.deepEqual(harness.box.writes, ["create Spam", "add Spam 03023125001", "add Spam 03023125002"]);
  });
});

describe("barring: undo", () => {
  it("takes out what was added, and only that", async () => {
    const harness = await new Harness().start();
    harness.box.put("Spam", "von Hand", "08999998001");
    await harness.bar(BERLIN);
    assert.deepEqual(await harness.barring.release(harness.order("+493023125001")), { action: "removed" });
    assert.deepEqual(harness.box.texts("Spam"), ["von Hand: 08999998001"]);
    const outcome = await harness.barring.release(harness.order("08999998001"));
    assert.equal(codeOf(outcome.error), "block-undo");
    assert.equal(harness.box.texts("Spam").length, 1);
    assert.equal(harness.memory.entries.length, 0);
  });

  it("leaves the other numbers of a contact that the user made bigger", async () => {
    const harness = await new Harness().start();
    await harness.bar(BERLIN);
    harness.box.stored.get("Spam")?.contacts[0]?.numbers.push({ number: "08999998001" });
    await harness.barring.release(harness.order(BERLIN));
    assert.deepEqual(harness.box.texts("Spam"), ["[Spam] Berlin: 08999998001"]);
  });

  it("what was never written is not written any more", async () => {
    const harness = await new Harness().start();
    harness.box.away = AWAY;
    await harness.bar(BERLIN);
    harness.box.away = undefined;
    assert.equal((await harness.barring.release(harness.order(BERLIN))).action, "removed");
    harness.clock.advance(600_000);
    await harness.settle();
    assert.deepEqual(harness.box.writes, []);
  });

  it("after an outage, too, and from the book in which it was written", async () => {
    const harness = await new Harness().start();
    await harness.bar(BERLIN);
    await harness.barring.close();
    await harness.start({ options: { target: "barring" } });
    harness.box.away = AWAY;
    assert.equal((await harness.barring.release(harness.order(BERLIN))).action, "failed");
    harness.box.away = undefined;
    harness.clock.advance(60_000);
    await harness.settle();
    assert.deepEqual(harness.box.texts("Spam"), []);
    assert.equal(harness.changes.at(-1), "removed 03023125001");
  });

  it("knows its entries by their name if the memory was lost", async () => {
    const harness = await new Harness().start();
    await harness.bar(BERLIN);
    harness.store.value = undefined;
    await harness.start();
    assert.equal((await harness.barring.release(harness.order(BERLIN))).action, "removed");
  });
});

describe("barring: good callers", () => {
  it("come into their book once, but not contacts and barred ones", async () => {
    const harness = await new Harness().start();
    harness.box.put("Telefonbuch", "Oma", "07191 5");
    await harness.bar("03023125002");
    const learn = (number: string) => harness.barring.learn(harness.order(number, { name: "Praxis" }));
    assert.equal((await learn(BERLIN)).action, "added");
    assert.equal((await learn(BERLIN)).action, "already-there");
    assert.equal((await learn("071915")).action, "already-there");
    assert.equal((await learn("03023125002")).action, "spared");
    assert.deepEqual(harness.box.texts("Good"), ["Praxis: 03023125001"]);
  });
});
