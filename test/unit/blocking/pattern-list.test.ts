import assert from "node:assert/strict";
import { findPattern, preparePatterns } from "../../../src/lib/blocking/pattern-list";
import { DEFAULT_PLAN } from "../../../src/lib/numbers/index";

describe("a list of 100,000 patterns", () => {
  const patterns = Array.from({ length: 100_000 }, (_, i) => `0900${String(i).padStart(6, "0")}${i % 2 ? "*" : ""}`);

  it("is compiled once, and the event loop goes on meanwhile", async function () {
    this.timeout(60_000);
    let turns = 0;
    let busy = true;
    const tick = () => busy && (turns++, setImmediate(tick));
    setImmediate(tick);
    await preparePatterns(patterns, DEFAULT_PLAN);
    busy = false;
    assert.ok(turns > 5, `${turns} turns`);
    const since = performance.now();
    for (let i = 0; i < 1_000; i++) {
      assert.equal(findPattern(patterns, ["+49900099999123"]), "0900099999*");
      assert.equal(findPattern(patterns, ["+4930123456"]), undefined);
    }
    // One compilation takes longer than a thousand look-ups.
    assert.ok(performance.now() - since < 1_000, `${performance.now() - since} ms`);
  });

  it("is compiled anew for another dial plan", async () => {
    const plan = { ...DEFAULT_PLAN, countryCode: "43" };
    const few = ["0900123*"];
    await preparePatterns(few, DEFAULT_PLAN);
    await preparePatterns(few, plan);
    assert.equal(findPattern(few, ["+43900123456"], plan), "0900123*");
    assert.equal(findPattern(few, ["+49900123456"], plan), undefined);
  });
});
