import assert from "node:assert/strict";
import type { Node, Runtime } from "../../../../src/nodes/shared/red";
import { EventEmitter } from "node:events";
import { deployGate } from "../../../../src/nodes/shared/deploy-gate";
import { reportingStores } from "../../../../src/nodes/shared/stores";

/** A node that notes its errors, and a runtime whose flows are started. */
function runtime() {
  const errors: string[] = [];
  const make = () => Object.assign(new EventEmitter(), { id: "n", error: (text: string) => errors.push(text) });
  const current = { node: make() as unknown as Node };
  const events = new EventEmitter();
  deployGate(events); // as other nodes have it
  const RED = {
    events,
    nodes: { getNode: () => current.node },
    _: (key: string, values: { detail?: string }) => `${key} ${values.detail ?? ""}`,
  } as unknown as Runtime;
  const deploy = () => {
    events.emit("flows:stopping");
    current.node = make() as unknown as Node;
    events.emit("flows:started");
  };
  return { RED, errors, current, deploy };
}

describe("reportingStores", () => {
  const full = Object.assign(new Error("x"), { code: "ENOSPC" });
  const failing = { load: () => Promise.reject(new SyntaxError("/home/anna/x")), save: () => Promise.reject(full) };

  it("reports the first failure of several stores, once for each deploy, and passes all of them on", async () => {
    const { RED, errors, current, deploy } = runtime();
    const reporting = reportingStores(RED, current.node, "box-store");
    deploy();
    const [one, other] = [reporting(failing), reporting(failing)];
    await assert.rejects(one.save(1), full);
    await assert.rejects(other.save(1), full);
    await assert.rejects(other.load(), SyntaxError);
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /error\.box-store ENOSPC$/);
    deploy();
    await assert.rejects(other.load(), SyntaxError);
    assert.match(errors[1] ?? "", /error\.box-store JSON$/, "and no path");
    assert.equal(errors.length, 2);
  });

  it("says nothing of stores that work", async () => {
    const { RED, errors, current } = runtime();
    const saved: unknown[] = [];
    const good = { load: () => Promise.resolve(7), save: (value: unknown) => Promise.resolve(void saved.push(value)) };
    const store = reportingStores(RED, current.node, "answer-store")(good);
    await store.save(1);
    assert.deepEqual([await store.load(), saved, errors], [7, [1], []]);
  });
});
