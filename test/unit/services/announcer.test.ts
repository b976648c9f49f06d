import assert from "node:assert/strict";
import type { CallEvent } from "../../../src/lib/model/call-event";
import { Announcer, type AnnouncerOptions } from "../../../src/lib/services/announcer";
import { callEvent, party } from "../../support/events";

const ALL = ["ring", "call", "connect", "disconnect"] as const;
const make = (over: Partial<AnnouncerOptions> = {}) =>
  new Announcer({ events: ALL, numbers: [], settleMs: 0, ...over });

const ring = callEvent();
const connect = callEvent({ event: "connect" });
const disconnect = callEvent({ event: "disconnect" });
const dialled = callEvent({
  ...{ event: "call", direction: "outgoing", callId: "call-2", caller: party("69123"), called: party("0711123456") },
});

describe("Announcer", () => {
  it("passes everything on when nothing is wanted in particular", () => {
    const announcer = make();
    for (const event of [ring, connect, dialled, disconnect]) assert.deepEqual(announcer.take(event, 0), [event]);
    assert.equal(announcer.nextDueMs, undefined);
  });

  it("only the wanted kinds", () => {
    const announcer = make({ events: ["connect"] });
    const sent = [ring, connect, dialled, disconnect].flatMap((event) => announcer.take(event, 0));
    assert.deepEqual(sent, [connect]);
  });

  it("only the wanted own numbers: called when it comes in, caller when it goes out", () => {
    const take = (numbers: string[], event: CallEvent) => make({ numbers }).take(event, 0).length;
    assert.equal(take(["732123"], ring), 1);
    assert.equal(take(["07191 732123"], ring), 1);
    assert.equal(take(["01755290123"], ring), 0, "the caller is no own number");
    assert.equal(take(["69123"], dialled), 1);
    assert.equal(take(["0711 123456"], dialled), 0);
    assert.equal(take(["1", "69123"], ring), 0);
  });

  it("holds a ring back and says when it is due", () => {
    const announcer = make({ settleMs: 1000 });
    assert.deepEqual(announcer.take(ring, 500), []);
    assert.equal(announcer.nextDueMs, 1500);
    assert.deepEqual(announcer.due(1499), []);
    assert.deepEqual(announcer.due(1500), [ring]);
    assert.equal(announcer.nextDueMs, undefined);
    assert.deepEqual(announcer.take(disconnect, 1600), [disconnect]);
  });

  it("a rejected call shows only its end", () => {
    const announcer = make({ settleMs: 1000 });
    announcer.take(ring, 0);
    assert.deepEqual(announcer.take(disconnect, 3), [disconnect]);
    assert.deepEqual(announcer.due(Infinity), []);
  });

  it("a held ring goes when its call is answered, even if only rings are wanted", () => {
    const announcer = make({ settleMs: 1000, events: ["ring"] });
    announcer.take(ring, 0);
    assert.deepEqual(announcer.take(connect, 10), [ring]);
  });

  it("a rejected ring stays unsaid even if ends are not wanted", () => {
    const announcer = make({ settleMs: 1000, events: ["ring"] });
    announcer.take(ring, 0);
    assert.deepEqual(announcer.take(disconnect, 3), []);
    assert.deepEqual(announcer.due(Infinity), []);
  });

  it("what is not wanted is not held", () => {
    const announcer = make({ settleMs: 1000, numbers: ["69123"] });
    announcer.take(ring, 0);
    assert.equal(announcer.nextDueMs, undefined);
  });
});
