/** The examples as a user imports them: each runs in a real Node-RED against the simulated box and does what it says. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { basename, join } from "node:path";
import { PHONEBLOCK_TOKEN, SEARCHCH_KEY, SimulatedBox, TELLOWS_KEY, WebServices } from "../../simulator";
import { type FlowNode, type NodeRedServer, startNodeRed } from "../support/node-red-server";
import { announce, judge, mail, notify } from "../support/examples/announcing";
import { callList, lamp, phoneBlock, weekly, withVip } from "../support/examples/around";
import { EXAMPLE_FILES, EXAMPLES_FOLDER } from "../support/examples/files";
import { myHouse, theirHouse, withMachineRule } from "../support/examples/guardian";
import { type Act, BOT_TOKEN, type Stage } from "../support/examples/stage";
import { tellTheFamily } from "../support/examples/telegram";
import { freePort, pause, until } from "../support/wait";

const CALLER = "03023125001";
const PASSWORD = "gehe!m-42";
/** The IP phone of fritz-hangup. */
const PHONE = { sipUsername: "anrufwaechter", sipPassword: "Beispiel1234" };

/** Nodes of FlowFuse Dashboard, which is not installed here: its page becomes a debug node. */
const DASHBOARD = /^ui-(base|theme|page|group)$/;

type TabVariable = { name: string; value: string };
/** No example reaches a service of the internet in a test. */
const inside = (variable: TabVariable) =>
  variable.value.startsWith("https:") ? { ...variable, value: "http://127.0.0.1:1" } : variable;

/** The call list was read once, so that what comes then is known to be missed. */
const firstReading = (userDir: string, monitorPort: number) => {
  const key = JSON.stringify(["127.0.0.1", monitorPort, ""]);
  const name = `calls-${createHash("sha256").update(key).digest("hex").slice(0, 16)}.json`;
  const file = join(userDir, "fritz-calls", name);
  return until("the first reading", () => existsSync(file) && readFileSync(file, "utf8").includes('"through"'));
};

/** What was done before may still be on its way: clicks until the answer tells it. */
async function clickUntil({ click, prints }: Stage, button: string, wanted: RegExp): Promise<void> {
  let isOver = false;
  const printing = prints(wanted).finally(() => (isOver = true));
  while (!isOver) {
    await click(button);
    await pause(200);
  }
  await printing;
}

/** What the box has before the flow starts, and reads its phonebooks. */
const PREPARED: Record<string, (box: SimulatedBox) => void> = {
  "Decide by lists, score and reverse search": ({ tr064 }) =>
    tr064.state.books.addLocal("Spam").add("Gewinnspiel", "030 23125-099"),
  "Guardian for my parents - their house": withMachineRule,
  "Guardian for my parents - my house": withMachineRule,
  "Lamp for important callers": withVip,
  "Weekly report with a chart": withVip,
};

/** What each example must do; a new example needs an entry. */
const EXAMPLES: Record<string, Act> = {
  "Tell the family by Telegram": tellTheFamily,
  "Announce the caller": announce,
  "Phone notification through MQTT": notify,
  "Mail about missed and blocked calls": mail,
  "Judge my last 400 calls": judge,
  "Lamp for important callers": lamp,
  "Weekly report with a chart": weekly,
  "Set up PhoneBlock": phoneBlock,
  "Call list with FlowFuse Dashboard": callList,
  "Guardian for my parents - their house": theirHouse,
  "Guardian for my parents - my house": myHouse,
  "Log all calls": async ({ box, server, prints }) => {
    box.hangUp(box.ring(CALLER));
    await prints(/event: 'disconnect'/);
    const folder = join(server.userDir, "fritz-calls");
    const logs = () => (existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".log")) : []);
    const text = () =>
      logs()
        .map((file) => readFileSync(join(folder, file), "utf8"))
        .join("");
    await until("the line in the log file", () => /RING;0;03023125xxx;732xxx;/.test(text()));
  },
  "Replay recorded calls": async ({ click, prints, server }) => {
    const flow = await server.flows();
    const inject = flow.find(({ type }) => type === "inject");
    await click(String(inject?.["name"]));
    await prints(/replayed: true/);
  },
  "Phonebooks and call list": async ({ box, click, prints }) => {
    box.hangUp(box.ring(CALLER));
    await click("030 23125001");
    await prints(/name: 'Erika Muster'/);
    await click("missed and other calls");
    await prints(/kind: 'missed'/);
    await click("all contacts as vCard");
    await prints(/FN:Erika Muster/);
    await click("add (dry run)");
    await prints(/added: 1/);
    assert.equal(box.tr064.state.books.named("Telefonbuch").contacts.length, 1);
  },
  "Block spam calls": async ({ box, click, prints }) => {
    box.hangUp(box.ring("09001234567"));
    await prints(/The number matches 0900\*, which you block\./);
    box.hangUp(box.ring(CALLER));
    await prints(/Erika Muster is in your phonebook Telefonbuch\./);
    await click("rehearse with the last calls");
    await prints(/wouldBlock: 1/);
    await click("journal");
    await prints(/action: 'dry-run'/);
    await click("the last one was a false alarm");
    await prints(/number: '09001234567', removed: false, allowed: true/);
    assert.ok(!box.tr064.state.books.all.some(({ name }) => name === "Spam"), "it is a dry run");
  },
  "Stop spam at the first ring": async ({ box, server, prints }) => {
    await until("registered", () => box.sip.registered.length === 1);
    box.ring("09001234567");
    await prints(/event: 'incoming'/);
    await prints(/event: 'would-hangup'/);
    assert.equal(box.ringingCalls.length, 1, "it is a dry run");
    for (const call of box.openCalls) box.hangUp(call);
    const armed = (await server.flows()).map((one) => ("dryRun" in one ? { ...one, dryRun: false } : one));
    await server.deploy(armed, "nodes");
    await until("registered", () => box.sip.registered.length === 1);
    box.ring("09001234568");
    await prints(/event: 'hungup'/);
    await until("silence", () => box.openCalls.length === 0);
    box.ring(CALLER);
    await prints(/name: 'Erika Muster'/);
    await prints(/event: 'released'/);
    assert.equal(box.ringingCalls.length, 1, "a contact rings on");
  },
  "Pause the music while the phone rings": async ({ box, printed, prints }) => {
    const first = box.ring(CALLER);
    const second = box.dial("03023125002");
    await prints(/'?pause'?/);
    box.hangUp(first);
    await pause(300);
    assert.doesNotMatch(printed(), /play/, "the second call is still going on");
    box.hangUp(second);
    await prints(/play/);
    assert.equal(printed().match(/pause/g)?.length, 1, "pause once");
    box.barred.add("03023125099");
    box.ring("03023125099");
    await pause(1_500);
    assert.equal(printed().match(/pause/g)?.length, 1, "a rejected caller stops nothing");
  },
  "Missed-call list": async (stage) => {
    const { box, click, printed } = stage;
    const calls = [box.ring(CALLER), box.ring("")];
    await pause(1_100); // in the same second it would look like a call that the box rejects
    for (const call of calls) box.hangUp(call);
    await clickUntil(stage, "show", /name: 'Erika Muster'[\s\S]*number: ''|number: ''[\s\S]*name: 'Erika Muster'/);
    const before = printed().length;
    await click("clear");
    await click("show");
    await until("an empty list", () => /\[\]/.test(printed().slice(before)));
  },
  "Missed while I was away": async ({ box, server, printed, prints }) => {
    await firstReading(server.userDir, box.monitor.port);
    box.monitor.mute(); // lines are lost, and the connection is back before it counts as an outage
    const calls = [box.ring(CALLER), box.ring("03023125002")];
    for (const call of calls) box.hangUp(call);
    box.monitor.mute(false);
    box.monitor.resetAll();
    await prints(/2 missed: 20\d\d-\d\d-\d\dT\d\d:\d\d (Erika Muster|Berlin), /);
    await pause(3_500);
    assert.equal(printed().match(/ missed: /g)?.length, 1, "one message");
  },
  "Call-list report": async ({ box, click, prints }) => {
    for (const number of [CALLER, CALLER, "03023125002"]) box.hangUp(box.ring(number));
    await click("last 30 days");
    await prints(/missed: 3[\s\S]*who: 'Erika Muster', calls: 2/);
  },
  "Who called today": async ({ box, click, prints }) => {
    await click("now");
    await prints(/Nobody called today\./);
    for (const number of [CALLER, "03023125002"]) box.hangUp(box.ring(number));
    await click("now");
    await prints(/2 calls today:/);
    await prints(/Erika Muster \(missed\)/);
  },
  "MQTT with Home Assistant discovery": async ({ box }) => {
    const got = await messages(broker.port, ["homeassistant/#", "fritz/#"], async (seen) => {
      await until("the discovery", () => seen.has("homeassistant/device/fritz_calls/config"));
      await until("the state at the start", () => seen.get("fritz/call/state") === "idle");
      await until("the birth", () => seen.get("fritz/status") === "online");
      const call = box.ring(CALLER);
      await until("ringing", () => seen.get("fritz/call/state") === "ringing");
      box.answer(call);
      await until("talking", () => seen.get("fritz/call/state") === "talking");
      const second = box.ring("03023125002");
      await until("two calls", () => seen.get("fritz/call/open") === "2");
      box.hangUp(second);
      await until("one call", () => seen.get("fritz/call/open") === "1");
      assert.equal(seen.get("fritz/call/state"), "talking", "the first call goes on");
      box.hangUp(call);
      await until("idle", () => seen.get("fritz/call/state") === "idle");
      await until("the last event", () => seen.get("fritz/call/event")?.includes('"event_type":"disconnect"') === true);
      await until("the caller", () => seen.get("fritz/call/caller") === "Berlin");
    });
    const config = JSON.parse(got.get("homeassistant/device/fritz_calls/config") ?? "") as {
      availability: { topic: string }[];
      cmps: Record<string, { state_topic: string }>;
    };
    assert.deepEqual(config.availability, [{ topic: "fritz/status" }]);
    assert.equal(config.cmps["line"]?.state_topic, "fritz/call/state");
  },
  "Phonebook backup to a file": async ({ server, click, prints }) => {
    await click("now");
    await prints(/phonebook-\w+\.vcf/);
    const [file = ""] = readdirSync(join(server.userDir, "fritz-backup"));
    assert.match(readFileSync(join(server.userDir, "fritz-backup", file), "utf8"), /FN:Erika Muster/);
  },
  "Decide by lists, score and reverse search": async ({ box, server, prints }) => {
    for (const number of [CALLER, "03023125099", "", "03023125042"]) box.hangUp(box.ring(number));
    box.hangUp(box.dial("03023125077"));
    await prints(/phonebook Spam/);
    const folder = join(server.userDir, "fritz-calls");
    const lines = () =>
      (existsSync(folder) ? readdirSync(folder) : [])
        .filter((file) => file.startsWith("block-") && file.endsWith(".log"))
        .map((file) => readFileSync(join(folder, file), "utf8"))
        .join("");
    await until("all lines", () => lines().split("\n").length === 6);
    assert.match(lines(), /;WHITELIST;0;03023125001;"Erika Muster";/);
    assert.match(lines(), /;BLACKLIST;0;03023125099;"Gewinnspiel";/);
    assert.match(lines(), /;PASS;0;;ANON;/);
    assert.match(lines(), /;BLOCK;\d;03023125042;"Muster Energie Vertrieb/);
    assert.match(lines(), /;PASS;\d;03023125077;/); // outgoing: rated, never blocked
    assert.equal(box.tr064.state.books.named("Spam").contacts.length, 1, "a dry run writes nothing");
  },
  "Quiet hours": async (stage) => {
    const { box, server, prints, printed } = stage;
    // The night is now: it begins an hour ago and ends in an hour.
    const clock = (shift: number) => new Date(Date.now() + shift * 3_600_000).toTimeString().slice(0, 5);
    const flow = await server.flows();
    const night = { quietFrom: clock(-1), quietTo: clock(1), blockPatterns: ["03023125003"] };
    const credentials = { username: "nodered", password: PASSWORD };
    await server.deploy(
      flow.map((node) =>
        node.type === "fritz-block"
          ? { ...node, ...night }
          : node.type === "fritz-config"
            ? { ...node, credentials }
            : node,
      ),
    );
    await until("the connection", () => box.monitor.connections === 1);
    const calls = [box.ring(CALLER), box.ring("03023125003"), box.ring("03023125002")];
    await prints(/Call from 03023125001: /);
    // The second call may still be on its way: asked too early, the flow says nothing.
    await clickUntil(stage, "now", /\d\d:\d\d 03023125002/);
    assert.doesNotMatch(printed(), /\d\d:\d\d 03023125003/, "blocked by day, too: no caller of the night");
    for (const call of calls) box.hangUp(call);
  },
  "Replace a tcp in node": async ({ click, prints }) => {
    await click("replay recorded lines");
    await prints(/type: 'RING'[\s\S]*type: 'DISCONNECT'/);
    await prints(/outcome: 'answered'/);
  },
  "Do not disturb with a button": async ({ box, click, prints }) => {
    const rule = { number: "", toNumber: "", mode: "eNoSignal", outgoing: "", phonebookId: "" as const };
    box.tr064.state.deflections = [{ ...rule, type: "fromAll", enable: false }];
    await click("what rules are there");
    await prints(/text: 'All calls are rejected\.'/);
    await click("quiet for two hours");
    await prints(/enabled: true[\s\S]*until: '/);
    assert.equal(box.tr064.state.deflections[0]?.enable, true);
    await click("ring again");
    await until("the rule is off", () => box.tr064.state.deflections[0]?.enable === false);
  },
  "Ring the phones as an alarm": async ({ box, click, prints }) => {
    await click("alarm");
    await until("the telephones ring", () => box.ringing === "**9");
    await click("stop");
    await prints(/operation: 'ring'[\s\S]*stopped: true/);
    assert.equal(box.ringing, "");
    assert.deepEqual(box.dialledNumbers, ["**9"]);
  },
  "Voice message to Telegram or mail": async ({ box, prints, deployWith }) => {
    const received: Buffer[] = [];
    const telegram = createHttpServer((request, response) => {
      request.on("data", (part: Buffer) => received.push(part)).on("end", () => response.end("taken"));
    });
    await new Promise<void>((resolve) => telegram.listen(0, "127.0.0.1", resolve));
    try {
      const call = box.ring("03023125042");
      box.speak(call, { seconds: 2 });
      box.hangUp(call);
      await prints(/Voice message from 03023125042/);
      assert.equal(received.length, 0, "nothing leaves the house before it is set up");
      const { port } = telegram.address() as { port: number };
      await deployWith({ TELEGRAM_API: `http://127.0.0.1:${port}`, TELEGRAM_CHAT: "7" });
      await until("the connection", () => box.monitor.connections === 1);
      box.tr064.state.tam.leave(0, { number: "03023125001", date: new Date(), seconds: 2 });
      const second = box.ring("03023125001");
      box.answer(second, 40);
      box.hangUp(second);
      await until("the recording", () => Buffer.concat(received).includes("WAVEfmt "));
      const sent = Buffer.concat(received).toString("latin1");
      assert.match(sent, /03023125001/);
      assert.doesNotMatch(sent, /03023125042/, "each message once");
    } finally {
      telegram.closeAllConnections();
      telegram.close();
    }
  },
  "Any action": async ({ box, server, click, prints }) => {
    box.tr064.state.users = [
      { name: "nodered", password: PASSWORD, rights: { config: "readwrite", phone: "readwrite" } },
    ];
    const flow = await server.flows();
    const buttons = flow.filter(({ type }) => type === "inject").map(({ name }) => String(name));
    assert.equal(buttons.length, 10);
    for (const button of buttons) await click(button);
    for (const wanted of [
      ...[/ModelName: 'FRITZ!Box 7590'/, /ExternalIPAddress: '203\.0\.113\.7'/, /ConnectionStatus: 'Connected'/],
      ...[/Layer1UpstreamMaxBitRate: 40000000/, /HostNumberOfEntries: 2/, /HostName: 'notebook'/, /SSID: 'Guests'/],
      ...[/NumberList: \[ \[?Object|Number: '732123'|NumberList/, /DeflectionList: \[\]/, /TAMList/],
    ]) {
      await prints(wanted);
    }
  },
  "Who is calling": async ({ box, web, click, prints }) => {
    box.hangUp(box.ring(CALLER));
    await prints(/Erika Muster/);
    await click("030 23125042");
    await prints(/Berlin/);
    assert.deepEqual(web.requests, [], "no service is asked");
  },
  "Spam score and reverse search": async ({ box, web, click, prints }) => {
    await click("030 23125042");
    await prints(/payload: 'Muster Energie Vertrieb, Berlin'[\s\S]*comments: 12/);
    web.requests.length = 0;
    box.hangUp(box.ring("03023125077"));
    await prints(/score: 9,\s+reports: 57/);
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
  broker.port = await freePort();
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
      on(event: "message", printing: (topic: string, payload: Buffer) => void): void;
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
  let server: NodeRedServer;
  let box: SimulatedBox;
  const web = new WebServices();

  before(async () => {
    await web.listen();
    server = await startNodeRed({ version: "4.1", env: { TELEGRAM_TOKEN: BOT_TOKEN } });
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
    box.tr064.state.sipClients = [{ name: "x", username: PHONE.sipUsername, password: PHONE.sipPassword }];
    await Promise.all([box.monitor.listen(), box.tr064.listen(), box.sip.listen()]);
    web.reset();
  });
  afterEach(async () => {
    await server.deploy([]);
    await Promise.all([box.monitor.stop(), box.tr064.stop(), box.sip.stop()]);
  });

  const withSimulatedServices = ({ providers }: FlowNode) => ({
    providers: (providers as { id: string }[]).map((entry) => ({
      ...entry,
      ...(WebServices.sites.includes(entry.id) && { baseUrl: web.base(entry.id), allowPrivate: true }),
    })),
    credentials: { phoneblockToken: PHONEBLOCK_TOKEN, tellowsKey: TELLOWS_KEY, searchchKey: SEARCHCH_KEY },
  });

  /** The example with the simulated box, as when it is the only one of the flows, its debug nodes also in the log. */
  const atHome = (flow: FlowNode[]): FlowNode[] => {
    const { port, tlsPort } = box.tr064;
    const credentials = { username: "nodered", password: PASSWORD };
    const home = { id: "home", type: "fritz-config", name: "", host: "127.0.0.1", port, tlsPort, credentials };
    const nodes = flow
      .filter(({ type }) => !DASHBOARD.test(type))
      .map((node) => {
        if (node.type === "ui-template") return { ...node, type: "debug", complete: "payload", console: true };
        if (node.type === "debug") return { ...node, console: true };
        if (node.type === "tab") return { ...node, env: (node["env"] as TabVariable[] | undefined)?.map(inside) };
        if (node.type === "mqtt-broker") return { ...node, broker: "127.0.0.1", port: String(broker.port) };
        const placed = node["box"] === "" ? { ...node, box: home.id } : node;
        if (node.type === "fritz-hangup") return { ...placed, registrarPort: box.sip.port, credentials: PHONE };
        if (node.type !== "fritz-caller-info") return placed;
        return { ...placed, ...withSimulatedServices(node), deadlineMs: 30_000 }; // the first look-up on a busy machine
      });
    return [...nodes, { ...home, monitorPort: box.monitor.port, tls: true }];
  };

  for (const file of EXAMPLE_FILES) {
    const name = basename(file, ".json");
    it(name, async function () {
      const act = EXAMPLES[name];
      assert.ok(act, "no test for this example");
      const flow = JSON.parse(readFileSync(join(EXAMPLES_FOLDER, file), "utf8")) as FlowNode[];
      if (flow.some(({ type }) => type === "mqtt-broker") && !hasBroker) {
        if (process.env["CI"] === "true") throw new Error("no mosquitto");
        console.log("      skipped: no mosquitto on this machine");
        this.skip();
      }
      PREPARED[name]?.(box);
      const from = server.log.length;
      const connected = async () => {
        if (flow.some(({ type }) => type === "fritz-callmonitor")) {
          await until("the connection", () => box.monitor.connections === 1);
        }
      };
      await server.deploy(atHome(flow));
      await connected();
      const deployWith: Stage["deployWith"] = async (env, change = (node) => node) => {
        const inTab = Object.entries(env).map(([name, value]) => ({ name, value, type: "str" }));
        await server.deploy(atHome(flow.map((node) => change(node.type === "tab" ? { ...node, env: inTab } : node))));
        await connected();
      };
      const printed = () => server.log.slice(from).join("\n");
      const click = async (button: string) => {
        const inject = flow.find(({ type, name: label }) => type === "inject" && label === button);
        assert.ok(inject, `no button ${button}`);
        const answer = await fetch(`${server.url}/inject/${inject.id}`, { method: "POST" });
        assert.equal(answer.status, 200);
      };
      const prints = (wanted: RegExp) =>
        until(String(wanted), () => wanted.test(printed())).catch((error: unknown) => {
          throw new Error(`${String(error)} in:\n${printed()}`);
        });
      const deployAlso = (others: FlowNode[]) => server.deploy(atHome([...flow, ...others])).then(() => undefined);
      await act({ deployAlso, box, web, server, brokerPort: broker.port, click, printed, prints, deployWith });
      assert.ok(!printed().includes(PASSWORD));
      assert.doesNotMatch(printed(), /\[error\]/);
    });
  }
});
