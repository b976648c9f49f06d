/**
 * Outages of all kinds at random moments, with calls before, during and after, and a Node-RED that is killed in between: each call
 * is told exactly once, as heard or from the call list, and none is invented. FRITZ_LONG=1: 200 outages, in eight parts.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SimulatedCall, SimulatedBox } from "../../simulator";
import type { CallEvent } from "../../src/lib/calls/types";
import { type FlowNode, type NodeRedServer, startNodeRed } from "../support/node-red-server";
import { pause, until } from "../support/wait";

const LONG = process.env["FRITZ_LONG"] === "1";
const PARTS = LONG ? 8 : 1;
const OUTAGES = LONG ? 25 : 5;
const KINDS = ["close", "reset", "silence", "reboot", "kill"] as const;
/** An end that the list does not know is told after so long. */
const LATE_MS = LONG ? 20_000 : 3_000;

/** The same sequence for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

class Trial {
  readonly box = new SimulatedBox({ listDelayMs: 300 });
  /** Number -> how many calls. */
  readonly made = new Map<string, number>();
  readonly userDir = mkdtempSync(join(tmpdir(), "fritz-missed-"));
  readonly story: string[] = [];
  server: NodeRedServer | undefined;
  private readonly numbers: string[] = [];

  constructor(private readonly roll: (sides: number) => number) {}

  async start(): Promise<void> {
    await this.box.monitor.listen();
    await this.box.tr064.listen();
    this.server = await startNodeRed({ version: "4.1", userDir: this.userDir });
    await this.server.deploy(this.flows());
    await until("the connection", () => this.box.monitor.connections === 1);
    await until("the first reading of the list", () => this.hasBookmark());
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    await this.box.monitor.stop();
    await this.box.tr064.stop();
    rmSync(this.userDir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Something that happens on the telephone: a call begins, is answered, or ends. */
  act(): void {
    const { box, roll } = this;
    const open = box.openCalls;
    const [first] = open;
    const one: SimulatedCall | undefined = open[roll(Math.max(1, open.length))] ?? first;
    const what = roll(3);
    if (!one || (what === 0 && open.length < 4)) return this.begin();
    if (what === 1 && one.connectedAt === undefined) return box.answer(one, 10 + roll(4));
    box.hangUp(one);
  }

  private begin(): void {
    // Calls of one number that overlap within a minute are one and the same to the list: decision 0031.
    const last = this.numbers.at(-1);
    const isAgain = this.roll(10) === 0 && !this.box.openCalls.some(({ remote }) => remote === last);
    const number = (isAgain && last) || `0711${100_000 + this.numbers.length}`;
    this.numbers.push(number);
    this.made.set(number, (this.made.get(number) ?? 0) + 1);
    if (this.roll(3) === 0) this.box.dial(number, 11);
    else this.box.ring(number);
  }

  async calls(most: number): Promise<void> {
    for (let i = 1 + this.roll(most); i > 0; i--) {
      this.act();
      await pause(this.roll(LONG ? 250 : 100));
    }
  }

  async outage(kind: (typeof KINDS)[number]): Promise<void> {
    const { box } = this;
    this.story.push(kind);
    switch (kind) {
      case "close":
      case "reset": {
        await box.monitor.refuse();
        if (kind === "close") box.monitor.closeAll();
        else box.monitor.resetAll();
        await this.calls(6);
        return box.monitor.accept();
      }
      case "silence":
        box.monitor.mute();
        await this.calls(6);
        await pause(this.roll(500));
        box.monitor.resetAll(); // as the system does with a dead peer
        return box.monitor.mute(false);
      case "reboot":
        await box.monitor.refuse();
        await box.tr064.refuse();
        box.monitor.resetAll();
        box.openCalls.forEach((call) => box.hangUp(call));
        await pause(300 + this.roll(1_000));
        await box.monitor.accept();
        await this.calls(2);
        return box.tr064.accept();
      case "kill": {
        const killed = this.server;
        process.kill(killed?.pid ?? 0, "SIGKILL");
        await killed?.stop();
        const [restarted] = await Promise.all([startNodeRed({ version: "4.1", userDir: this.userDir }), this.calls(6)]);
        this.server = restarted;
      }
    }
  }

  /** All events, each once: what was sent again after a kill has the id of the same call. */
  get reported(): CallEvent[] {
    const seen = new Set<string>();
    return this.received.filter(({ event, callId, repeated }) => {
      const isAgain = repeated && seen.has(callId);
      if (event === "disconnect") seen.add(callId);
      return !isAgain;
    });
  }

  private get received(): CallEvent[] {
    const file = join(this.userDir, "told.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as CallEvent);
  }

  /** How many events came although they had been handled before a kill. */
  get repeated(): number {
    return this.received.length - this.reported.length;
  }

  /** Number -> how many ends were told. */
  get ends(): Map<string, number> {
    const ends = new Map<string, number>();
    for (const one of this.reported) {
      const number = remoteOf(one);
      if (one.event === "disconnect") ends.set(number, (ends.get(number) ?? 0) + 1);
    }
    return ends;
  }

  get missing(): string[] {
    const { ends } = this;
    return [...this.made].filter(([number, count]) => (ends.get(number) ?? 0) < count).map(([number]) => number);
  }

  private hasBookmark(): boolean {
    const folder = join(this.userDir, "fritz-calls");
    return (
      existsSync(folder) &&
      namesOf(folder).some((name) => readFileSync(join(folder, name), "utf8").includes('"through"'))
    );
  }

  private flows(): FlowNode[] {
    const place = { z: "tab", x: 1, y: 1 };
    const { box } = this;
    const ports = { monitorPort: box.monitor.port, port: box.tr064.port, tls: false };
    return [
      { id: "tab", type: "tab", label: "t" },
      {
        ...{ id: "box", type: "fritz-config", name: "Home", host: "127.0.0.1", ...ports },
        credentials: { username: "fritz1234", password: "secret" },
      },
      { id: "m", type: "fritz-callmonitor", box: "box", recover: true, wires: [["j"]], ...place },
      { id: "j", type: "json", property: "payload", action: "str", pretty: false, wires: [["f"]], ...place },
      {
        ...{ id: "f", type: "file", filename: join(this.userDir, "told.jsonl"), filenameType: "str" },
        ...{ appendNewline: true, overwriteFile: "false", encoding: "none", wires: [[]], ...place },
      },
    ];
  }
}

const remoteOf = ({ direction, caller, called }: CallEvent) => (direction === "incoming" ? caller : called).number;

const namesOf = (folder: string) => readdirSync(folder).filter((name) => /^calls-.*\.json$/.test(name));

describe("calls and outages", () => {
  for (let part = 1; part <= PARTS; part++) {
    it(`${OUTAGES} outages at random moments: each call is told once, as heard or recovered, none invented (part ${part})`, async function () {
      this.timeout(900_000);
      const roll = dice(part * 7_919 + (LONG ? 1 : 0));
      const trial = new Trial(roll);
      const { box } = trial;
      try {
        await trial.start();
        for (let i = 0; i < OUTAGES; i++) {
          await trial.calls(8);
          const kind = LONG ? KINDS[roll(KINDS.length)] : KINDS[i % KINDS.length];
          await trial.outage(kind ?? "close");
          await pause(roll(LONG ? 1_500 : 300));
        }
        await until("the connection", () => box.monitor.connections === 1, 60_000);
        for (const call of box.openCalls) box.hangUp(call);
        await until("all calls", () => trial.missing.length === 0, 90_000).catch(() => undefined);
        await pause(LATE_MS);

        const { reported, ends, made } = trial;
        const total = [...made.values()].reduce((a, b) => a + b, 0);
        const about = `${total} calls (more than one: ${JSON.stringify([...made].filter(([, count]) => count > 1))}), ${trial.story.join(" ")}`;
        const wrong = [...new Set([...ends.keys(), ...made.keys()])].filter((one) => ends.get(one) !== made.get(one));
        const seen = reported.filter((event) => wrong.includes(remoteOf(event))).map((event) => JSON.stringify(event));
        assert.deepEqual(wrong, [], [about, ...seen].join("\n"));
        const rings = reported.filter(({ event }) => event === "ring" || event === "call");
        const calls = (number: string) => made.get(number) ?? 0;
        for (const number of new Set(rings.map(remoteOf)))
          assert.ok(rings.filter((event) => remoteOf(event) === number).length <= calls(number), "no beginning twice");
        const finished = reported.filter(({ event }) => event === "disconnect");
        assert.equal(new Set(finished.map(({ callId }) => callId)).size, total);
        assert.ok(finished.some(({ recovered }) => recovered) && finished.some(({ recovered }) => !recovered));
        assert.deepEqual(reported.at(-1)?.open, { ringing: 0, dialling: 0, talking: 0 });
        const recovered = finished.filter((event) => event.recovered).length;
        const numbers = `${total - recovered} heard, ${recovered} recovered, ${trial.repeated} sent again after a kill`;
        console.log(`      ${OUTAGES} outages, ${total} calls: ${numbers}`);
      } finally {
        await trial.stop();
      }
    });
  }
});
