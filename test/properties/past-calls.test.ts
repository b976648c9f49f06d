/** Past calls are looked up without hurry: no source is asked faster than its pace, and none fails because of it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Call } from "../../src/lib/calls/types";
import { CallerInfoService } from "../../src/lib/callers/caller-info";
import { PastLookups, type PastMessage } from "../../src/lib/callers/past-lookups";
import { CircuitBreakers } from "../../src/lib/callers/circuit-breakers";
import type { CallerInfo } from "../../src/lib/callers/types";
import { FritzError } from "../../src/lib/core/errors";
import { normalizeNumber } from "../../src/lib/numbers/index";
import { FakeClock } from "../support/fake-clock";
import { fakeSource } from "../support/fake-source";
import { FakeStore } from "../support/fake-store";
import { BERLIN } from "../support/numbers";

interface Site {
  paceMs: number;
  perDay: number;
  answerMs: number;
  /** Of so many requests one fails, although it was not too fast. */
  failsEach: number;
}

/** A site that refuses requests that come too fast, or too often in a day. */
class StrictSite {
  refused = 0;
  asked: string[] = [];
  private last = -Infinity;
  private readonly days = new Map<number, number>();

  constructor(
    private readonly clock: FakeClock,
    private readonly id: string,
    readonly site: Site,
  ) {}

  readonly source = () =>
    fakeSource(this.id, (query, signal) => this.answer(query.number.e164 ?? "", signal), {
      policy: {
        ...{ timeoutMs: 8_000, hitMs: 30 * 86_400_000, missMs: 3_600_000 },
        ...{ minIntervalMs: this.site.paceMs, perDay: this.site.perDay },
      },
    });

  private async answer(e164: string, signal: AbortSignal) {
    const now = this.clock.now();
    const day = Math.floor(now / 86_400_000);
    const today = (this.days.get(day) ?? 0) + 1;
    this.days.set(day, today);
    if (now - this.last < this.site.paceMs || today > this.site.perDay) this.refused++;
    this.last = now;
    this.asked.push(e164);
    await new Promise<void>((resolve, reject) => {
      this.clock.after(this.site.answerMs, resolve);
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
    if (this.asked.length % this.site.failsEach === 0) throw new FritzError("source-timeout", { host: this.id }, true);
    return Number(e164.at(-1)) % 2 === 0 ? { opinion: { risk: 90, reports: 9 } } : null;
  }
}

const call = (i: number, kind: Call["kind"] = "missed"): Call => {
  const number = `0302312${String(5000 + i)}`;
  const [remote, own] = [
    { number, presentation: "allowed" as const },
    { number: "732123", presentation: "allowed" as const },
  ];
  const outgoing = kind === "outgoing";
  return {
    ...{ id: String(i), kind, at: "2026-11-24T12:25:00+01:00", durationSeconds: 0 },
    ...{ caller: outgoing ? own : remote, called: outgoing ? remote : own },
  };
};

type Answered = (Call & { callerInfo?: CallerInfo })[];

/** One node after the other on the same clock and store, as over deploys and restarts. */
class Harness {
  readonly clock = new FakeClock();
  readonly sites: StrictSite[];
  readonly answers: { msg: PastMessage; cancelled: boolean }[] = [];
  readonly progress: string[] = [];
  private guards = new CircuitBreakers(this.clock);
  private readonly answersStore = new FakeStore();
  private readonly store = new FakeStore();
  service!: CallerInfoService;
  past!: PastLookups;
  private close: () => Promise<void> = () => Promise.resolve();

  constructor(sites: Site[]) {
    this.sites = sites.map((site, i) => new StrictSite(this.clock, `site${i}`, site));
    this.restart();
  }

  /** `deploy`: the queue itself stays in memory. */
  private open(deploy: boolean): void {
    const service = new CallerInfoService({
      sources: this.sites.map((site) => ({ source: site.source() })),
      ...{ normalize: normalizeNumber, guards: this.guards, store: this.answersStore, clock: this.clock },
    });
    this.service = service;
    if (!deploy) this.past = new PastLookups(this.store, this.clock);
    const { past } = this;
    const patient = service.patiently(() => undefined);
    const handlers = {
      ask: async ({ kind, caller, called }: Call, stopped: AbortSignal) => {
        const { number } = kind === "outgoing" ? called : caller;
        return (await patient.ask({ written: number, plan: BERLIN }, stopped))?.info;
      },
      answer: (msg: PastMessage, cancelled: boolean) => void this.answers.push({ msg, cancelled }),
      progress: (done: number, total: number) => void this.progress.push(`${done}/${total}`),
    };
    past.attach(handlers);
    this.close = async () => {
      const saved = past.detach(handlers, false);
      await Promise.all([saved, service.close()]);
    };
  }

  restart(): void {
    this.guards = new CircuitBreakers(this.clock); // another process, that knows nothing of the last request
    this.open(false);
  }

  async change(deploy: boolean): Promise<void> {
    await this.close();
    if (deploy) return this.open(true);
    this.clock.advance(20_000); // Node-RED needs a moment
    this.restart();
  }

  /** Lets time go on until `done`, or for so many steps. */
  async run(done: () => boolean, most: number): Promise<void> {
    for (let i = 0; i < most && !done(); i++) {
      await this.clock.flush();
      if (!done()) this.clock.advance(this.clock.nextInMs ?? 1_000);
    }
    await this.clock.flush();
  }
}

const payloadOf = (harness: Harness) => harness.answers[0]?.msg["payload"] as Answered;
const unlimited = { perDay: Infinity, answerMs: 300, failsEach: Infinity };

describe("past calls", function () {
  it("400 calls with two sources come out complete, and no source was asked too fast", async () => {
    const harness = new Harness([
      { ...unlimited, paceMs: 4_000 },
      { ...unlimited, paceMs: 500 },
    ]);
    const calls = Array.from({ length: 400 }, (_, i) => call(i % 390, i % 7 === 0 ? "outgoing" : "missed"));
    harness.past.add({ topic: "calls", payload: calls });
    await harness.run(() => harness.answers.length > 0, 10_000);
    const answered = payloadOf(harness);
    assert.equal(answered.length, 400);
    assert.deepEqual(
      answered.map(({ id }) => id),
      calls.map(({ id }) => id),
    );
    for (const { callerInfo } of answered) {
      assert.equal(callerInfo?.complete, true);
      assert.ok(callerInfo?.sources.every(({ status }) => status === "hit" || status === "miss"));
    }
    assert.deepEqual(
      harness.sites.map(({ refused }) => refused),
      [0, 0],
    );
    assert.ok(harness.sites.every(({ asked }) => asked.length <= 400));
    assert.equal(harness.answers[0]?.cancelled, false);
    assert.match(harness.progress.at(-1) ?? "", /^(\d+)\/\1$/);
  });

  it("over deploys, restarts, rings, failures and quotas: complete, once, never too fast", async () => {
    const site = fc.record({
      paceMs: fc.constantFrom(0, 500, 4_000),
      perDay: fc.constantFrom(Infinity, 20),
      answerMs: fc.constantFrom(0, 300, 3_000),
      failsEach: fc.constantFrom(Infinity, 5, 11),
    });
    const happenings = fc.array(fc.constantFrom("deploy", "restart", "ring", "go on"), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(site, { minLength: 1, maxLength: 3 }), happenings, async (sites, events) => {
        const harness = new Harness(sites);
        const count = 40;
        harness.past.add({ payload: Array.from({ length: count }, (_, i) => call(i)) });
        for (const event of events) {
          await harness.run(() => harness.answers.length > 0, 12);
          if (event === "ring") void harness.service.ask({ written: "03023125999", plan: BERLIN }, 4_000);
          else if (event !== "go on") await harness.change(event === "deploy");
        }
        await harness.run(() => harness.answers.length > 0, 20_000);
        assert.equal(harness.answers.length, 1);
        for (const { callerInfo } of payloadOf(harness)) {
          const bad = callerInfo?.sources.filter(({ status }) => status === "failed") ?? ["none"];
          assert.deepEqual(bad, [], JSON.stringify(harness.sites.map((one) => one.site)));
        }
        assert.deepEqual(
          harness.sites.filter(({ refused }) => refused > 0),
          [],
        );
      }),
      { numRuns: Number(process.env["FRITZ_LONG"] ?? 0) > 0 ? 300 : 25 },
    );
  });

  it("a source that stays down is given up, and the others go on", async () => {
    const harness = new Harness([
      { ...unlimited, paceMs: 500, failsEach: 1 },
      { ...unlimited, paceMs: 500 },
    ]);
    harness.past.add({ payload: Array.from({ length: 30 }, (_, i) => call(i)) });
    await harness.run(() => harness.answers.length > 0, 20_000);
    const reports = payloadOf(harness).flatMap(({ callerInfo }) => callerInfo?.sources ?? []);
    assert.deepEqual(
      [...new Set(reports.map(({ id, status }) => `${id} ${status}`))].filter((text) => !/site1 (hit|miss)/.test(text)),
      ["site0 failed"],
    );
    assert.ok((harness.sites[0]?.asked.length ?? 99) < 15, "it was left alone");
  });

  it("cancelled: what is known comes out at once, marked, and nothing more is asked", async () => {
    const harness = new Harness([{ ...unlimited, paceMs: 4_000 }]);
    harness.past.add({ payload: Array.from({ length: 50 }, (_, i) => call(i)) });
    await harness.run(() => (harness.sites[0]?.asked.length ?? 0) >= 5, 1_000);
    assert.equal(harness.past.cancel(), 1);
    const known = payloadOf(harness).filter(({ callerInfo }) => callerInfo);
    assert.ok(known.length >= 4 && known.length < 8);
    assert.equal(harness.answers[0]?.cancelled, true);
    const before = harness.sites[0]?.asked.length;
    await harness.run(() => false, 50);
    assert.equal(harness.sites[0]?.asked.length, before);
    harness.past.add({ payload: call(60) });
    await harness.run(() => harness.answers.length > 1, 1_000);
    assert.equal((harness.answers[1]?.msg["callerInfo"] as CallerInfo).complete, true);
  });

  it("more than a box can list is refused", () => {
    const harness = new Harness([{ ...unlimited, paceMs: 4_000 }]);
    harness.past.add({ payload: Array.from({ length: 4_999 }, (_, i) => call(i)) });
    assert.throws(() => harness.past.add({ payload: [call(1), call(2)] }), /past-calls-many/);
  });
});
