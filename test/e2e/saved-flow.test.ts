/** A flow that version 0.2.0 saved, with each of its nodes and all their properties, works in real Node-REDs as it did. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import type { CallerInfo } from "../../src/lib/callers/types";
import type { CallEvent } from "../../src/lib/calls/types";
import type { Decision } from "../../src/lib/blocking/types";
import { SAVED_FLOW } from "../support/saved-flow";
import { type FlowNode, type NodeRedServer, startNodeRed } from "../support/node-red-server";
import { onEachNodeRed } from "../support/versions";
import { until } from "../support/wait";

const CONTACT = "03023125001";
const PREMIUM = "09001234567";
const PASSWORD = "gehe!m-42";

type Line = CallEvent & { callerInfo?: CallerInfo; decision?: Decision };

/** Before numbers were saved as numbers, and as environment variables bring them. */
const withTexts = (node: FlowNode): FlowNode =>
  Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      typeof value === "number" && !["x", "y"].includes(name) ? String(value) : value,
    ]),
  ) as FlowNode;

describe("a flow that version 0.2.0 saved", () => {
  onEachNodeRed((version) => {
    for (const [kind, change] of [
      ["as it is", (node: FlowNode) => node],
      ["with numbers as texts", withTexts],
    ] as const) {
      it(`runs ${kind}`, async function () {
        const box = new SimulatedBox();
        let server: NodeRedServer | undefined;
        try {
          box.tr064.state.users = [{ name: "nodered", password: PASSWORD, rights: { phone: "readwrite" } }];
          box.tr064.state.books.named("Telefonbuch").add("Erika Muster", "030 23125-001");
          await Promise.all([box.monitor.listen(), box.tr064.listen()]);
          server = await startNodeRed({ version });
          await works(server, box, change);
        } finally {
          await server?.stop();
          await Promise.all([box.monitor.stop(), box.tr064.stop()]);
        }
      });
    }
  });
});

async function works(server: NodeRedServer, box: SimulatedBox, change: (node: FlowNode) => FlowNode): Promise<void> {
  const { port, tlsPort } = box.tr064;
  const home = { host: "127.0.0.1", monitorPort: box.monitor.port, port, tlsPort };
  const flow = SAVED_FLOW.map((node) => change(node.type === "fritz-config" ? { ...node, ...home } : node));
  const credentials = { username: "nodered", password: PASSWORD };
  await server.deploy(flow.map((node) => (node.type === "fritz-config" ? { ...node, credentials } : node)));
  assert.deepEqual(await server.flows(), flow, "a deploy changes nothing of what is saved");
  await until("the connection", () => box.monitor.connections === 1);

  const calls = linesOf(join(server.userDir, "all.log"));
  for (const number of [CONTACT, PREMIUM]) {
    const before = calls().length;
    const call = box.ring(number);
    await until("the ring", () => calls().length === before + 1);
    box.hangUp(call);
    await until("its end", () => calls().length === before + 2);
  }
  const [ring, end, premium] = calls();
  assert.deepEqual(
    [ring?.event, ring?.direction, ring?.caller.number, ring?.called.number, ring?.line],
    ["ring", "incoming", CONTACT, "732123", "SIP0"],
  );
  assert.equal(ring?.raw.split(";")[1], "RING");
  assert.equal(end?.callId, ring?.callId);
  assert.equal(end?.event, "disconnect");
  const { callerInfo, decision } = ring ?? {};
  assert.deepEqual([callerInfo?.display, callerInfo?.e164], ["Erika Muster", "+493023125001"]);
  assert.equal(callerInfo?.contact?.book, "Telefonbuch");
  assert.deepEqual([decision?.verdict, decision?.because, decision?.action], ["allow", "contact", "none"]);
  assert.equal(decision?.explanation, "Erika Muster is in your phonebook Telefonbuch.");
  const { decision: blocked } = premium ?? {};
  assert.deepEqual([blocked?.verdict, blocked?.because, blocked?.action], ["block", "pattern", "dry-run"]);
  assert.equal(blocked?.rule, "blockPatterns: 0900*");
  assert.ok(!box.tr064.state.books.all.some(({ name }) => name === "Spam"), "a dry run writes nothing");

  const file = join(server.userDir, "fritz-calls/calls.log");
  for (const wanted of [/;WHITELIST;0;03023125xxx;"Anonymized";/, /;DISCONNECT;0;0;/]) {
    await until(String(wanted), () => existsSync(file) && wanted.test(readFileSync(file, "utf8")));
  }
  const answer = await fetch(`${server.url}/lookup`, {
    method: "POST",
    body: "030/23125-001",
    headers: { "Content-Type": "text/plain" },
  });
  const found = (await answer.json()) as { name: string; book: string }[];
  assert.deepEqual(
    found.map(({ name, book }) => `${name}, ${book}`),
    ["Erika Muster, Telefonbuch"],
  );
  const [warning, ...others] = server.log.filter((line) => /\[(warn|error)\] \[fritz-/.test(line));
  assert.match(warning ?? "", /Spam scores do nothing/, "the flow's score rule has no source");
  assert.deepEqual(others, []);
}

function linesOf(file: string): () => Line[] {
  return () => {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    const whole = text.split("\n").slice(0, -1);
    return whole.map((line) => JSON.parse(line) as Line);
  };
}
