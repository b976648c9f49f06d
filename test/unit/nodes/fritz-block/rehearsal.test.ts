import assert from "node:assert/strict";
import type { Call } from "../../../../src/lib/calls/types";
import { ScoredRehearsal } from "../../../../src/nodes/fritz-block/rehearsal";
import type { CallerInfoNode } from "../../../../src/nodes/fritz-caller-info/admin";
import { until } from "../../../support/wait";

const call = (number: string, kind: Call["kind"] = "missed"): Call => ({
  ...{ id: number, kind, at: "2026-11-20T10:00:00", durationSeconds: 0 },
  ...{ caller: { number, presentation: "allowed" }, called: { number: "732123", presentation: "allowed" } },
});
const CALLS = [call("030231"), call("030232", "outgoing"), call("030233")];

/** A caller info that answers about the first `quick` numbers, and about others when it is told to stop. */
function rehearsal(quick: number, calls: () => Promise<Call[]> = () => Promise.resolve(CALLS)) {
  const asked: string[] = [];
  const ask = ({ written }: { written: string }, stop: AbortSignal) => {
    asked.push(written);
    const known = { info: { number: written }, failures: [] };
    if (asked.length <= quick) return Promise.resolve(known);
    return new Promise((resolve) => stop.addEventListener("abort", () => resolve(undefined)));
  };
  const node = {
    service: { patiently: () => ({ ask }) },
    homeCache: { now: () => Promise.resolve({ plan: { countryCode: "49" }, own: [] }) },
  };
  const before = () => node as unknown as CallerInfoNode;
  const rehearse = (reported: readonly object[]) => Promise.resolve(reported.map((one) => "callerInfo" in one));
  return { asked, scored: new ScoredRehearsal({ calls, before, rehearse }), parts: { calls, rehearse } };
}

describe("ScoredRehearsal", () => {
  it("asks about each incoming call, says how far it is, and rehearses with the answers", async () => {
    const { asked, scored } = rehearsal(9);
    assert.deepEqual(scored.progress(), { done: 0, total: 0 });
    scored.start();
    await until("the result", () => scored.progress().payload !== undefined);
    assert.deepEqual(scored.progress(), { done: 3, total: 3, payload: [true, false, true] });
    assert.deepEqual(asked, ["030231", "030233"]);
  });

  it("told to stop, rehearses with what is known; then begins anew", async () => {
    const { asked, scored } = rehearsal(1);
    scored.start();
    await until("the second call", () => asked.length === 2);
    assert.deepEqual(scored.start(), { done: 2, total: 3 }, "the run goes on");
    scored.cancel();
    await until("the result", () => scored.progress().payload !== undefined);
    assert.deepEqual(scored.progress().payload, [true, false, false]);
    assert.deepEqual(scored.start(), { done: 0, total: 0 });
    scored.close();
  });

  it("rehearses without scores if no caller info is before, and says why it failed", async () => {
    const { parts } = rehearsal(0);
    const plain = new ScoredRehearsal({ ...parts, before: () => undefined });
    plain.start();
    await until("the result", () => plain.progress().payload !== undefined);
    assert.deepEqual(plain.progress(), { done: 0, total: 0, payload: [false, false, false] });
    const { scored } = rehearsal(0, () => Promise.reject(new Error("no-box")));
    scored.start();
    await assert.rejects(
      until("the failure", () => scored.progress().payload !== undefined),
      /no-box/,
    );
  });
});
