import assert from "node:assert/strict";
import type { Call, CallEvent } from "../../../src/lib/calls/types";
import { boxStamp, isoAt } from "../../../src/lib/calls/box-time";
import { FritzError } from "../../../src/lib/core/errors";
import { Boxes } from "../../../src/lib/box/fritz-box";
import { HOLD_MS } from "../../../src/lib/box/sent-ends";
import { applyChanges, type RecoveryState } from "../../../src/lib/box/recovery-state";
import { type Gap, LIMITS, type RecoveryUser } from "../../../src/lib/box/recovery-users";
import { party } from "../../support/events";
import { FakeClock } from "../../support/fake-clock";
import { FakeDial } from "../../support/fake-dial";
import { FakeStore } from "../../support/fake-store";

const HOUR_MS = 3_600_000;

/** A box on a fake wire with a list that a test fills, and a node that uses it. `start` is a start of the program. */
class Harness {
  readonly clock = new FakeClock();
  readonly dial = new FakeDial();
  readonly store = new FakeStore();
  readonly heard: CallEvent[] = [];
  readonly gaps: Gap[] = [];
  readonly troubles: unknown[] = [];
  skipped = 0;
  list: Call[] = [];
  reads = 0;
  failure: Error | undefined;
  private nextId = 1;
  private end: (killed: boolean) => void = () => undefined;

  async start(login = true): Promise<void> {
    const boxes = new Boxes(this.clock);
    const handle = boxes.acquire({ host: "fritz.box", dial: this.dial.dial, timeZone: "UTC", store: this.store });
    const user: RecoveryUser = {
      ...(login && { calls: () => this.read() }),
      gap: (gap) => this.gaps.push(gap),
      trouble: (error) => this.troubles.push(error),
      skipped: (count) => (this.skipped += count),
    };
    const leave = handle.recovery.use(user);
    const reader = handle.events.join("n", (event) => this.heard.push(event));
    reader.flow();
    await handle.ready;
    this.dial.last.open();
    this.end = (killed) => {
      if (!killed) leave();
      reader.leave();
      handle.release(true);
    };
    await this.pass(70_000);
  }

  /** What is being written gets written; `killed`: without a word to the nodes. */
  async stop(killed = false): Promise<void> {
    await this.pass(0);
    this.end(killed);
    await this.pass(0);
  }

  line(text: string): void {
    this.dial.last.send(`${boxStamp(this.clock.now(), "UTC")};${text}\r\n`);
  }

  add(remote: string, over: Partial<Call> = {}): Call {
    const at = `${isoAt(this.clock.now(), "UTC").slice(0, 17)}00+00:00`;
    const parties = { caller: party(remote), called: party("732123") };
    const call: Call = { id: String(this.nextId++), kind: "missed", at, durationSeconds: 0, ...parties, ...over };
    this.list = [call, ...this.list];
    return call;
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; ; left -= 500) {
      await this.clock.flush();
      if (left <= 0) return;
      this.clock.advance(Math.min(500, left));
    }
  }

  async cut(ms: number): Promise<void> {
    this.dial.last.end();
    await this.pass(0);
    const away = this.dial.last;
    away.fail("timeout");
    await this.pass(ms);
    this.dial.last.open();
    await this.pass(3_000);
  }

  /** As when the box restarts, or its call monitor is switched off and on. */
  async refuse(ms: number): Promise<void> {
    this.dial.last.fail("reset");
    await this.pass(10);
    this.dial.last.fail("refused");
    await this.pass(ms);
    this.dial.last.open();
    await this.pass(0);
  }

  get reported(): string[] {
    return this.heard.map((event) => [event.event, event.caller.number, event.outcome ?? ""].join(" ").trim());
  }

  private async read(): Promise<Call[]> {
    this.reads++;
    await Promise.resolve();
    if (this.failure) throw this.failure;
    return structuredClone(this.list);
  }
}

describe("calls missed in a gap", () => {
  it("are told once after an outage, complete, in order, and not those that were heard", async () => {
    const harness = new Harness();
    await harness.start();
    harness.line("RING;0;0711111;732123;SIP0;");
    harness.add("0711111");
    await harness.pass(5_000);
    harness.line("DISCONNECT;0;0;");
    harness.dial.last.end();
    harness.add("0711222");
    harness.add("0711333", { kind: "answered", durationSeconds: 120, port: 40, device: "Anrufbeantworter" });
    await harness.pass(500);
    harness.dial.last.open();
    await harness.pass(200_000);
    assert.deepEqual(harness.reported, [
      "ring 0711111",
      "disconnect 0711111 missed",
      "disconnect 0711222 missed",
      "disconnect 0711333 machine",
    ]);
    const [, , missed, machine] = harness.heard;
    assert.equal(missed?.recovered, true);
    assert.deepEqual(missed?.called, party("732123"));
    assert.equal(machine?.durationSeconds, 120);
    assert.equal(machine?.device, "Anrufbeantworter");
    assert.deepEqual(harness.gaps, []);
  });

  it("are told after a restart of the program, once, and never on a first start", async () => {
    const harness = new Harness();
    harness.add("0711000");
    await harness.start();
    assert.deepEqual(harness.reported, []);
    await harness.stop();
    harness.add("0711222");
    await harness.start();
    await harness.stop();
    await harness.start();
    assert.deepEqual(harness.reported, ["disconnect 0711222 missed"]);
  });

  it("end the call that was heard to begin, with its id and the outcome of the list", async () => {
    const harness = new Harness();
    await harness.start();
    harness.line("RING;0;0711111;732123;SIP0;");
    const listed = harness.add("0711111", { kind: "active" });
    await harness.stop();
    harness.list = [{ ...listed, kind: "answered", durationSeconds: 60, port: 11 }];
    await harness.start();
    assert.deepEqual(harness.reported, ["ring 0711111", "disconnect 0711111 answered"]);
    assert.equal(harness.heard[1]?.callId, harness.heard[0]?.callId);
  });

  it("a call that goes on over a restart of the program ends as it is heard", async () => {
    const harness = new Harness();
    await harness.start();
    harness.line("RING;0;0711111;732123;SIP0;");
    harness.line("CONNECT;0;11;0711111;");
    const listed = harness.add("0711111", { kind: "active" });
    await harness.stop();
    await harness.start();
    harness.line("DISCONNECT;0;90;");
    harness.list = [{ ...listed, kind: "answered", durationSeconds: 120 }];
    await harness.cut(1_000);
    assert.deepEqual(harness.reported, ["ring 0711111", "connect 0711111", "disconnect 0711111 answered"]);
    assert.equal(harness.heard[2]?.recovered, undefined);
    assert.equal(harness.heard[2]?.callId, harness.heard[0]?.callId);
  });

  it("a call that goes on though the port refused for a moment ends as it is heard, with its id", async () => {
    for (const heardAfterMs of [100, 20_000]) {
      const harness = new Harness();
      await harness.start();
      harness.line("RING;0;0711111;732123;SIP0;");
      harness.line("CALL;1;11;732123;0711222;SIP0;");
      harness.line("CONNECT;1;11;0711222;");
      const ring = harness.add("0711111", { kind: "active" });
      const talk = harness.add("0711222", {
        kind: "active-outgoing",
        caller: party("732123"),
        called: party("0711222"),
      });
      await harness.refuse(1_000);
      await harness.pass(heardAfterMs);
      harness.line("CONNECT;0;12;0711111;");
      await harness.pass(10_000);
      harness.line("DISCONNECT;0;10;");
      harness.line(`DISCONNECT;1;${11 + heardAfterMs / 1000};`);
      harness.list = [
        { ...talk, kind: "outgoing", durationSeconds: 60 },
        { ...ring, kind: "answered", durationSeconds: 60 },
      ];
      await harness.pass(100_000);
      assert.deepEqual(harness.reported, [
        ...["ring 0711111", "call 732123", "connect 732123"],
        ...["connect 0711111", "disconnect 0711111 answered", "disconnect 732123 answered"],
      ]);
      assert.equal(new Set(harness.heard.map(({ callId }) => callId)).size, 2);
      assert.equal(harness.heard.at(-1)?.lineState, "idle");
    }
  });

  it("a call that goes on though port and list were away for seconds stays one call", async () => {
    const harness = new Harness();
    await harness.start();
    harness.line("RING;0;0711111;732123;SIP0;");
    harness.add("0711111", { kind: "active" });
    harness.failure = new FritzError("box-unreachable", { detail: "ECONNREFUSED" }, true);
    await harness.refuse(1_000);
    await harness.pass(6_000);
    harness.failure = undefined;
    await harness.pass(4_000);
    harness.line("CONNECT;0;12;0711111;");
    await harness.pass(10_000);
    harness.line("DISCONNECT;0;10;");
    harness.list = harness.list.map((call) => ({ ...call, kind: "answered", durationSeconds: 60 }));
    await harness.pass(100_000);
    assert.deepEqual(harness.reported, ["ring 0711111", "connect 0711111", "disconnect 0711111 answered"]);
    assert.equal(new Set(harness.heard.map(({ callId }) => callId)).size, 1);
  });

  it("of two calls of one number the second, begun in an outage, is not taken for the first while it lasts", async () => {
    const harness = new Harness();
    await harness.start();
    harness.add("0711999");
    harness.line("DISCONNECT;3;0;"); // its beginning was not heard: the list is read in the next seconds
    harness.line("RING;0;0711111;732123;SIP0;");
    harness.line("CONNECT;0;11;0711111;");
    harness.dial.last.end();
    harness.add("0711111", { kind: "answered" });
    const second = harness.add("0711111", { kind: "active" });
    await harness.pass(500);
    harness.dial.last.fail("timeout");
    await harness.pass(1_000);
    harness.dial.last.open();
    harness.line("CONNECT;1;12;0711111;");
    await harness.pass(10_000);
    harness.line("DISCONNECT;1;10;");
    harness.list = harness.list.map((call) =>
      call.id === second.id ? { ...call, kind: "answered", durationSeconds: 60, port: 12 } : call,
    );
    await harness.pass(100_000);
    const ends = harness.heard.filter(({ event, caller }) => event === "disconnect" && caller.number === "0711111");
    assert.deepEqual(
      ends.map(({ callId }) => callId),
      [harness.heard[0]?.callId, harness.heard.findLast(({ event }) => event === "connect")?.callId],
    );
    assert.equal(harness.heard.filter(({ event }) => event === "disconnect").length, 3);
  });

  it("a call that the box dropped at its restart has its end from the list, or is lost", async () => {
    for (const listed of [true, false]) {
      const harness = new Harness();
      await harness.start();
      harness.line("RING;0;0711111;732123;SIP0;");
      if (listed) harness.add("0711111");
      await harness.refuse(60_000);
      harness.line("RING;0;0711111;732123;SIP0;"); // another call: the box repeats no line
      const again = harness.add("0711111", { kind: "active" });
      await harness.pass(30_000);
      harness.line("DISCONNECT;0;0;");
      harness.list = harness.list.map((call) => (call.id === again.id ? { ...call, kind: "missed" } : call));
      await harness.pass(100_000);
      const first = `disconnect 0711111 ${listed ? "missed" : "lost"}`;
      assert.deepEqual(harness.reported, ["ring 0711111", "ring 0711111", first, "disconnect 0711111 missed"]);
      assert.equal(new Set(harness.heard.map(({ callId }) => callId)).size, 2);
    }
  });

  it("after a restart of the box an end with another length is of another call", async () => {
    const harness = new Harness();
    await harness.start();
    harness.line("CALL;0;11;732123;0711111;SIP0;");
    harness.line("CONNECT;0;11;0711111;");
    const parties = { caller: party("732123"), called: party("0711111") };
    harness.add("0711111", { kind: "outgoing", durationSeconds: 60, ...parties });
    await harness.refuse(60_000);
    harness.add("0711222", { kind: "answered", durationSeconds: 60 });
    harness.line("DISCONNECT;0;3;");
    await harness.pass(100_000);
    const ends = harness.heard.filter(({ event }) => event === "disconnect");
    assert.deepEqual(ends.map(({ caller, called }) => (caller.number === "732123" ? called : caller).number).sort(), [
      "0711111",
      "0711222",
    ]);
    assert.equal(ends.find(({ called }) => called.number === "0711111")?.callId, harness.heard[0]?.callId);
  });

  it("an estimated end waits for the outcome of the list, within a limit", async () => {
    for (const listed of [true, false]) {
      const harness = new Harness();
      await harness.start();
      harness.line("RING;0;0711111;732123;SIP0;");
      if (listed) harness.add("0711111", { kind: "answered", durationSeconds: 60 });
      harness.line("RING;0;0711999;732123;SIP0;"); // the id is used again
      assert.deepEqual(harness.reported, ["ring 0711111", "ring 0711999"]);
      await harness.pass(HOLD_MS + 1_000);
      const end = listed ? "disconnect 0711111 answered" : "disconnect 0711111 lost";
      assert.deepEqual(harness.reported.slice(2), [end]);
    }
  });

  it("a call whose beginning fell into the gap is told with what the list knows", async () => {
    const harness = new Harness();
    await harness.start();
    harness.dial.last.end();
    const listed = harness.add("0711111", { kind: "active" });
    await harness.pass(500);
    harness.dial.last.open();
    await harness.pass(2_000);
    harness.line("DISCONNECT;0;0;");
    harness.list = [{ ...listed, kind: "missed" }];
    await harness.pass(70_000);
    assert.deepEqual(harness.reported, ["disconnect 0711111 missed"]);
  });

  it("the line of an end that comes after the list has told it is not taken for the next missed call", async () => {
    const harness = new Harness();
    await harness.start();
    const miss = async (remote: string) => {
      harness.dial.last.end();
      harness.add(remote);
      await harness.pass(500);
      harness.dial.last.open();
      await harness.pass(2_000);
    };
    await miss("0711111");
    harness.line("DISCONNECT;0;0;");
    await harness.pass(HOLD_MS + 1_000);
    await miss("0711222");
    await harness.pass(70_000);
    assert.deepEqual(harness.reported, ["disconnect 0711111 missed", "disconnect 0711222 missed"]);
  });

  it("a list that fails is asked again, told once, and then tells all", async () => {
    const harness = new Harness();
    await harness.start();
    harness.failure = new FritzError("box-unreachable", { detail: "ECONNRESET" }, true);
    harness.add("0711222");
    await harness.cut(5_000);
    await harness.pass(HOUR_MS);
    assert.equal(harness.troubles.length, 1);
    assert.deepEqual(
      harness.gaps.map(({ reason }) => reason),
      ["call-list"],
    );
    harness.failure = undefined;
    await harness.pass(HOUR_MS);
    assert.deepEqual(harness.reported, ["disconnect 0711222 missed"]);
  });

  it("a wrong password is not tried again and again", async () => {
    const harness = new Harness();
    harness.failure = new FritzError("box-login");
    await harness.start();
    const { reads } = harness;
    for (let i = 0; i < 5; i++) await harness.cut(5_000);
    assert.equal(harness.reads, reads);
    assert.equal(harness.troubles.length, 1);
    assert.equal(harness.gaps.length, 5, "each gap is told instead");
  });

  it("without a login the gap is told, never on a first start, and not one of a moment", async () => {
    const harness = new Harness();
    await harness.start(false);
    assert.equal(harness.gaps.length, 0);
    harness.dial.last.end();
    await harness.pass(500);
    harness.dial.last.open();
    assert.equal(harness.gaps.length, 0);
    await harness.cut(5_000);
    assert.equal(harness.gaps[0]?.reason, "outage");
    assert.ok((harness.gaps[0]?.toMs ?? 0) - (harness.gaps[0]?.fromMs ?? 0) >= 5_000);
    await harness.stop();
    await harness.pass(10_000);
    await harness.start(false);
    assert.equal(harness.gaps[1]?.reason, "restart");
    assert.equal(harness.gaps.length, 2);
    assert.equal(harness.reads, 0);
  });

  it("an end that was sent right before a kill is sent again, once, with its id, and not after an orderly stop", async () => {
    for (const { killed, afterMs } of [
      { killed: true, afterMs: 1_000 },
      { killed: true, afterMs: 3_000 },
      { killed: false, afterMs: 1_000 },
    ]) {
      const harness = new Harness();
      await harness.start();
      harness.line("RING;0;0711111;732123;SIP0;");
      harness.add("0711111");
      await harness.pass(2_500);
      harness.line("DISCONNECT;0;0;");
      await harness.pass(afterMs);
      await harness.stop(killed);
      await harness.start();
      await harness.stop(true);
      await harness.start();
      const again = killed && afterMs < 2_000 ? ["disconnect 0711111 missed"] : [];
      assert.deepEqual(harness.reported, ["ring 0711111", "disconnect 0711111 missed", ...again]);
      assert.equal(new Set(harness.heard.map(({ callId }) => callId)).size, 1);
      assert.deepEqual(
        harness.heard.map(({ repeated }) => repeated),
        [undefined, undefined, ...again.map(() => true)],
      );
    }
  });

  it("are at most so many, the youngest", async () => {
    const harness = new Harness();
    await harness.start();
    await harness.stop();
    for (let i = 0; i < LIMITS.most + 5; i++) harness.add(`0711${1000 + i}`);
    await harness.start();
    assert.equal(harness.heard.length, LIMITS.most);
    assert.equal(harness.heard[0]?.caller.number, "07111005");
    assert.ok(harness.skipped > 0);
  });

  it("a damaged memory is told, and the calls go on", async () => {
    const harness = new Harness();
    harness.store.failure = new Error("disk");
    await harness.start();
    harness.line("RING;0;0711111;732123;SIP0;");
    await harness.pass(5_000);
    harness.line("DISCONNECT;0;0;");
    assert.deepEqual(harness.reported, ["ring 0711111", "disconnect 0711111 missed"]);
    assert.equal(harness.troubles.length, 1);
  });
});

/** A store that notes: what is saved and what is noted since, as a process that is killed leaves them. */
class NotingStore extends FakeStore {
  noted: unknown[] = [];
  syncs = 0;
  /** So much was noted that it wants to be saved. */
  isLong = false;

  override async load(): Promise<unknown> {
    const value = await super.load();
    return this.noted.length === 0 ? value : applyChanges(value, this.noted);
  }

  override async save(value: unknown): Promise<void> {
    await super.save(value);
    this.noted = [];
  }

  sync(): Promise<boolean> {
    this.syncs++;
    return Promise.resolve(this.isLong);
  }

  note(change: unknown): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.noted.push(JSON.parse(JSON.stringify(change)));
    return Promise.resolve();
  }
}

describe("what was noted of calls and not saved yet", () => {
  const RING = "25.11.26 10:00:00;RING;0;030111;732123;SIP0;\n";
  const END = "25.11.26 10:00:09;DISCONNECT;0;0;\n";
  const opened = async (clock: FakeClock, dial: FakeDial, store: NotingStore, trouble: () => void = assert.fail) => {
    const handle = new Boxes(clock).acquire({ host: "fritz.box", dial: dial.dial, timeZone: "UTC", store });
    handle.recovery.use({ gap: () => undefined, trouble, skipped: () => undefined });
    const heard: CallEvent[] = [];
    handle.events.join("node", (event) => heard.push(event)).flow();
    await handle.ready;
    await clock.flush();
    dial.last.open();
    return { handle, heard };
  };

  it("is noted with each event, on the disk half a second later without a save, and known after a kill", async () => {
    const [clock, dial, store] = [new FakeClock(Date.UTC(2026, 10, 25, 10)), new FakeDial(), new NotingStore()];
    const first = await opened(clock, dial, store);
    clock.advance(1_000);
    await clock.flush();
    const { saves } = store;
    dial.last.send(RING);
    assert.equal(store.noted.length, 1);
    assert.equal(store.saves, saves);
    const kept = new NotingStore(structuredClone(store.value));
    kept.noted = structuredClone(store.noted);
    const { syncs } = store;
    clock.advance(500);
    await clock.flush();
    assert.equal(store.saves, saves);
    assert.equal(store.syncs, syncs + 1);

    const second = await opened(new FakeClock(clock.now()), new FakeDial(), kept);
    assert.deepEqual(
      second.handle.monitor.openCalls.map(({ callId }) => callId),
      first.heard.map(({ callId }) => callId),
    );
  });

  it("does not grow: two seconds after the last of a thousand calls 500 are known, and no event of them is held", async () => {
    const [clock, dial, store] = [new FakeClock(Date.UTC(2026, 10, 25, 10)), new FakeDial(), new NotingStore()];
    const { handle } = await opened(clock, dial, store);
    for (let i = 0; i < 1_000; i++) dial.last.send(`${RING}${END}`);
    clock.advance(2_500);
    await clock.flush();
    handle.release(true);
    await clock.flush();
    const { memory, open, held, sent } = store.value as RecoveryState;
    assert.deepEqual([memory.calls.length, open, held, sent], [500, [], [], []]);
  });

  it("is saved when much was noted, when a note failed, and at the end", async () => {
    const [clock, dial, store] = [new FakeClock(Date.UTC(2026, 10, 25, 10)), new FakeDial(), new NotingStore()];
    const { handle } = await opened(clock, dial, store, () => undefined);
    const savesAfter = async (work: () => void) => {
      const { saves } = store;
      work();
      await clock.flush();
      store.failure = undefined;
      clock.advance(600);
      await clock.flush();
      return store.saves - saves;
    };
    clock.advance(1_000);
    await clock.flush();
    assert.equal(await savesAfter(() => dial.last.send(RING)), 0);
    store.isLong = true;
    assert.equal(await savesAfter(() => dial.last.send(END)), 1);
    store.isLong = false;
    clock.advance(3_000); // the end was handled
    await clock.flush();
    assert.equal(
      await savesAfter(() => {
        store.failure = new Error("disk full");
        dial.last.send(RING);
      }),
      1,
    );
    assert.equal(await savesAfter(() => dial.last.send(END)), 0);
    assert.equal(await savesAfter(() => handle.release(true)), 1);
    assert.deepEqual(store.noted, []);
  });

  it("an end is not sent again if the kill came three seconds later, though nothing else had happened", async () => {
    const [clock, dial, store] = [new FakeClock(Date.UTC(2026, 10, 25, 10)), new FakeDial(), new NotingStore()];
    await opened(clock, dial, store);
    clock.advance(1_000);
    await clock.flush();
    dial.last.send(RING + END);
    for (let i = 0; i < 6; i++) {
      clock.advance(500);
      await clock.flush();
    }
    const late = new FakeClock(clock.now());
    const { heard } = await opened(late, new FakeDial(), store);
    late.advance(1_500);
    await late.flush();
    assert.deepEqual(heard, []);
  });

  it("a call that has ended is not open after a kill", async () => {
    const [clock, dial, store] = [new FakeClock(Date.UTC(2026, 10, 25, 10)), new FakeDial(), new NotingStore()];
    await opened(clock, dial, store);
    dial.last.send(RING + END);
    const { handle } = await opened(new FakeClock(clock.now()), new FakeDial(), store);
    assert.deepEqual(handle.monitor.openCalls, []);
  });

  for (const [name, laterMs, again] of [
    ["is sent again if a kill came right after it", 0, 1],
    ["is not sent again if it came three seconds before the last change", 3_000, 0],
  ] as const) {
    it(`an end ${name}`, async () => {
      const [clock, dial, store] = [new FakeClock(Date.UTC(2026, 10, 25, 10)), new FakeDial(), new NotingStore()];
      await opened(clock, dial, store);
      await clock.flush();
      const before = structuredClone(store.value);
      dial.last.send(RING + END);
      const noted = [...store.noted];
      if (laterMs > 0) {
        clock.advance(laterMs);
        await clock.flush();
        store.noted = [];
        dial.last.send(RING);
        noted.push(...store.noted);
      }
      const kept = new NotingStore(before);
      kept.noted = noted;
      const late = new FakeClock(clock.now());
      const { heard } = await opened(late, new FakeDial(), kept);
      late.advance(1_500);
      await late.flush();
      assert.equal(heard.filter(({ repeated }) => repeated).length, again);
    });
  }
});
