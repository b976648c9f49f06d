/** The example for Home Assistant against a real broker: overlapping calls, and restarts of box, broker, Node-RED and Home Assistant. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { exampleFile } from "../support/examples/files";
import { type FlowNode, type NodeRedServer, startNodeRed } from "../support/node-red-server";
import { freePort, removeFolder, until } from "../support/wait";

const FLOW = exampleFile("MQTT with Home Assistant discovery");
const CONFIG = "homeassistant/device/fritz_calls/config";
const example = JSON.parse(readFileSync(FLOW, "utf8")) as FlowNode[];
const hasBroker = spawnSync("mosquitto", ["-h"]).error === undefined;

interface Client {
  on(event: "message", heard: (topic: string, payload: Buffer) => void): void;
  subscribe(topics: string[]): void;
  publish(topic: string, payload: string, options?: { retain: boolean }): void;
  end(force: boolean): void;
}

interface Today {
  missed?: number;
  blocked?: number;
  calls?: { id: string }[];
}

interface Component {
  p: string;
  unique_id: string;
  state_topic?: string;
  command_topic?: string;
  payload_press?: string;
  event_types?: string[];
}

/** A broker on a free port; without persistence, so that a restart forgets all. */
class Broker {
  port = 0;
  private process: ChildProcess | undefined;

  constructor(private readonly folder: string) {}

  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const config = join(this.folder, "mosquitto.conf");
    writeFileSync(config, `listener ${this.port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
    this.process = spawn("mosquitto", ["-c", config], { stdio: "ignore" });
  }

  async stop(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (!process) return;
    const gone = new Promise((resolve) => process.once("exit", resolve));
    process.kill();
    await gone;
  }
}

describe("the example for Home Assistant", function () {
  const box = new SimulatedBox();
  const userDir = mkdtempSync(join(tmpdir(), "fritz-ha-"));
  const broker = new Broker(userDir);
  const seen = new Map<string, string>();
  let events: Record<string, unknown>[] = [];
  let server: NodeRedServer | undefined;
  let client: Client | undefined;

  before(async function () {
    if (!hasBroker) return this.skip();
    box.tr064.state.books.named("Telefonbuch").add("Erika Muster", "030 23125-001");
    await Promise.all([box.monitor.listen(), box.tr064.listen(), broker.start()]);
    await connect();
    server = await startNodeRed({ version: "4.1", userDir });
    await server.deploy(flows());
    await until("the connection", () => box.monitor.connections === 1);
  });
  after(async () => {
    client?.end(true);
    await server?.stop();
    await Promise.all([broker.stop(), box.monitor.stop(), box.tr064.stop()]);
    removeFolder(userDir);
  });

  async function connect(): Promise<void> {
    const mqtt = (await import("mqtt")) as { connect: (url: string, options: object) => Client };
    client = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 200 });
    client.on("message", (topic, payload) => {
      seen.set(topic, payload.toString());
      if (topic === "fritz/call/event") events.push(JSON.parse(payload.toString()) as Record<string, unknown>);
    });
    client.subscribe(["homeassistant/#", "fritz/#"]);
  }

  /** `armed`: with fritz-block as after unticking its dry run, writing to the barring list. */
  function flows(armed = false): FlowNode[] {
    const { port } = box.tr064;
    const ports = { monitorPort: box.monitor.port, port, tls: false };
    const home = {
      ...{ id: "home", type: "fritz-config", name: "Home", host: "127.0.0.1", ...ports },
      credentials: { username: "fritz1234", password: "secret" },
    };
    const placed = example.map((node) => {
      if (node.type === "mqtt-broker") return { ...node, broker: "127.0.0.1", port: String(broker.port) };
      const arms = armed && node.type === "fritz-block" ? { dryRun: false, action: "barring" } : {};
      return node["box"] === "" ? { ...node, ...arms, box: home.id } : node;
    });
    return [...placed, home, ...entrance()];
  }

  /** Hands what the test publishes to the flow, as the call monitor would. */
  function entrance(): FlowNode[] {
    const the = (type: string) => example.find((node) => node.type === type) ?? assert.fail(type);
    const [tab, monitor, broker] = [the("tab"), the("fritz-callmonitor"), the("mqtt-broker")];
    const place = { z: tab.id, y: 900 };
    const topic = { t: "set", p: "topic", pt: "msg", to: "payload.event", tot: "msg" };
    return [
      {
        ...{ ...place, id: "told", type: "mqtt in", x: 100, broker: broker.id, topic: "test/told", wires: [["named"]] },
        ...{ qos: "1", datatype: "json", nl: false, rap: true, rh: 0, inputs: 0 },
      },
      { ...place, id: "named", type: "change", x: 300, rules: [topic], wires: monitor["wires"] },
    ];
  }

  /** The end of a missed call. */
  const missed = (callId: string, more: object = {}) => {
    const at = `${new Intl.DateTimeFormat("sv-SE").format(Date.now())}T12:00:00+01:00`;
    const parties = { caller: { number: "03023125002" }, called: { number: "732123" } };
    const event = { event: "disconnect", connectionId: 0, at, direction: "incoming", outcome: "missed", ...parties };
    const rest = { box: "Home", raw: "", open: { ringing: 0, dialling: 0, talking: 0 }, lineState: "idle" };
    client?.publish("test/told", JSON.stringify({ ...event, ...rest, callId, ...more }));
  };

  const is = (topic: string, value: string) =>
    until(`${topic} ${value}`, () => seen.get(`fritz/call/${topic}`) === value).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify([...seen].filter(([key]) => key !== CONFIG))}`);
    });
  const today = () => JSON.parse(seen.get("fritz/call/today") ?? "{}") as Today;
  const components = () => (JSON.parse(seen.get(CONFIG) ?? "{}") as { cmps: Record<string, Component> }).cmps;

  it("announces one device with all its entities, and without function nodes", async () => {
    await until("the discovery", () => seen.has(CONFIG));
    await is("state", "idle");
    await is("open", "0");
    assert.equal(seen.get("fritz/status"), "online");
    const config = JSON.parse(seen.get(CONFIG) ?? "{}") as Record<string, unknown>;
    assert.deepEqual(config["availability"], [{ topic: "fritz/status" }]);
    assert.ok((config["o"] as { name: string }).name && (config["dev"] as { ids: string[] }).ids.length === 1);
    const all = Object.values(components());
    assert.deepEqual(
      all.map(({ unique_id }) => unique_id),
      [
        ...["fritz_phone", "fritz_calls_in_progress", "fritz_last_caller", "fritz_missed_today", "fritz_blocked_today"],
        ...["fritz_call", "fritz_block_last", "fritz_undo", "fritz_last_order"],
      ],
      "stable: Home Assistant knows its entities by them",
    );
    for (const { p, state_topic, command_topic } of all) assert.ok(p === "button" ? command_topic : state_topic);
    assert.deepEqual(components()["call"]?.event_types, ["ring", "call", "connect", "disconnect"]);
    assert.ok(!flows().some(({ type }) => type === "function"));
  });

  it("shows two overlapping calls, the last caller by name, and each event", async () => {
    const first = box.ring("03023125001");
    await is("state", "ringing");
    await is("caller", "Erika Muster");
    box.answer(first);
    await is("state", "talking");
    const second = box.ring("03023125002");
    await is("open", "2");
    await is("caller", "Berlin");
    box.hangUp(second);
    await is("open", "1");
    await is("state", "talking");
    box.hangUp(first);
    await is("state", "idle");
    await until("the missed one", () => today().missed === 1);
    assert.deepEqual(today().blocked, 0);
    await until("the last event", () => events.length >= 5);
    const kinds = events.map(({ event_type, name }) => [event_type, name]);
    assert.deepEqual(kinds, [
      ["ring", "Erika Muster"],
      ["connect", "Erika Muster"],
      ["ring", "Berlin"],
      ["disconnect", "Berlin"],
      ["disconnect", "Erika Muster"],
    ]);
  });

  function press(name: string): void {
    const { command_topic = "", payload_press = "" } = components()[name] ?? {};
    seen.delete("fritz/call/done");
    client?.publish(command_topic, payload_press);
  }

  it("tries to block the last caller, as it comes, and says what it did", async () => {
    press("block");
    await is("done", "block 03023125002 (dry-run)");
    assert.deepEqual(box.tr064.state.books.barring.contacts, []);
    press("undo");
    await until("an answer", () => seen.has("fritz/call/done"));
    assert.doesNotMatch(seen.get("fritz/call/done") ?? "", /undefined|^$/);
  });

  it("is idle after a restart of the box in mid-call", async () => {
    const call = box.ring("03023125002");
    await is("state", "ringing");
    await box.monitor.refuse();
    const from = server?.log.length;
    box.monitor.resetAll();
    box.hangUp(call);
    await until("the outage", () => (server?.log ?? []).slice(from).some((line) => line.includes("fritz-config")));
    await box.monitor.accept();
    await is("state", "idle");
    await until("the missed one", () => today().missed === 2);
  });

  it("tells all again after a restart of the broker that forgot it", async () => {
    await broker.stop();
    seen.clear();
    await broker.start();
    await until("the discovery", () => seen.has(CONFIG), 100_000);
    await is("state", "idle");
    await is("caller", "Berlin");
    await until("the counts", () => today().missed === 2);
    await until("the birth", () => seen.get("fritz/status") === "online");
  });

  it("keeps the counts of today, and tells the line, over a kill of Node-RED", async () => {
    process.kill(server?.pid ?? 0, "SIGKILL");
    await server?.stop();
    await until("the last will", () => seen.get("fritz/status") === "offline");
    server = await startNodeRed({ version: "4.1", userDir });
    await until("the birth", () => seen.get("fritz/status") === "online");
    await until("the connection", () => box.monitor.connections === 1);
    const call = box.ring("03023125002");
    await is("state", "ringing");
    box.hangUp(call);
    await is("state", "idle");
    await until("one more", () => today().missed === 3);
  });

  it("counts a call once that is told again after a kill of Node-RED", async () => {
    const before = today().missed ?? 0;
    missed("call-a");
    await until("the call", () => today().missed === before + 1, 20_000);
    process.kill(server?.pid ?? 0, "SIGKILL");
    await server?.stop();
    await until("the last will", () => seen.get("fritz/status") === "offline", 20_000);
    server = await startNodeRed({ version: "4.1", userDir });
    await until("the birth", () => seen.get("fritz/status") === "online", 20_000);
    events = [];
    missed("call-a", { repeated: true });
    missed("call-b");
    await until("both", () => events.length === 2, 20_000);
    assert.deepEqual(
      events.map(({ call, repeated }) => [call, repeated]),
      [
        ["call-a", true],
        ["call-b", undefined],
      ],
    );
    await until("the other call", () => today().calls?.[0]?.id === "call-b", 20_000);
    assert.equal(today().missed, before + 2);
  });

  it("announces itself again when Home Assistant starts", async () => {
    seen.clear();
    client?.publish("homeassistant/status", "online");
    await until("the discovery", () => seen.has(CONFIG));
    await is("state", "idle");
    await until("the counts", () => seen.has("fritz/call/today"), 10_000); // the next test compares with them
    events = [];
  });

  it("armed, bars the last caller at the box by one button, and lets it through again by the other", async () => {
    const { barring } = box.tr064.state.books;
    const barred = () => barring.contacts.flatMap(({ xml }) => [...xml.matchAll(/(?<=<number[^>]*>)[^<]*/g)].flat());
    const before = today();
    seen.clear();
    await server?.deploy(flows(true));
    await until("the discovery", () => seen.has(CONFIG)); // the orders are subscribed to by then
    await is("state", "idle");

    press("block");
    await is("done", "block 03023125002 (added)");
    assert.deepEqual(barred(), ["03023125002"]);
    box.ring("03023125002"); // the box rejects it by its list
    await until("the blocked one", () => today().blocked === (before.blocked ?? 0) + 1);
    assert.equal(today().missed, before.missed);
    assert.ok(!events.some(({ event_type }) => event_type === "ring"), "it does not ring");

    press("undo");
    await is("done", "undo 03023125002 (removed)");
    assert.deepEqual(barred(), []);
    const call = box.ring("03023125002");
    await is("state", "ringing");
    box.hangUp(call);
    await is("state", "idle");
    press("undo");
    await until("an answer", () => seen.has("fritz/call/done"));
    assert.doesNotMatch(seen.get("fritz/call/done") ?? "", /undefined|removed|^$/, "nothing is left to take back");
  });
});
