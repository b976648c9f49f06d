import assert from "node:assert/strict";
import { CallerLookup } from "../../../src/lib/blocking/caller-lookup";
import { RatingQueue } from "../../../src/lib/blocking/rating-queue";
import { BlockMemory } from "../../../src/lib/blocking/state";
import { rateAtPhoneBlock, withdrawAtPhoneBlock } from "../../../src/lib/callers/sources/phoneblock-rating";
import { FritzError } from "../../../src/lib/core/errors";
import { FakeClock } from "../../support/fake-clock";
import { FakePhonebooks } from "../../support/fake-phonebooks";
import { FakeWeb } from "../../support/fake-source";
import { FakeStore } from "../../support/fake-store";

const SPAMMER = "03023125001";
const SPAMMER_E164 = "+493023125001";
const HOUR_MS = 3_600_000;

/** A queue whose box and disk outlive the runs of Node-RED. */
class Harness {
  readonly box = new FakePhonebooks();
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  readonly sent: string[] = [];
  readonly failed: string[] = [];
  failure: FritzError | undefined;
  queue!: RatingQueue;
  memory!: BlockMemory;

  async start(): Promise<this> {
    this.memory = await BlockMemory.open(this.store, (error) => assert.fail(String(error)));
    this.queue = new RatingQueue({
      ...{ memory: this.memory, clock: this.clock, rules: () => ({ targetBook: "Spam" }) },
      lookup: new CallerLookup({ clock: this.clock, box: this.box }),
      send: ({ e164, rating }) => {
        this.sent.push(`${e164} ${rating}`);
        return this.failure ? Promise.reject(this.failure) : Promise.resolve();
      },
      withdraw: ({ e164, rating }) => {
        this.sent.push(`${e164} not ${rating}`);
        return this.failure ? Promise.reject(this.failure) : Promise.resolve();
      },
      failed: ({ code }) => void this.failed.push(code),
    });
    this.queue.start();
    return this;
  }

  async restart(): Promise<void> {
    await this.queue.close();
    await this.memory.saved();
    await this.start();
  }

  async settle(ms = 0): Promise<void> {
    await this.clock.flush();
    this.clock.advance(ms);
    await this.clock.flush();
  }
}

describe("RatingQueue", () => {
  it("sends a number once, in the international form, and writes it down", async () => {
    const harness = await new Harness().start();
    harness.box.put("Spam", "[Spam] Berlin", SPAMMER);
    harness.queue.add(SPAMMER, "spam");
    await harness.settle();
    harness.queue.add("+49 30 23125001", "spam");
    await harness.settle();
    await harness.restart();
    await harness.settle(HOUR_MS);
    assert.deepEqual(harness.sent, [`${SPAMMER_E164} spam`]);
    assert.deepEqual(
      harness.memory.journal.map(({ what, number, because }) => [what, number, because]),
      [["rated", SPAMMER, "spam"]],
    );
    harness.queue.add(SPAMMER, "fine");
    await harness.settle();
    assert.deepEqual(harness.sent.slice(1), [`${SPAMMER_E164} fine`], "another opinion replaces the first");
  });

  it("never a contact, an own number, an internal or a short one", async () => {
    const harness = await new Harness().start();
    harness.box.put("Telefonbuch", "Oma", "030 23125002");
    for (const number of ["0049 30 23125002", "732123", "**610", "110", "", "08003301000"])
      harness.queue.add(number, "spam");
    await harness.settle(HOUR_MS);
    assert.deepEqual(harness.sent, ["+498003301000 spam"]);
    assert.deepEqual(
      harness.memory.ratings.filter(({ sent }) => sent !== true),
      [],
    );
  });

  it("waits while it is not known who the contacts are, also one who became a contact meanwhile", async () => {
    const harness = await new Harness().start();
    harness.box.away = new FritzError("box-timeout", {}, true);
    harness.queue.add(SPAMMER, "spam");
    await harness.settle(10_000);
    assert.deepEqual(harness.sent, []);
    harness.box.away = undefined;
    harness.box.put("Telefonbuch", "Oma", SPAMMER);
    await harness.settle(HOUR_MS);
    assert.deepEqual([harness.sent, harness.memory.ratings], [[], []]);
  });

  it("tries again after an outage, ever more rarely, and after a restart; reports it once", async () => {
    const harness = await new Harness().start();
    harness.failure = new FritzError("source-unreachable", { host: "PhoneBlock" }, true);
    harness.queue.add(SPAMMER, "spam");
    for (let i = 0; i < 12; i++) await harness.settle(HOUR_MS);
    const tries = harness.sent.length;
    assert.ok(tries >= 5 && tries <= 12, String(tries));
    assert.deepEqual(harness.failed, ["source-unreachable"]);
    await harness.restart();
    harness.failure = undefined;
    await harness.settle(12 * HOUR_MS);
    await harness.settle(12 * HOUR_MS);
    assert.equal(harness.memory.ratings[0]?.sent, true);
    const after = harness.sent.length;
    await harness.settle(24 * HOUR_MS);
    assert.equal(harness.sent.length, after);
  });

  it("a key that is refused ends it until the next deploy; an answer that is no outage drops the number", async () => {
    const harness = await new Harness().start();
    harness.failure = new FritzError("source-key", { host: "PhoneBlock" });
    harness.queue.add(SPAMMER, "spam");
    await harness.settle(48 * HOUR_MS);
    assert.equal(harness.sent.length, 1);
    harness.failure = new FritzError("source-status", { host: "PhoneBlock", detail: 400 });
    await harness.restart();
    await harness.settle(HOUR_MS);
    assert.equal(harness.sent.length, 2);
    assert.deepEqual(harness.memory.ratings, []);
  });

  it("withdraws what was sent, once, also of a number that is a contact's by now; another rating counts anew", async () => {
    const harness = await new Harness().start();
    harness.queue.add(SPAMMER, "spam");
    await harness.settle();
    harness.box.put("Telefonbuch", "Oma", SPAMMER);
    assert.equal(harness.queue.withdraw("+49 30 23125001"), true);
    assert.equal(harness.queue.withdraw(SPAMMER), false);
    await harness.settle();
    await harness.restart();
    await harness.settle(HOUR_MS);
    assert.deepEqual(harness.sent, [`${SPAMMER_E164} spam`, `${SPAMMER_E164} not spam`]);
    assert.deepEqual(
      harness.memory.journal.map(({ what, because }) => [what, because]),
      [
        ["unrated", "spam"],
        ["rated", "spam"],
      ],
    );
    await harness.box.remove("Telefonbuch", [{ name: "Oma", numbers: [{ number: SPAMMER }] }]);
    harness.queue.add(SPAMMER, "spam");
    await harness.settle(HOUR_MS);
    assert.deepEqual(harness.sent.slice(2), [`${SPAMMER_E164} spam`]);
  });

  it("withdraws a rating of which it is not known whether it arrived, after the outage", async () => {
    const harness = await new Harness().start();
    harness.failure = new FritzError("source-unreachable", { host: "PhoneBlock" }, true);
    harness.queue.add(SPAMMER, "fine");
    await harness.settle();
    harness.queue.withdraw("+493023125001");
    await harness.settle();
    await harness.restart();
    harness.failure = undefined;
    await harness.settle(24 * HOUR_MS);
    const [first, ...later] = harness.sent;
    assert.equal(first, `${SPAMMER_E164} fine`);
    assert.deepEqual([...new Set(later)], [`${SPAMMER_E164} not fine`]);
    assert.equal(harness.memory.ratings.at(-1)?.sent, true);
  });

  it("sends neither a rating nor its withdrawal if nothing was tried yet, and knows of none", async () => {
    const harness = await new Harness().start();
    harness.box.away = new FritzError("box-timeout", {}, true);
    harness.queue.add(SPAMMER, "spam");
    await harness.settle();
    assert.equal(harness.queue.withdraw(SPAMMER), true);
    harness.box.away = undefined;
    await harness.settle(24 * HOUR_MS);
    assert.deepEqual([harness.sent, harness.memory.ratings], [[], []]);
    assert.equal(harness.queue.withdraw(SPAMMER), false);
  });
});

describe("rateAtPhoneBlock", () => {
  const rate = (reply: object, account = { token: "pbt_x", url: "" }) => {
    const web = new FakeWeb({ "/rate": reply });
    const rated = { e164: SPAMMER_E164, rating: "spam" as const };
    return { web, done: rateAtPhoneBlock(web.fetch, account, rated, new AbortController().signal) };
  };

  it("posts number and rating, the key only as a secret", async () => {
    const { web, done } = rate({ status: 200, text: "Rating recorded." });
    await done;
    const [request] = web.requests;
    assert.equal(request?.url, "https://phoneblock.net/phoneblock/api/rate");
    assert.deepEqual(JSON.parse(request?.body ?? ""), { phone: SPAMMER_E164, rating: "B_MISSED" });
    assert.deepEqual(request?.secrets, { Authorization: "Bearer pbt_x" });
    assert.equal(request?.allowPrivate, false);
  });

  for (const [status, code] of [
    [401, "source-key"],
    [403, "source-key"],
    [429, "source-blocked"],
    [503, "source-blocked"],
    [500, "source-status"],
    [400, "source-status"],
  ] as const) {
    it(`${status} is ${code}`, async () => {
      await assert.rejects(
        rate({ status }).done,
        (error) => error instanceof FritzError && error.code === code && error.retry === (status === 500),
      );
    });
  }

  it("without a key nothing is sent", async () => {
    const { web, done } = rate({}, { token: "", url: "" });
    await assert.rejects(done, /source-key/);
    assert.deepEqual(web.requests, []);
  });
});

describe("withdrawAtPhoneBlock", () => {
  const withdraw = (status: number, rating: "spam" | "fine", token = "pbt_x") => {
    const web = new FakeWeb({ "list/": { status } });
    const { signal } = new AbortController();
    return { web, done: withdrawAtPhoneBlock(web.fetch, { token, url: "" }, { e164: SPAMMER_E164, rating }, signal) };
  };

  for (const [rating, list] of [
    ["spam", "blacklist"],
    ["fine", "whitelist"],
  ] as const) {
    it(`takes a number rated ${rating} off the own ${list}; one that is not there is none`, async () => {
      for (const status of [204, 404]) {
        const { web, done } = withdraw(status, rating);
        await done;
        const asked = web.requests.map(({ url, method, secrets }) => [method, url, secrets]);
        const url = `https://phoneblock.net/phoneblock/api/${list}/00493023125001`;
        assert.deepEqual(asked, [["DELETE", url, { Authorization: "Bearer pbt_x" }]]);
      }
    });
  }

  it("rejects what PhoneBlock refuses, and sends nothing without a key", async () => {
    await assert.rejects(withdraw(401, "spam").done, /source-key/);
    await assert.rejects(withdraw(503, "spam").done, /source-blocked/);
    const { web, done } = withdraw(204, "spam", "");
    await assert.rejects(done, /source-key/);
    assert.deepEqual(web.requests, []);
  });
});
