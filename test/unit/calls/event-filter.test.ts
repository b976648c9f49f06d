import assert from "node:assert/strict";
import type { CallEvent } from "../../../src/lib/calls/types";
import { type FilteredEvent, EventFilter, type EventFilterOptions } from "../../../src/lib/calls/event-filter";
import { callEvent, party } from "../../support/events";

const ALL = ["ring", "call", "connect", "disconnect"] as const;
/** Only the events that are wanted; what the line is like is tested below. */
function make(over: Partial<EventFilterOptions> = {}) {
  const filter = new EventFilter({ events: ALL, numbers: [], settleMs: 0, ...over });
  const wanted = (all: FilteredEvent[]) => all.filter((one) => one.wanted).map(({ event }) => event);
  return {
    take: (event: CallEvent, nowMs: number) => wanted(filter.take(event, nowMs)),
    due: (nowMs: number) => wanted(filter.due(nowMs)),
    get nextDueMs() {
      return filter.nextDueMs;
    },
  };
}

const ring = callEvent();
const connect = callEvent({ event: "connect" });
const disconnect = callEvent({ event: "disconnect" });
const dialled = callEvent({
  ...{ event: "call", direction: "outgoing", callId: "call-2", caller: party("69123"), called: party("0711123456") },
});

describe("EventFilter", () => {
  it("passes everything on when nothing is wanted in particular", () => {
    const filter = make();
    for (const event of [ring, connect, dialled, disconnect]) assert.deepEqual(filter.take(event, 0), [event]);
    assert.equal(filter.nextDueMs, undefined);
  });

  it("only the wanted kinds", () => {
    const filter = make({ events: ["connect"] });
    const sent = [ring, connect, dialled, disconnect].flatMap((event) => filter.take(event, 0));
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
    const filter = make({ settleMs: 1000 });
    assert.deepEqual(filter.take(ring, 500), []);
    assert.equal(filter.nextDueMs, 1500);
    assert.deepEqual(filter.due(1499), []);
    assert.deepEqual(filter.due(1500), [ring]);
    assert.equal(filter.nextDueMs, undefined);
    assert.deepEqual(filter.take(disconnect, 1600), [disconnect]);
  });

  it("a rejected call shows only its end", () => {
    const filter = make({ settleMs: 1000 });
    filter.take(ring, 0);
    assert.deepEqual(filter.take(disconnect, 3), [disconnect]);
    assert.deepEqual(filter.due(Infinity), []);
  });

  it("a held ring goes when its call is answered, even if only rings are wanted", () => {
    const filter = make({ settleMs: 1000, events: ["ring"] });
    filter.take(ring, 0);
    assert.deepEqual(filter.take(connect, 10), [ring]);
  });

  it("a rejected ring stays unsaid even if ends are not wanted", () => {
    const filter = make({ settleMs: 1000, events: ["ring"] });
    filter.take(ring, 0);
    assert.deepEqual(filter.take(disconnect, 3), []);
    assert.deepEqual(filter.due(Infinity), []);
  });

  it("what is not wanted is not held", () => {
    const filter = make({ settleMs: 1000, numbers: ["69123"] });
    filter.take(ring, 0);
    assert.equal(filter.nextDueMs, undefined);
  });

  it("counts only the calls that it hears, and says when the line changes", () => {
    const filter = new EventFilter({ events: ["disconnect", "state"], numbers: ["732123"], settleMs: 0 });
    const other = callEvent({ callId: "call-3", called: party("555") });
    const lines = [ring, other, connect, dialled, disconnect].flatMap((event) => filter.take(event, 0));
    assert.deepEqual(
      lines.map(({ line, changed, wanted }) => [
        line.lineState,
        line.open.ringing + line.open.talking,
        changed,
        wanted,
      ]),
      [
        ["ringing", 1, true, false],
        ["talking", 1, true, false],
        ["idle", 0, true, true],
      ],
    );
  });

  it("a ring that is held back does not change the line", () => {
    const filter = new EventFilter({ events: ["state"], numbers: [], settleMs: 1000 });
    const [end] = [...filter.take(ring, 0), ...filter.take(disconnect, 3)];
    assert.equal(end?.line.lineState, "idle");
    assert.equal(filter.due(Infinity).length, 0);
  });
});
