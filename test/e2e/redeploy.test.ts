/** Deploys of all kinds while calls come in: nothing is lost on the way through the nodes. FRITZ_LONG=1 for 300 deploys. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { type DeployType, type FlowNode, startNodeRed, type NodeRedServer } from "../support/node-red-server";
import { onEachNodeRed } from "../support/versions";
import { pause, until } from "../support/wait";

const DEPLOYS = process.env["FRITZ_LONG"] ? 300 : 20;
const KINDS: DeployType[] = ["full", "flows", "nodes"];
/** What a source outside takes to answer, ms. */
const SOURCE_MS = 300;
/** From line to line, ms. */
const LINE_MS = 5;
/** Calls that go on at the same time. */
const CALLS_AT_ONCE = 80;

/** Calls that ring and end, many at the same time; call `n` comes from 0711 1000000 + n. Counts what was sent. */
class Caller {
  readonly sent: { ring: number; disconnect: number } = { ring: 0, disconnect: 0 };
  private talking = true;
  private readonly done: Promise<void>;

  constructor(send: (line: string) => void) {
    this.done = this.talk(send);
  }

  async stop(): Promise<void> {
    this.talking = false;
    await this.done;
  }

  private async talk(send: (line: string) => void): Promise<void> {
    while (this.talking || this.sent.disconnect < this.sent.ring) {
      const { ring, disconnect } = this.sent;
      if (this.talking && ring - disconnect < CALLS_AT_ONCE) {
        send(`16.06.20 12:25:42;RING;${ring % CALLS_AT_ONCE};0711${1_000_000 + ring};732123;SIP0;`);
        this.sent.ring++;
      } else {
        send(`16.06.20 12:25:45;DISCONNECT;${disconnect % CALLS_AT_ONCE};0;`);
        this.sent.disconnect++;
      }
      await pause(LINE_MS);
    }
  }
}

/** The ring and the end of each call in a file of fritz-log: "ring disconnect" for each number, in order. */
function callsIn(path: string, read = readEvent): Map<string, string[]> {
  const calls = new Map<string, string[]>();
  if (!existsSync(path)) return calls;
  for (const line of wholeLines(path)) {
    const { event, number } = read(line);
    calls.set(number, [...(calls.get(number) ?? []), event]);
  }
  return calls;
}

/** Without one that is being written. */
const wholeLines = (path: string) => readFileSync(path, "utf8").split("\n").slice(0, -1);

function readEvent(line: string): { event: string; number: string } {
  const entry = JSON.parse(line) as { event: string; caller: { number: string } };
  return { event: entry.event, number: entry.caller.number };
}

/** The same, with a mark if the message lacks what the nodes on the way have said of the caller. */
function readDecided(line: string): { event: string; number: string } {
  const { callerInfo, decision } = JSON.parse(line) as { callerInfo?: object; decision?: object };
  const { event, number } = readEvent(line);
  return { event: callerInfo && decision ? event : `${event} of an unknown caller`, number };
}

describe(`${DEPLOYS} deploys while a line arrives every ${LINE_MS} ms`, () => {
  onEachNodeRed((version) => {
    let server: NodeRedServer | undefined;
    const box = new SimulatedBox();
    const source = createServer((_request, response) => {
      setTimeout(() => response.end(JSON.stringify({ name: "Muster" })), SOURCE_MS);
    });
    after(async () => {
      await server?.stop();
      await box.monitor.stop();
      source.closeAllConnections();
      source.close();
    });

    /** Monitor -> caller info with a slow source -> block -> two sinks, one of them Node-RED's own; and monitor -> file. */
    const flows = (round: number): FlowNode[] => {
      const { port } = source.address() as AddressInfo;
      const descriptor = {
        ...{ id: "slow", label: "Slow", kind: ["name"], cache: { hit: "0m", unknown: "0m" } },
        request: { url: `http://127.0.0.1:${port}/{e164}`, minIntervalMs: 0 },
        response: { type: "json", fields: { name: { json: "/name" } } },
      };
      const node = (id: string, type: string, wires: string[][], more: object = {}) => ({
        ...{ id, type, z: "tab", x: 10, y: 10, name: `${round}`, wires },
        ...more,
      });
      const file = (id: string) =>
        node(id, "file", [[]], {
          filename: `${id}.txt`,
          filenameType: "str",
          appendNewline: true,
          overwriteFile: "false",
        });
      return [
        { id: "tab", type: "tab", label: `round ${round}` },
        {
          ...{ id: "box", type: "fritz-config", host: "127.0.0.1", monitorPort: box.monitor.port },
          ...{ countryCode: "49", areaCode: "7191" },
        },
        node("m", "fritz-callmonitor", [["who", "json"]], { box: "box" }),
        node("who", "fritz-caller-info", [["b"], []], {
          box: "box",
          providers: [{ id: "slow", enabled: true, descriptor, allowPrivate: true, minIntervalMs: 0 }],
        }),
        node("b", "fritz-block", [["log", "name"], ["log"]], { box: "box", dryRun: true, action: "decide" }),
        node("log", "fritz-log", [[]], { file: "calls.log", format: "json", anonymize: false }),
        node("name", "function", [["names"]], {
          ...{ func: "msg.payload = msg.payload.event + ' ' + msg.payload.caller.number; return msg;", outputs: 1 },
          ...{ timeout: 0, noerr: 0, initialize: "", finalize: "", libs: [] },
        }),
        file("names"),
        node("json", "json", [["monitor"]], { property: "payload", action: "str", pretty: false }),
        file("monitor"),
      ];
    };

    it("lose nothing, send nothing twice, keep the order of each call, and what is known of its caller", async function () {
      this.timeout(900_000);
      await box.monitor.listen();
      await new Promise<void>((resolve) => source.listen(0, "127.0.0.1", resolve));
      server = await startNodeRed({ version, flows: flows(0) });
      const { userDir } = server;
      await until("the connection", () => box.monitor.connections === 1);
      const caller = new Caller((line) => box.monitor.send(line));
      for (let round = 1; round <= DEPLOYS; round++) {
        await server.deploy(flows(round), KINDS[round % KINDS.length]);
        if (round % 4 > 0) await pause(SOURCE_MS / 2); // others come while the last one's inputs are still on their way
      }
      await caller.stop();
      const { ring } = caller.sent;
      const wanted = Array.from({ length: ring }, (_, i) => [`0711${1_000_000 + i}`, ["ring", "disconnect"]] as const);
      const files = {
        "calls.log": (path: string) => callsIn(path, readDecided),
        "monitor.txt": (path: string) => callsIn(path),
        "names.txt": (path: string) => namesIn(path),
      };
      for (const [name, read] of Object.entries(files)) {
        const path = join(userDir, name);
        const last = () => [...read(path).values()].flat().length >= 2 * ring;
        await until(`all events in ${name}`, last, 120_000).catch(() => undefined);
        assert.deepEqual(faultsOf(read(path), wanted), [], `${name} of ${ring} calls`);
      }
      assert.equal(box.monitor.accepted, 1);
    });

    it("and when the box is no longer used, the connection ends", async () => {
      await server?.deploy([{ id: "tab", type: "tab", label: "empty" }]);
      await until("the end", () => box.monitor.connections === 0);
    });
  });
});

function namesIn(path: string): Map<string, string[]> {
  const calls = new Map<string, string[]>();
  if (!existsSync(path)) return calls;
  for (const line of wholeLines(path)) {
    const [event = "", number = ""] = line.split(" ");
    calls.set(number, [...(calls.get(number) ?? []), event]);
  }
  return calls;
}

/** The calls whose events are not those wanted, with what was found. */
function faultsOf(found: Map<string, string[]>, wanted: (readonly [string, readonly string[]])[]): string[] {
  return wanted
    .filter(([number, events]) => found.get(number)?.join() !== events.join())
    .map(([number]) => `${number}: ${found.get(number)?.join() ?? "nothing"}`);
}
