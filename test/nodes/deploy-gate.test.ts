import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { deployGate } from "../../src/nodes/shared/deploy-gate";

describe("deploy gate", () => {
  const setUp = () => {
    const events = new EventEmitter();
    const told: string[] = [];
    const reader = { hold: () => told.push("hold"), flow: () => told.push("flow") };
    const gate = deployGate(events);
    gate.add(reader);
    return { events, told, gate, reader: reader as never };
  };

  it("lets readers flow when the flows are started, and holds them while they stop", () => {
    const { events, told, gate, reader } = setUp();
    for (const event of ["started", "stopping", "stopped", "started"]) events.emit(`flows:${event}`);
    assert.deepEqual(told, ["flow", "hold", "flow"]);
    gate.remove(reader);
    events.emit("flows:started");
    assert.equal(told.length, 3);
  });

  it("keeps what is given back until the slowest node of the deploy is closed", () => {
    const { events, told, gate, reader } = setUp();
    gate.afterStop(() => told.push("no deploy: now"));
    events.emit("flows:stopping");
    gate.afterStop(() => told.push("given back"));
    assert.deepEqual(told, ["no deploy: now", "hold"]);
    events.emit("flows:stopped");
    assert.deepEqual(told, ["no deploy: now", "hold", "given back"]);
    events.emit("flows:stopping");
    events.emit("flows:stopped");
    assert.equal(told.filter((word) => word === "given back").length, 1);
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
