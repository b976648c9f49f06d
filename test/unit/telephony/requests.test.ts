/** What messages ask of the telephone system. */
import assert from "node:assert/strict";
import { needOnOff, readArguments, readCount, readOnOff, readReferences } from "../../../src/lib/telephony/requests";
import { parseMachines, parseVoiceMessages, NewMessages } from "../../../src/lib/telephony/voice-messages";
import { FakeStore } from "../../support/fake-store";

describe("requests of messages", () => {
  it("read on and off in both languages, and neither from anything else", () => {
    for (const yes of [true, 1, "1", "on", "Ein", "AN", "yes"]) assert.equal(readOnOff(yes), true);
    for (const no of [false, 0, "0", "off", "aus", "Nein"]) assert.equal(readOnOff(no), false);
    for (const neither of [undefined, null, "", "toggle", 2, {}, Date.now()])
      assert.equal(readOnOff(neither), undefined);
    assert.equal(needOnOff("machine", undefined, Date.now(), "off"), false);
    assert.throws(() => needOnOff("deflection", "maybe"), { code: "deflection-input" });
    assert.throws(() => needOnOff("machine"), { code: "machine-input" });
  });

  it("read counts within their limits, and the usual one from nonsense", () => {
    assert.deepEqual(
      [readCount("5", 1, 10), readCount(99, 1, 10), readCount("x", 1, 10), readCount(-1, 1, 10)],
      [5, 10, 1, 1],
    );
    assert.equal(readCount("", 7, 10), 7);
  });

  it("read arguments as an object or as JSON", () => {
    assert.deepEqual(readArguments('{"NewIndex":0}'), { NewIndex: 0 });
    assert.deepEqual(readArguments(undefined), {});
    for (const wrong of ["{", "[1]", "5", [1], 5, true, Buffer.from("x")]) {
      assert.throws(() => readArguments(wrong), { code: "action-arguments" }, String(wrong));
    }
  });

  it("name voice messages as a whole or by their place, and nothing by accident", () => {
    assert.deepEqual(readReferences({ machine: 0, index: 3, id: "x" }, undefined, undefined), [
      { machine: 0, id: "x", index: 3 },
    ]);
    assert.deepEqual(readReferences(5, 1, undefined), [{ machine: 1, index: 5 }]);
    for (const wrong of [Date.now(), {}, [], "delete all", { machine: 0 }, [{ machine: 0, index: 1 }, 5]]) {
      assert.throws(
        () => readReferences(wrong, undefined, undefined),
        { code: "message-missing" },
        JSON.stringify(wrong),
      );
    }
  });
});

describe("lists of the answering machines", () => {
  const read = (text: string) => parseVoiceMessages(text, 0, (local) => `${local}+01:00`);
  const message = (over: Record<string, string> = {}) => {
    const fields = {
      ...{ Index: "0", Tam: "0", Called: "987654", Date: "09.09.20 21:17", Duration: "0:01", New: "1" },
      ...{ Number: "0301234567", Path: "/download.lua?path=/data/tam/rec/rec.0.000" },
      ...over,
    };
    const inside = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
    return `<Root><Message>${inside.join("")}</Message><!-- tam calls:1 --></Root>`;
  };

  it("tell caller from own number, and new from heard", () => {
    const [one] = read(message());
    assert.deepEqual(
      [one?.caller.number, one?.called.number, one?.new, one?.at, one?.path, one?.durationSeconds],
      ["0301234567", "987654", true, "2020-09-09T21:17:00+01:00", "/data/tam/rec/rec.0.000", 60],
    );
    assert.equal(read(message({ New: "0" }))[0]?.new, false);
    assert.equal(read(message({ Number: "" }))[0]?.caller.presentation, "restricted");
    assert.equal(read(message({ Path: "/data/tam/rec/rec.0.000" }))[0]?.id, one?.id, "a bare path is the same file");
    assert.equal(read(message({ Duration: "0:45" }))[0]?.durationSeconds, 45, "no message lasts 45 minutes");
  });

  it("may be empty or partly unreadable", () => {
    assert.deepEqual(read("<Root>\n<!-- tam calls:0 --></Root>"), []);
    assert.equal(read(message({ Date: "gestern" }))[0]?.at, "");
    assert.deepEqual(parseMachines(""), []);
    const item = (display: string, name: string) =>
      `<Item><Index>0</Index><Display>${display}</Display><Enable>1</Enable><Name>${name}</Name></Item>`;
    assert.deepEqual(
      parseMachines(`<List>${item("1", "Zuhause")}${item("0", "")}</List>`).map(({ name }) => name),
      ["Zuhause"],
    );
  });

  it("are passed on once each, the oldest first, over restarts, and not where that cannot be written down", async () => {
    const list = ["22:00", "21:00"].map((time, i) => read(message({ Date: `09.09.20 ${time}`, Index: String(i) }))[0]);
    const messages = list.filter((one) => one !== undefined);
    const store = new FakeStore();
    const got: string[] = [];
    const pass = (one: { at: string }) => Promise.resolve(() => void got.push(one.at.slice(11, 13)));
    assert.equal(await new NewMessages(store).take(messages, () => true, pass), 2);
    assert.deepEqual(got, ["21", "22"]);
    assert.equal(await new NewMessages(store).take(messages, () => true, pass), 0);
    assert.equal(
      await new NewMessages(store).take(
        messages.map((one) => ({ ...one, new: false })),
        () => true,
        pass,
      ),
      0,
    );
    assert.doesNotMatch(JSON.stringify(store.value), /0301234567/);
    const full = new FakeStore();
    const news = new NewMessages(full);
    full.failure = new Error("disk full");
    await assert.rejects(
      news.take(messages, () => true, pass),
      { code: "message-store" },
    );
    full.failure = undefined;
    assert.equal(await news.take(messages, () => true, pass), 2, "nothing was lost");
    const damaged = new FakeStore({ seen: [1] });
    await assert.rejects(
      new NewMessages(damaged).take(messages, () => true, pass),
      { code: "store-damaged" },
    );
    assert.deepEqual(damaged.value, { seen: [1] }, "left as it is, and no message is sent twice");
    const closing = new FakeStore();
    assert.equal(await new NewMessages(closing).take(messages, () => closing.saves === 0, pass), 0);
    assert.equal(
      await new NewMessages(closing).take(messages, () => true, pass),
      2,
      "what a closing node did not send",
    );
  });
});
