import assert from "node:assert/strict";
import { anonymizeEvent, anonymizeLine } from "../../../src/lib/calls/anonymize";
import { callEvent, party } from "../../support/events";

describe("anonymizeEvent", () => {
  const event = callEvent({ caller: { ...party("01755290123"), e164: "+491755290123" } });

  it("masks every number and the box's line, and keeps all else", () => {
    assert.deepEqual(anonymizeEvent(event, anonymizeLine), {
      ...event,
      caller: { number: "01755290xxx", e164: "+491755290xxx", presentation: "allowed" },
      called: { number: "732xxx", presentation: "allowed" },
      raw: "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;",
    });
  });

  it("twice changes nothing, and the event it was given stays as it was", () => {
    const before = structuredClone(event);
    const once = anonymizeEvent(event, anonymizeLine);
    assert.deepEqual(anonymizeEvent(once, anonymizeLine), once);
    assert.deepEqual(event, before);
    assert.notEqual(once.caller, event.caller);
  });

  it("a withheld number stays withheld", () => {
    const { caller } = anonymizeEvent(callEvent({ caller: party("") }), anonymizeLine);
    assert.deepEqual(caller, { number: "", presentation: "restricted" });
  });
});
