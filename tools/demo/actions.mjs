// What the buttons of the demo's page do at the simulated box, and the day that plays by itself.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { root } from "../ensure.mjs";

/** A number reserved for films, which the simulated PhoneBlock knows as spam. */
export const SPAM = "03023125042";
const GRANDMA = "08999998010";
const FRIEND = "01713920012";
/** The recording's masked numbers -> numbers reserved for films, and the box's own. */
const NUMBERS = {
  "01755290xxx": FRIEND,
  "07191952xxx": "03023125052",
  "07191732xxx": "07191732123",
  "952xxx": "03023125052",
  "732xxx": "732123",
  "69xxx": "732124",
};
/** Connection ids of the recording start here, so that played calls never share one with typed calls. */
const FIRST_RECORDED_ID = 40;

/** The recorded day's lines with whole numbers and their own connection ids. */
export function demoDay(readLog) {
  const lines = readLog(readFileSync(join(root, "simulator", "recorded-day.log"), "utf8"));
  return lines.map((line) => {
    const [date, verb, id, ...rest] = line.split(";");
    return [date, verb, FIRST_RECORDED_ID + Number(id), ...rest.map((field) => NUMBERS[field] ?? field)].join(";");
  });
}

/** Action of a button -> what happens at the box and its telephones. `pause` resolves early when the demo ends. */
export const ACTIONS = {
  grandma: (box, pause, phones) => answered(box, GRANDMA, pause, phones),
  spam: (box, pause) => missed(box, SPAM, pause),
  noNumber: (box, pause) => missed(box, "", pause),
  async two(box, pause) {
    const first = box.ring(FRIEND);
    const second = box.ring(GRANDMA);
    await pause(2_000);
    box.answer(first);
    box.hangUp(second);
    await pause(5_000);
    box.hangUp(first);
  },
  async plug(box, pause) {
    box.monitor.resetAll();
    await box.monitor.refuse();
    await pause(15_000);
    await box.monitor.accept();
  },
  async voice(box, pause) {
    const call = box.ring(FRIEND);
    await pause(2_000);
    box.speak(call, { seconds: 4 });
    await pause(4_000);
    box.hangUp(call);
  },
};

async function missed(box, number, pause) {
  const call = box.ring(number);
  await pause(4_000);
  box.hangUp(call);
}

/** A telephone in the house is picked up, or the cordless one where none rings. */
async function answered(box, number, pause, phones) {
  const call = box.ring(number);
  await pause(3_000);
  const phone = phones.find((one) => one.pickUp());
  if (!phone) box.answer(call);
  await pause(6_000);
  phone?.hangUp();
  box.hangUp(call);
}

/** The spammer calls twice, again and again: the first call is ended at once, the second one the box rejects. */
export async function spamAgainAndAgain(box, pause, stopped) {
  const { barring } = box.tr064.state.books;
  while (!stopped()) {
    for (const wait of [6_000, 8_000]) {
      await pause(wait);
      if (stopped()) return;
      await missed(box, SPAM, pause);
    }
    await pause(60_000);
    for (const contact of barring.contacts.filter(({ xml }) => xml.includes("23125042"))) barring.remove(contact);
  }
}

/** Listens for the buttons, whose messages come through the flow: the body of a POST is the name of an action. */
export function listenForButtons(box, pause, phones = []) {
  const server = createServer(async (request, response) => {
    let name = "";
    for await (const chunk of request) if (name.length < 100) name += chunk;
    const known = request.method === "POST" && Object.hasOwn(ACTIONS, name);
    if (known) void ACTIONS[name](box, pause, phones);
    response.writeHead(known ? 204 : 404).end();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
