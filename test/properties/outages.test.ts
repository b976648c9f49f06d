/** Outages of all kinds in accelerated time, with the whole chain from lines to events: each call is told once. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Call, CallEvent } from "../../src/lib/calls/types";
import { boxStamp, isoAt } from "../../src/lib/calls/box-time";
import { Boxes } from "../../src/lib/box/fritz-box";
import { party } from "../support/events";
import { FakeClock } from "../support/fake-clock";
import { FakeDial } from "../support/fake-dial";
import { FakeStore } from "../support/fake-store";

interface Made {
  id: number;
  number: string;
  incoming: boolean;
  connection: number;
  beganMs: number;
  connectedMs?: number;
  extension: number;
  seconds?: number;
  /** When the list shows the end. */
  listedMs: number;
}

const LIST_DELAY_MS = 300;
/** From here on the minutes of the list tell two calls of one number apart. */
const APART_MS = 120_000;

/** A box, a wire that may be cut, and a program that may be killed. */
class World {
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  readonly made: Made[] = [];
  /** What the flow has got, and when. */
  private readonly received: { event: CallEvent; ms: number }[] = [];
  private dial = new FakeDial();
  private open: Made[] = [];
  private connected = false;
  private listWorks = true;
  private refuses = false;
  private life = 0;
  private end = () => undefined as void;

  async start(): Promise<void> {
    this.dial = new FakeDial();
    const life = ++this.life;
    const boxes = new Boxes(this.clock);
    const { dial } = this.dial;
    const store = { load: () => this.store.load(), save: (value: unknown) => this.save(life, value) };
    const handle = boxes.acquire({ host: "fritz.box", dial, timeZone: "UTC", store });
    const user = { gap: () => undefined, trouble: () => undefined, skipped: () => undefined };
    handle.recovery.use({ ...user, calls: () => this.list() });
    const take = (event: CallEvent) => life === this.life && this.receive(event);
    handle.events.join("n", take).flow();
    this.end = () => handle.release(true);
    await handle.ready;
    this.connect();
    await this.pass(0);
  }

  /** What was told, without what was sent again; that has the id of the same call. */
  get reported(): CallEvent[] {
    const events = this.received.map(({ event }) => event);
    const isAgain = ({ repeated, callId }: CallEvent, i: number) =>
      repeated && events.slice(0, i).some((other) => other.event === "disconnect" && other.callId === callId);
    return events.filter((event, i) => !isAgain(event, i));
  }

  private receive(event: CallEvent): void {
    this.received.push({ event, ms: this.clock.now() });
  }

  /** Nothing of the dead program reaches anything any more, and what it sent in the last `unhandledMs` was not handled. */
  kill(unhandledMs: number): void {
    this.life++;
    while ((this.received.at(-1)?.ms ?? -Infinity) > this.clock.now() - unhandledMs) this.received.pop();
    this.connected = false;
    this.end();
  }

  cut(how: "orderly" | "reset" | "reboot" | "refused"): void {
    this.connected = false;
    this.refuses = how === "reboot" || how === "refused";
    if (how === "reboot") {
      this.listWorks = false;
      for (const call of [...this.open]) this.hangUp(call);
    }
    if (how === "orderly") this.dial.last.end();
    else this.dial.last.fail("reset");
  }

  async heal(): Promise<void> {
    await this.pass(10);
    if (this.refuses) this.dial.last.fail("refused");
    await this.pass(2_000);
    this.connect();
    this.listWorks = true;
  }

  mute(): void {
    this.connected = false;
  }

  private connect(): void {
    this.dial.last.open();
    this.connected = true;
  }

  begin(incoming: boolean, again: boolean): void {
    const id = this.made.length + 1;
    // Two calls of one number within a minute may be taken for one another: the list knows neither seconds nor connection ids.
    const last = this.made.at(-1);
    const isApart = last !== undefined && this.clock.now() - last.beganMs > APART_MS && !this.open.includes(last);
    const number = again && isApart ? last.number : `0711${100_000 + id}`;
    let connection = 0;
    while (this.open.some((call) => call.connection === connection)) connection++;
    const beganMs = this.clock.now();
    const call: Made = { id, number, incoming, connection, beganMs, extension: 11, listedMs: Infinity };
    this.made.push(call);
    this.open.push(call);
    this.line(incoming ? `RING;${connection};${number};732123;SIP0;` : `CALL;${connection};11;732123;${number};SIP0;`);
  }

  act(which: number, what: number, again: boolean): void {
    const call = this.open[which % Math.max(1, this.open.length)];
    if (!call || (what === 0 && this.open.length < 4)) return this.begin(which % 3 > 0, again);
    if (what === 1 && call.connectedMs === undefined) {
      call.connectedMs = this.clock.now();
      if (call.incoming) call.extension = 10 + (which % 4);
      this.line(`CONNECT;${call.connection};${call.extension};${call.number};`);
    } else this.hangUp(call);
  }

  hangUpAll(): void {
    for (const call of [...this.open]) this.hangUp(call);
  }

  private hangUp(call: Made): void {
    const now = this.clock.now();
    call.seconds = call.connectedMs === undefined ? 0 : Math.round((now - call.connectedMs) / 1000);
    call.listedMs = now + LIST_DELAY_MS;
    this.open = this.open.filter((one) => one !== call);
    this.line(`DISCONNECT;${call.connection};${call.seconds};`);
  }

  private line(text: string): void {
    if (this.connected) this.dial.last.send(`${boxStamp(this.clock.now(), "UTC")};${text}\r\n`);
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; ; left -= 250) {
      for (let i = 0; i < 12; i++) await Promise.resolve();
      if (left <= 0) return;
      this.clock.advance(Math.min(250, left));
    }
  }

  private save(life: number, value: unknown): Promise<void> {
    return life === this.life ? this.store.save(value) : new Promise(() => undefined);
  }

  private async list(): Promise<Call[]> {
    await Promise.resolve();
    if (!this.listWorks) throw new Error("boots");
    return this.made
      .map(({ id, number, incoming, beganMs, connectedMs, extension, seconds = 0, listedMs }): Call => {
        const running = listedMs > this.clock.now();
        const ended = !incoming ? "outgoing" : connectedMs === undefined ? "missed" : "answered";
        const kind = !running ? ended : incoming ? "active" : "active-outgoing";
        const [caller, called] = incoming ? [party(number), party("732123")] : [party("732123"), party(number)];
        const at = `${isoAt(beganMs, "UTC").slice(0, 17)}00+00:00`;
        const durationSeconds = running ? 0 : Math.ceil(seconds / 60) * 60;
        const port = incoming && (connectedMs === undefined || running) ? -1 : extension;
        return { id: String(id), kind, at, durationSeconds, caller, called, port };
      })
      .reverse();
  }
}

const remoteOf = ({ direction, caller, called }: CallEvent) => (direction === "incoming" ? caller : called).number;

const step = fc.record({
  calls: fc.array(fc.tuple(fc.nat(11), fc.nat(2), fc.boolean(), fc.nat(2_500)), { maxLength: 6 }),
  kind: fc.constantFrom("orderly", "reset", "silence", "reboot", "refused", "kill"),
  during: fc.array(fc.tuple(fc.nat(11), fc.nat(2), fc.boolean(), fc.nat(2_500)), { maxLength: 5 }),
  unhandledMs: fc.constantFrom(0, 100, 1_500),
  rest: fc.oneof(fc.nat(6_000), fc.constant(APART_MS + 1_000)),
});

describe("outages at random moments", () => {
  it("each call is told once, as heard or as recovered, and none is invented", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const world = new World();
        await world.start();
        await world.pass(2_000);
        const play = async (calls: [number, number, boolean, number][]) => {
          for (const [which, what, again, ms] of calls) {
            world.act(which, what, again && which === 0);
            await world.pass(ms);
          }
        };
        for (const { calls, kind, during, rest, unhandledMs } of steps) {
          await play(calls);
          if (kind === "kill") world.kill(unhandledMs);
          else if (kind === "silence") world.mute();
          else world.cut(kind);
          await play(during);
          if (kind === "kill") await world.start();
          else {
            if (kind === "silence") world.cut("reset");
            await world.heal();
          }
          if (rest > APART_MS) world.hangUpAll(); // no call rings for so long
          await world.pass(rest);
        }
        await world.pass(1_000);
        world.hangUpAll();
        await world.pass(120_000);
        const ends = world.reported.filter(({ event }) => event === "disconnect");
        const story = world.reported
          .map((event) => `${event.event} ${event.callId.slice(0, 4)} ${remoteOf(event)}`)
          .join("\n");
        assert.deepEqual(ends.map(remoteOf).sort(), world.made.map(({ number }) => number).sort(), story);
        assert.equal(new Set(ends.map(({ callId }) => callId)).size, ends.length);
        const begun = world.reported.filter(({ event }) => event === "ring" || event === "call");
        // The same number again at once is the same call to the tracker: only calls of numbers are counted.
        const callsOf = (number: string) => world.made.filter((call) => call.number === number).length;
        for (const number of new Set(begun.map(remoteOf)))
          assert.ok(begun.filter((event) => remoteOf(event) === number).length <= callsOf(number));
        world.kill(0);
      }),
      { numRuns: Number(process.env["RUNS"] ?? 30) },
    );
  });
});
