/** Rules that go back by themselves, over restarts and beside people who switch them, too. */
import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { DeflectionTimer, type Ending } from "../../../src/lib/telephony/deflection-timer";
import {
  chooseDeflection,
  deflectionName,
  type NamedRule,
  parseDeflectionRules,
} from "../../../src/lib/telephony/deflections";
import { FakeClock } from "../../support/fake-clock";
import { FakeStore } from "../../support/fake-store";

const MINUTE = 60_000;

function rule(over: Partial<NamedRule> = {}): NamedRule {
  const one = {
    ...{ id: 0, enabled: false, type: "fromAll", mode: "eNoSignal", number: "", target: "", outgoing: "" },
    ...over,
  };
  const key = JSON.stringify([one.type, one.number, one.target, one.mode, one.outgoing, one.bookId ?? ""]);
  return { ...one, key, name: deflectionName({ ...one, key }, over.book) };
}

/** A box that keeps rules. */
class FakeRules {
  writes: string[] = [];
  failure: FritzError | undefined;

  constructor(public rules: NamedRule[]) {}

  async set(wanted: string, enabled: boolean, before?: (rule: NamedRule) => Promise<void> | void) {
    const found = chooseDeflection(this.rules, wanted);
    await before?.(found);
    if (found.enabled !== enabled) await this.write(found, enabled);
    return { rule: { ...found, enabled }, wasEnabled: found.enabled };
  }

  byKey(key: string): Promise<NamedRule | undefined> {
    if (this.failure) return Promise.reject(this.failure);
    return Promise.resolve(this.rules.find((one) => one.key === key));
  }

  write({ key }: NamedRule, enabled: boolean): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.writes.push(`${enabled ? "on" : "off"}`);
    this.rules = this.rules.map((one) => (one.key === key ? { ...one, enabled } : one));
    return Promise.resolve();
  }
}

describe("deflection timer", () => {
  let [clock, store] = [new FakeClock(), new FakeStore()];
  let box = new FakeRules([rule()]);
  let ends: Ending[] = [];
  const start = () =>
    new DeflectionTimer({ deflections: box, store, clock, onEnd: (ending) => ends.push(ending), onError: () => {} });

  beforeEach(() => {
    [clock, store, box, ends] = [new FakeClock(), new FakeStore(), new FakeRules([rule()]), []];
  });

  it("puts a rule back when its time is over, once", async () => {
    await start().set("fromAll", true, 10);
    assert.deepEqual(box.writes, ["on"]);
    clock.advance(10 * MINUTE);
    await clock.flush();
    assert.deepEqual([box.writes, ends], [["on", "off"], ["restored"]]);
    clock.advance(100 * MINUTE);
    await clock.flush();
    assert.equal(box.writes.length, 2);
    assert.equal(clock.pending, 0);
  });

  it("does so after a restart, and at once if the time has passed meanwhile", async () => {
    const first = start();
    await first.set("fromAll", true, 10);
    first.close();
    clock.advance(60 * MINUTE);
    await clock.flush();
    assert.deepEqual(box.writes, ["on"], "nothing runs between the two");
    await start().start();
    clock.advance(0);
    await clock.flush();
    assert.deepEqual(box.writes, ["on", "off"]);
  });

  it("does not overwrite what a person has changed meanwhile", async () => {
    await start().set("fromAll", true, 10);
    box.rules = [rule({ enabled: false })];
    clock.advance(10 * MINUTE);
    await clock.flush();
    assert.deepEqual([box.writes, ends], [["on"], ["changed"]]);
    box.rules = [rule()];
    await start().set("fromAll", true, 10);
    box.rules = [rule({ type: "toAny" })]; // edited: another rule now
    clock.advance(10 * MINUTE);
    await clock.flush();
    assert.deepEqual(ends, ["changed", "gone"]);
  });

  it("keeps the first state when it is switched again for a time, and forgets it when it is switched for good", async () => {
    const timer = start();
    await timer.set("fromAll", true, 10);
    clock.advance(5 * MINUTE);
    await timer.set("fromAll", true, 10);
    clock.advance(6 * MINUTE);
    await clock.flush();
    assert.deepEqual(box.writes, ["on"], "the second time counts");
    clock.advance(4 * MINUTE);
    await clock.flush();
    assert.deepEqual(box.writes, ["on", "off"]);
    await timer.set("fromAll", true, 10);
    await timer.set("fromAll", true, 0);
    clock.advance(20 * MINUTE);
    await clock.flush();
    assert.deepEqual(box.writes, ["on", "off", "on"]);
  });

  it("plans nothing where the rule was so already", async () => {
    box.rules = [rule({ enabled: true })];
    await start().set("fromAll", true, 10);
    clock.advance(10 * MINUTE);
    await clock.flush();
    assert.deepEqual(box.writes, []);
  });

  it("waits for a box that is away, with pauses, and switches once", async () => {
    await start().set("fromAll", true, 10);
    box.failure = new FritzError("box-refused", {}, true);
    clock.advance(10 * MINUTE);
    await clock.flush();
    for (let i = 0; i < 5; i++) {
      clock.advance(5 * MINUTE);
      await clock.flush();
    }
    assert.deepEqual(box.writes, ["on"]);
    box.failure = undefined;
    clock.advance(5 * MINUTE);
    await clock.flush();
    assert.deepEqual(box.writes, ["on", "off"]);
  });

  it("switches nothing for a time that it cannot write down, and forgets a switch that was refused", async () => {
    store.failure = new Error("disk full");
    await assert.rejects(start().set("fromAll", true, 10), { code: "deflection-store" });
    assert.deepEqual(box.writes, []);
    store = new FakeStore();
    box.failure = new FritzError("box-right");
    await assert.rejects(start().set("fromAll", true, 10), { code: "box-right" });
    assert.deepEqual(store.value, { pending: [] });
  });

  it("tells of damage instead of forgetting a switch", async () => {
    const good = { key: "k", setTo: true, restoreTo: false, untilMs: 1 };
    for (const bad of [{ key: 1 }, null, "x", { ...good, untilMs: null }]) {
      store.value = { pending: [good, bad] };
      await assert.rejects(start().start(), { code: "store-damaged" });
      await assert.rejects(start().set("fromAll", true, 10), { code: "store-damaged" });
      assert.deepEqual([store.value, box.writes], [{ pending: [good, bad] }, []]);
    }
  });
});

describe("choosing a rule", () => {
  const rules = [
    rule({ id: 3, type: "fromNumber", number: "0900*" }),
    rule({ id: 5, type: "fromPB", bookId: 1, book: "Spam" }),
    rule({ id: 7, type: "fromAll", mode: "eImmediately", target: "01711234567" }),
    rule({ id: 9, type: "fromNotInPhonebook" }),
  ];
  const idOf = (wanted: string) => chooseDeflection(rules, wanted).id;

  it("finds it by name, id, number, type or role", () => {
    assert.equal(idOf("frompb spam nosignal"), 5);
    assert.equal(idOf("7"), 7);
    assert.equal(idOf("+49 171 1234567"), 7);
    assert.equal(idOf("fromNumber"), 3);
    assert.equal(idOf("only-known-callers"), 9);
  });

  it("says what is missing, and never guesses", () => {
    assert.throws(() => idOf("do-not-disturb"), { code: "deflection-no-dnd" }); // a diversion of all calls is no silence
    assert.throws(() => idOf("42"), { code: "deflection-unknown" });
    assert.throws(() => idOf(" "), { code: "deflection-missing" });
    const withheld = [rule({ id: 0 }), rule({ id: 1, type: "fromNumber", number: "#" })];
    assert.throws(() => chooseDeflection(withheld, "no such rule"), { code: "deflection-unknown" });
    assert.equal(chooseDeflection(withheld, "#").id, 1);
    const twins = [rule({ id: 1 }), rule({ id: 2, enabled: true })];
    assert.throws(() => chooseDeflection(twins, "fromAll"), { code: "deflection-ambiguous" });
    assert.equal(chooseDeflection(twins, "2").id, 2);
  });

  it("reads the box's list, also an empty one, and words that it has never seen", () => {
    assert.deepEqual(parseDeflectionRules(""), []);
    assert.deepEqual(parseDeflectionRules("<List></List>"), []);
    const [one] = parseDeflectionRules(
      "<List><Item><DeflectionId>4</DeflectionId><Enable>1</Enable><Type>fromMars</Type><Number></Number><DeflectionToNumber>99</DeflectionToNumber><Mode>eLater</Mode><Outgoing/><PhonebookID>7</PhonebookID></Item></List>",
    );
    assert.deepEqual(
      [one?.id, one?.enabled, one?.type, one?.mode, one?.bookId],
      [4, true, "fromMars", "eLater", undefined],
    );
  });
});
