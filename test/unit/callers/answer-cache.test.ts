import assert from "node:assert/strict";
import { Quotas } from "../../../src/lib/callers/quota";
import { AnswerCache } from "../../../src/lib/callers/answer-cache";
import type { SourceAnswer } from "../../../src/lib/callers/source";
import { FakeClock } from "../../support/fake-clock";
import { fakeSource } from "../../support/fake-source";
import { FakeStore } from "../../support/fake-store";

const HOUR = 3_600_000;
const erika: SourceAnswer = { name: { text: "Erika Muster", rank: "directory" } };
const source = fakeSource("dir", erika, {
  policy: { timeoutMs: 1, minIntervalMs: 0, hitMs: 30 * HOUR, missMs: 7 * HOUR },
});

describe("source memory", () => {
  let clock: FakeClock;
  let store: FakeStore;
  const open = async () => {
    const memory = new AnswerCache(store, clock);
    await memory.ready;
    return memory;
  };
  beforeEach(() => {
    clock = new FakeClock();
    store = new FakeStore();
  });

  it("remembers answers for their time, and that a number is unknown for a shorter one", async () => {
    const memory = await open();
    memory.remember(source, "+491", erika);
    memory.remember(source, "+492", null);
    assert.deepEqual(memory.recall(source, "+491"), { answer: erika });
    assert.deepEqual(memory.recall(source, "+492"), { answer: null });
    assert.equal(memory.recall(source, "+493"), undefined);
    clock.advance(7 * HOUR);
    assert.equal(memory.recall(source, "+492"), undefined);
    assert.deepEqual(memory.recall(source, "+491"), { answer: erika });
    clock.advance(23 * HOUR);
    assert.equal(memory.recall(source, "+491"), undefined);
  });

  it("asks anew when the source is configured otherwise", async () => {
    const memory = await open();
    memory.remember(source, "+491", erika);
    assert.equal(memory.recall({ ...source, key: "dir, other server" }, "+491"), undefined);
  });

  it("survives a restart, without a number in the store", async () => {
    const memory = await open();
    memory.remember(source, "+493023125042", erika);
    clock.advance(5_000);
    await Promise.resolve();
    assert.equal(store.saves, 1);
    assert.ok(!JSON.stringify(store.value).includes("3023125042"));
    assert.deepEqual((await open()).recall(source, "+493023125042"), { answer: erika });
  });

  it("writes a burst once, and the rest when it is closed", async () => {
    const memory = await open();
    for (let i = 0; i < 50; i++) memory.remember(source, `+49${i}`, erika);
    clock.advance(5_000);
    assert.equal(store.saves, 1);
    memory.remember(source, "+49x", null);
    await memory.flush();
    await memory.flush();
    assert.equal(store.saves, 2);
  });

  it("is bounded; who has not called for longest is forgotten first", async () => {
    const memory = await open();
    for (let i = 0; i < 1000; i++) memory.remember(source, `+49${i}`, erika);
    memory.recall(source, "+490");
    memory.remember(source, "+49new", erika);
    assert.ok(memory.recall(source, "+490"));
    assert.ok(memory.recall(source, "+49new"));
    assert.equal(memory.recall(source, "+491"), undefined);
  });

  it("forgets on demand", async () => {
    const memory = await open();
    memory.remember(source, "+491", erika);
    await memory.flush();
    await memory.forget();
    assert.equal(memory.recall(source, "+491"), undefined);
    assert.equal((await open()).recall(source, "+491"), undefined);
  });

  it("gives back from the store only what is an answer", async () => {
    const memory = await open();
    memory.remember(source, "+491", erika);
    await memory.flush();
    const kept = store.value as { entries: [string, number, unknown][] };
    const entry = kept.entries[0] ?? assert.fail();
    const odd: unknown[] = [
      { name: 7 },
      { name: { text: 7, rank: "directory" } },
      { name: { text: "x", rank: "king" } },
    ];
    odd.push(
      { opinion: { risk: "x", reports: 1 } },
      { opinion: { risk: 1, reports: 0 } },
      { place: { town: {} } },
      { x: 1 },
    );
    odd.push({ opinion: { risk: 1, reports: 1, link: "javascript:x" } }, [], "x", undefined);
    for (const answer of odd) {
      store.value = { ...kept, entries: [[entry[0], entry[1], answer]] };
      assert.equal((await open()).recall(source, "+491"), undefined, JSON.stringify(answer));
    }
    const sound: SourceAnswer = {
      place: { town: "Berlin" },
      opinion: { risk: 80, reports: 3, link: "https://x.example/", own: true },
    };
    for (const answer of [null, sound]) {
      store.value = { ...kept, entries: [[entry[0], entry[1], answer]] };
      assert.deepEqual((await open()).recall(source, "+491"), { answer });
    }
  });

  it("takes an odd store for an empty one", async () => {
    const odd: unknown[] = [null, 7, "x", [], { format: 2 }, { format: 1, salt: 1, entries: [] }];
    odd.push({
      format: 1,
      salt: "s",
      entries: [null, [1, 2, 3], ["k", "x", null], ["k", 9e15, "text"]],
      used: { a: null, b: 1 },
    });
    for (const value of odd) {
      store = new FakeStore(value);
      const memory = await open();
      assert.equal(memory.recall(source, "+491"), undefined);
      memory.remember(source, "+491", erika);
      assert.ok(memory.recall(source, "+491"));
    }
    const broken = new AnswerCache(
      { load: () => Promise.reject(new Error("disk")), save: () => Promise.resolve() },
      clock,
    );
    await broken.ready;
    assert.equal(broken.recall(source, "+491"), undefined);
  });
});

describe("quotas", () => {
  const policy = { ...source.policy, perDay: 2, perMonth: 3 };
  const day = (date: string) => Date.parse(`${date}T12:00:00Z`);

  it("count by day and by month, and outlive a restart", () => {
    const quotas = new Quotas();
    const take = (date: string) => quotas.take("searchch", policy, day(date));
    assert.deepEqual([take("2026-11-29"), take("2026-11-29"), take("2026-11-29")], [true, true, false]);
    assert.equal(take("2026-11-30"), true);
    assert.equal(take("2026-11-30"), false, "the month is used up");
    const later = new Quotas();
    later.restore(JSON.parse(JSON.stringify(quotas)));
    assert.equal(later.take("searchch", policy, day("2026-11-30")), false);
    assert.equal(later.take("searchch", policy, day("2026-12-01")), true);
  });

  it("do not bind a source that has none", () => {
    const quotas = new Quotas();
    for (let i = 0; i < 1000; i++) assert.ok(quotas.take("a", source.policy, day("2026-11-30")));
    assert.deepEqual(quotas.toJSON(), {});
  });
});
