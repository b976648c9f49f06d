/** What a flow may dial. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { FritzError } from "../../../src/lib/core/errors";
import { DialLimit, checkDial, checkRing } from "../../../src/lib/telephony/dial-rules";
import { FakeClock } from "../../support/fake-clock";
import { FakeStore } from "../../support/fake-store";

const plan = { countryCode: "49", areaCode: "7191", trunkPrefix: "0", intlPrefix: "00" };
const configured = (number: string, ...allowed: string[]) => checkDial({ number, fromMessage: false, allowed, plan });
const brought = (number: string, ...allowed: string[]) => checkDial({ number, fromMessage: true, allowed, plan });
const codeOf = (work: () => unknown): string => {
  try {
    return `dialled ${String(work())}`;
  } catch (error) {
    return (error as FritzError).code;
  }
};

describe("what may be dialled", () => {
  it("dials what the node is set to, in the form that a telephone has keys for", () => {
    assert.equal(configured("030 231 25-001"), "03023125001");
    assert.equal(configured("+49 (0) 30 23125001"), "00493023125001");
    assert.equal(configured("732123"), "732123");
    for (const code of ["**9", "**610", "**1", "**51", "#96*5*", "**799"]) assert.equal(configured(code), code);
  });

  it("refuses every number that a message brings unless a pattern allows it", () => {
    for (const number of ["03023125001", "732123", "+4915112345678", "**610", "**9", "#96*5*", "**799"]) {
      assert.equal(
        codeOf(() => brought(number)),
        "dial-not-allowed",
        number,
      );
    }
    assert.equal(brought("030 23125001", "+4930*"), "03023125001");
    assert.equal(brought("0049 30 23125001", "030 23125000..999"), "00493023125001");
    assert.equal(
      codeOf(() => brought("08923125001", "030*")),
      "dial-not-allowed",
    );
    assert.equal(brought("**610", "**610"), "**610");
    assert.equal(
      codeOf(() => brought("#96*5*", "#*")),
      "dial-not-allowed",
      "a wildcard allows no keypad codes",
    );
  });

  it("refuses costly numbers however they are written, also those that the node is set to", () => {
    const costly = [
      ...["0900 1234567", "+49 900 1234567", "0049-900-1234567", "0137 7123456", "0180 5 123456", "0700 12345678"],
      ...["118 33", "11833#", "01013 0900 1234567", "*121#09001234567", "*31#09001234567", "*31#*121#09001234567"],
      ...["+882 16 12345678", "+979 1 23456789", "00870 773 123456", "+43 900 123456", "+41 901 123456", "115"],
    ];
    for (const number of costly) {
      assert.equal(
        codeOf(() => configured(number)),
        "dial-costly",
        number,
      );
      assert.equal(
        codeOf(() => brought(number, "0*", "01*", "09*", "+*", "+4*", "1*")),
        "dial-costly",
        number,
      );
    }
    assert.equal(configured("0900 1234567", "0900 1234567"), "09001234567");
    assert.equal(brought("0180 5 123456", "0180*"), "01805123456");
    assert.equal(brought("11833", "118*"), "11833");
  });

  it("never dials an emergency number", () => {
    for (const number of ["110", "112", "112#", "*31#110", " 1 1 2 ", "*121#112"]) {
      assert.equal(
        codeOf(() => configured(number, "110", "112", "1*")),
        "dial-emergency",
        number,
      );
      assert.equal(
        codeOf(() => brought(number, number, "112")),
        "dial-emergency",
        number,
      );
    }
  });

  it("never dials the emergency numbers of the box's country either", () => {
    const from = (countryCode: string, number: string) =>
      codeOf(() => checkDial({ number, fromMessage: false, allowed: [number], plan: { countryCode } }));
    const numbers = { "33": "15 17 18 114", "41": "117 118 144 1414", "43": "122 133 144", "39": "113 115 118 1530" };
    for (const [country, list] of Object.entries({ ...numbers, "48": "997 998 999", "32": "100 101", "352": "113" })) {
      for (const number of list.split(" "))
        assert.equal(from(country, number), "dial-emergency", `${country} ${number}`);
    }
    assert.notEqual(from("49", "998"), "dial-emergency"); // a local number in Germany
  });

  it("takes nothing but numbers", () => {
    for (const text of ["", "Küche", "030;0900123", "030,1", "sip:a@b", "javascript:1", "+", "**", "0".repeat(60)]) {
      assert.equal(
        codeOf(() => configured(text)),
        "dial-number",
        text,
      );
    }
  });

  it("rings telephones of the house only", () => {
    for (const code of ["**9", "**610", "**620", "**1", "**51", "**600"]) assert.equal(checkRing(code), code);
    for (const code of ["03023125001", "**799", "**91", "#96*5*", "112", "**8123", "**9#0900"]) {
      assert.equal(
        codeOf(() => checkRing(code)),
        "dial-inside",
        code,
      );
    }
  });

  it("lets no message-borne number through without a pattern, whatever it is", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9+*# ()/-]{0,20}$/), (number) => {
        assert.match(
          codeOf(() => brought(number)),
          /^dial-/,
        );
      }),
    );
  });
});

describe("dials an hour", () => {
  it("are counted over restarts, and come back after an hour", async () => {
    const [clock, store] = [new FakeClock(), new FakeStore()];
    const limit = new DialLimit(store, clock);
    await limit.use(2);
    await limit.use(2);
    await assert.rejects(limit.use(2), { code: "dial-limit" });
    await assert.rejects(new DialLimit(store, clock).use(2), { code: "dial-limit" });
    clock.advance(3_600_001);
    await new DialLimit(store, clock).use(2);
    assert.doesNotMatch(JSON.stringify(store.value), /030|\*\*/);
  });

  it("nothing is dialled where the count cannot be stored", async () => {
    const store = new FakeStore();
    store.failure = new Error("disk full");
    await assert.rejects(new DialLimit(store, new FakeClock()).use(2), { code: "dial-store" });
  });

  it("nothing is dialled where the count is damaged: it does not start anew", async () => {
    for (const kept of [null, [], {}, { times: 3 }, { times: [1, "2"] }]) {
      const store = new FakeStore(kept);
      await assert.rejects(
        new DialLimit(store, new FakeClock()).use(2),
        { code: "store-damaged" },
        JSON.stringify(kept),
      );
      assert.deepEqual(store.value, kept);
    }
    const store = new FakeStore();
    store.failure = new SyntaxError("no JSON");
    await assert.rejects(new DialLimit(store, new FakeClock()).use(2), { code: "store-damaged" });
  });
});
