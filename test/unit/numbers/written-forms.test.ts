/** One table of written forms with the key that each has, held against every place that takes a number. */
import assert from "node:assert/strict";
import { BlockIndex, readBlockList } from "../../../src/lib/callers/sources/block-list-entries";
import { readNames } from "../../../src/lib/callers/sources/names-list";
import {
  isPattern,
  keyOf,
  lookupKeys,
  matchesPattern,
  normalizeNumber,
  numberKey,
  parsePattern,
} from "../../../src/lib/numbers/index";
import { readPattern } from "../../../src/lib/numbers/pattern-syntax";
import { NumberIndex } from "../../../src/lib/phonebook/number-index";
import { decide } from "../../../src/lib/blocking/decide";
import { ProtectedNumbers } from "../../../src/lib/blocking/protected-numbers";
import { FritzError } from "../../../src/lib/core/errors";
import { chooseDeflection } from "../../../src/lib/telephony/deflections";
import { checkDial } from "../../../src/lib/telephony/dial-rules";
import { badPattern } from "../../../src/editor/validators";
import { numberRules } from "../../../src/nodes/fritz-hangup/options";
import { caller } from "../../support/callers";
import { FakePhonebooks } from "../../support/fake-phonebooks";
import { BERLIN } from "../../support/numbers";
import { FORMS, HOMES } from "../../support/written-forms";

for (const [home, forms] of Object.entries(FORMS)) {
  const plan = HOMES[home as keyof typeof HOMES];
  describe(`written forms in ${plan.countryCode} ${plan.areaCode}`, () => {
    for (const [written, key] of Object.entries(forms)) {
      it(`${written} is ${key}`, async () => {
        assert.equal(keyOf(written, plan), key, "engine");
        assert.equal(lookupKeys(written, plan)[0], key, "look-up");
        const { e164 } = normalizeNumber(written, plan);
        if (e164 !== null) assert.equal(e164, key, "E.164");
        assert.equal(numberKey(written, plan).text, key, "phonebook's key");
        assert.ok(isPattern(written), "editor");
        const pattern = parsePattern(written, plan);
        assert.ok(pattern && matchesPattern(pattern, key), "pattern");
        const books = new NumberIndex(plan);
        const contact = { name: "Anna", numbers: [{ number: written }] };
        books.add({ id: 0, name: "Book", writable: true }, contact);
        assert.deepEqual(
          [written, key].map((number) => books.find(number).length),
          [1, 1],
          "phonebook",
        );
        const list = await BlockIndex.of([{ number: written }], plan);
        assert.ok(list.find(key), "block list");
      });

      it(`${written} is understood by lists in files, and protects a contact and an own number`, async () => {
        const row = `"${written}";Anna\n${written.includes(";") ? "" : `${written};Anna # a comment`}`;
        if (/\d/.test(written)) {
          assert.equal((await readNames(row, plan)).get(key), "Anna", "list of names");
          assert.deepEqual(
            [...new Set(readBlockList(row).map(({ number }) => number))],
            [written],
            "block list's file",
          );
        }
        for (const box of [new FakePhonebooks().put("Book", "Anna", written), new FakePhonebooks()]) {
          box.plan = plan;
          box.own = box.stored.has("Book") ? [] : [written];
          const kept = await ProtectedNumbers.open(box, []);
          assert.ok(kept.has(key), box.own.length > 0 ? "own number" : "contact");
        }
      });

      it(`${written} is understood by the rules of fritz-block`, () => {
        const { e164, type } = normalizeNumber(key, plan);
        const info = caller({ number: key, ...(e164 !== null && { e164 }), type });
        const judge = (rules: object) => decide(info, rules, { plan });
        const blocked = judge({ blockPatterns: [written] });
        const neverBlocked = ["internal", "emergency"].includes(blocked.because);
        assert.ok(neverBlocked || blocked.rule === `blockPatterns: ${written}`, JSON.stringify(blocked));
        assert.equal(judge({ allowPatterns: [written] }).rule, `allowPatterns: ${written}`);
        const [alarm = ""] = lookupKeys(written, plan);
        assert.equal(judge({ allowedKeys: [alarm], blockPatterns: [key] }).rule, "false-alarm", "declared as written");
        const called = caller({ number: written, ...(e164 !== null && { e164 }), type });
        const passed = decide(called, { allowedKeys: lookupKeys(key, plan).slice(0, 1) }, { plan });
        assert.equal(passed.rule, "false-alarm", "calls as written");
      });

      it(`${written} is understood by fritz-dial, fritz-deflection and fritz-hangup`, () => {
        const dial = (number: string, allowed: string) =>
          outcome(() => keyOf(checkDial({ number, fromMessage: true, allowed: [allowed], plan }), plan));
        // What has no keys on a telephone, and what calls the emergency services, is never dialled.
        const [asKey, allowedBy] = [dial(written, key), dial(key, written)];
        assert.ok([key, "dial-number", "dial-emergency"].includes(asKey), `dialled: ${asKey}`);
        assert.ok([key, "dial-number", "dial-emergency"].includes(allowedBy), `allowed: ${allowedBy}`);
        const { isAllowed } = numberRules({ numbers: [], allowPatterns: [written] }, () => plan);
        assert.ok(isAllowed(key), "hang-up's allow list");
        const rule = {
          ...{ id: 30, key: "r", enabled: true, type: "fromNumber", mode: "eNoSignal", number: key },
          ...{ target: "", outgoing: "", name: "a rule" },
        };
        assert.equal(
          outcome(() => chooseDeflection([rule], written, plan).key),
          "r",
          "deflection",
        );
        assert.equal(badPattern([written]), undefined, "the forms' check");
      });
    }
  });
}

describe("the editor's check of a pattern", () => {
  for (const text of ["030 99..11", "++49301", "0*", "00*", "+*", "*", "Betrug", "0900*1", "x".repeat(200)]) {
    it(`refuses ${text.slice(0, 20)} like the runtime`, () =>
      assert.deepEqual([readPattern(text), parsePattern(text, BERLIN)], [undefined, undefined]));
  }
});

it("a field with two numbers is found under both", () => {
  const books = new NumberIndex(BERLIN);
  books.add({ id: 0, name: "B", writable: true }, { name: "A", numbers: [{ number: "+49 30 123456 / 0171 3920012" }] });
  assert.deepEqual(
    ["030123456", "01713920012"].map((number) => books.find(number).length),
    [1, 1],
  );
});

/** What the work gives, or the code of its `FritzError`. */
function outcome(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof FritzError) return error.code;
    throw error;
  }
}
