import assert from "node:assert/strict";
import type { BlockState, JournalEntry } from "../../../src/lib/blocking/types";
import { BlockMemory, JOURNAL_SIZE } from "../../../src/lib/blocking/state";
import { FakeStore } from "../../support/fake-store";

const entry = (number: string): JournalEntry => ({ at: "2026-11-24T12:00:00+01:00", what: "blocked", number });
const calm = (error: unknown) => assert.fail(String(error));
const job = { op: "bar", key: "+493023125001", number: "03023125001", at: "x", name: "Berlin", because: "pattern" };

describe("BlockMemory", () => {
  it("keeps everything for the next run", async () => {
    const store = new FakeStore();
    const memory = await BlockMemory.open(store, calm);
    memory.note(entry("1"));
    memory.note(entry("2"));
    memory.change({ allowed: [{ key: "+493023125001", number: "030", at: "x" }], writes: [5] });
    await memory.saved();
    assert.equal(store.saves, 1, "what changes at once is saved at once");
    const again = await BlockMemory.open(store, calm);
    assert.deepEqual(again.journal, [entry("2"), entry("1")]);
    assert.deepEqual(again.allowed, memory.allowed);
    assert.deepEqual(again.writes, [5]);
  });

  it("a journal that is full forgets the oldest", async () => {
    const memory = await BlockMemory.open(new FakeStore(), calm);
    for (let i = 0; i < JOURNAL_SIZE + 10; i++) memory.note(entry(String(i)));
    assert.equal(memory.journal.length, JOURNAL_SIZE);
    assert.deepEqual(memory.journal.at(-1), entry("10"));
  });

  it("what was saved is not changed afterwards", async () => {
    const saved: unknown[] = [];
    const store = {
      load: () => Promise.resolve(undefined),
      save: (value: unknown) => Promise.resolve(void saved.push(value)),
    };
    const memory = await BlockMemory.open(store, calm);
    memory.note(entry("1"));
    await memory.saved();
    memory.note(entry("2"));
    await memory.saved();
    assert.deepEqual(
      saved.map((value) => (value as { journal: unknown[] }).journal.length),
      [1, 2],
    );
  });

  it("begins anew if nothing was saved", async () => {
    const memory = await BlockMemory.open(new FakeStore(), calm);
    assert.equal(memory.isUnreadable, false);
    assert.deepEqual(
      [memory.journal, memory.entries, memory.pending, memory.allowed, memory.writes],
      [[], [], [], [], []],
    );
  });

  const unreadable = [
    null,
    5,
    "x",
    [],
    {},
    { version: 1 },
    { version: 1, allowed: [{ key: 1 }] },
    { version: 2, allowed: [] },
  ];
  for (const value of unreadable) {
    it(`never writes over ${JSON.stringify(value)}`, async () => {
      const store = new FakeStore(value);
      const reported: unknown[] = [];
      const memory = await BlockMemory.open(store, (error) => reported.push(error));
      assert.equal(memory.isUnreadable, true);
      memory.note(entry("1"));
      memory.change({ allowed: [] });
      await memory.saved();
      assert.deepEqual([store.saves, store.value], [0, value]);
      assert.equal((reported[0] as { code: string }).code, "block-state");
      assert.equal(reported.length, 1);
    });
  }

  it("drops what is not sound: an unknown job would stay pending", async () => {
    const broken = {
      version: 1,
      journal: [entry("1"), {}, null],
      pending: [job, { ...job, op: "x" }, 5],
      writes: ["x", 1],
    };
    const memory = await BlockMemory.open(new FakeStore({ ...broken, entries: "x", allowed: [] }), calm);
    assert.deepEqual(memory.journal, [entry("1")]);
    assert.deepEqual(memory.pending, [job]);
    assert.deepEqual(memory.writes, [1]);
    assert.deepEqual([...memory.entries, ...memory.allowed], []);
  });

  it("saves what a full disk refused as soon as somebody waits for it to be saved", async () => {
    const store = new FakeStore();
    const reported: unknown[] = [];
    const memory = await BlockMemory.open(store, (error) => reported.push(error));
    store.failure = new Error("ENOSPC");
    memory.note(entry("1"));
    await memory.saved();
    assert.equal(store.saves, 0);
    store.failure = undefined;
    await memory.saved();
    assert.deepEqual((store.value as BlockState).journal, [entry("1")]);
    await memory.saved();
    assert.deepEqual([store.saves, reported.length > 0], [1, true]);
  });

  it("goes on without a store, and says so", async () => {
    const store = new FakeStore();
    store.failure = new Error("disk");
    const reported: unknown[] = [];
    const memory = await BlockMemory.open(store, (error) => reported.push(error));
    memory.note(entry("1"));
    await memory.saved();
    assert.deepEqual(reported, [store.failure]);
    assert.equal(memory.isUnreadable, true);
    assert.equal(memory.journal.length, 1);
  });
});
