import { flush } from "../../../support/fake-clock";
import assert from "node:assert/strict";
import { Inbox } from "../../../../src/nodes/shared/inbox";
import type { Message, Node } from "../../../../src/nodes/shared/red";

/** A place in the flows whose node is replaced at will; handlers answer when the test says so. */
class Place {
  readonly sent: string[] = [];
  readonly lost: number[] = [];
  readonly open = new Map<string, () => void>();
  forgotten = false;
  node!: Node;
  private generation = 0;
  readonly inbox = new Inbox({
    send: (node, output) => void this.sent.push(`${node.id}: ${String((output as Message).payload)}`),
    finish: (_input, _owner, failure) => assert.equal(failure, undefined),
    lost: (_node, count) => void this.lost.push(count),
    forget: () => (this.forgotten = true),
  });

  /** A deploy puts a node in; it is started with `flow`. */
  put(): void {
    const node = { id: `n${++this.generation}`, receive: (msg: Message) => this.give(msg, node) } as unknown as Node;
    this.node = node;
    this.inbox.attach(node);
    this.inbox.answer(async (msg, send) => {
      const { text, callId } = msg.payload as { text: string; callId: string };
      await new Promise<void>((resolve) => this.open.set(text, resolve));
      send({ payload: `${callId} ${text}` });
    });
  }

  give(msg: Message, node = this.node): void {
    this.inbox.take({ node, msg, send: () => assert.fail("not by the function of the input"), done: () => undefined });
  }

  event(callId: string, text: string): void {
    this.give({ payload: { callId, text } });
  }

  async answer(text: string): Promise<void> {
    this.open.get(text)?.();
    await flush();
  }

  /** A whole deploy. */
  replace(): void {
    this.inbox.hold();
    this.inbox.detach(false);
    this.put();
  }
}

describe("inbox", () => {
  const started = () => {
    const place = new Place();
    place.put();
    place.inbox.flow();
    return place;
  };

  it("sends what a closed node answers later through the node that came after, once", async () => {
    const place = started();
    place.event("a", "ring");
    place.replace();
    await place.answer("ring");
    assert.deepEqual(place.sent, [], "the nodes behind may be missing");
    place.inbox.flow();
    assert.deepEqual(place.sent, ["n2: a ring"]);
  });

  it("keeps the order of a call over several deploys, and lets other calls pass", async () => {
    const place = started();
    place.event("a", "ring");
    place.replace();
    place.event("a", "end"); // while the deploy goes on
    place.inbox.flow();
    place.event("b", "ring b");
    await place.answer("ring b");
    assert.deepEqual(place.sent, ["n2: b ring b"]);
    place.replace();
    place.inbox.flow();
    assert.equal(place.open.has("end"), false, "waits for its ring");
    await place.answer("ring");
    await place.answer("end");
    assert.deepEqual(place.sent, ["n2: b ring b", "n3: a ring", "n3: a end"]);
  });

  it("keeps what reaches a closed node for the next one", async () => {
    const place = started();
    const old = place.node;
    place.inbox.hold();
    place.inbox.detach(false);
    place.give({ payload: { callId: "a", text: "late" } }, old);
    place.put();
    place.inbox.flow();
    await place.answer("late");
    assert.deepEqual(place.sent, ["n2: a late"]);
  });

  for (const removed of [true, false]) {
    it(`says how many are lost when no node comes after (${removed ? "removed" : "disabled"})`, () => {
      const place = started();
      place.event("a", "ring");
      place.inbox.hold();
      place.event("b", "ring b");
      place.inbox.detach(removed);
      if (!removed) place.inbox.flow();
      assert.deepEqual(place.lost, [2]);
      assert.ok(place.forgotten);
    });
  }
});
