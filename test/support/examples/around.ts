/** Tests of the examples around the house: a lamp, a weekly picture, PhoneBlock's key. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contactXml, type SimulatedBox } from "../../../simulator";
import { until } from "../wait";
import { connectTo } from "./broker";
import type { Act } from "./stage";

const VIP = "03023125009";

export function withVip({ tr064 }: SimulatedBox): void {
  const contact = contactXml("Oma & Opa", VIP).replace("<category>0<", "<category>1<");
  tr064.state.books.named("Telefonbuch").add(contact);
}

export const lamp: Act = async ({ box, click, brokerPort }) => {
  const client = await connectTo(brokerPort, ["zigbee2mqtt/lamp/set"]);
  const last = (state: string) => until(state, () => client.texts.at(-1)?.includes(`"state":"${state}"`) === true);
  try {
    box.hangUp(box.ring("03023125001"));
    const call = box.ring(VIP);
    await last("ON");
    box.answer(call);
    await last("OFF");
    box.hangUp(call);
    await until("the end", () => client.texts.length === 3);
    await click("try: on");
    await last("ON");
    await click("try: off");
    await last("OFF");
    assert.equal(client.texts.length, 5, "another contact does not light the lamp");
  } finally {
    client.end();
  }
};

export const weekly: Act = async ({ box, server, click, prints }) => {
  for (const number of [VIP, VIP, "03023125002"]) box.hangUp(box.ring(number));
  const answered = box.ring("");
  box.answer(answered);
  box.hangUp(answered);
  await click("now");
  await prints(/Anrufe vom \d\d\.\d\d\. bis \d\d\.\d\d\./);
  const file = join(server.userDir, "fritz-report/week.svg");
  await until("the picture", () => existsSync(file) && readFileSync(file, "utf8").includes("</svg>"));
  const svg = readFileSync(file, "utf8");
  assert.match(svg, /angenommen 1<[\s\S]*verpasst 3<[\s\S]*abgewiesen 0</);
  assert.match(svg, />2 × Oma &amp; Opa</);
  assert.match(svg, />1 × ohne Nummer</);
  assert.match(svg, /y="80" width="50" height="112.5"\/>/, "three of four calls of today fill three quarters");
  assert.doesNotMatch(svg, /NaN|undefined|="-/);
};

export const phoneBlock: Act = async ({ box, web, click, prints }) => {
  await click("ask PhoneBlock");
  await prints(/Der Schlüssel gilt\. .*: [789]\/9, 12/);
  const call = box.ring("03023125077");
  await prints(/spam, because\]/);
  box.hangUp(call);
  const friend = box.ring("03023125001");
  await prints(/let through, because\] Erika Muster/);
  box.hangUp(friend);
  assert.ok(web.requests.length > 0 && web.requests.every(({ path }) => !path.includes("23125")), "checksums only");
  assert.equal(box.tr064.state.books.barring.contacts.length, 0, "a dry run");
};

export const callList: Act = async ({ box, server, prints, printed, deployAlso }) => {
  box.hangUp(box.ring("03023125001"));
  // A deploy in the middle of the first reading would be an error of its own.
  await until("ring, end and list", () => (printed().match(/\[debug:call list\]/g)?.length ?? 0) >= 3);
  const page = (await server.flows()).find(({ name }) => name === "call list");
  assert.ok(page, "the page of the dashboard");
  const press = (id: string, operation: string, payload: string) => ({
    ...{ id, type: "inject", z: page["z"], name: id, x: 0, y: 0, once: false, wires: page["wires"] },
    props: [
      { p: "operation", v: operation, vt: "str" },
      { p: "payload", v: payload, vt: "str" },
    ],
  });
  const buttons = [press("press1", "block", "03023125042"), press("press2", "block", "03023125001")];
  await deployAlso([...buttons, press("press3", "rehearse", "03023125042"), press("press4", "allow", "03023125042")]);
  const click = (id: string) => fetch(`${server.url}/inject/${id}`, { method: "POST" });
  await prints(/who: 'Erika Muster',[^}]*known: true,\s+outcome: 'missed'/);
  const call = box.ring("03023125042");
  await prints(/who: 'Berlin',[^}]*verdict: 'allow'/);
  box.answer(call);
  box.hangUp(call);
  await prints(/outcome: 'answered',\s+who: 'Berlin'/);
  assert.doesNotMatch(printed().split("outcome: 'answered'").at(-1) ?? "", /outcome: 'ring'/, "one row for a call");
  await click("press3");
  await click("press1");
  await prints(/note: 'dry-run'/);
  await click("press2");
  await prints(/note: 'This number is not blocked/);
  await click("press4");
  await prints(/note: 'allowed'/);
  assert.equal(box.tr064.state.books.barring.contacts.length, 0, "a dry run");
};
