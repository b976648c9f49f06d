import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import type { CallerSource, SourceAnswer } from "../../../src/lib/callers/source";
import { CallerInfoService, type CallerInfoOptions } from "../../../src/lib/callers/caller-info";
import { CircuitBreakers } from "../../../src/lib/callers/circuit-breakers";
import { FakeClock } from "../../support/fake-clock";
import { fakeSource, number } from "../../support/fake-source";
import { FakeStore } from "../../support/fake-store";

const NUMBER = "03023125042";
const plan = { countryCode: "49" };
const spam = (risk: number, reports: number): SourceAnswer => ({ opinion: { risk, reports } });
const name = (text: string): SourceAnswer => ({ name: { text, rank: "directory" } });
const contact: SourceAnswer = {
  contact: { book: "Telefonbuch", bookId: 0, name: "Mama", vip: true },
  name: { text: "Mama", rank: "phonebook" },
};

describe("caller info service", () => {
  let clock: FakeClock;
  beforeEach(() => (clock = new FakeClock()));

  const service = (
    sources: (CallerSource | { source: CallerSource; ifNeeded: boolean })[],
    over: Partial<CallerInfoOptions> = {},
  ) =>
    new CallerInfoService({
      sources: sources.map((entry) => ("source" in entry ? entry : { source: entry })),
      normalize: (written) => (written === "" ? number(null, { type: "anonymous" }) : number(`+49${written.slice(1)}`)),
      guards: new CircuitBreakers(clock),
      store: new FakeStore(),
      clock,
      ...over,
    });
  const local = (id: string, answer: SourceAnswer | Error) => fakeSource(id, answer, { local: true, sends: "nothing" });
  /** Answers after so many ms of the test's clock. */
  const slow = (id: string, ms: number, answer: SourceAnswer, over: Partial<CallerSource> = {}) =>
    fakeSource(id, () => new Promise((resolve) => clock.after(ms, () => resolve(answer))), over);
  const advance = async (ms: number) => {
    await clock.flush();
    clock.advance(ms);
    await clock.flush();
  };
  const statuses = (info: { sources: { id: string; status: string; because?: string }[] }) =>
    Object.fromEntries(
      info.sources.map(({ id, status, because }) => [id, because === undefined ? status : `${status}: ${because}`]),
    );

  it("asks all at the same time: five slow sources take as long as one", async () => {
    const sources = ["a", "b", "c", "d", "e"].map((id) => slow(id, 300, name(id)));
    const { first } = service(sources).ask({ written: NUMBER, plan }, 4_000);
    await advance(300);
    const info = await first;
    assert.equal(info.complete, true);
    assert.deepEqual(
      info.sources.map(({ ms }) => ms),
      [300, 300, 300, 300, 300],
    );
    assert.equal(info.name, "a");
  });

  it("answers at the deadline when one hangs, and afterwards with what that one found", async () => {
    const hanging = slow("slow", 6_000, spam(90, 9));
    const { first, late } = service([slow("fast", 100, name("Erika")), hanging]).ask({ written: NUMBER, plan }, 4_000);
    await advance(3_999);
    await advance(1);
    const info = await first;
    assert.equal(info.complete, false);
    assert.deepEqual(statuses(info), { fast: "hit", slow: "failed: deadline" });
    assert.equal(info.display, "Erika");
    await advance(2_000);
    const after = await late;
    assert.equal(after?.complete, true);
    assert.equal(after?.spam?.source, "slow");
  });

  it("says nothing afterwards if there is nothing new", async () => {
    const { first, late } = service([slow("slow", 6_000, null)]).ask({ written: NUMBER, plan }, 4_000);
    await advance(4_000);
    assert.equal((await first).complete, false);
    await advance(2_000);
    assert.equal(await late, undefined);
    const quick = service([fakeSource("a", name("A"))]).ask({ written: NUMBER, plan }, 4_000);
    await clock.flush();
    assert.equal((await quick.first).complete, true);
    assert.equal(await quick.late, undefined);
  });

  it("gives what it knows at once when the call has gone on", async () => {
    const asked = service([fakeSource("a", name("A")), slow("slow", 3_000, null)]).ask(
      { written: NUMBER, plan },
      4_000,
    );
    await clock.flush();
    asked.flush();
    const info = await asked.first;
    assert.deepEqual([info.display, info.complete], ["A", false]);
  });

  it("asks no service before the local sources have answered, and not about a contact", async () => {
    let answer: (value: SourceAnswer) => void = () => undefined;
    const phonebook = fakeSource("phonebook", () => new Promise((resolve) => (answer = resolve)), { local: true });
    const outside = fakeSource("tellows", spam(90, 9));
    const asked = service([outside, phonebook]).ask({ written: NUMBER, plan }, 4_000);
    await advance(1_000);
    assert.deepEqual(outside.asked, []);
    answer(contact);
    const info = await asked.first;
    assert.deepEqual(outside.asked, []);
    assert.deepEqual(statuses(info), { tellows: "skipped: phonebook", phonebook: "hit" });
    assert.deepEqual([info.display, info.contact?.vip, info.spam], ["Mama", true, undefined]);
  });

  it("sends no number that a service does not need", async () => {
    const outside = fakeSource("tellows", spam(90, 9));
    const inside = local("numbers", null);
    const gates: [string, boolean, string][] = [
      ["", false, "anonymous"],
      [NUMBER, true, "own-number"],
    ];
    for (const [written, own, because] of gates) {
      const { first } = service([inside, outside]).ask({ written, plan, own }, 4_000);
      assert.deepEqual(statuses(await first), { numbers: "miss", tellows: `skipped: ${because}` });
    }
    assert.deepEqual(outside.asked, []);
  });

  it("asks a source only about its countries", async () => {
    const swiss = fakeSource("searchch", name("A"), { countries: ["41", "423"] });
    const german = fakeSource("dasoertliche", name("B"), { countries: ["49"] });
    const info = await service([swiss, german]).ask({ written: NUMBER, plan }, 4_000).first;
    assert.deepEqual(statuses(info), { searchch: "skipped: country", dasoertliche: "hit" });
  });

  it("reports a failure as one, never as an unknown caller, and the others answer", async () => {
    const key = new FritzError("source-key", { host: "PhoneBlock" });
    const sources = [fakeSource("phoneblock", key), fakeSource("odd", new TypeError("x")), fakeSource("b", name("B"))];
    const asked = service(sources).ask({ written: NUMBER, plan }, 4_000);
    const info = await asked.first;
    assert.deepEqual(statuses(info), { phoneblock: "failed: source-key", odd: "failed: internal", b: "hit" });
    assert.equal(asked.failures.get("phoneblock"), key);
    assert.equal(info.complete, true);
  });

  it("goes on without phonebooks", async () => {
    const box = local("phonebook", new FritzError("box-login-needed"));
    const info = await service([box, fakeSource("a", name("A"))]).ask({ written: NUMBER, plan }, 4_000).first;
    assert.deepEqual(statuses(info), { phonebook: "failed: box-login-needed", a: "hit" });
  });

  it("says why a source cannot be asked", async () => {
    const source = { ...fakeSource("phoneblock", null), unready: "no-key" };
    assert.deepEqual(statuses(await service([source]).ask({ written: NUMBER, plan }, 4_000).first), {
      phoneblock: "skipped: no-key",
    });
  });

  it("asks a source that is only wanted if needed after those above it, and not when they have decided", async () => {
    const bad = slow("free", 200, spam(90, 9));
    const paid = fakeSource("paid", spam(10, 5));
    const entries = [bad, { source: paid, ifNeeded: true }];
    const asked = service(entries).ask({ written: NUMBER, plan }, 4_000);
    await advance(200);
    assert.deepEqual(statuses(await asked.first), { free: "hit", paid: "skipped: decided" });
    assert.deepEqual(paid.asked, []);

    const unsure = slow("free", 200, spam(90, 1));
    const again = service([unsure, { source: paid, ifNeeded: true }]).ask({ written: NUMBER, plan }, 4_000);
    await advance(199);
    assert.deepEqual(paid.asked, []);
    await advance(1);
    assert.deepEqual(statuses(await again.first), { free: "hit", paid: "hit" });
  });

  it("remembers what sources said, over a restart, and asks anew when that is old", async () => {
    const store = new FakeStore();
    const policy = { timeoutMs: 8_000, minIntervalMs: 0, hitMs: 60_000, missMs: 60_000 };
    const source = fakeSource("a", name("A"), { policy });
    const one = service([source], { store });
    await one.ask({ written: NUMBER, plan }, 4_000).first;
    const cached = await one.ask({ written: NUMBER, plan }, 4_000).first;
    assert.deepEqual(cached.sources, [{ id: "a", status: "hit", cached: true, ms: 0 }]);
    await one.close();
    const two = service([source], { store });
    assert.equal((await two.ask({ written: NUMBER, plan }, 4_000).first).sources[0]?.cached, true);
    assert.equal(source.asked.length, 1);
    clock.advance(60_000);
    await two.ask({ written: NUMBER, plan }, 4_000).first;
    assert.equal(source.asked.length, 2);
  });

  it("never remembers a failure", async () => {
    let fails = true;
    const policy = { timeoutMs: 8_000, minIntervalMs: 0, hitMs: 60_000, missMs: 60_000 };
    const source = fakeSource(
      "a",
      () =>
        fails ? Promise.reject(new FritzError("source-reply", { host: "a", detail: "x" })) : Promise.resolve(name("A")),
      { policy },
    );
    const one = service([source]);
    await one.ask({ written: NUMBER, plan }, 4_000).first;
    fails = false;
    assert.equal((await one.ask({ written: NUMBER, plan }, 4_000).first).name, "A");
  });

  it("has one request in flight for a number, however many lines ring", async () => {
    const source = slow("a", 300, name("A"));
    const one = service([source]);
    const rings = [1, 2, 3].map(() => one.ask({ written: NUMBER, plan }, 4_000).first);
    await advance(300);
    for (const info of await Promise.all(rings)) assert.equal(info.name, "A");
    assert.equal(source.asked.length, 1);
  });

  it("stops when its quota is used up", async () => {
    const source = fakeSource("a", null, {
      policy: { timeoutMs: 1_000, minIntervalMs: 0, hitMs: 0, missMs: 0, perDay: 1 },
    });
    const one = service([source]);
    await one.ask({ written: NUMBER, plan }, 4_000).first;
    const info = await one.ask({ written: "03023125043", plan }, 4_000).first;
    assert.deepEqual(statuses(info), { a: "failed: source-quota" });
  });

  it("calls everything off when it is closed", async () => {
    let signal: AbortSignal | undefined;
    const source = fakeSource("a", (_, s) => ((signal = s), new Promise(() => undefined)));
    const one = service([source]);
    const asked = one.ask({ written: NUMBER, plan }, 4_000);
    await clock.flush();
    await one.close();
    await clock.flush();
    assert.equal(signal?.aborted, true);
    assert.deepEqual(statuses(await asked.first), { a: "failed: stopped" });
    assert.equal(await asked.late, undefined);
    assert.equal(clock.pending, 0, "nothing keeps the process alive");
  });

  it("gives plain JSON", async () => {
    const info = await service([local("phonebook", contact), fakeSource("a", null)]).ask({ written: NUMBER, plan }, 1)
      .first;
    assert.deepEqual(JSON.parse(JSON.stringify(info)), info);
  });
});
