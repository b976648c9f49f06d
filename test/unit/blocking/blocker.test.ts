import assert from "node:assert/strict";
import type { CallEvent } from "../../../src/lib/calls/types";
import type { CallerInfo } from "../../../src/lib/callers/types";
import { FritzError } from "../../../src/lib/core/errors";
import { BarringQueue } from "../../../src/lib/blocking/barring-queue";
import { allowNumber, blockNumber, falseAlarm, undo } from "../../../src/lib/blocking/commands";
import { BlockMemory } from "../../../src/lib/blocking/state";
import { Blocker } from "../../../src/lib/blocking/blocker";
import { type BlockerOptions } from "../../../src/lib/blocking/blocker-types";
import { CallerLookup } from "../../../src/lib/blocking/caller-lookup";
import { isAnsweredOutgoing, learnCalled } from "../../../src/lib/blocking/learn";
import { rehearse } from "../../../src/lib/blocking/rehearse";
import { inEnglish } from "../../../src/lib/blocking/block-phrases";
import { caller, spam } from "../../support/callers";
import { callEvent, party } from "../../support/events";
import { FakeClock } from "../../support/fake-clock";
import { FakePhonebooks } from "../../support/fake-phonebooks";
import { FakeStore } from "../../support/fake-store";

const BERLIN = "03023125001";
const PREMIUM = "09001234567";

/** A node's services, on a box in memory. */
class BlockerHarness {
  readonly box = new FakePhonebooks();
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  memory!: BlockMemory;
  barring: BarringQueue | undefined;
  blocker!: Blocker;
  lookup!: CallerLookup;
  calls = 0;
  dryRun = false;
  /** Troubles of the store, where they are expected. */
  reports: unknown[] | undefined;

  async start(options: Partial<BlockerOptions> = {}, { boxless = false } = {}): Promise<this> {
    const { clock, box } = this;
    const { reports } = this;
    const memory = await BlockMemory.open(this.store, (error) =>
      reports ? reports.push(error) : assert.fail(String(error)),
    );
    const full: BlockerOptions = {
      ...{ action: "phonebook", dryRun: false, repeatSeconds: 10 },
      ...options,
      rules: { blockPatterns: ["0900*"], targetBook: "Spam", ...options.rules },
    };
    const barring = boxless
      ? undefined
      : new BarringQueue({
          ...{ box, clock, memory, perHour: 100, ops: ["bar", "release", "learn"], random: () => 0 },
          ...{ isAllowed: (key) => memory.allowed.some((one) => one.key === key) },
          options: {
            ...{ target: full.action === "barring" ? "barring" : "phonebook", book: "Spam", blockBooks: ["Spam"] },
            ...{ namePrefix: "[Spam] ", timeStamp: false, most: 100, days: 0, rangeFrom: 0, learnBook: "Good" },
          },
        });
    barring?.start();
    this.dryRun = full.dryRun;
    this.memory = memory;
    this.barring = barring;
    this.lookup = new CallerLookup({ clock, box: boxless ? undefined : box });
    const { lookup } = this;
    const sentence = (error: unknown) => `sentence of ${error instanceof FritzError ? error.code : String(error)}`;
    this.blocker = new Blocker({ options: full, lookup, memory, clock, barring, phrase: inEnglish, sentence });
    return this;
  }

  event(number: string, over: Partial<CallEvent> = {}): CallEvent {
    return callEvent({ callId: `c${++this.calls}`, caller: party(number), ...over });
  }

  async ring(number: string, over: Partial<CallEvent> = {}, info?: CallerInfo) {
    const decided = await this.blocker.incoming(this.event(number, over), info);
    assert.ok(decided);
    return decided;
  }

  /** "block pattern added" */
  async ruling(...of: Parameters<BlockerHarness["ring"]>): Promise<string> {
    const { verdict, because, action } = (await this.ring(...of)).decision;
    return `${verdict} ${because} ${action}`;
  }
}

describe("Blocker: judging", () => {
  it("without caller info: the phonebooks and the number decide", async () => {
    const harness = await new BlockerHarness().start({ rules: { blockForeign: true, blockAnonymous: true } });
    harness.box.put("Telefonbuch", "Oma", "07191 1234");
    harness.box.put("Spam", "Betrug", BERLIN);
    assert.equal(await harness.ruling("071911234"), "allow contact none");
    assert.equal(await harness.ruling(BERLIN), "block block-book already-there");
    assert.equal(await harness.ruling("08999998001"), "allow unknown none");
    assert.equal(await harness.ruling("002348012345678"), "block foreign added");
    assert.equal(await harness.ruling(""), "block anonymous none");
    assert.equal(await harness.ruling("732123"), "allow own-number none");
    assert.equal(await harness.ruling("112"), "allow emergency none");
    assert.equal(await harness.ruling("**610"), "allow internal none");
  });

  it("ends of calls come after their rings, however many wait at once: after a long deploy", async () => {
    const harness = await new BlockerHarness().start();
    const rings = Array.from({ length: 600 }, (_, i) => harness.event(`0302312${5000 + i}`));
    const reported: string[] = [];
    const take = async (event: CallEvent) => {
      const decided = await harness.blocker.incoming(event);
      reported.push(`${event.callId} ${event.event} ${decided?.decision.because}`);
    };
    await Promise.all([...rings, ...rings.map((ring) => ({ ...ring, event: "disconnect" as const }))].map(take));
    assert.deepEqual(
      reported.filter((one) => !one.endsWith(" unknown")),
      [],
    );
    for (const { callId } of rings)
      assert.ok(reported.indexOf(`${callId} ring unknown`) < reported.indexOf(`${callId} disconnect unknown`), callId);
  });

  it("with caller info: its score, and still all phonebooks", async () => {
    const harness = await new BlockerHarness().start();
    const info = caller({ ...spam(9, 9) });
    assert.equal(await harness.ruling(BERLIN, {}, info), "block spam-score added");
    harness.box.put("Telefonbuch", "Oma", BERLIN);
    assert.equal(await harness.ruling(BERLIN, {}, info), "allow contact none");
  });

  it("a contact that only the caller info knows is one, too", async () => {
    const harness = await new BlockerHarness().start();
    const info = caller({ ...spam(9, 9), contact: { book: "Other box", bookId: 0, name: "Oma", vip: false } });
    assert.equal(await harness.ruling(BERLIN, {}, info), "allow contact none");
  });

  it("a contact whose number lost its zero on the way is still one, at the last moment, too", async () => {
    const harness = await new BlockerHarness().start({ rules: { blockPatterns: ["04921*"] } });
    harness.box.put("Telefonbuch", "Oma", "+49 211 8752135");
    assert.equal(await harness.ruling("0492118752135"), "allow contact none");
    harness.box.find = () => Promise.resolve({ contacts: [] });
    assert.equal(await harness.ruling("0492118752135"), "allow contact none");
    assert.deepEqual(harness.box.writes, []);
  });

  it("if the phonebooks cannot be read, the call gets through, and the user hears why", async () => {
    const harness = await new BlockerHarness().start();
    harness.box.away = new FritzError("box-login");
    const { decision, error } = await harness.ring(PREMIUM);
    assert.equal(
      `${decision.verdict} ${decision.because} ${decision.error}`,
      "allow friends-unknown sentence of box-login",
    );
    assert.equal(error, harness.box.away);
    const info = caller({ number: PREMIUM, e164: "+499001234567", sources: [{ id: "phonebook", status: "miss" }] });
    assert.equal(await harness.ruling(PREMIUM, {}, info), "allow friends-unknown none", "ours may know more contacts");
  });

  it("if they take too long, too", async () => {
    const harness = await new BlockerHarness().start();
    harness.box.find = () => new Promise(() => undefined);
    const judging = harness.ring(PREMIUM);
    await harness.clock.flush();
    harness.clock.advance(3_000);
    assert.equal((await judging).decision.because, "friends-unknown");
  });

  it("without a box, only what a caller info knows of the contacts is known", async () => {
    const harness = await new BlockerHarness().start({ rules: { minScore: 7 } }, { boxless: true });
    assert.equal(await harness.ruling(PREMIUM), "allow friends-unknown none");
    const premium = { number: PREMIUM, e164: "+499001234567" };
    assert.equal(await harness.ruling(PREMIUM, {}, caller({ ...premium, sources: [] })), "allow friends-unknown none");
    const { decision, error } = await harness.ring(PREMIUM, {}, caller(premium));
    assert.equal(`${decision.verdict} ${decision.action} ${decision.error}`, "block failed sentence of no-box");
    assert.ok(error instanceof FritzError);
  });

  it("a miss in books that are not known completely proves nothing, and nothing is written", async () => {
    const harness = await new BlockerHarness().start();
    harness.box.find = () => Promise.resolve({ contacts: [], unknown: "unreadable-book" });
    assert.equal(await harness.ruling(PREMIUM), "allow friends-unknown none");
    assert.equal(await harness.ruling(BERLIN, {}, caller(spam(9, 9))), "allow friends-unknown none");
    assert.deepEqual(harness.box.writes, []);
    const { decision } = await harness.ring(PREMIUM);
    assert.match(decision.explanation, /^Not every phonebook could be read/);
  });

  it("the phonebooks in front failed: they may be another box's", async () => {
    const harness = await new BlockerHarness().start();
    const info = caller({ ...spam(9, 9), sources: [{ id: "phonebook", status: "failed", because: "wrong-password" }] });
    const { decision } = await harness.ring(BERLIN, {}, info);
    assert.match(decision.explanation, /^The Fritz!Box refused the login/);
  });

  it("what blocks although contacts are unknown waits to be written until they are known", async () => {
    const harness = await new BlockerHarness().start({ rules: { patternsWhenUnknown: true } });
    const find = harness.box.find.bind(harness.box);
    harness.box.find = () => Promise.resolve({ contacts: [], unknown: "loading" });
    const { decision, error } = await harness.ring(PREMIUM);
    assert.equal(`${decision.verdict} ${decision.because} ${decision.action}`, "block pattern failed");
    assert.equal((error as FritzError).code, "block-friends");
    assert.deepEqual([harness.box.writes, harness.memory.pending.length], [[], 1]);
    harness.box.put("Telefonbuch", "Oma", "0900 1234567");
    harness.box.find = find;
    harness.clock.advance(600_000);
    await harness.clock.flush();
    assert.deepEqual([harness.box.writes, harness.memory.pending.length], [[], 0], "she is a contact");
  });

  it("false alarms that cannot be read let everybody through, and their file is never written", async () => {
    for (const value of [{ version: 2, allowed: [] }, { version: 1, allowed: [{ key: 5 }] }, null, "x"]) {
      const harness = new BlockerHarness();
      harness.store.value = value;
      harness.reports = [];
      await harness.start();
      assert.equal(await harness.ruling(PREMIUM), "allow friends-unknown none");
      const { error } = await falseAlarm(parts(harness), PREMIUM);
      assert.equal((error as FritzError).code, "block-state");
      await harness.memory.saved();
      assert.deepEqual([harness.store.value, harness.store.saves, harness.box.writes], [value, 0, []]);
      assert.equal(harness.reports.length, 1, "told once");
    }
  });

  it("a short number of the police is never barred", async () => {
    const harness = await new BlockerHarness().start({ rules: { blockPatterns: ["030*"], blockFake: true } });
    assert.equal(await harness.ruling("030110"), "allow emergency none");
    assert.deepEqual(harness.box.writes, []);
  });

  it("quiet hours go by the call's own time, and no number is barred for them", async () => {
    const harness = await new BlockerHarness().start({ rules: { quietFrom: "22:00", quietTo: "07:00" } });
    assert.equal(await harness.ruling(BERLIN, { at: "2026-11-24T23:00:00+01:00" }), "block quiet-hours none");
    assert.equal(await harness.ruling(BERLIN, { at: "2026-11-24T12:00:00+01:00" }), "allow unknown none");
    assert.deepEqual(harness.box.writes, []);
  });

  it("counts short calls of a number in the time before", async () => {
    const harness = await new BlockerHarness().start({ rules: { repeatCalls: 2, repeatMinutes: 10 } });
    const at = (minute: number) => `2026-11-24T12:${String(minute).padStart(2, "0")}:00+01:00`;
    const call = async (minute: number, ringSeconds: number, number = BERLIN) => {
      const over = { callId: `m${minute}`, at: at(minute) };
      const ruling = await harness.ruling(number, over);
      await harness.blocker.incoming(
        harness.event(number, { ...over, event: "disconnect", ringSeconds, durationSeconds: 0 }),
      );
      return ruling;
    };
    assert.equal(await call(0, 3), "allow unknown none");
    assert.equal(await call(1, 30), "allow unknown none");
    assert.equal(await call(2, 3), "allow unknown none");
    assert.equal(await call(3, 3, "08999998001"), "allow unknown none");
    assert.equal(await call(11, 3), "allow unknown none", "the first one is too long ago");
    assert.equal(await call(12, 3), "block repeated added", "in the 10 minutes before there were two");
  });
});

/** A call that fritz-hangup ended: its ring and its end. */
async function hungUp(harness: BlockerHarness, number: string, over: Partial<CallEvent> = {}): Promise<void> {
  const ring = harness.event(number, { at: "2026-11-24T12:25:00+01:00", ...over });
  await harness.blocker.incoming(ring);
  const end = { ...ring, event: "disconnect", outcome: "hungup", ringSeconds: 0, durationSeconds: 0 } as const;
  await harness.blocker.incoming({ ...end, at: "2026-11-24T12:25:01+01:00" });
}

describe("Blocker: calls that fritz-hangup ended", () => {
  const journal = (harness: BlockerHarness) => harness.memory.journal.map(({ what, number }) => `${what} ${number}`);

  it("stand in the journal, once, with the reason; replayed ones do not", async () => {
    const harness = await new BlockerHarness().start({ action: "decide" });
    await hungUp(harness, PREMIUM);
    const { callId, because } = harness.memory.journal[0] ?? {};
    assert.deepEqual(journal(harness), [`hungup ${PREMIUM}`, `blocked ${PREMIUM}`]);
    assert.deepEqual([callId, because], ["c1", "pattern"]);
    await harness.blocker.incoming(harness.event(PREMIUM, { callId: "c1", event: "disconnect", outcome: "hungup" }));
    await hungUp(harness, PREMIUM, { replayed: true });
    assert.deepEqual(journal(harness), [`blocked ${PREMIUM}`, `hungup ${PREMIUM}`, `blocked ${PREMIUM}`]);
  });

  it("are no short calls", async () => {
    const harness = await new BlockerHarness().start({
      action: "decide",
      rules: { repeatCalls: 1, repeatMinutes: 60 },
    });
    await hungUp(harness, BERLIN);
    assert.equal(await harness.ruling(BERLIN, { at: "2026-11-24T12:30:00+01:00" }), "allow unknown none");
  });

  it("are undone: the number gets through from then on, and its entry comes out of the box", async () => {
    for (const action of ["decide", "phonebook"] as const) {
      const harness = await new BlockerHarness().start({ action });
      await hungUp(harness, PREMIUM);
      const removed = action === "phonebook";
      assert.deepEqual(await undo(parts(harness), undefined), { number: PREMIUM, removed, allowed: true });
      assert.deepEqual(harness.box.texts("Spam"), []);
      assert.equal(await harness.ruling(PREMIUM), "allow pattern none");
      assert.deepEqual(await undo(parts(harness), PREMIUM), { number: PREMIUM, removed: false, allowed: false });
      await assert.rejects(undo(parts(harness), undefined), { code: "block-undo" });
    }
  });

  it("are no calls that somebody answered, in a rehearsal", async () => {
    const harness = await new BlockerHarness().start({ action: "decide" });
    await hungUp(harness, PREMIUM);
    const call = (at: string) => ({
      ...{ id: at, kind: "answered", at, durationSeconds: 1 },
      ...{ caller: party(PREMIUM), called: party("732123") },
    });
    const calls = [call("2026-11-24T12:25:00+01:00"), call("2026-11-24T11:00:00+01:00")];
    const report = await rehearse(calls, harness.lookup, harness.blocker.rules, inEnglish, harness.memory.journal);
    assert.deepEqual([report.wouldBlock, report.answered], [2, 1]);
    assert.deepEqual(
      report.blocked.map(({ kind }) => kind),
      ["hungup", "answered"],
    );
  });
});

describe("Blocker: acting", () => {
  it("decides only", async () => {
    const harness = await new BlockerHarness().start({ action: "decide" });
    assert.equal(await harness.ruling(PREMIUM), "block pattern none");
    assert.deepEqual(harness.box.writes, []);
  });

  for (const action of ["decide", "phonebook", "barring"] as const) {
    it(`dry run with ${action}: says that it would have blocked`, async () => {
      const harness = await new BlockerHarness().start({ action, dryRun: true });
      assert.equal(await harness.ruling(PREMIUM), "block pattern dry-run");
      assert.deepEqual(harness.box.writes, []);
    });
  }

  it("replayed calls are a dry run", async () => {
    const harness = await new BlockerHarness().start();
    assert.equal(await harness.ruling(PREMIUM, { replayed: true }), "block pattern dry-run");
    assert.deepEqual(harness.box.writes, []);
  });

  it("writes, and says where", async () => {
    const harness = await new BlockerHarness().start();
    const { decision } = await harness.ring(PREMIUM);
    assert.deepEqual(decision, {
      ...{ verdict: "block", because: "pattern", action: "added", book: "Spam" },
      explanation: "The number matches 0900*, which you block.",
      rule: "blockPatterns: 0900*",
    });
    const list = await new BlockerHarness().start({ action: "barring" });
    assert.equal((await list.ring(PREMIUM)).decision.book, undefined);
    assert.equal(list.box.barred.length, 1);
  });

  it("a number that cannot be barred is blocked all the same", async () => {
    const harness = await new BlockerHarness().start({ rules: { blockPatterns: ["0900123*"] } });
    assert.equal(await harness.ruling("0900123xxx"), "block pattern none");
  });

  it("who became a contact in the last moment gets through", async () => {
    const harness = await new BlockerHarness().start();
    harness.box.find = () => Promise.resolve({ contacts: [], staleSince: 1 });
    harness.box.put("Telefonbuch", "Oma", PREMIUM);
    const { decision } = await harness.ring(PREMIUM);
    assert.equal(`${decision.verdict} ${decision.because} ${decision.action}`, "allow contact none");
    assert.equal(harness.memory.journal[0]?.what, "allowed");
  });

  it("unbars a caller who has become a contact", async () => {
    const harness = await new BlockerHarness().start();
    await harness.ring(PREMIUM);
    harness.box.put("Telefonbuch", "Oma", PREMIUM);
    assert.equal(await harness.ruling(PREMIUM), "allow contact none");
    await harness.clock.flush();
    assert.deepEqual(harness.box.texts("Spam"), []);
  });

  it("a failure is told once, by the ring", async () => {
    const harness = await new BlockerHarness().start();
    harness.box.refuses = "box-arguments";
    const first = await harness.ring(PREMIUM);
    assert.equal(first.decision.action, "failed");
    assert.equal(first.decision.error, "sentence of box-arguments");
    assert.ok(first.error);
    const again = await harness.blocker.incoming(callEvent({ callId: "c1", caller: party(PREMIUM) }));
    assert.deepEqual(again, { decision: first.decision });
  });
});

describe("Blocker: the events of a call", () => {
  it("all get the decision of the ring, and none overtakes another", async () => {
    const harness = await new BlockerHarness().start();
    let open: () => void = () => undefined;
    harness.box.gate = new Promise((resolve) => (open = resolve));
    const order: string[] = [];
    const take = (event: CallEvent["event"]) =>
      harness.blocker
        .incoming(callEvent({ event, callId: "a", caller: party(PREMIUM) }))
        .then((decided) => order.push(`${event} ${decided?.decision.action}`));
    const all = [take("ring"), take("ring"), take("connect"), take("disconnect")];
    open();
    await Promise.all(all);
    assert.deepEqual(order, ["ring added", "ring added", "connect added", "disconnect added"]);
    assert.equal(harness.memory.journal.filter(({ what }) => what === "blocked").length, 1);
  });

  it("what a source says too late is decided after all, if the call got through", async () => {
    const harness = await new BlockerHarness().start();
    const cut = caller({ complete: false });
    const late = caller(spam(9, 9));
    const take = (event: CallEvent["event"], info?: CallerInfo) =>
      harness.blocker.incoming(callEvent({ event, callId: "a", caller: party(BERLIN) }), info);
    assert.equal((await take("ring", cut))?.decision.because, "lookup-failed");
    assert.equal((await take("ring", cut))?.decision.because, "lookup-failed", "the ring only repeats");
    assert.equal((await take("ring", late))?.decision.action, "added");
    assert.equal((await take("disconnect"))?.decision.because, "spam-score");
    assert.equal((await take("ring", caller()))?.decision.because, "spam-score", "once decided it stays");
    assert.deepEqual(harness.box.texts("Spam"), ["[Spam] Berlin: 03023125001"]);
  });

  it("a call whose ring was never heard has no decision", async () => {
    const harness = await new BlockerHarness().start();
    assert.equal(await harness.blocker.incoming(callEvent({ event: "connect", callId: "z" })), undefined);
  });

  it("after a restart the journal knows the decision", async () => {
    const harness = await new BlockerHarness().start();
    const { decision } = await harness.ring(PREMIUM);
    await harness.memory.saved();
    await harness.start();
    const decided = await harness.blocker.incoming(callEvent({ event: "disconnect", callId: "c1" }));
    assert.deepEqual(decided, { decision });
  });

  it("many calls do not fill the memory, and an old one is still known by the journal", async () => {
    const harness = await new BlockerHarness().start({ action: "decide" });
    for (let i = 0; i < 300; i++) await harness.ring(PREMIUM);
    const decided = await harness.blocker.incoming(callEvent({ event: "disconnect", callId: "c1" }));
    assert.equal(decided?.decision.because, "pattern");
  });
});

describe("orders of the user", () => {
  it("undo takes out the number, or the last one", async () => {
    const harness = await new BlockerHarness().start();
    await harness.ring(PREMIUM);
    await harness.ring("09001111111");
    assert.deepEqual(await undo(parts(harness), undefined), { number: "09001111111", removed: true, allowed: false });
    assert.deepEqual(await undo(parts(harness), "+49 900 1234567"), {
      ...{ number: "+49 900 1234567", removed: true, allowed: false },
    });
    assert.deepEqual(harness.box.texts("Spam"), []);
    await assert.rejects(undo(parts(harness), undefined), { code: "block-undo" });
    await assert.rejects(undo(parts(harness), PREMIUM), { code: "block-undo" });
    await assert.rejects(undo(parts(harness), "Oma"), { code: "block-number" });
  });

  it("a false alarm takes it out, and it gets through from then on, also after a restart", async () => {
    const harness = await new BlockerHarness().start();
    await harness.ring(PREMIUM);
    assert.deepEqual(await falseAlarm(parts(harness), undefined), { number: PREMIUM, removed: true, allowed: true });
    assert.equal(await harness.ruling(PREMIUM), "allow pattern none");
    await harness.memory.saved();
    await harness.start();
    assert.equal(await harness.ruling("+49 900 1234567"), "allow pattern none");
    assert.deepEqual(harness.box.texts("Spam"), []);
    assert.deepEqual(
      harness.memory.journal.map(({ what }) => what),
      ["allowed", "allowed", "removed", "false-alarm", "blocked", "added"],
    );
  });

  it("block bars the number, or that of the last caller, and undo takes it back", async () => {
    const harness = await new BlockerHarness().start({ action: "decide" });
    await harness.ring(BERLIN);
    await harness.ring("");
    const done = { number: BERLIN, removed: false, allowed: false, action: "added", book: "Spam" };
    assert.deepEqual(await blockNumber(parts(harness), undefined), done);
    assert.equal((await blockNumber(parts(harness), "+49 30 23125001")).action, "already-there");
    assert.equal(await harness.ruling(BERLIN), "block block-book none");
    await undo(parts(harness), undefined);
    assert.deepEqual(harness.box.texts("Spam"), []);
  });

  it("block ends a false alarm, allow begins one", async () => {
    const harness = await new BlockerHarness().start();
    await allowNumber(parts(harness), PREMIUM);
    assert.equal(await harness.ruling(PREMIUM), "allow pattern none");
    assert.equal((await blockNumber(parts(harness), PREMIUM)).action, "added");
    assert.equal(harness.memory.allowed.length, 0);
    assert.deepEqual(await allowNumber(parts(harness), undefined), { number: PREMIUM, removed: true, allowed: true });
  });

  it("block refuses contacts, protected numbers, and everybody while the contacts are unknown", async () => {
    const harness = await new BlockerHarness().start({ rules: { allowPatterns: ["0800*"] } });
    harness.box.put("Telefonbuch", "Oma", "030 23125001");
    for (const number of [BERLIN, "110", "030112", "732123", "0800 1234567", "**610", "anna@voip.example"]) {
      await assert.rejects(blockNumber(parts(harness), number), { code: "block-protected" }, number);
    }
    await assert.rejects(blockNumber(parts(harness), undefined), { code: "block-number" });
    harness.box.find = () => Promise.resolve({ contacts: [], unknown: "no-right" });
    await assert.rejects(blockNumber(parts(harness), PREMIUM), { code: "block-friends" });
    assert.deepEqual(harness.box.writes, []);
  });

  it("block writes nothing in a dry run", async () => {
    const harness = await new BlockerHarness().start({ dryRun: true });
    assert.equal((await blockNumber(parts(harness), PREMIUM)).action, "dry-run");
    assert.deepEqual(harness.box.writes, []);
  });

  it("undo of a false alarm ends it", async () => {
    const harness = await new BlockerHarness().start();
    await falseAlarm(parts(harness), PREMIUM);
    assert.deepEqual(await undo(parts(harness), PREMIUM), { number: PREMIUM, removed: false, allowed: false });
    assert.equal(await harness.ruling(PREMIUM), "block pattern added");
    assert.equal(harness.memory.allowed.length, 0);
  });

  it("a false alarm counts at once while the box is away; the entry goes later", async () => {
    const harness = await new BlockerHarness().start();
    await harness.ring(PREMIUM);
    harness.box.away = new FritzError("box-timeout", {}, true);
    const { allowed, removed, error } = await falseAlarm(parts(harness), PREMIUM);
    assert.deepEqual([allowed, removed, error], [true, false, harness.box.away]);
    harness.box.away = undefined;
    harness.clock.advance(60_000);
    await harness.clock.flush();
    assert.deepEqual(harness.box.texts("Spam"), []);
  });

  it("without a box a false alarm works, undo of an entry does not", async () => {
    const harness = await new BlockerHarness().start({}, { boxless: true });
    assert.deepEqual(await falseAlarm(parts(harness), PREMIUM), { number: PREMIUM, removed: false, allowed: true });
    await assert.rejects(undo(parts(harness), BERLIN), { code: "no-box" });
    const none = await new BlockerHarness().start();
    await assert.rejects(falseAlarm(parts(none), undefined), { code: "block-number" });
  });
});

const parts = ({ memory, lookup, clock, barring, blocker, dryRun }: BlockerHarness) => ({
  ...{ memory, lookup, clock, barring, dryRun },
  rules: () => blocker.rules,
});

describe("good callers", () => {
  const called = (number: string, over: Partial<CallEvent> = {}) =>
    callEvent({ event: "disconnect", direction: "outgoing", called: party(number), outcome: "answered", ...over });

  it("are those whom the house called and who answered", () => {
    assert.equal(isAnsweredOutgoing(called(BERLIN)), true);
    for (const over of [
      { outcome: "unreached" as const },
      { event: "call" as const },
      { direction: "incoming" as const },
      { replayed: true as const },
    ]) {
      assert.equal(isAnsweredOutgoing(called(BERLIN, over)), false);
    }
  });

  it("come into the phonebook with their name, or with what is known", async () => {
    const harness = await new BlockerHarness().start();
    const { lookup, barring } = harness;
    assert.ok(barring);
    const learn = (number: string, info?: CallerInfo) => learnCalled({ lookup, barring }, called(number), info);
    await learn(BERLIN, caller({ name: "Praxis Dr. Beispiel" }));
    await learn("030 23125002", caller({ number: "030 23125002", e164: "+493023125002" }));
    await learn("08999998001");
    await learn("08999998001");
    await learn("0900 1234567", caller({ number: "0900 1234567", e164: "+499001234567", type: "premium" }));
    await learn("112");
    await learn("**610");
    assert.deepEqual(harness.box.texts("Good"), [
      "Praxis Dr. Beispiel: 03023125001",
      "Berlin 030 23125002: 03023125002",
      "München 08999998001: 08999998001",
    ]);
  });

  it("not while it is unknown whether it is a contact", async () => {
    const harness = await new BlockerHarness().start();
    const { lookup, barring } = harness;
    assert.ok(barring);
    harness.box.away = new FritzError("box-timeout", {}, true);
    assert.equal(await learnCalled({ lookup, barring }, called(BERLIN), undefined), harness.box.away);
    assert.equal(harness.memory.pending.length, 0);
  });
});

describe("campaigns", () => {
  it("are told with the fourth neighbour, in the journal, too, and after a restart; they block nothing", async () => {
    const harness = await new BlockerHarness().start();
    const rings = ["03023125001", "03023125002", "+493023125003", "03023125004"];
    const decisions = [];
    for (const number of rings) decisions.push((await harness.ring(number)).decision);
    assert.deepEqual(
      decisions.map(({ verdict, campaign }) => [verdict, campaign?.range, campaign?.numbers]),
      [...rings.slice(1).map(() => ["allow", undefined, undefined]), ["allow", "+4930231250*", 4]],
    );
    assert.equal(harness.memory.journal[0]?.campaign?.numbers, 4);
    harness.box.put("Telefonbuch", "Amt", "030 23125005");
    await harness.ring("03023125005");
    assert.equal((await harness.ring("03023125006")).decision.campaign, undefined, "a contact is one of them");
  });
});

describe("rehearsal", () => {
  const call = (number: string, over: object = {}) => ({
    ...{ id: "1", kind: "missed", at: "2026-11-24T12:25:00+01:00", durationSeconds: 0 },
    ...{ caller: party(number), called: party("732123"), ...over },
  });
  const run = (harness: BlockerHarness, calls: unknown) =>
    rehearse(calls, harness.lookup, harness.blocker.rules, inEnglish);

  it("says who would have been blocked, and why, and writes nothing", async () => {
    const harness = await new BlockerHarness().start({
      rules: { blockAnonymous: true, quietFrom: "22:00", quietTo: "07:00" },
    });
    harness.box.put("Telefonbuch", "Oma", "09005555555");
    const report = await run(harness, [
      call(PREMIUM, { id: "7" }),
      call("+49 900 1234567", { kind: "answered", durationSeconds: 120 }),
      call("09005555555"),
      call(""),
      call(BERLIN),
      call(BERLIN, { at: "2026-11-24T23:00:00+01:00" }),
      call(PREMIUM, { kind: "outgoing" }),
      call(PREMIUM, { kind: "active-outgoing" }),
    ]);
    const { blocked, ...counts } = report;
    assert.deepEqual(counts, {
      ...{ calls: 8, incoming: 6, lookedUp: 0, wouldBlock: 4, numbers: 4, answered: 1 },
      because: { pattern: 2, contact: 1, anonymous: 1, unknown: 1, "quiet-hours": 1 },
    });
    assert.deepEqual(blocked[0], {
      ...{ id: "7", at: "2026-11-24T12:25:00+01:00", kind: "missed", number: PREMIUM, durationSeconds: 0 },
      ...{
        because: "pattern",
        explanation: "The number matches 0900*, which you block.",
        rule: "blockPatterns: 0900*",
      },
    });
    assert.deepEqual(harness.box.writes, []);
    assert.equal(harness.memory.journal.length, 0);
  });

  it("400 calls of one number look it up once", async () => {
    const harness = await new BlockerHarness().start();
    let looks = 0;
    const find = harness.box.find.bind(harness.box);
    harness.box.find = (number) => (looks++, find(number));
    const { wouldBlock } = await run(
      harness,
      Array.from({ length: 400 }, () => call(PREMIUM)),
    );
    assert.equal(wouldBlock, 400);
    assert.equal(looks, 1);
  });

  it("an empty list is a list", async () => {
    assert.equal((await run(await new BlockerHarness().start(), [])).calls, 0);
  });

  for (const what of [undefined, null, "03023125001", {}, [{}], [5], [{ kind: "missed" }]]) {
    it(`refuses ${JSON.stringify(what)}`, async () =>
      assert.rejects(run(await new BlockerHarness().start(), what), { code: "block-calls" }));
  }

  it("reports nothing if the phonebooks cannot be read", async () => {
    const harness = await new BlockerHarness().start();
    harness.box.away = new FritzError("box-timeout", {}, true);
    await assert.rejects(run(harness, [call(PREMIUM)]), { code: "box-timeout" });
  });
});
