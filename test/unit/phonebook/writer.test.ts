import assert from "node:assert/strict";
import type { Contact, WriteReport } from "../../../src/lib/phonebook/types";
import { FritzError } from "../../../src/lib/core/errors";
import type { Clock } from "../../../src/lib/core/clock";
import { BookWriter, type WriterOptions } from "../../../src/lib/phonebook/writer";
import { type Plan, planAdd, planRemove, planUpdate } from "../../../src/lib/phonebook/write-plan";
import { AWAY, FakeBook, type WriteOutcome } from "../../support/fake-book";

/** Waits take no time but move the clock. */
class AcceleratedClock implements Clock {
  private nowMs = 0;
  waits: number[] = [];

  now(): number {
    return this.nowMs;
  }

  after(ms: number, run: () => void) {
    this.waits.push(ms);
    this.nowMs += ms;
    const timer = setImmediate(run);
    return { cancel: () => clearImmediate(timer) };
  }
}

const contact = (i: number): Contact => ({
  name: `N${i}`,
  numbers: [{ number: `030 23125${String(i).padStart(3, "0")}` }],
});
const contacts = (count: number, from = 0) => Array.from({ length: count }, (_, i) => contact(from + i));
const counts = ({ added, updated, removed, alreadyThere, failed }: WriteReport) => ({
  ...{ added, updated, removed, alreadyThere },
  failed: failed.map(({ contact, error }) => `${contact.name} ${error.code}`),
});
const report = (some: Partial<ReturnType<typeof counts>>) => ({
  ...{ added: 0, updated: 0, removed: 0, alreadyThere: 0, failed: [] },
  ...some,
});

describe("BookWriter", () => {
  let book: FakeBook;
  let clock: AcceleratedClock;

  beforeEach(() => {
    book = new FakeBook();
    clock = new AcceleratedClock();
  });

  const run = (plan: Plan, wanted: Contact[], options: Partial<WriterOptions> = {}) =>
    new BookWriter(book.open, plan, wanted, { clock, ...options }).run();
  const fill = async (count: number) => void (await run(planAdd, contacts(count)));
  const fails = (work: Promise<unknown>, code: string) =>
    assert.rejects(work, (error) => error instanceof FritzError && error.code === code);

  it("writes a list, says how far it is, and reads it back", async () => {
    const reported: string[] = [];
    const done = await run(planAdd, contacts(3), { progress: (n, total) => reported.push(`${n}/${total}`) });
    assert.deepEqual(counts(done), report({ added: 3 }));
    assert.deepEqual(reported, ["1/3", "2/3", "3/3"]);
    assert.deepEqual(book.names, ["N0", "N1", "N2"]);
    assert.equal(book.opened, 2);
    assert.equal(done.nearLimit, undefined);
  });

  it("knows what it wrote itself in the same list", async () => {
    assert.deepEqual(
      counts(await run(planAdd, [...contacts(2), ...contacts(2)])),
      report({ added: 2, alreadyThere: 2 }),
    );
    assert.equal(book.writes, 2);
  });

  for (const [what, fates, closedFor] of [
    ["before a write", ["ok", AWAY()], 0],
    ["after a write, its answer lost", ["ok", "lost"], 0],
    ["for a long time", ["ok", "lost"], 9],
    ["again and again", ["lost", AWAY(), "lost", "ok", AWAY(), AWAY(), "lost"], 0],
  ] as [string, WriteOutcome[], number][]) {
    it(`nothing twice, nothing lost when the box goes away ${what}`, async () => {
      book.outcomes = fates;
      const work = run(planAdd, contacts(5));
      book.closedFor = closedFor > 0 ? closedFor : 0;
      assert.deepEqual(counts(await work), report({ added: 5 }));
      assert.deepEqual(book.names, ["N0", "N1", "N2", "N3", "N4"]);
    });
  }

  it("counts a lost change and a lost removal once", async () => {
    await fill(3);
    const key = book.contacts[0]?.uniqueId;
    assert.ok(key !== undefined);
    book.outcomes = ["lost"];
    const changed = await run(planUpdate, [{ name: "New", numbers: [], uniqueId: key }]);
    assert.deepEqual(counts(changed), report({ updated: 1 }));
    book.outcomes = ["ok", "lost"];
    const removed = await run(planRemove, [
      { name: "N1", numbers: [] },
      { name: "N2", numbers: [] },
    ]);
    assert.deepEqual(counts(removed), report({ removed: 2 }));
    assert.deepEqual(book.names, ["New"]);
  });

  it("waits for a list longer than for a single contact, and gives up in the end with a true report", async () => {
    const waited = () => clock.waits.splice(0).reduce((a, b) => a + b, 0);
    book.outcomes = ["ok", "ok", ...Array.from({ length: 50 }, AWAY)];
    assert.deepEqual(
      counts(await run(planAdd, contacts(5))),
      report({ added: 2, failed: ["N2 box-unreachable", "N3 box-unreachable", "N4 box-unreachable"] }),
    );
    const batchMs = waited();
    await fails(run(planAdd, [contact(20)]), "box-unreachable");
    const singleMs = waited();
    assert.ok(batchMs >= 300_000 && singleMs >= 5_000 && singleMs < 30_000, `${batchMs} ${singleMs}`);
  });

  it("is as patient with the last contact of a list as with the first", async () => {
    book.outcomes = ["ok", ...Array.from({ length: 12 }, AWAY)];
    assert.deepEqual(counts(await run(planAdd, contacts(2))), report({ added: 2 }));
  });

  it("leaves no listener behind on the signal", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    book.outcomes = Array.from({ length: 14 }, AWAY);
    assert.deepEqual(counts(await run(planAdd, contacts(2), { signal })), report({ added: 2 }));
    assert.equal(listeners, 0);
  });

  it("says which contact the box did not take, and goes on", async () => {
    book.outcomes = ["ok", new FritzError("box-internal"), "ok"];
    const done = await run(planAdd, contacts(3));
    assert.deepEqual(counts(done), report({ added: 2, failed: ["N1 box-internal"] }));
  });

  for (const code of [
    "box-right",
    "box-no-entry",
    "box-memory",
    "box-login",
    "box-tls",
    "box-second-factor-blocked",
  ] as const) {
    it(`stops at once at ${code}: it would be the same for all`, async () => {
      book.outcomes = ["ok", new FritzError(code, {}, true)];
      const done = await run(planAdd, contacts(4));
      assert.deepEqual(counts(done), report({ added: 1, failed: [`N1 ${code}`, `N2 ${code}`, `N3 ${code}`] }));
      assert.equal(book.writes, 2);
      assert.deepEqual(clock.waits, []);
      book.outcomes = [new FritzError(code)];
      await fails(run(planAdd, contacts(4, 10)), code);
    });
  }

  it("takes an entry that somebody else removed meanwhile for what it is", async () => {
    await fill(3);
    book.outcomes = [new FritzError("box-no-entry")];
    const done = await run(
      planRemove,
      ["N0", "N1"].map((name) => ({ name, numbers: [] })),
    );
    assert.deepEqual(counts(done), report({ removed: 1, failed: ["N0 box-no-entry"] }));
  });

  it("reports what the box confirmed and forgot: new, changed and removed", async () => {
    await fill(2);
    book.outcomes = ["forgotten", "ok"];
    assert.deepEqual(counts(await run(planAdd, contacts(2, 2))), report({ added: 1, failed: ["N2 contact-dropped"] }));
    const [first, second] = book.contacts;
    assert.ok(first && second);
    for (const change of [
      { ...first, name: "New" },
      { ...first, vip: true },
      { ...first, emails: ["a@example.org"] },
      { ...first, numbers: [...first.numbers, { number: "030 23125999" }] },
    ]) {
      book.outcomes = ["forgotten"];
      assert.deepEqual(counts(await run(planUpdate, [change])), report({ failed: [`${change.name} contact-dropped`] }));
    }
    book.outcomes = ["forgotten", "ok"];
    const removed = await run(planRemove, [first, second]);
    assert.deepEqual(counts(removed), report({ removed: 1, failed: ["N0 contact-kept"] }));
  });

  it("expects of a contact that is changed twice only the last", async () => {
    const numbers = ["030 23125001", "030 23125002", "030 23125003"].map((number) => ({ number }));
    await run(planAdd, [{ name: "Anna", numbers }]);
    const both = await run(
      planRemove,
      numbers.slice(0, 2).map((one) => ({ name: "Anna", numbers: [one] })),
    );
    assert.deepEqual(counts(both), report({ updated: 2 }));
    assert.deepEqual(
      book.contacts.map((one) => one.numbers.map(({ number }) => number)),
      [["030 23125003"]],
    );
    await run(planAdd, [{ name: "Anna", numbers }]);
    book.outcomes = ["ok", "lost"];
    const all = await run(
      planRemove,
      numbers.map((one) => ({ name: "Anna", numbers: [one] })),
    );
    assert.deepEqual(counts(all), report({ updated: 2, removed: 1 }));
    assert.deepEqual(book.names, []);
  });

  it("accepts that a box writes numbers its own way and cuts a long name", async () => {
    const longName = "Ein Name, der länger ist als alles, was ein Handgerät zeigt";
    const plain = book.open;
    const writer = new BookWriter(
      async () => {
        for (const entry of book.entries) {
          entry.contact.name = entry.contact.name.slice(0, 32);
          for (const number of entry.contact.numbers) number.number = number.number.replaceAll(" ", "");
        }
        return plain();
      },
      planAdd,
      [{ name: longName, numbers: [{ number: "030 23125001" }], emails: ["a@example.org"] }],
      { clock },
    );
    assert.deepEqual(counts(await writer.run()), report({ added: 1 }));
  });

  it("a dry run counts and writes nothing", async () => {
    await fill(1);
    const before = structuredClone(book.entries);
    book.writes = 0;
    const dryRun = true;
    assert.deepEqual(counts(await run(planAdd, contacts(2), { dryRun })), report({ added: 1, alreadyThere: 1 }));
    assert.deepEqual(
      counts(await run(planRemove, contacts(2), { dryRun })),
      report({ removed: 1, failed: ["N1 contact-unknown"] }),
    );
    assert.deepEqual(counts(await run(planUpdate, [{ ...contact(0), vip: true }], { dryRun })), report({ updated: 1 }));
    assert.deepEqual(book.entries, before);
    assert.equal(book.writes, 0);
  });

  it("warns near the limit, but only who makes it fuller", async () => {
    const limit = 10;
    assert.equal((await run(planAdd, contacts(9), { limit })).nearLimit, undefined);
    assert.deepEqual((await run(planAdd, contacts(10), { limit })).nearLimit, { count: 10, limit });
    assert.equal((await run(planAdd, contacts(10), { limit })).nearLimit, undefined);
    assert.equal((await run(planRemove, contacts(1), { limit })).nearLimit, undefined);
  });

  it("ends between two contacts when it is told to, and says so", async () => {
    const stop = new AbortController();
    const progress = (done: number) => done === 2 && stop.abort();
    const done = await run(planAdd, contacts(4), { signal: stop.signal, progress });
    assert.deepEqual(counts(done), report({ added: 2, failed: ["N2 interrupted", "N3 interrupted"] }));
    book.opened = 0;
    await fails(run(planAdd, contacts(4, 10), { signal: stop.signal }), "interrupted");
    assert.equal(book.opened, 0);
  });

  it("stops waiting for a box that is away when it is told to", async () => {
    const stop = new AbortController();
    book.outcomes = ["ok", AWAY()];
    const waiting: Clock = {
      now: () => 0,
      after: () => (setImmediate(() => stop.abort()), { cancel: () => undefined }),
    };
    const done = await run(planAdd, contacts(3), { signal: stop.signal, clock: waiting });
    assert.deepEqual(counts(done), report({ added: 1, failed: ["N1 interrupted", "N2 interrupted"] }));
  });

  it("lets a programming error pass instead of dressing it up", async () => {
    const broken: Plan = () => {
      throw new TypeError("bug");
    };
    await assert.rejects(run(broken, contacts(1)), TypeError);
  });
});
