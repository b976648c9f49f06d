import assert from "node:assert/strict";
import { setMaxListeners } from "node:events";
import { FritzError } from "../../../src/lib/core/errors";
import type { SourceAnswer, RequestPolicy } from "../../../src/lib/callers/source";
import { CircuitBreaker } from "../../../src/lib/callers/circuit-breaker";
import { CircuitBreakers } from "../../../src/lib/callers/circuit-breakers";
import { FakeClock } from "../../support/fake-clock";
import { fakeSource } from "../../support/fake-source";

const POLICY: RequestPolicy = { timeoutMs: 8_000, minIntervalMs: 0, hitMs: 0, missMs: 0 };
const MINUTE = 60_000;
const hit: SourceAnswer = { name: { text: "Erika", rank: "directory" } };
const forever = new AbortController().signal;
setMaxListeners(0, forever);
const blocked = (waitMs = 0) => new FritzError("source-blocked", { host: "x", waitMs });
const down = () => new FritzError("source-unreachable", { host: "x", detail: "ECONNREFUSED" }, true);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "answered",
    (error: unknown) => (error instanceof FritzError ? error.code : String(error)),
  );

describe("circuit breaker", () => {
  let clock: FakeClock;
  const guard = (policy: Partial<RequestPolicy> = {}, local = false) =>
    new CircuitBreaker({ label: "x", local, policy: { ...POLICY, ...policy } }, clock);
  beforeEach(() => (clock = new FakeClock()));

  it("has one request in flight for a number, and gives all who wait its answer", async () => {
    const g = guard();
    let requests = 0;
    let answer: (value: SourceAnswer) => void = () => undefined;
    const lookup = () => new Promise<SourceAnswer>((resolve) => (requests++, (answer = resolve)));
    const all = [1, 2, 3].map(() => g.ask("+49", lookup, forever));
    await clock.flush();
    answer(hit);
    assert.deepEqual(await Promise.all(all), [hit, hit, hit]);
    assert.equal(requests, 1);
    void g.ask("+49", lookup, forever);
    await clock.flush();
    assert.equal(requests, 2, "later ones ask anew");
    answer(null);
  });

  it("calls a request off when the last one who waits has left", async () => {
    const g = guard();
    let signal: AbortSignal | undefined;
    const lookup = (s: AbortSignal) => ((signal = s), new Promise<SourceAnswer>(() => undefined));
    const [first, second] = [new AbortController(), new AbortController()];
    const answers = [first, second].map(({ signal: leave }) => codeOf(g.ask("+49", lookup, leave)));
    await clock.flush();
    first.abort(new Error("gone"));
    await clock.flush();
    assert.equal(signal?.aborted, false);
    second.abort(new Error("gone"));
    assert.deepEqual(await Promise.all(answers), ["Error: gone", "Error: gone"]);
    assert.equal(signal?.aborted, true);
    assert.equal(g.health.failures, 0, "that is no failure of the source");
  });

  it("limits the time, also of a source that does not listen", async () => {
    const g = guard({ timeoutMs: 500 });
    const answer = codeOf(g.ask("+49", () => new Promise(() => undefined), forever));
    await clock.flush();
    clock.advance(499);
    await clock.flush();
    assert.equal(g.health.failures, 0);
    clock.advance(1);
    assert.equal(await answer, "source-timeout");
    assert.equal(g.health.state, "failing");
  });

  it("keeps the gap, one question after the other", async () => {
    const g = guard({ minIntervalMs: 4_000 });
    const started: number[] = [];
    const begin = clock.now();
    for (const key of ["a", "b", "c"]) {
      void g.ask(key, () => (started.push(clock.now() - begin), Promise.resolve(null)), forever);
    }
    await clock.flush();
    for (let i = 0; i < 4; i++) {
      clock.advance(2_000);
      await clock.flush();
    }
    assert.deepEqual(started, [0, 4_000, 8_000]);
  });

  it("lets only so many wait", async () => {
    const g = guard({ minIntervalMs: 1_000 });
    const answers = Array.from({ length: 40 }, (_, i) => codeOf(g.ask(`${i}`, () => Promise.resolve(null), forever)));
    await clock.flush();
    assert.equal((await Promise.all(answers.slice(30))).filter((code) => code === "source-busy").length, 10);
  });

  it("leaves a source alone that turns it away, longer each time, and at least as long as that asks for", async () => {
    const g = guard();
    const ask = (failure: FritzError) => codeOf(g.ask("+49", () => Promise.reject(failure), forever));
    await ask(blocked());
    assert.equal(g.health.pausedUntil, clock.now() + 5 * MINUTE);
    let asked = 0;
    assert.equal(await codeOf(g.ask("+49", () => (asked++, Promise.resolve(hit)), forever)), "source-blocked");
    assert.equal(asked, 0, "not asked while it pauses");
    clock.advance(5 * MINUTE);
    await ask(blocked());
    assert.equal(g.health.pausedUntil, clock.now() + 7.5 * MINUTE);
    clock.advance(7.5 * MINUTE);
    await ask(blocked(3 * 60 * MINUTE));
    assert.equal(g.health.pausedUntil, clock.now() + 180 * MINUTE);
    for (let i = 0; i < 40; i++) {
      clock.advance(24 * 60 * MINUTE);
      await ask(blocked());
    }
    assert.equal(g.health.pausedUntil, clock.now() + 24 * 60 * MINUTE);
    clock.advance(24 * 60 * MINUTE);
    assert.deepEqual(await g.ask("+49", () => Promise.resolve(hit), forever), hit);
    assert.equal(g.health.state, "ok");
    await ask(blocked());
    assert.equal(g.health.pausedUntil, clock.now() + 5 * MINUTE, "after an answer it begins anew");
  });

  it("rests after three failures in a row, two to fifteen minutes", async () => {
    const g = guard();
    const ask = () => codeOf(g.ask("+49", () => Promise.reject(down()), forever));
    await ask();
    await ask();
    assert.equal(g.health.state, "failing");
    const pauses: number[] = [];
    for (let i = 0; i < 6; i++) {
      await ask();
      assert.equal(g.health.state, "paused");
      pauses.push(((g.health.pausedUntil ?? 0) - clock.now()) / MINUTE);
      clock.advance((g.health.pausedUntil ?? 0) - clock.now());
    }
    assert.deepEqual(pauses, [2, 4, 8, 15, 15, 15]);
  });

  it("rests at once when its rules took too long, until somebody has looked", async () => {
    const g = guard();
    const rules = () => Promise.reject(new FritzError("source-rules", { host: "x" }));
    assert.equal(await codeOf(g.ask("+491", rules, forever)), "source-rules");
    assert.equal(g.health.pausedUntil, clock.now() + 5 * MINUTE);
    assert.equal(await codeOf(g.ask("+492", () => Promise.resolve(hit), forever)), "source-rules");
    g.resetKeyFailure();
    assert.equal(await codeOf(g.ask("+492", () => Promise.resolve(hit), forever)), "answered");
  });

  it("never rests a source in the house", async () => {
    const g = guard({}, true);
    for (let i = 0; i < 10; i++) await codeOf(g.ask("+49", () => Promise.reject(down()), forever));
    assert.equal(g.health.state, "failing");
    assert.deepEqual(await g.ask("+49", () => Promise.resolve(hit), forever), hit);
  });

  it("does not use a rejected key again until somebody has looked", async () => {
    const guards = new CircuitBreakers(clock);
    const source = fakeSource("phoneblock", null);
    const g = guards.of(source);
    await codeOf(g.ask("+49", () => Promise.reject(new FritzError("source-key", { host: "x" })), forever));
    clock.advance(1000 * 60 * MINUTE);
    assert.equal(await codeOf(g.ask("+49", () => Promise.resolve(hit), forever)), "source-key");
    assert.equal(g.health.state, "paused");
    assert.equal(g.health.pausedUntil, undefined);
    assert.equal(guards.of(source), g, "the next deploy");
    assert.deepEqual(await g.ask("+49", () => Promise.resolve(hit), forever), hit);
  });

  it("takes what is no FritzError for a fault of the source, without its words", async () => {
    const g = guard();
    await codeOf(g.ask("+493023125042", () => Promise.reject(new TypeError("cannot read 03023125042")), forever));
    const { failure } = g.health;
    assert.deepEqual(
      [failure?.code, `${failure?.message} ${JSON.stringify(failure)}`.includes("3023125")],
      ["source-reply", false],
    );
  });

  it("tells how the source is doing", async () => {
    const g = guard();
    assert.deepEqual(g.health, { state: "unused", hits: 0, misses: 0, failures: 0 });
    await g.ask("a", () => Promise.resolve(hit), forever);
    await g.ask("a", () => Promise.resolve(null), forever);
    assert.deepEqual(g.health, { state: "ok", hits: 1, misses: 1, failures: 0, lastOk: clock.now(), lastMs: 0 });
  });
});
