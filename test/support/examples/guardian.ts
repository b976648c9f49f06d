/** Tests of *Guardian for my parents*: their house by itself, and both houses with the broker between them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { SimulatedBox } from "../../../simulator";
import type { FlowNode } from "../node-red-server";
import { until } from "../wait";
import { connectTo } from "./broker";
import { exampleFile } from "./files";
import type { Act } from "./stage";

const FRIEND = "03023125001";
const STRANGER = "03023125042";
const [CALL, ORDER, ANSWER] = ["fritz/parents/call", "fritz/parents/order", "fritz/parents/answer"];
const armed = (node: FlowNode): FlowNode => (node.type === "fritz-block" ? { ...node, dryRun: false } : node);

/** The rule as it is made by hand: callers who are in no phonebook, to the first answering machine. */
export function withMachineRule({ tr064 }: SimulatedBox): void {
  const rule = { number: "", toNumber: "**600", mode: "eImmediately", outgoing: "", phonebookId: "" as const };
  tr064.state.deflections = [{ ...rule, type: "fromNotInPhonebook", enable: false }];
}

export const theirHouse: Act = async ({ box, brokerPort, deployWith }) => {
  await deployWith({}, armed);
  const client = await connectTo(brokerPort, ["fritz/parents/#"]);
  const order = (what: object) => client.publish(ORDER, JSON.stringify(what));
  const answers = () => client.messages.filter(({ topic }) => topic === ANSWER).map(({ text }) => text);
  const calls = () => client.messages.filter(({ topic }) => topic === CALL).map(({ text }) => text);
  const isOn = () => box.tr064.state.deflections[0]?.enable === true;
  const barred = () => box.tr064.state.books.barring.contacts.length;
  try {
    await until("it is there", () => client.messages.some(({ text }) => text === "online"));
    const friend = box.ring(FRIEND);
    const stranger = box.ring(STRANGER);
    await until("the stranger", () => calls().length === 1);
    for (const call of [friend, stranger]) box.hangUp(call);
    assert.match(calls()[0] ?? "", /"display":"Berlin","number":"\+493023125042","verdict":"allow"/);

    order({ operation: "machine", minutes: 90 });
    await until("the rule", isOn);
    await until("its answer", () => /"operation":"machine".*"enabled":true.*"until":/.test(answers().at(-1) ?? ""));
    order({ operation: "ring" });
    await until("the rule is off, and its answer", () => !isOn() && answers().length === 2);
    for (const bad of [
      ...[
        { operation: "machine", minutes: "for ever" },
        { operation: "rehearse", number: "123" },
      ],
      ...[{ operation: "block", number: "*" }, { operation: "set", minutes: 5 }, 5],
    ]) {
      client.publish(ORDER, JSON.stringify(bad));
    }
    order({ operation: "block", number: FRIEND });
    await until("the refusal", () =>
      /"operation":"block".*"error":"This number is not/.test(answers().at(-1) ?? ""),
    ).catch(() => assert.fail(answers().join("\n")));
    assert.equal(barred(), 0);
    assert.equal(isOn(), false);
    assert.equal(answers().length, 3, "what is no order has no answer");
  } finally {
    client.end();
  }
};

export const myHouse: Act = async ({ box, server, brokerPort, click, prints, deployAlso }) => {
  const file = exampleFile("Guardian for my parents - their house");
  await deployAlso((JSON.parse(readFileSync(file, "utf8")) as FlowNode[]).map(armed));
  const barred = () => box.tr064.state.books.barring.contacts.length;
  const client = await connectTo(brokerPort, [ORDER]);
  try {
    await prints(/is their house there\?\] online/);
    await click("block the last caller");
    const call = box.ring(STRANGER);
    await prints(/Bei den Eltern ruft an: Berlin, \+493023125042/);
    box.hangUp(call);
    assert.equal(barred(), 0, "without a caller there is no order");
    await click("block the last caller");
    await prints(/operation: 'block'[^}]*action: 'added'/);
    assert.equal(barred(), 1);
    await click("undo");
    await until("it is out", () => barred() === 0);
    await click("let the last caller through");
    await prints(/operation: 'allow'[^}]*allowed: true/);
    await click("answering machine for two hours");
    await until("the rule", () => box.tr064.state.deflections[0]?.enable === true);
    await click("ring again");
    await until("the rule is off", () => box.tr064.state.deflections[0]?.enable === false);
    await until("all orders", () => client.messages.length >= 5);
    assert.equal(client.messages.length, 5);
    await server.deploy([]);
  } finally {
    client.end();
  }
};
