/** Call rules of a box: which one is meant, and what is known after a switch. */
import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import {
  chooseDeflection,
  deflectionName,
  Deflections,
  parseDeflectionRules,
} from "../../../src/lib/telephony/deflections";
import { FakeTr064 } from "../../support/fake-tr064";

interface Rule {
  type: string;
  number?: string;
  target?: string;
  mode?: string;
  book?: string;
  on?: boolean;
}

const xml = (rules: readonly Rule[]) =>
  `<List>${rules
    .map(
      ({ type, number = "", target = "", mode = "eNoSignal", book = "", on = false }, id) =>
        `<Item><DeflectionId>${id}</DeflectionId><Enable>${on ? 1 : 0}</Enable><Type>${type}</Type><Number>${number}</Number>` +
        `<DeflectionToNumber>${target}</DeflectionToNumber><Mode>${mode}</Mode><Outgoing/><PhonebookID>${book}</PhonebookID></Item>`,
    )
    .join("")}</List>`;

const RULES: Rule[] = [
  { type: "fromAll" },
  { type: "fromPB", book: "2", on: true },
  { type: "fromNumber", number: "03023125001", target: "01713920012", mode: "eImmediately", on: true },
  { type: "fromNumber", number: "03023125002" },
  { type: "fromNotVIP" },
];

/** A box with rules; `obeys`: does what it is told, `breaks`: its answer to that is lost. */
function boxWith({
  rules = RULES,
  obeys = true,
  breaks = false,
  books = () => Promise.resolve([{ id: 2, name: "Spam" }]),
} = {}) {
  const now = rules.map((rule) => ({ ...rule }));
  const box = new FakeTr064(
    {
      "X_AVM-DE_OnTel:1#GetDeflections": () => ({ NewDeflectionList: now.length === 0 ? "" : xml(now) }),
      "X_AVM-DE_OnTel:1#SetDeflectionEnable": ({ NewDeflectionId, NewEnable }) => {
        const rule = now[Number(NewDeflectionId)];
        if (obeys && rule) rule.on = NewEnable === "1";
        if (breaks) throw new FritzError("box-timeout", {}, true);
        return {};
      },
    },
    { SetDeflectionEnable: ["NewDeflectionId", "NewEnable"] },
  );
  const writes = () => box.asked.filter((asked) => asked.startsWith("Set"));
  return { now, writes, deflections: new Deflections(box, books, () => ({ countryCode: "49", areaCode: "30" })) };
}

describe("a box's rules", () => {
  const named = () => parseDeflectionRules(xml(RULES)).map((rule) => ({ ...rule, name: deflectionName(rule) }));
  const plan = { countryCode: "49", areaCode: "30" };

  it("have names that say what they do, with their book's name where it is known", async () => {
    const names = ["fromAll NoSignal", "fromPB Spam NoSignal", "fromNumber 03023125001 Immediately > 01713920012"];
    const list = await boxWith().deflections.list();
    assert.deepEqual(
      list.slice(0, 3).map(({ name }) => name),
      names,
    );
    const unknown = await boxWith({ books: () => Promise.reject(new Error("no books")) }).deflections.list();
    assert.deepEqual([unknown[1]?.name, unknown[1]?.book], ["fromPB 2 NoSignal", undefined]);
    assert.deepEqual(await boxWith({ rules: [] }).deflections.list(), []);
  });

  for (const [wanted, id] of [
    ["Do-Not-Disturb", 0],
    ["only-known-callers", 4],
    ["fromall nosignal", 0],
    [" 3 ", 3],
    ["+49 30 23125002", 3],
    ["23125002", 3],
    ["01713920012", 2],
    ["FROMPB", 1],
  ] as const) {
    it(`are found as ${JSON.stringify(wanted)}`, () => assert.equal(chooseDeflection(named(), wanted, plan).id, id));
  }

  for (const [wanted, code] of [
    ["", "deflection-missing"],
    ["7", "deflection-unknown"],
    ["Spam", "deflection-unknown"],
    ["#", "deflection-unknown"],
    ["fromNumber", "deflection-ambiguous"],
  ] as const) {
    it(`are not found as ${JSON.stringify(wanted)}: ${code}`, () => {
      assert.throws(() => chooseDeflection(named(), wanted, plan), { code });
    });
  }

  it("say which role is missing; a diversion of all calls is none", () => {
    const diverted = parseDeflectionRules(xml([{ type: "fromAll", mode: "eImmediately" }]));
    const rules = diverted.map((rule) => ({ ...rule, name: deflectionName(rule) }));
    assert.throws(() => chooseDeflection(rules, "do-not-disturb"), { code: "deflection-no-dnd" });
    assert.throws(() => chooseDeflection(rules, "only-known-callers"), { code: "deflection-no-known-only" });
  });

  it("tell the books whose callers are rejected: by an enabled rule only, and none on a box without rules", async () => {
    const books = [{ id: 1 }, { id: 2 }];
    const rejected = (rules: Rule[]) => boxWith({ rules }).deflections.rejectedBooks(books);
    assert.deepEqual(await rejected(RULES), [{ id: 2 }]);
    assert.deepEqual(await rejected([{ type: "fromPB", book: "2" }]), []);
    assert.deepEqual(await rejected([{ type: "fromPB", book: "2", on: true, mode: "eImmediately" }]), []);
    assert.deepEqual(await new Deflections(new FakeTr064({}), () => Promise.resolve([])).rejectedBooks(books), []);
  });

  it("are none where a box answers its empty list with an error", async () => {
    const failing = (error: FritzError) =>
      new Deflections(new FakeTr064({ "X_AVM-DE_OnTel:1#GetDeflections": error }), () => Promise.resolve([])).list();
    assert.deepEqual(await failing(new FritzError("box-no-entry")), []);
    await assert.rejects(failing(new FritzError("box-right")), { code: "box-right" });
  });
});

describe("switching a rule", () => {
  it("is one write, which is announced before, and none where the rule is so already", async () => {
    const { deflections, writes } = boxWith();
    const before: string[] = [];
    const { rule, wasEnabled } = await deflections.set("0", true, ({ name }) => {
      before.push(`${name}, ${writes().length} writes`);
    });
    assert.deepEqual([rule.enabled, wasEnabled, before], [true, false, ["fromAll NoSignal, 0 writes"]]);
    assert.equal((await deflections.set("0", true)).wasEnabled, true);
    assert.deepEqual(writes(), ['SetDeflectionEnable {"NewDeflectionId":"0","NewEnable":"1"}']);
  });

  it("is read back: a lost answer is no failure where it was done, a forgotten switch is one", async () => {
    assert.equal((await boxWith({ breaks: true }).deflections.set("0", true)).rule.enabled, true);
    await assert.rejects(boxWith({ obeys: false }).deflections.set("0", true), { code: "deflection-kept" });
    await assert.rejects(boxWith({ obeys: false, breaks: true }).deflections.set("0", true), { code: "box-timeout" });
  });

  it("of two rules that are the same is that of its place", async () => {
    const { deflections, now } = boxWith({ rules: [{ type: "fromAll" }, { type: "fromAll" }] });
    await deflections.set("1", true);
    assert.deepEqual(
      now.map(({ on }) => on ?? false),
      [false, true],
    );
    const half = boxWith({ rules: [{ type: "fromAll", on: true }, { type: "fromAll" }], obeys: false });
    await assert.rejects(half.deflections.set("1", true), { code: "deflection-kept" });
  });

  it("finds a rule again by its key, unless it is there twice or no more", async () => {
    const { deflections, now } = boxWith();
    const [, { key } = assert.fail()] = await deflections.list();
    now.unshift({ type: "fromAnonymous" });
    assert.equal((await deflections.byKey(key))?.id, 2);
    now.push({ type: "fromPB", book: "2" });
    assert.equal(await deflections.byKey(key), undefined);
    now.splice(0);
    assert.equal(await deflections.byKey(key), undefined);
  });
});
