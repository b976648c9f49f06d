/** docs/several-boxes: two houses, each with a Node-RED and a simulated box, and mosquitto with TLS and passwords between them. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { type FlowNode, type NodeRedServer, root, startNodeRed } from "../support/node-red-server";
import { freePort, until } from "../support/wait";

const missing = ["mosquitto", "mosquitto_passwd", "openssl"].find((tool) => spawnSync("which", [tool]).status !== 0);
const PASSWORDS = { "house-a": "geheim-a", "house-b": "geheim-b" };
type House = keyof typeof PASSWORDS;
const ACL =
  /```\n# acl[^\n]*\n([^]*?)```/.exec(readFileSync(join(root, "docs/several-boxes/README.md"), "utf8"))?.[1] ?? "";

describe("several boxes, several Node-REDs", function () {
  if (missing !== undefined) {
    if (process.env["CI"] === "true") throw new Error(`${missing} is missing`);
    it.skip(`is not tried: ${missing} is missing`);
    return;
  }
  const boxes = { "house-a": new SimulatedBox(), "house-b": new SimulatedBox() };
  const servers: Partial<Record<House, NodeRedServer>> = {};
  let folder = "";
  let port = 0;
  let broker: ChildProcess | undefined;
  const sh = (command: string) => {
    const { status, stderr } = spawnSync("sh", ["-ec", command], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fritz-houses-"));
    sh(`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=ca 2>&1
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout broker.key -out broker.csr -subj /CN=localhost 2>&1
      printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > san
      openssl x509 -req -in broker.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile san -out broker.crt 2>&1
      touch passwords; chmod 700 .; chmod 600 *`);
    for (const [house, password] of Object.entries(PASSWORDS)) sh(`mosquitto_passwd -b passwords ${house} ${password}`);
    port = await freePort();
    writeFileSync(join(folder, "acl"), ACL, { mode: 0o600 });
    const lines = [
      `listener ${port} 127.0.0.1`,
      ...["cafile ca.crt", "certfile broker.crt", "keyfile broker.key"],
      ...["allow_anonymous false", "password_file passwords", "acl_file acl", "persistence false"],
      ...(process.getuid?.() === 0 ? ["user root"] : []),
    ];
    writeFileSync(join(folder, "mosquitto.conf"), lines.join("\n"));
    broker = spawn("mosquitto", ["-c", "mosquitto.conf"], { cwd: folder, stdio: "ignore" });
    for (const box of Object.values(boxes)) {
      await box.monitor.listen();
      await box.tr064.listen();
    }
    const houses = Object.keys(PASSWORDS) as House[];
    const started = await Promise.all(houses.map((house) => startNodeRed({ version: "4.1", env: { HOUSE: house } })));
    for (const [i, house] of houses.entries()) servers[house] = started[i] as NodeRedServer;
    for (const house of houses) await servers[house]?.deploy(flow(house));
    await until("both at the broker", () => houses.every((house) => said(house, /Connected to broker/)), 60_000);
  });
  after(async () => {
    for (const server of Object.values(servers)) await server.stop();
    broker?.kill();
    for (const box of Object.values(boxes)) {
      await box.monitor.stop();
      await box.tr064.stop();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const said = (house: House, wanted: RegExp) => wanted.test(servers[house]?.log.join("\n") ?? "");

  /** The page's flow, with the test's broker and box. */
  function flow(house: House, password = PASSWORDS[house]): FlowNode[] {
    const file = join(root, `docs/several-boxes/${house}.json`);
    const box = boxes[house];
    return (JSON.parse(readFileSync(file, "utf8")) as FlowNode[]).map((node) => {
      if (node.type === "tls-config") return { ...node, ca: join(folder, "ca.crt") };
      if (node.type === "mqtt-broker") {
        return { ...node, broker: "localhost", port: String(port), credentials: { user: house, password } };
      }
      if (node.type !== "fritz-config") return node;
      const { port: plain, tlsPort } = box.tr064;
      const credentials = { username: "fritz1234", password: "secret" };
      return { ...node, host: "127.0.0.1", monitorPort: box.monitor.port, port: plain, tlsPort, credentials };
    });
  }

  it("a call in house B is the same plain message in house A", async () => {
    const box = boxes["house-b"];
    await until("the call monitor", () => box.monitor.connections === 1);
    await until("house B is there", () =>
      said("house-a", /topic: 'fritz\/house-b\/online',[^}]*payload: (?:true|'true')/),
    );
    const call = box.ring("03023125001");
    await until("the ring", () => said("house-a", /event: 'ring'[^]*number: '03023125001'/));
    await until("the house", () => said("house-a", /house: 'house-b'/));
    await until("the state", () => said("house-a", /topic: 'fritz\/house-b\/state',[^}]*payload: 'ringing'/));
    box.hangUp(call);
    await until("the end", () => said("house-a", /event: 'disconnect'/));
  });

  it("an order goes back and is carried out at the other box", async () => {
    const answer = await fetch(`${servers["house-a"]?.url}/inject/house-a-inject`, { method: "POST" });
    assert.equal(answer.status, 200);
    await until(
      "the contact",
      () => boxes["house-b"].tr064.state.books.named("Telefonbuch").contacts.length === 1,
      15_000,
    );
    assert.equal(boxes["house-a"].tr064.state.books.named("Telefonbuch").contacts.length, 0);
    await until("the answer", () => said("house-a", /topic: 'fritz\/house-b\/answer'/));
  });

  it("a house that ends without a word is reported by its last will", async () => {
    const from = servers["house-a"]?.log.length ?? 0;
    process.kill(servers["house-b"]?.pid ?? 0, "SIGKILL");
    await servers["house-a"]?.waitForLog(/fritz\/house-b\/online/, 30_000, from);
    const later = () => servers["house-a"]?.log.slice(from).join("\n") ?? "";
    await until("false", () => /online',[^}]*payload: (?:false|'false')/.test(later()));
  });

  it("a wrong password does not get in", async () => {
    const from = servers["house-a"]?.log.length ?? 0;
    await servers["house-a"]?.deploy(flow("house-a", "wrong"));
    await servers["house-a"]?.waitForLog(
      /[Cc]onnection (?:failed|refused)|[Nn]ot authori[sz]ed|Disconnected from broker/,
      20_000,
      from,
    );
    const later = servers["house-a"]?.log.slice(from).join("\n") ?? "";
    assert.doesNotMatch(later, /Connected to broker/);
  });
});
