/** Answering machines: messages found again though their places move, and writes of which only reading back tells the end. */
import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { AnsweringMachines } from "../../../src/lib/telephony/answering-machines";
import type { BytesOptions } from "../../../src/lib/tr064/client-options";
import type { SoapValues } from "../../../src/lib/tr064/soap";
import { FakeTr064 } from "../../support/fake-tr064";

const LIST = `<List><Item><Index>0</Index><Display>1</Display><Enable>1</Enable><Name>Home</Name></Item>
<Item><Index>1</Index><Display>1</Display><Enable>0</Enable><Name>Office</Name></Item></List>`;

interface Left {
  rec: string;
  from: string;
  isNew: boolean;
}

const message = ({ rec, from, isNew }: Left, index: number) =>
  `<Message><Index>${index}</Index><Tam>0</Tam><Number>${from}</Number><Date>05.01.26 12:00</Date>` +
  `<Duration>0:01</Duration><New>${isNew ? 1 : 0}</New><Path>/data/tam/rec/${rec}</Path></Message>`;

/** A box with messages at machine 0; `obeys`: does what it is told. */
function boxWith({ obeys = true, breaks = false, old = false } = {}) {
  const left: Left[] = [
    { rec: "rec.0.001", from: "03023125001", isNew: true },
    { rec: "rec.0.000", from: "", isNew: false },
  ];
  const enabled = [true, false];
  const files: (Buffer | FritzError)[] = [];
  const done = (change: () => void): SoapValues => {
    if (obeys) change();
    if (breaks) throw new FritzError("box-timeout", {}, true);
    return {};
  };
  const client = Object.assign(
    new FakeTr064(
      {
        ...(!old && { "X_AVM-DE_TAM:1#GetList": { NewTAMList: LIST } }),
        "X_AVM-DE_TAM:1#GetMessageList": { NewURL: "http://fritz.box/tamcalllist.lua?tamindex=0" },
        "X_AVM-DE_TAM:1#GetInfo": ({ NewIndex = "" }) => {
          if (NewIndex === "4") throw new FritzError("box-no-entry", {});
          return {
            NewName: ["Home", "", ""][Number(NewIndex)] ?? "Spare",
            NewEnable: enabled[Number(NewIndex)] ? "1" : "0",
          };
        },
        "X_AVM-DE_TAM:1#SetEnable": (values) =>
          done(() => (enabled[Number(values["NewIndex"])] = values["NewEnable"] === "1")),
        "X_AVM-DE_TAM:1#MarkMessage": (values) =>
          done(
            () => (left[Number(values["NewMessageIndex"])] = { ...left[0]!, isNew: values["NewMarkedAsRead"] === "0" }),
          ),
        "X_AVM-DE_TAM:1#DeleteMessage": (values) => done(() => left.splice(Number(values["NewMessageIndex"]), 1)),
        "DeviceConfig:1#X_AVM-DE_CreateUrlSID": { "NewX_AVM-DE_UrlSID": "sid=0123456789abcdef" },
      },
      {
        SetEnable: ["NewIndex", "NewEnable"],
        MarkMessage: ["NewIndex", "NewMessageIndex", "NewMarkedAsRead"],
        DeleteMessage: ["NewIndex", "NewMessageIndex"],
        ...{ GetInfo: ["NewIndex"], GetMessageList: ["NewIndex"] },
      },
    ),
    {
      download: (url: string) => {
        client.downloaded.push(url);
        return Promise.resolve(`<Root>${left.map(message).join("")}</Root>`);
      },
      bytes: (_path: string, _options: BytesOptions): Promise<Buffer> => {
        const file = files.shift() ?? new Error("no file is left");
        return file instanceof Error ? Promise.reject(file) : Promise.resolve(file);
      },
    },
  );
  return { left, enabled, files, client, machines: new AnsweringMachines(client, (local) => `${local}+01:00`) };
}

const asks = ({ client }: ReturnType<typeof boxWith>, action: string) =>
  client.asked.filter((asked) => asked.startsWith(action)).length;

describe("answering machines", () => {
  it("are those of the box's list, or of an old box's slots that are used or named", async () => {
    const names = async (box: ReturnType<typeof boxWith>) => (await box.machines.machines()).map(({ name }) => name);
    assert.deepEqual(await names(boxWith()), ["Home", "Office"]);
    assert.deepEqual(await names(boxWith({ old: true })), ["Home", "Spare"]);
  });

  it("are counted, and found by name in any case or by index", async () => {
    const { machines } = boxWith();
    assert.deepEqual(
      (await machines.counted()).map((one) => [one.index, one.new, one.total]),
      [
        [0, 1, 2],
        [1, 1, 2],
      ],
    );
    assert.equal((await machines.find(" OFFICE")).index, 1);
    assert.equal((await machines.find("0")).name, "Home");
    await assert.rejects(machines.find("2"), { code: "machine-unknown", values: { count: 2 } });
  });

  it("are switched once, and not at all where they are so already", async () => {
    const box = boxWith();
    assert.equal((await box.machines.set("Home", true)).enabled, true);
    assert.equal(asks(box, "SetEnable"), 0);
    assert.equal((await box.machines.set("Home", false)).enabled, false);
    assert.deepEqual([asks(box, "SetEnable"), box.enabled], [1, [false, false]]);
  });

  it("are read back: a lost answer is no failure where it was done, a forgotten switch is one", async () => {
    assert.equal((await boxWith({ breaks: true }).machines.set("Office", true)).enabled, true);
    await assert.rejects(boxWith({ obeys: false }).machines.set("Office", true), { code: "machine-kept" });
    await assert.rejects(boxWith({ obeys: false, breaks: true }).machines.set("Office", true), { code: "box-timeout" });
  });
});

describe("messages of an answering machine", () => {
  it("are those of all machines or of one, all that a box has", async () => {
    const { machines, client } = boxWith();
    assert.equal((await machines.messages()).length, 4);
    assert.equal((await machines.messages("Home")).length, 2);
    assert.equal(client.downloaded.at(-1), "http://fritz.box/tamcalllist.lua?tamindex=0&max=999");
  });

  it("are marked, and marked again once only", async () => {
    const box = boxWith();
    const [first] = await box.machines.messages("Home");
    assert.equal((await box.machines.mark(first!)).new, false);
    assert.equal((await box.machines.mark(first!)).new, false);
    assert.equal((await box.machines.mark(first!, false)).new, true);
    assert.equal(asks(box, "MarkMessage"), 2);
  });

  it("are deleted where they are now, not where they were", async () => {
    const box = boxWith();
    const [, second] = await box.machines.messages("Home");
    box.left.shift();
    assert.equal((await box.machines.delete(second!)).id, second!.id);
    assert.deepEqual(box.left, []);
    await assert.rejects(box.machines.delete(second!), { code: "message-unknown" });
  });

  it("are found by machine and index, or by recording and time; not where two fit", async () => {
    const { machines, left } = boxWith();
    const [first] = await machines.messages("Home");
    const { path, at } = first!;
    assert.equal((await machines.locate({ machine: 0, index: 1 })).index, 1);
    assert.equal((await machines.locate({ machine: 0, path, at })).index, 0);
    await assert.rejects(machines.locate({ machine: 0, path, at: "2025-01-01T00:00:00+01:00" }), {
      code: "message-unknown",
    });
    left.push(left[0]!);
    await assert.rejects(machines.locate({ machine: 0, path }), { code: "message-unknown" });
  });

  it("are read back: what a box says and does not do is found out, a lost answer alone is none", async () => {
    const first = { machine: 0, index: 0 };
    await assert.rejects(boxWith({ obeys: false }).machines.mark(first), { code: "message-kept" });
    await assert.rejects(boxWith({ obeys: false }).machines.delete(first), { code: "message-kept" });
    await assert.rejects(boxWith({ obeys: false, breaks: true }).machines.delete(first), { code: "box-timeout" });
    const box = boxWith({ breaks: true });
    assert.equal((await box.machines.mark(first)).new, false);
    assert.equal(asks(box, "MarkMessage"), 1);
  });
});

describe("the sound of a message", () => {
  const path = "/data/tam/rec/rec.0.001";
  const gone = new FritzError("box-reply", { detail: "404" });
  const wave = (seconds: number, cut = 0) => {
    const bytes = Buffer.alloc(44 + seconds * 8_000);
    bytes.write("RIFF");
    bytes.write("WAVEfmt ", 8);
    for (const [i, value] of [16, 0x1_0001, 8_000, 8_000, 0x8_0001].entries()) bytes.writeUInt32LE(value, 16 + 4 * i);
    bytes.write("data", 36);
    bytes.writeUInt32LE(seconds * 8_000, 40);
    return bytes.subarray(0, bytes.length - cut);
  };
  const read = async (...files: (Buffer | FritzError)[]) => {
    const box = boxWith();
    box.files.push(...files);
    const { seconds } = await box.machines.sound({ path });
    return { seconds, sessions: asks(box, "X_AVM-DE_CreateUrlSID"), left: box.files.length };
  };

  it("is a file of the box, with the length that it has", async () => {
    assert.deepEqual(await read(wave(2)), { seconds: 2, sessions: 1, left: 0 });
  });

  it("comes from the user interface where the box has it only there", async () => {
    assert.deepEqual(await read(gone, wave(1)), { seconds: 1, sessions: 1, left: 0 });
    await assert.rejects(read(gone, gone), { code: "box-reply" });
  });

  it("is fetched again where it came cut off, once", async () => {
    assert.deepEqual(await read(wave(2, 10), wave(2)), { seconds: 2, sessions: 1, left: 0 });
    await assert.rejects(read(wave(2, 10), wave(2, 10), wave(2)), { code: "message-audio" });
  });

  it("is fetched with a new session where the old one is over", async () => {
    const box = boxWith();
    box.files.push(wave(1), Buffer.from("<html>"), wave(3));
    await box.machines.sound({ path });
    assert.equal((await box.machines.sound({ path })).seconds, 3);
    assert.equal(asks(box, "X_AVM-DE_CreateUrlSID"), 2);
    box.files.push(new FritzError("box-timeout", {}, true));
    await assert.rejects(box.machines.sound({ path }), { code: "box-timeout" });
  });

  for (const bad of ["http://192.168.178.1/x", "//evil/x", "/data/../etc/x", "/a\\b", ""]) {
    it(`is not looked for at ${JSON.stringify(bad)}`, async () => {
      const box = boxWith();
      await assert.rejects(box.machines.sound({ path: bad }), { code: "box-no-entry" });
      assert.deepEqual(box.client.asked, []);
    });
  }

  it("tells how much is there where the box says how long it is", async () => {
    const box = boxWith();
    const reported: number[] = [];
    box.client.bytes = (_path: string, { received }: BytesOptions) => {
      for (const [bytes, total] of [
        [1, 3],
        [5, 0],
        [3, 3],
      ] as const)
        received?.(bytes, total);
      return Promise.resolve(wave(1));
    };
    await box.machines.sound({ path }, (percent) => reported.push(percent));
    assert.deepEqual(reported, [33, 100]);
  });
});
