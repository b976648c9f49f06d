/** Test of the example *Tell the family by Telegram*: from the ring to *Block* to *Undo*, and who may not. */
import assert from "node:assert/strict";
import type { FlowNode } from "../node-red-server";
import { until } from "../wait";
import { buttonsOf, FakeBot } from "./fake-bot";
import { type Act, BOT_TOKEN } from "./stage";

const FAMILY = -1007;
const STRANGER = 666;
const SPAMMER = "03023125042";
const FRIEND = "03023125001";

/** Armed, with short polls, and soon asking again after a failure. */
const hasty = (node: FlowNode): FlowNode => {
  if (node.type === "fritz-block") return { ...node, dryRun: false };
  if (node.type === "trigger") return { ...node, duration: "2" };
  return JSON.parse(JSON.stringify(node).replace('\\"timeout\\": 25', '\\"timeout\\": 1')) as FlowNode;
};

export const tellTheFamily: Act = async ({ box, server, printed, prints, deployWith }) => {
  const bot = new FakeBot(BOT_TOKEN);
  const api = await bot.listen();
  const last = (method: string) => bot.calls.filter((call) => call.method === method).at(-1);
  const barred = () => box.tr064.state.books.barring.contacts.length;
  const toast = async (wanted: RegExp) => {
    await until(String(wanted), () => wanted.test(String(last("answerCallbackQuery")?.body["text"])));
    bot.calls.splice(0, bot.calls.length, ...bot.calls.filter(({ method }) => method !== "answerCallbackQuery"));
  };
  try {
    const early = box.ring(SPAMMER);
    await prints(/sendMessage/); // token or chat missing
    box.hangUp(early);
    const armed = (TELEGRAM_CHAT: string) => deployWith({ TELEGRAM_API: api, TELEGRAM_CHAT, LANGUAGE: "de" }, hasty);
    await armed("");
    bot.write(FAMILY, "/start");
    await prints(/chat\] -1007/);
    assert.deepEqual(bot.calls, [], "nothing leaves the house before the chat is set");

    await armed(String(FAMILY));
    bot.failNext = 1;
    await until("a failed poll", () => bot.failNext === 0);
    const call = box.ring(SPAMMER);
    await until("the message", () => last("sendMessage") !== undefined);
    box.hangUp(call);
    const message = last("sendMessage")?.body ?? {};
    assert.equal(message["chat_id"], String(FAMILY));
    assert.match(String(message["text"]), /^📞 Anruf: Berlin\n03023125042\n/);
    const [block, allow] = buttonsOf(bot.calls.at(-1) ?? assert.fail());
    assert.deepEqual([block?.text, allow?.text], ["Sperren", "Kein Spam"]);
    const press = (chat: number, data = "") => bot.press(chat, 1, String(message["text"]), data);

    press(STRANGER, block?.callback_data);
    await prints(/chat\] 666/);
    press(FAMILY, "rehearse 123");
    press(FAMILY, block?.callback_data);
    await toast(/^Gesperrt$/);
    assert.equal(barred(), 1);
    await until("the edit", () => last("editMessageText") !== undefined);
    assert.match(String(last("editMessageText")?.body["text"]), /\n\nGesperrt \(Anna\)$/);
    const [undo] = buttonsOf(last("editMessageText") ?? assert.fail());
    assert.equal(undo?.text, "Zurücknehmen");
    press(FAMILY, undo.callback_data);
    await toast(/^Zurückgenommen$/);
    assert.equal(barred(), 0);
    press(FAMILY, allow?.callback_data);
    await toast(/^Kommt immer durch$/);

    const friend = box.ring(FRIEND);
    await until("the friend's message", () => /Erika Muster/.test(String(last("sendMessage")?.body["text"])));
    box.hangUp(friend);
    assert.deepEqual(buttonsOf(last("sendMessage") ?? assert.fail()), [], "a contact has no buttons");
    press(FAMILY, `block ${FRIEND}`);
    await toast(/^This number is not blocked/);
    assert.equal(barred(), 0);
    const known = bot.offsets.filter((offset) => offset !== undefined);
    assert.deepEqual(
      known,
      [...known].sort((a, b) => a - b),
      "no update is asked for again",
    );
    assert.ok(!printed().includes(BOT_TOKEN));
    assert.ok(!JSON.stringify(await server.flows()).includes(BOT_TOKEN));
  } finally {
    await bot.stop();
  }
};
