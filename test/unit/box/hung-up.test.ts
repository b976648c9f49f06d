import assert from "node:assert/strict";
import { markHungUp } from "../../../src/lib/box/fritz-box";
import { EndedCalls } from "../../../src/lib/sip/ended-calls";
import type { CallEvent } from "../../../src/lib/calls/types";
import { callEvent, party } from "../../support/events";

const NUMBER = "030123456";
const NOW = Date.parse("2026-11-24T12:25:30+01:00");

describe("calls that an agent ended", () => {
  const agentWith = (...ended: [number: string, atMs: number][]) => {
    const calls = new EndedCalls();
    for (const [number, atMs] of ended) calls.add(number, atMs);
    return { claimEnded: (number: string, listedAtMs?: number) => calls.claim(number, NOW, listedAtMs) };
  };
  const end = (over: Partial<CallEvent> = {}) =>
    callEvent({
      ...{ event: "disconnect", outcome: "answered", extension: 20, caller: party(NUMBER) },
      ...{ at: "2026-11-24T12:25:30+01:00", ...over },
    });

  it("have the outcome hungup, each once, if an IP phone had them in the last minute", () => {
    const agent = agentWith([NUMBER, NOW - 500]);
    assert.equal(markHungUp(end({ extension: 11 }), () => [agent]).outcome, "answered");
    assert.equal(markHungUp(end({ direction: "outgoing" }), () => [agent]).outcome, "answered");
    assert.equal(markHungUp(end({ caller: party("030999999") }), () => [agent]).outcome, "answered");
    assert.equal(markHungUp(end({ outcome: "missed" }), () => [agent]).outcome, "missed");
    assert.equal(markHungUp(end({ caller: party("+4930123456") }), () => [agentWith(), agent]).outcome, "hungup");
    assert.equal(markHungUp(end(), () => [agent]).outcome, "answered", "the second call was a person's");
    assert.equal(markHungUp(end(), () => [agentWith([NUMBER, NOW - 61_000])]).outcome, "answered");
  });

  it("have it, too, when the call list tells of them after an outage", () => {
    const listed = end({ recovered: true, at: "2026-11-24T11:01:00+01:00" });
    const ended = Date.parse("2026-11-24T11:00:58+01:00");
    assert.equal(markHungUp(listed, () => [agentWith([NUMBER, ended])]).outcome, "hungup");
    assert.equal(markHungUp(listed, () => [agentWith([NUMBER, ended + 600_000])]).outcome, "answered");
  });
});
