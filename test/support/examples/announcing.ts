/** Tests of the examples that tell a person of a call: speaker, mobile phone, mail. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pause, until } from "../wait";
import { connectTo } from "./broker";
import type { Act } from "./stage";

const FRIEND = "03023125001";
const STRANGER = "03023125042";

export const announce: Act = async ({ box, click, prints, printed, deployWith, brokerPort }) => {
  const posted: string[] = [];
  const speaker = createServer((request, response) => {
    request.on("data", (part: Buffer) => posted.push(part.toString())).on("end", () => response.end("ok"));
  });
  await new Promise<void>((resolve) => speaker.listen(0, "127.0.0.1", resolve));
  const client = await connectTo(brokerPort, ["fritz/announce"]);
  const hours = { LANGUAGE: "de", FROM_HOUR: "0", TO_HOUR: "24" };
  const announced = async (number: string, wanted: string) => {
    const call = box.ring(number);
    await until(wanted, () => client.texts.at(-1) === wanted).finally(() => box.hangUp(call));
  };
  try {
    await click("try it");
    await prints(/Anruf von Oma/);
    await deployWith({ ...hours, SPEAKER_URL: `http://127.0.0.1:${(speaker.address() as AddressInfo).port}/say` });
    await announced(FRIEND, "Anruf von Erika Muhster");
    await until("the speaker", () => posted.includes('{"text":"Anruf von Erika Muhster"}'));
    await announced(STRANGER, "Anruf aus Berlin");
    await announced("", "Anruf ohne Nummer");
    await announced("01713920001", "Anruf von einem Handy");
    await deployWith({ ...hours, LANGUAGE: "en" });
    await announced(FRIEND, "Call from Erika Muhster");
    const before = client.texts.length;
    await deployWith({ ...hours, TO_HOUR: "0" });
    const call = box.ring(STRANGER);
    await pause(1_500); // the ring is held back for a second
    await click("try it");
    await until("the button", () => client.texts.length > before && /Call from Oma|Anruf von Oma/.test(printed()));
    box.hangUp(call);
    assert.deepEqual(client.texts.slice(before), ["Anruf von Oma"], "it keeps quiet at night");
  } finally {
    client.end();
    speaker.closeAllConnections();
    speaker.close();
  }
};

interface Notification {
  id?: string;
  kind?: string;
  title?: string;
  text?: string;
  number?: string;
  error?: string;
  action?: string;
}

export const notify: Act = async ({ box, deployWith, brokerPort }) => {
  await deployWith({ LANGUAGE: "de" }, (node) => (node.type === "fritz-block" ? { ...node, dryRun: false } : node));
  const client = await connectTo(brokerPort, ["fritz/notify", "fritz/notify/answer"]);
  const last = () => JSON.parse(client.texts.at(-1) ?? "{}") as Notification;
  const order = (operation: string, number: string) =>
    client.publish("fritz/notify/order", JSON.stringify({ operation, number }));
  const barred = () => box.tr064.state.books.barring.contacts.length;
  try {
    const call = box.ring(STRANGER);
    await until("the ring", () => last().kind === "ring");
    const { id, title, text, number = "" } = last();
    assert.deepEqual([title, text, number], ["Anruf", `Berlin, ${STRANGER}`, "+493023125042"]);
    box.hangUp(call);
    await until("the missed call", () => last().kind === "missed" && last().id === id);
    const friend = box.ring(FRIEND);
    await until("the friend", () => last().text === `Erika Muster, ${FRIEND}`);
    box.answer(friend);
    box.hangUp(friend);
    await until("the end", () => last().kind === "end");

    order("rehearse", number);
    order("block", number);
    await until("the answer", () => last().action === "added");
    assert.equal(barred(), 1);
    order("undo", number);
    await until("it is out", () => barred() === 0);
    order("block", FRIEND);
    await until("the refusal", () => client.texts.some((text) => /"error":"This number is not blocked/.test(text)));
    assert.equal(barred(), 0);
  } finally {
    client.end();
  }
};

export const mail: Act = async ({ box, prints, deployWith }) => {
  await deployWith({ LANGUAGE: "de" }, (node) => (node.type === "join" ? { ...node, timeout: "1" } : node));
  const answered = box.ring("03023125002");
  box.answer(answered);
  const calls = [box.ring(FRIEND), box.ring("09001234567"), answered];
  await pause(1_100); // in the same second it would look like a call that the box rejects
  for (const call of calls) box.hangUp(call);
  await prints(/2 Anrufe: Erika Muster, /);
  await prints(/\d\d\.\d\d\. \d\d:\d\d {2}Erika Muster, 03023125001 {2}verpasst/);
  await prints(/09001234567 {2}unerwünscht: This number cannot/);
};

export const judge: Act = async ({ box, web, click, printed, prints }) => {
  const numbers = [FRIEND, STRANGER, "03023125077", "03023125002", STRANGER];
  for (const number of numbers) box.hangUp(box.ring(number));
  await click("judge them");
  await until("the report", () => /Gesperrt worden/.test(printed()), 40_000).catch(() => assert.fail(printed()));
  await prints(/5 Anrufe, davon 5 ankommend\s+Gesperrt worden wären 3 Anrufe von 2 Nummern; angenommen waren davon 0/);
  await prints(/03023125077 .*\(missed\) /);
  assert.ok(web.requests.length > 0 && web.requests.every(({ site }) => site === "phoneblock"));
  assert.ok(
    web.requests.every(({ path }) => !path.includes("23125")),
    "no number leaves the house",
  );
  assert.equal(box.tr064.state.books.barring.contacts.length, 0);
};
