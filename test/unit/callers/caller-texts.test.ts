import assert from "node:assert/strict";
import fc from "fast-check";
import { displayText } from "../../../src/lib/callers/merge";
import { describeKind, type KindWords, linkTo, NAMED_KINDS } from "../../../src/lib/callers/kind";
import { callingCodeOf, matchListed, normalizeNumber, numberForms } from "../../../src/lib/numbers/index";
import { keptLocal } from "../../../src/lib/callers/privacy";
import type { CallerInfo } from "../../../src/lib/callers/types";
import { number } from "../../support/fake-source";

const known = (over: Partial<CallerInfo>) => ({
  ...{ number: "03023125042", type: "landline" as const, flags: [], sources: [], complete: true },
  ...over,
});

describe("display", () => {
  it("is the name, else the place, else the number, else Anonymous", () => {
    const place = { town: "Stuttgart", region: "Baden-Württemberg", country: "Deutschland" };
    assert.equal(displayText(known({ name: "Erika", place })), "Erika");
    assert.equal(displayText(known({ name: "  ", place })), "Stuttgart");
    assert.equal(displayText(known({ place: { region: "Tirol" } })), "Tirol");
    assert.equal(displayText(known({ place: { country: "Deutschland" } })), "03023125042");
    assert.equal(displayText(known({ type: "foreign", place: { country: "Frankreich" } })), "Frankreich");
    assert.equal(displayText(known({})), "03023125042");
    assert.equal(displayText(known({ number: "", type: "anonymous" })), "Anonymous");
    assert.equal(displayText(known({ kind: "Mobile", operator: "Telekom" })), "Mobile · Telekom");
    assert.equal(displayText(known({ kind: "0800 · free of charge" })), "0800 · free of charge");
    assert.equal(displayText(known({ operator: "Telekom" })), "03023125042");
  });

  it("is never empty", () => {
    const text = fc.constantFrom(undefined, "", " ", "x");
    fc.assert(
      fc.property(text, text, text, (name, town, written) => {
        const info = known({
          number: written ?? "",
          ...(name !== undefined && { name }),
          ...(town !== undefined && { place: { town } }),
        });
        assert.notEqual(displayText(info).trim(), "");
      }),
    );
  });
});

describe("the kind of a number", () => {
  const words = Object.fromEntries(NAMED_KINDS.map((kind) => [kind, `<${kind}>`])) as unknown as KindWords;
  const of = (written: string) => describeKind(normalizeNumber(written, { countryCode: "49", areaCode: "30" }), words);

  it("has words and the operator of a mobile number; landlines and foreign numbers have neither", () => {
    assert.deepEqual(of("0171 3920001"), { kind: "<mobile>", operator: "Telekom" });
    assert.deepEqual(of("0172 9925904"), { kind: "<mobile>", operator: "Vodafone" });
    assert.deepEqual(of("0800 3301000"), { kind: "0800 · <freephone>" });
    assert.deepEqual(of("0180 6 100100"), { kind: "0180 · <shared-cost>" });
    assert.deepEqual(of("0900 1234567"), { kind: "0900 · <premium>" });
    for (const plain of ["03023125042", "+41440000000", "**610", "", "110"]) assert.deepEqual(of(plain), {}, plain);
    assert.deepEqual(describeKind(number("+491713920001", { type: "mobile" }), undefined), {});
  });

  it("a link to look it up, but only for numbers that may be sent", () => {
    assert.equal(linkTo(number("+493023125042"), false), "https://phoneblock.net/phoneblock/nums/00493023125042");
    assert.equal(linkTo(number("+493023125042"), true), undefined);
    assert.equal(linkTo(number(null, { type: "anonymous" }), false), undefined);
    assert.equal(linkTo(number(null, { type: "internal" }), false), undefined);
  });
});

describe("the number that a directory lists", () => {
  const cases: [listed: string, e164: string, home: string, wanted: "exact" | "trunk" | undefined][] = [
    ["Tel. (030) 23 12 50-42", "+493023125042", "49", "exact"],
    ["+49 (0) 30 23125042", "+493023125042", "49", "exact"],
    ["0049 30 23125042", "+493023125042", "49", "exact"],
    ["Tel. (030) 23 12 50-0", "+493023125042", "49", "trunk"],
    ["030 231250 - 0", "+493023125042", "49", "trunk"],
    ["(030) 231250", "+493023125042", "49", "trunk"],
    ["(030) 2312500", "+493023125000", "49", "trunk"], // no number begins another but a switchboard
    ["(030) 23 12 50-0", "+49302312500", "49", "exact"],
    ["(030) 23 12 51-0", "+493023125042", "49", undefined],
    ["(030) 23125043", "+493023125042", "49", undefined],
    ["030", "+493023125042", "49", undefined],
    ["030-2", "+493023125042", "49", undefined],
    ["", "+493023125042", "49", undefined],
    ["keine Nummer", "+493023125042", "49", undefined],
    ["044 000 00 00", "+41440000000", "41", "exact"],
    ["06 0000 0000", "+390600000000", "39", "exact"],
    ["(030) 2312-0", "+493023129999999", "49", undefined], // no extension is so long
  ];
  for (const [listed, e164, home, wanted] of cases) {
    it(`"${listed}" is ${wanted ?? "not"} ${e164}`, () => assert.equal(matchListed(listed, e164, home), wanted));
  }
});

describe("the forms of a number", () => {
  it("are those that services want", () => {
    assert.deepEqual(numberForms("+493023125042", "49"), {
      e164: "+493023125042",
      digits: "493023125042",
      intl00: "00493023125042",
      national: "03023125042",
      nsn: "3023125042",
      cc: "49",
    });
    assert.equal(numberForms("+390600000000", "39").national, "0600000000");
    assert.equal(numberForms("+3612345678", "36").national, "0612345678", "as Hungary dials");
    assert.equal(numberForms("+74951234567", "7").national, "4951234567", "no 0 in Russia");
    assert.equal(numberForms("+4232345678", "423").national, "2345678");
    assert.equal(numberForms("+41440000000", "49").national, "0041440000000");
    assert.deepEqual([numberForms("+41440000000", "49").cc, numberForms("+41440000000", "").nsn], ["", "41440000000"]);
  });

  it("know the country of a list, the longest code first", () => {
    assert.equal(callingCodeOf("+4235551234", ["42", "41", "423"]), "423");
    assert.equal(callingCodeOf("+493023125042", ["43", "41"]), undefined);
  });
});

describe("the privacy gate", () => {
  it("sends no number that a service does not need", () => {
    const gate = (type: Parameters<typeof number>[1], own = false, e164: string | null = null) =>
      keptLocal(number(e164, type), own);
    assert.equal(gate({ type: "anonymous" }), "anonymous");
    assert.equal(gate({ type: "internal" }), "internal");
    assert.equal(gate({ type: "code" }), "internal");
    assert.equal(gate({ type: "short" }), "emergency");
    assert.equal(gate({ type: "short" }, false, "+49116117"), "emergency");
    assert.equal(gate({ type: "sip" }), "no-number");
    assert.equal(gate({ type: "prefix" }), "no-number");
    assert.equal(gate({ type: "invalid" }), "no-number");
    assert.equal(gate({}, true, "+493023125042"), "own-number");
    assert.equal(gate({ flags: ["emergency-cli"] }, false, "+4930110"), "emergency");
    assert.equal(gate({}, false, "+493023125042"), undefined);
    assert.equal(gate({ type: "invalid", flags: ["too-long"] }, false, "+493023125042999999"), undefined);
  });
});
