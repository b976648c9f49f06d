/** The promise: whatever fails, no contact is blocked and none is written into the box; known spam is, as soon as the contacts are known. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { covers } from "../../src/lib/blocking/barred-number";
import { BarringQueue } from "../../src/lib/blocking/barring-queue";
import { inEnglish } from "../../src/lib/blocking/block-phrases";
import { Blocker } from "../../src/lib/blocking/blocker";
import { CallerLookup } from "../../src/lib/blocking/caller-lookup";
import { CONTACTS_UNKNOWN } from "../../src/lib/blocking/facts";
import { BlockMemory } from "../../src/lib/blocking/state";
import type { BlockRules } from "../../src/lib/blocking/types";
import type { CallerInfo, SourceReport } from "../../src/lib/callers/types";
import { FritzError, type FritzErrorCode } from "../../src/lib/core/errors";
import { lookupKeys } from "../../src/lib/numbers/index";
import type { ContactsUnknown } from "../../src/lib/phonebook/types";
import { caller, spam } from "../support/callers";
import { callEvent, party } from "../support/events";
import { FakeClock } from "../support/fake-clock";
import { FakePhonebooks } from "../support/fake-phonebooks";
import { FakeStore } from "../support/fake-store";

/** Situations that are tried; all 500 with FRITZ_LONG=1. */
const RUNS = process.env.FRITZ_LONG === "1" ? 500 : 60;
const SPAMMER = "03023125999";
const KEYS = ["+493023125001", "+4917139200", "+4989999980", "+497191732999", "+492214710001", "+4940669690"];

/** Everything that can block, as hard as it can. */
const AGGRESSIVE: BlockRules = {
  ...{ blockPatterns: ["0*1*", "+49*", "030*", "017*", "+4*"], blockBooks: ["Blacklist"], targetBook: "Spam" },
  ...{ minScore: 1, minReports: 0, blockForeign: true, blockAnonymous: true, blockFake: true },
  ...{ namePatterns: ["*a*", "*e*", "*m*", "*Oma*"], numbers: ["732123"] },
  ...{ repeatCalls: 1, countries: { mode: "block" as const, list: ["DE", "AT"] } },
};

const written = (key: string, form: number): string => {
  const national = key.slice(3);
  const forms = [
    ...[key, `0${national}`, `0049${national}`, `+49 (0)${national}`, `0${national.slice(0, 2)}/${national.slice(2)}`],
    ...[
      `0${national.slice(0, 3)} - ${national.slice(3)}`,
      `tel:${key}`,
      `(0${national.slice(0, 2)}) ${national.slice(2)}`,
    ],
  ];
  return forms[form % forms.length] ?? key;
};

type Failure =
  | {
      kind:
        "none" | "slow" | "slow-plan" | "books-fail" | "own-fails" | "state-damaged" | "state-newer" | "state-refused";
    }
  | { kind: "away"; code: FritzErrorCode }
  | { kind: "unknown"; because: ContactsUnknown };

const failure: fc.Arbitrary<Failure> = fc.oneof(
  fc.constantFrom<Failure>(
    ...(
      ["none", "slow", "slow-plan", "books-fail", "own-fails", "state-damaged", "state-newer", "state-refused"] as const
    ).map((kind) => ({ kind })),
  ),
  fc
    .constantFrom<FritzErrorCode>(
      "box-login",
      "box-right",
      "box-timeout",
      "box-reply",
      "box-login-needed",
      "box-no-entry",
    )
    .map((code) => ({ kind: "away" as const, code })),
  fc.constantFrom(...CONTACTS_UNKNOWN).map((because) => ({ kind: "unknown" as const, because })),
);
const report = fc.constantFrom<SourceReport[] | undefined>(
  undefined,
  [],
  [{ id: "phonebook", status: "miss" }],
  [{ id: "phonebook", status: "failed", because: "unreachable" }],
  [{ id: "phonebook", status: "skipped" }],
);
const step = fc.record({
  ...{ failure, report, caller: fc.nat(KEYS.length - 1), form: fc.nat(20), deploy: fc.boolean() },
  ...{
    action: fc.constantFrom<"phonebook" | "barring">("phonebook", "barring"),
    boxless: fc.nat(9).map((n) => n === 0),
  },
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One box and its blocker over several runs of Node-RED. */
class Harness {
  readonly box = new FakePhonebooks();
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  private barring: BarringQueue | undefined;
  private blocker!: Blocker;
  private memory!: BlockMemory;
  private calls = 0;

  constructor(forms: readonly number[]) {
    this.box.stored.set("Spam", { writable: true, contacts: [] });
    KEYS.forEach((key, i) =>
      this.box.put(i % 2 === 0 ? "Telefonbuch" : "Familie", `Contact ${i}`, written(key, forms[i] ?? 0)),
    );
    this.box.put("Blacklist", "Contact 0 as well", KEYS[0] ?? "");
  }

  async start(action: "phonebook" | "barring", boxless = false): Promise<void> {
    await this.barring?.close();
    const { clock } = this;
    const box = boxless ? undefined : this.box;
    const memory = await BlockMemory.open(this.store, () => undefined);
    this.memory = memory;
    this.barring =
      box &&
      new BarringQueue({
        ...{ box, clock, memory, perHour: 1e6, ops: ["bar", "release"], random: () => 0 },
        isAllowed: (key) => memory.allowed.some((one) => covers(key, one.key)),
        options: {
          ...{
            target: action,
            book: "Spam",
            blockBooks: ["Blacklist", "Spam"],
            namePrefix: "[Spam] ",
            timeStamp: false,
          },
          ...{ most: 1000, days: 0, rangeFrom: 2, learnBook: "" },
        },
      });
    this.barring?.start();
    const lookup = new CallerLookup({ clock, box, bookNames: ["Blacklist", "Spam"] });
    const options = { rules: AGGRESSIVE, action, dryRun: false, repeatSeconds: 60 };
    const parts = { lookup, memory, clock, barring: this.barring, phrase: inEnglish, sentence: String };
    this.blocker = new Blocker({ ...parts, options });
  }

  /** Until nothing happens any more. */
  async settle(ms = 0): Promise<void> {
    await this.clock.flush();
    if (ms > 0) this.clock.advance(ms);
    await this.clock.flush();
  }

  async ring(number: string, sources?: SourceReport[]) {
    const info: CallerInfo | undefined =
      sources && caller({ ...spam(9, 999), number, sources, flags: ["too-long"], e164: "" });
    const event = callEvent({ callId: `c${++this.calls}`, caller: party(number) });
    const judging = this.blocker.incoming(event, info);
    await this.settle(6_000);
    await this.settle(6_000);
    const decided = await judging;
    await this.blocker.incoming({ ...event, event: "disconnect", ringSeconds: 1, durationSeconds: 0 });
    return decided?.decision;
  }

  get isUnreadable(): boolean {
    return this.memory.isUnreadable;
  }

  /** Keys of all that is barred. */
  get barred(): string[] {
    const texts = [...this.box.texts("Spam"), ...this.box.texts("")];
    return texts.flatMap((text) => lookupKeys(text.replace(/^.*: /, ""), this.box.plan));
  }

  applyFailure({ ...given }: Failure): () => void {
    const { box, store } = this;
    const { value } = store;
    const before = { ownNumbers: box.ownNumbers, dialPlan: box.dialPlan };
    const never = () => new Promise<never>(() => undefined);
    const fails = () => Promise.reject(new FritzError("box-timeout", {}, true));
    if (given.kind === "away") box.away = new FritzError(given.code, {}, true);
    if (given.kind === "unknown") box.find = () => Promise.resolve({ contacts: [], unknown: given.because });
    if (given.kind === "slow") box.find = never;
    if (given.kind === "slow-plan") box.dialPlan = never;
    if (given.kind === "books-fail") box.books = fails;
    if (given.kind === "own-fails") box.ownNumbers = fails;
    if (given.kind === "state-damaged") store.value = { version: 1, allowed: "x" };
    if (given.kind === "state-newer") store.value = { version: 9, allowed: [] };
    if (given.kind === "state-refused") store.failure = new Error("EACCES");
    return () => {
      Object.assign(box, before);
      // The methods of the class come back.
      for (const method of ["find", "books"]) Reflect.deleteProperty(box, method);
      box.away = undefined;
      store.failure = undefined;
      if (given.kind.startsWith("state-")) store.value = value;
    };
  }
}

async function live(forms: readonly number[], steps: readonly Step[]): Promise<void> {
  const harness = new Harness(forms);
  await harness.start("phonebook");
  for (const { failure, report, caller: who, form, deploy, action, boxless } of steps) {
    const recover = harness.applyFailure(failure);
    if (deploy || failure.kind.startsWith("state-")) await harness.start(action, boxless);
    const key = KEYS[who] ?? "";
    // Without a box of its own the node trusts a miss of the node in front, which then has asked the books completely.
    const reported = boxless && report?.some(({ status }) => status === "miss") === true ? [] : report;
    const decision = await harness.ring(written(key, form), reported);
    assert.equal(decision?.verdict, "allow", `${JSON.stringify(failure)} ${decision?.explanation}`);
    recover();
    if (harness.isUnreadable || boxless) await harness.start(action);
    await harness.settle(3_700_000);
  }
  const barred = harness.barred;
  assert.deepEqual(
    KEYS.filter((key) => barred.some((entry) => covers(entry, key))),
    [],
  );
  await harness.start("phonebook");
  const decision = await harness.ring(SPAMMER, [{ id: "phonebook", status: "miss" }]);
  assert.equal(decision?.verdict, "block", "the control: the contacts are known");
  await harness.settle(3_700_000);
  assert.ok(harness.barred.some((entry) => covers(entry, lookupKeys(SPAMMER, harness.box.plan)[0] ?? "")));
}

describe("contacts get through (properties)", () => {
  it(`${RUNS} random situations: contacts in random forms, failures, deploys, the most aggressive rules`, async function () {
    this.timeout(RUNS * 3_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20), { minLength: 6, maxLength: 6 }),
        fc.array(step, { minLength: 1, maxLength: 4 }),
        live,
      ),
      { numRuns: RUNS },
    );
  });
});
