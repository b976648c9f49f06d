import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { deployGate } from "../../src/nodes/shared/deploy-gate";

describe("deploy gate", () => {
  const setUp = () => {
    const events = new EventEmitter();
    const reported: string[] = [];
    const reader = { hold: () => reported.push("hold"), flow: () => reported.push("flow") };
    const gate = deployGate(events);
    gate.add(reader);
    return { events, reported, gate, reader: reader as never };
  };

  it("lets readers flow when the flows are started, and holds them while they stop", () => {
    const { events, reported, gate, reader } = setUp();
    for (const event of ["started", "stopping", "stopped", "started"]) events.emit(`flows:${event}`);
    assert.deepEqual(reported, ["flow", "hold", "flow"]);
    gate.remove(reader);
    events.emit("flows:started");
    assert.equal(reported.length, 3);
  });

  it("keeps what is given back until the slowest node of the deploy is closed", () => {
    const { events, reported, gate, reader } = setUp();
    gate.afterStop(() => reported.push("no deploy: now"));
    events.emit("flows:stopping");
    gate.afterStop(() => reported.push("given back"));
    assert.deepEqual(reported, ["no deploy: now", "hold"]);
    events.emit("flows:stopped");
    assert.deepEqual(reported, ["no deploy: now", "hold", "given back"]);
    events.emit("flows:stopping");
    events.emit("flows:stopped");
    assert.equal(reported.filter((word) => word === "given back").length, 1);
    gate.remove(reader);
  });

  it("has three listeners, however many readers", () => {
    const { events, gate, reader } = setUp();
    const others = Array.from({ length: 50 }, () => ({ hold: () => undefined, flow: () => undefined }));
    for (const other of others) deployGate(events).add(other);
    assert.equal(
      events.eventNames().reduce((sum, name) => sum + events.listenerCount(name), 0),
      3,
    );
    for (const other of [...others, reader]) gate.remove(other);
  });
});
