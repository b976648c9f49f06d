/** The examples as a user imports them: each runs in a real Node-RED against the simulated box and does what it says. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { PHONEBLOCK_TOKEN, SEARCHCH_KEY, SimulatedBox, TELLOWS_KEY, WebServices } from "../../simulator";
import { type FlowNode, type NodeRedServer, root, startNodeRed } from "../support/node-red-server";
import { pause, until } from "../support/wait";

const FOLDER = join(root, "examples");
const CALLER = "03023125001";
const PASSWORD = "gehe!m-42";

interface Stage {
  box: SimulatedBox;
  /** The services outside the house. */
  web: WebServices;
  server: NodeRedServer;
  /** Clicks the inject node of that name. */
  click: (name: string) => Promise<void>;
  /** What the debug nodes have printed since the deploy. */
  said: () => string;
  /** Waits until the debug nodes have said it. */
  hears: (wanted: RegExp) => Promise<void>;
}

/** What each example must do; a new example needs an entry. */
const EXAMPLES: Record<string, (stage: Stage) => Promise<void>> = {
  "Log all calls": async ({ box, server, hears }) => {
    box.hangUp(box.ring(CALLER));
    await hears(/event: 'disconnect'/);
    const folder = join(server.userDir, "fritz-calls");
    await until("the log file", () => existsSync(folder) && readdirSync(folder).length > 0);
    const text = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("");
    assert.match(text, /RING;0;03023125xxx;732xxx;/);
  },
  "Replay recorded calls": async ({ click, hears, server }) => {
    const flow = await server.flows();
    const inject = flow.find(({ type }) => type === "inject");
    await click(String(inject?.["name"]));
    await hears(/replayed: true/);
  },
  "Phonebooks and call list": async ({ box, click, hears }) => {
    box.hangUp(box.ring(CALLER));
    await click("030 23125001");
    await hears(/name: 'Erika Muster'/);
    await click("missed and other calls");
    await hears(/kind: 'missed'/);
    await click("all contacts as vCard");
    await hears(/FN:Erika Muster/);
    await click("add (dry run)");
    await hears(/added: 1/);
    assert.equal(box.tr064.state.books.named("Telefonbuch").contacts.length, 1);
  },
  "Block spam calls": async ({ box, click, hears }) => {
    box.hangUp(box.ring("09001234567"));
    await hears(/The number matches 0900\*, which you block\./);
    box.hangUp(box.ring(CALLER));
    await hears(/Erika Muster is in your phonebook Telefonbuch\./);
    await click("rehearse with the last calls");
    await hears(/wouldBlock: 1/);
    await click("journal");
    await hears(/action: 'dry-run'/);
    await click("the last one was a false alarm");
    await hears(/number: '09001234567', removed: false, allowed: true/);
    assert.ok(!box.tr064.state.books.all.some(({ name }) => name === "Spam"), "it is a dry run");
  },
  "Pause the music while the phone rings": async ({ box, said, hears }) => {
    const first = box.ring(CALLER);
    const second = box.dial("03023125002");
    await hears(/'?pause'?/);
    box.hangUp(first);
    await pause(300);
    assert.doesNotMatch(said(), /play/, "the second call is still going on");
    box.hangUp(second);
    await hears(/play/);
    assert.equal(said().match(/pause/g)?.length, 1, "pause once");
    box.barred.add("03023125099");
    box.ring("03023125099");
    await pause(1_500);
    assert.equal(said().match(/pause/g)?.length, 1, "a rejected caller stops nothing");
  },
  "Missed-call list": async ({ box, click, hears }) => {
    const calls = [box.ring(CALLER), box.ring("")];
    await pause(1_100); // in the same second it would look like a call that the box rejects
    for (const call of calls) box.hangUp(call);
    await pause(500);
    await click("show");
    await hears(/name: 'Erika Muster'[\s\S]*number: ''|number: ''[\s\S]*name: 'Erika Muster'/);
    await click("clear");
    await click("show");
    await hears(/\[\]/);
  },
  "Call-list report": async ({ box, click, hears }) => {
    for (const number of [CALLER, CALLER, "03023125002"]) box.hangUp(box.ring(number));
    await click("last 30 days");
    await hears(/missed: 3[\s\S]*who: 'Erika Muster', calls: 2/);
  },
  "Who called today": async ({ box, click, hears }) => {
    await click("now");
    await hears(/Nobody called today\./);
    for (const number of [CALLER, "03023125002"]) box.hangUp(box.ring(number));
    await click("now");
    await hears(/2 calls today:/);
    await hears(/Erika Muster \(missed\)/);
  },
  "MQTT with Home Assistant discovery": async ({ box }) => {
    const got = await messages(broker.port, ["homeassistant/#", "fritz/#"], async (seen) => {
      await until("the discovery", () => seen.has("homeassistant/sensor/fritz_last_caller/config"), 15_000);
      const call = box.ring(CALLER);
      await until("ringing", () => seen.get("fritz/call/state") === "ringing");
      box.hangUp(call);
      await until("idle", () => seen.get("fritz/call/state") === "idle");
    });
    assert.equal(got.get("fritz/call/caller"), CALLER);
    const config = JSON.parse(got.get("homeassistant/sensor/fritz_phone/config") ?? "") as Record<string, unknown>;
    assert.equal(config["state_topic"], "fritz/call/state");
    assert.equal((JSON.parse(got.get("fritz/call/event") ?? "") as { event: string }).event, "disconnect");
  },
  "Phonebook backup to a file": async ({ server, click, hears }) => {
    await click("now");
    await hears(/phonebook-\w+\.vcf/);
    const [file = ""] = readdirSync(join(server.userDir, "fritz-backup"));
    assert.match(readFileSync(join(server.userDir, "fritz-backup", file), "utf8"), /FN:Erika Muster/);
  },
  "Block like Airport1's Fritzbox tools": async ({ box, server, hears }) => {
    box.tr064.state.books.addLocal("Spam").add("Gewinnspiel", "030 23125-099");
    for (const number of [CALLER, "03023125099"]) box.hangUp(box.ring(number));
    await hears(/phonebook Spam/);
    const folder = join(server.userDir, "fritz-calls");
    const lines = () =>
      readdirSync(folder)
        .filter((file) => file.startsWith("block-"))
        .map((file) => readFileSync(join(folder, file), "utf8"))
        .join("");
    await until("both lines", () => lines().includes("BLACKLIST") && lines().includes("WHITELIST"));
    assert.match(lines(), /;WHITELIST;0;03023125001;"Erika Muster";/);
    assert.match(lines(), /;BLACKLIST;0;03023125099;"Gewinnspiel";/);
    assert.equal(box.tr064.state.books.named("Spam").contacts.length, 1, "a dry run writes nothing");
  },
  "Quiet hours": async ({ box, server, click, hears }) => {
    // The night is now: it begins an hour ago and ends in an hour.
    const clock = (shift: number) => new Date(Date.now() + shift * 3_600_000).toTimeString().slice(0, 5);
    const flow = await server.flows();
    const night = { quietFrom: clock(-1), quietTo: clock(1) };
    const box1 = flow.find(({ type }) => type === "fritz-config");
    const credentials = { username: "nodered", password: PASSWORD };
    await server.deploy(
      flow.map((node) =>
        node.type === "fritz-block" ? { ...node, ...night } : node === box1 ? { ...node, credentials } : node,
      ),
    );
    await until("the connection", () => box.monitor.connections === 1);
    const calls = [box.ring(CALLER), box.ring("03023125002")];
    await hears(/Call from 03023125001: /);
    await click("now");
    await hears(/\d\d:\d\d 03023125002/);
    for (const call of calls) box.hangUp(call);
  },
  "From a tcp in node to callmonitor": async ({ click, hears }) => {
    await click("replay recorded lines");
    await hears(/type: 'RING'[\s\S]*type: 'DISCONNECT'/);
    await hears(/outcome: 'answered'/);
  },
  "Who is calling": async ({ box, web, click, hears }) => {
    box.hangUp(box.ring(CALLER));
    await hears(/Erika Muster/);
    await click("030 23125042");
    await hears(/Berlin/);
    assert.deepEqual(web.requests, [], "nobody outside is asked");
  },
  "Spam score and reverse search": async ({ box, web, click, hears }) => {
    await click("030 23125042");
    await hears(/payload: 'Muster Energie Vertrieb, Berlin'[\s\S]*comments: 12/);
    web.requests.length = 0;
    box.hangUp(box.ring("03023125077"));
    await hears(/score: 9,\s+reports: 57/);
    assert.deepEqual(
      web.requests.map(({ site }) => site),
      ["werruft"],
    );
  },
};

/** Debian's mosquitto on a free port. */
const broker = { port: 0, process: undefined as ChildProcess | undefined };
const hasBroker = spawnSync("mosquitto", ["-h"]).error === undefined;

async function startBroker(folder: string): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  broker.port = (probe.address() as { port: number }).port;
  await new Promise((resolve) => probe.close(resolve));
  const config = join(folder, "mosquitto.conf");
  writeFileSync(config, `listener ${broker.port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  broker.process = spawn("mosquitto", ["-c", config], { stdio: "ignore" });
}

/** Subscribes, lets `act` happen, and gives the last message of each topic. */
async function messages(
  port: number,
  topics: string[],
  act: (seen: Map<string, string>) => Promise<void>,
): Promise<Map<string, string>> {
  // The client that Node-RED itself brings.
  const { connect } = (await import("mqtt")) as {
    connect: (url: string) => {
      on(event: "message", heard: (topic: string, payload: Buffer) => void): void;
      subscribe(topics: string[]): void;
      end(force: boolean): void;
    };
  };
  const client = connect(`mqtt://127.0.0.1:${port}`);
  const seen = new Map<string, string>();
  client.on("message", (topic, payload) => seen.set(topic, payload.toString()));
  client.subscribe(topics);
  try {
    await act(seen);
    return seen;
  } finally {
    client.end(true);
  }
}

describe("examples", function () {
  this.timeout(60_000);
  let server: NodeRedServer;
  let box: SimulatedBox;
  const web = new WebServices();

  before(async () => {
    await web.listen();
    server = await startNodeRed({ version: "4.1" });
    if (hasBroker) await startBroker(server.userDir);
  });
  after(async () => {
    broker.process?.kill();
    await server.stop();
    await web.stop();
  });
  beforeEach(async () => {
    box = new SimulatedBox();
    box.tr064.state.users = [{ name: "nodered", password: PASSWORD, rights: { phone: "readwrite" } }];
    box.tr064.state.books.named("Telefonbuch").add("Erika Muster", "030 23125-001");
    await box.monitor.listen();
    await box.tr064.listen();
    web.reset();
  });
  afterEach(async () => {
    await server.deploy([]);
    await box.monitor.stop();
    await box.tr064.stop();
  });

  const withSimulatedServices = ({ providers }: FlowNode) => ({
    providers: (providers as { id: string }[]).map((entry) => ({
      ...entry,
      ...(WebServices.sites.includes(entry.id) && { baseUrl: web.base(entry.id), allowPrivate: true }),
    })),
    credentials: { phoneblockToken: PHONEBLOCK_TOKEN, tellowsKey: TELLOWS_KEY, searchchKey: SEARCHCH_KEY },
  });

  /** The example with the simulated box instead of the user's, its debug nodes also in the log. */
  const atHome = (flow: FlowNode[]): FlowNode[] =>
    flow.map((node) => {
      if (node.type === "debug") return { ...node, console: true };
      if (node.type === "mqtt-broker") return { ...node, broker: "127.0.0.1", port: String(broker.port) };
      if (node.type === "fritz-caller-info") return { ...node, ...withSimulatedServices(node) };
      if (node.type !== "fritz-config") return node;
      const { port, tlsPort } = box.tr064;
      const credentials = { username: "nodered", password: PASSWORD };
      return { ...node, host: "127.0.0.1", monitorPort: box.monitor.port, port, tlsPort, credentials };
    });

  for (const file of readdirSync(FOLDER)) {
    const name = file.replace(/\.json$/, "");
    it(name, async function () {
      const act = EXAMPLES[name];
      assert.ok(act, "no test for this example");
      const flow = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as FlowNode[];
      if (flow.some(({ type }) => type === "mqtt-broker") && !hasBroker) {
        if (process.env["CI"] === "true") throw new Error("no mosquitto");
        console.log("      skipped: no mosquitto on this machine");
        this.skip();
      }
      const from = server.log.length;
      await server.deploy(atHome(flow));
      if (flow.some(({ type, box: id }) => type === "fritz-callmonitor" && id !== "")) {
        await until("the connection", () => box.monitor.connections === 1);
      }
      const said = () => server.log.slice(from).join("\n");
      const click = async (button: string) => {
        const inject = flow.find(({ type, name: label }) => type === "inject" && label === button);
        assert.ok(inject, `no button ${button}`);
        const answer = await fetch(`${server.url}/inject/${inject.id}`, { method: "POST" });
        assert.equal(answer.status, 200);
      };
      const hears = (wanted: RegExp) =>
        until(String(wanted), () => wanted.test(said())).catch((error: unknown) => {
          throw new Error(`${String(error)} in:\n${said()}`);
        });
      await act({ box, web, server, click, said, hears });
      assert.ok(!said().includes(PASSWORD));
      assert.doesNotMatch(said(), /\[error\]/);
    });
  }
});
