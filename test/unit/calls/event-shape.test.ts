/** The names of events, and what they are used for. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isCallEvent, ownParty, remoteParty, EVENT_NAMES } from "../../../src/lib/calls/types";
import { root } from "../../support/node-red-server";

describe("call events", () => {
  const caller = { number: "03023125001", presentation: "allowed" as const };
  const called = { number: "732123", presentation: "allowed" as const };

  it("each have a label in the dialog, in every language", () => {
    for (const language of ["en-US", "de"]) {
      const file = join(root, "locales", language, "fritz-callmonitor.json");
      const texts = JSON.parse(readFileSync(file, "utf8")) as {
        "fritz-callmonitor": { event: Record<string, string> };
      };
      assert.deepEqual(
        Object.keys(texts["fritz-callmonitor"].event).sort(),
        [...EVENT_NAMES, "state"].sort(),
        language,
      );
    }
  });

  it("have one end outside and one in the house", () => {
    assert.equal(remoteParty({ direction: "incoming", caller, called }), caller);
    assert.equal(remoteParty({ direction: "outgoing", caller, called }), called);
    assert.equal(ownParty({ direction: "incoming", caller, called }), called);
    assert.equal(ownParty({ direction: "outgoing", caller, called }), caller);
  });

  it("are recognised by their shape", () => {
    assert.ok(isCallEvent({ raw: "", at: "2020-06-16T12:25:42+02:00", caller, called }));
    for (const value of [undefined, null, 7, "ring", {}, { raw: "", at: "", caller, called: null }]) {
      assert.ok(!isCallEvent(value), JSON.stringify(value));
    }
  });
});
