/** Rules of fritz-block whose values come from the message, a context or the environment. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Decision } from "../../src/lib/blocking/types";
import { caller, spam } from "../support/callers";
import { callEvent, party } from "../support/events";
import { collect, helper, lastStatus, load, node, serveWithUserFolders, until } from "../support/flow";

const CALLER = "03023125001";
type Sent = Record<string, unknown> & { decision?: Decision };

describe("fritz-block: rules with values from elsewhere", () => {
  let calls = 0;
  serveWithUserFolders();

  const start = async (rules: object) => {
    await load([
      { id: "block", type: "fritz-block", dryRun: false, ...rules, wires: [["out"], ["out"]] },
      { id: "out", type: "helper" },
      { id: "c", type: "catch", scope: ["block"], wires: [["caught"]] },
      { id: "caught", type: "helper" },
    ]);
    return { out: collect("out") as Sent[], caught: collect("caught") as unknown as { error: { message: string } }[] };
  };
  const ring = async (out: Sent[], given: object = {}, at = "2026-11-24T12:25:00+01:00"): Promise<Decision> => {
    const before = out.length;
    const payload = callEvent({ callId: `t${++calls}`, caller: party(CALLER), at });
    // The books were asked by the caller info, and do not have the number.
    const callerInfo = caller({ ...spam(7, 3), number: CALLER, sources: [{ id: "phonebook", status: "miss" }] });
    node("block").receive({ payload, callerInfo, ...given });
    await until("the decision", () => out.length > before);
    return out.at(-1)?.decision ?? assert.fail("no decision");
  };

  it("a score from the message, the flow, all flows and the environment", async () => {
    process.env["FRITZ_TEST_SCORE"] = "8";
    try {
      const { out } = await start({ minScore: "want.score", minScoreType: "msg" });
      assert.equal((await ring(out, { want: { score: 7 } })).because, "spam-score");
      const spared = await ring(out, { want: { score: "8" } });
      assert.equal(spared.verdict, "allow");
      const named = await ring(out, { want: { score: 6 } });
      assert.equal(named.rule, "minScore 6, minReports 3: score 7, reports 3 (phoneblock)");
      for (const minScoreType of ["flow", "global"] as const) {
        await helper.unload();
        const { out } = await start({ minScore: "from", minScoreType });
        const context = node("block").context();
        for (const [value, verdict] of [
          [7, "block"],
          [8, "allow"],
          [0, "allow"],
        ] as const) {
          // prettier-ignore
          context[minScoreType].set("from", value);
          assert.equal((await ring(out)).verdict, verdict, `${minScoreType} ${value}`);
        }
      }
      await helper.unload();
      const { out: byEnvironment } = await start({ minScore: "FRITZ_TEST_SCORE", minScoreType: "env" });
      assert.equal((await ring(byEnvironment)).verdict, "allow");
      process.env["FRITZ_TEST_SCORE"] = "7";
      assert.equal((await ring(byEnvironment)).verdict, "block");
    } finally {
      delete process.env["FRITZ_TEST_SCORE"];
    }
  });

  it("quiet hours from the flow, which an empty text switches off", async () => {
    const quiet = { quietFrom: "from", quietFromType: "flow", quietTo: "quiet.to", quietToType: "msg" };
    const { out, caught } = await start({ minScore: 0, ...quiet });
    const { flow } = node("block").context();
    flow.set("from", "12:00");
    const decision = await ring(out, { quiet: { to: "13:00" } });
    assert.equal(decision.rule, "quietFrom 12:00, quietTo 13:00: 12:25");
    assert.equal((await ring(out, { quiet: { to: "12:25" } })).verdict, "allow");
    flow.set("from", "");
    assert.equal((await ring(out, { quiet: { to: "13:00" } })).verdict, "allow");
    assert.deepEqual(caught, []);
  });

  it("counts short calls by what the message says", async () => {
    const { out } = await start({ minScore: 0, repeatCalls: "most", repeatCallsType: "msg" });
    for (let i = 0; i < 2; i++) {
      const callId = `s${++calls}`;
      const at = "2026-11-24T12:20:00+01:00";
      const end = { callId, caller: party(CALLER), at, event: "disconnect" as const, ringSeconds: 1 };
      await ring(out, { most: 9 }, at);
      node("block").receive({ payload: callEvent(end) });
    }
    assert.equal((await ring(out, { most: 3 })).verdict, "allow");
    assert.equal((await ring(out, { most: 2 })).rule, "repeatCalls 2 in 60 min: 2");
  });

  const UNUSABLE: (readonly [string, unknown, string])[] = [
    ...["minScore", "minReports", "repeatCalls", "repeatMinutes"].flatMap((property): [string, unknown, string][] => [
      [property, undefined, "property-empty"],
      [property, "", "property-empty"],
      [property, "many", "property-number"],
      [property, -1, "property-number"],
      [property, true, "property-number"],
      [property, {}, "property-number"],
    ]),
    ["minScore", 10, "property-number"],
    ["quietFrom", undefined, "property-empty"],
    ["quietFrom", "noon", "property-time"],
    ["quietTo", "25:00", "property-time"],
  ];

  it("a value that is not usable lets the call through, with a red status until the next usable one", async () => {
    const rules = { repeatCalls: 1, quietFrom: "00:00", quietTo: "23:59", quietVipOnly: true };
    for (const [property, value, code] of UNUSABLE) {
      const own = { [property]: "given", [`${property}Type`]: "msg" };
      const others = /^quiet/.test(property) ? { minScore: 0 } : { quietFrom: "", minScore: 0 };
      const scored = /^min/.test(property) ? { minScore: 1, minReports: 0 } : {};
      const { out, caught } = await start({ ...rules, ...others, ...scored, ...own });
      const what = `${property} ${JSON.stringify(value)}`;
      const decision = await ring(out, { given: value });
      assert.equal(decision.verdict, "allow", what);
      await until("the error", () => caught.length === 1);
      assert.match(caught[0]?.error.message ?? "", new RegExp(`error\\.${code}`), what);
      assert.equal(lastStatus("block")?.fill, "red", what);
      await ring(out, { given: /^quiet/.test(property) ? "00:00" : 1 });
      assert.notEqual(lastStatus("block")?.fill, "red", what);
      assert.equal(caught.length, 1, what);
      await helper.unload();
    }
  });

  it("a text that is no number is no reason to block either, where the node holds it itself", async () => {
    const { out, caught } = await start({ minScore: "${NO_SUCH_SCORE}" });
    assert.equal((await ring(out)).verdict, "allow");
    await until("the error", () => caught.length === 1);
    assert.match(caught[0]?.error.message ?? "", /property-number/);
  });

  it("whatever a message holds: the call gets through, or the threshold was a number that it reached", async () => {
    const { out } = await start({ minScore: "given", minScoreType: "msg" });
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (given) => {
        const { verdict } = await ring(out, { given });
        const number = typeof given === "number" || typeof given === "string" ? Number(given) : NaN;
        if (verdict === "block") assert.ok(number > 0 && number <= 7, String(given));
      }),
      { numRuns: 100 },
    );
  });

  it("rehearses with the message's values, and not without them", async () => {
    const { out, caught } = await start({ minScore: "given", minScoreType: "msg", blockPatterns: ["0302*"] });
    const payload = [{ id: "1", at: "2026-11-24T12:25:00+01:00", kind: "missed", caller: party(CALLER) }];
    node("block").receive({ operation: "rehearse", payload, given: 7 });
    await until("the report", () => out.length === 1);
    assert.equal((out[0] as { payload?: { wouldBlock?: number } }).payload?.wouldBlock, 0, "contacts are not known");
    node("block").receive({ operation: "rehearse", payload });
    await until("the error", () => caught.length === 1);
    assert.match(caught[0]?.error.message ?? "", /property-empty/);
    assert.equal(out.length, 1);
  });
});
