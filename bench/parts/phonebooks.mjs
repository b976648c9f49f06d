// Phonebooks: reading them into memory, looking numbers up, and what a look-up costs those who download the book each time.
import { BOX_LOGIN, contactFlow } from "../lib/flows.mjs";
import { figure, THIS } from "../lib/figures.mjs";
import { startNodeRed } from "../lib/node-red.mjs";
import { CONTRIB_FRITZ, FRITZBOX, ours, require, simulator } from "../lib/peers.mjs";
import { callerNumber, fillBook, nameOf, WRITTEN } from "../lib/phonebook.mjs";
import { median, nowMs, randomFrom, shuffled } from "../lib/stats.mjs";

export const title = "Phonebooks";
const LOGIN = { username: "fritz1234", password: "secret" };
const NO_INDEX = "keeps no index, downloads the book for each look-up";
const NO_BOOKS = "calls TR-064 actions only, reads no phonebook";

export async function run({ quick, runs }) {
  const figures = [];
  for (const contacts of [100, 1_000, 10_000]) {
    const few = Math.max(2, Math.min(quick ? 5 : 20, 20_000 / contacts));
    await withBox(async (box) => {
      fillBook(box, contacts);
      figures.push(...(await inMemory(box, contacts, runs)), await inNodeRed(box, contacts, few, runs));
    });
  }
  return [...figures, await withBox(writtenForms), await withBox((box) => actions(box, quick ? 50 : 200, runs))];
}

async function withBox(work) {
  const { SimulatedBox } = simulator();
  const box = new SimulatedBox();
  await box.tr064.listen({ port: 0 });
  try {
    return await work(box);
  } finally {
    await box.tr064.stop();
  }
}

const size = (contacts) => `${contacts.toLocaleString("en-US")} contacts`;

/** The library in this process; the box is in it, too, so its rendering counts. */
async function inMemory(box, contacts, runs) {
  const { Telephony } = ours();
  const [loads, rates] = [[], []];
  for (let run = 0; run <= runs; run++) {
    const telephony = new Telephony({ host: "127.0.0.1", port: box.tr064.port, tls: false, ...LOGIN });
    const from = nowMs();
    await telephony.refresh();
    const loaded = nowMs();
    const count = 5_000;
    for (let i = 0; i < count; i++) {
      const { contacts: found } = await telephony.find(callerNumber((i * 7) % contacts));
      if (found[0]?.name !== nameOf((i * 7) % contacts)) throw new Error("a look-up found somebody else");
    }
    if (run > 0) {
      loads.push(loaded - from);
      rates.push(count / ((nowMs() - loaded) / 1000));
    }
    telephony.close();
  }
  const missing = { [CONTRIB_FRITZ]: NO_INDEX, [FRITZBOX]: NO_BOOKS };
  const how = `${runs} runs with a new client each, and one to warm up`;
  return [
    figure(
      `load and index ${size(contacts)}`,
      {
        unit: "ms",
        better: "less",
        how: `from a client that knows nothing to an index in memory, the box in the same process; ${how}`,
      },
      { [THIS]: loads, ...missing },
    ),
    figure(
      `look-ups from memory, ${size(contacts)}`,
      { unit: "1/s", better: "more", how: `5,000 known numbers one after the other, as a library; ${how}` },
      { [THIS]: rates, ...missing },
    ),
  ];
}

/** Number in, contact out, in a real Node-RED; both are asked in turn. */
async function inNodeRed(box, contacts, count, runs) {
  const values = { [THIS]: [], [CONTRIB_FRITZ]: [] };
  const asked = Array.from({ length: count }, (_, i) => Math.floor((i * contacts) / count));
  const messages = asked.map((i) => ({ payload: callerNumber(i) }));
  const servers = [];
  try {
    for (const subject of Object.keys(values)) servers.push(await askedServer(subject, box.tr064.port));
    for (let run = 0; run <= runs; run++) {
      for (const server of shuffled(servers, randomFrom(run))) {
        const { times, answers } = await server.ask("drive", { source: "numbers", messages });
        if (!answers.every(({ payload }, i) => isPerson(payload, nameOf(asked[i]))))
          throw new Error(`${server.name} found somebody else`);
        if (run > 0) values[server.name].push(median(times));
      }
    }
  } finally {
    for (const server of servers) await server.stop();
  }
  const how =
    `median of ${count} known numbers, one after the other, from a node that sends to a node that receives in a real Node-RED. ` +
    `${runs} runs in turn, one to warm up; the first look-up of this package, which loads the books, falls into the warm-up`;
  return figure(
    `number to contact in Node-RED, ${size(contacts)}`,
    { unit: "ms", better: "less", how },
    { ...values, [FRITZBOX]: NO_BOOKS },
  );
}

/** Answers look-ups. */
async function askedServer(subject, port) {
  const flows = contactFlow(subject, { host: "127.0.0.1", tr064: port });
  const server = await startNodeRed(subject, { flows, credentials: BOX_LOGIN });
  // The peer reads the box's description first and refuses messages meanwhile.
  const first = { source: "numbers", messages: [{ payload: callerNumber(1) }], limitMs: 5_000 };
  for (let tries = 0; tries < 20; tries++) if (await server.ask("drive", first).catch(() => undefined)) return server;
  await server.stop();
  throw new Error(`${subject} answers no look-up:\n${server.log.slice(-5).join("\n")}`);
}

const isPerson = (payload, name) =>
  Array.isArray(payload) && payload.some((one) => (one.name ?? one.person?.realName) === name);

async function writtenForms(box) {
  const { state } = box.tr064;
  const book = state.books.named("Telefonbuch");
  for (const [name, written] of WRITTEN) book.add(name, written);
  book.add("somebody with two numbers", "03023125300", "01713920030");
  book.add("an inside number", "**610");
  state.place.areaCode = "30";
  const values = {};
  for (const subject of [THIS, CONTRIB_FRITZ]) {
    const server = await askedServer(subject, box.tr064.port);
    try {
      const messages = WRITTEN.map(([, , asked]) => ({ payload: asked }));
      const { answers } = await server.ask("drive", { source: "numbers", messages });
      const right = answers.filter(({ payload }, i) => payload.length === 1 && isPerson(payload, WRITTEN[i][0]));
      values[subject] = [(100 * right.length) / WRITTEN.length];
    } finally {
      await server.stop();
    }
  }
  const how = `${WRITTEN.length} contacts written in other ways than they call (bench/lib/phonebook.mjs); right = this contact and no other`;
  return figure(
    "right contact, numbers in many forms",
    { unit: "%", better: "more", how },
    { ...values, [FRITZBOX]: NO_BOOKS },
  );
}

/** The TR-064 clients themselves, both with login, over plain HTTP. */
async function actions(box, count, runs) {
  const service = "X_AVM-DE_OnTel:1";
  const { Tr064Client } = ours();
  const client = new Tr064Client({ host: "127.0.0.1", port: box.tr064.port, tls: false, ...LOGIN });
  const { Fritzbox } = require(FRITZBOX);
  const peer = new Fritzbox({
    host: "127.0.0.1",
    port: box.tr064.port,
    user: LOGIN.username,
    password: LOGIN.password,
  });
  await peer.initTR064Device();
  const calls = {
    [THIS]: () => client.call(service, "GetPhonebook", { NewPhonebookID: "0" }),
    [FRITZBOX]: () =>
      peer.services[`urn:dslforum-org:service:${service}`].actions.GetPhonebook({ NewPhonebookID: "0" }),
  };
  const values = { [THIS]: [], [FRITZBOX]: [] };
  for (let run = 0; run <= runs; run++) {
    for (const name of shuffled(Object.keys(calls), randomFrom(run))) {
      const from = nowMs();
      for (let i = 0; i < count; i++) {
        const { NewPhonebookName } = await calls[name]();
        if (NewPhonebookName !== "Telefonbuch") throw new Error(`${name} got something else`);
      }
      if (run > 0) values[name].push(count / ((nowMs() - from) / 1000));
    }
  }
  client.close();
  const how = `${count} times GetPhonebook, one after the other, with login over HTTP on loopback, the box in the same process. ${runs} runs in turn`;
  return figure(
    "TR-064 actions",
    { unit: "1/s", better: "more", how },
    { ...values, [CONTRIB_FRITZ]: "uses fritzbox for it" },
  );
}
