// What the buttons of the demo's page do at the simulated box, and the spammer that calls by himself.
import { createServer } from "node:http";
import { FRIEND, GRANDMA, SPAM } from "./day.mjs";

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
    await pause(2_000);
    await missed(box, GRANDMA, pause); // missed by the call monitor, and caught up from the call list
    await pause(8_000);
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
