/** Names of telephones and own numbers: from several answers of a box, each of which may be missing, and asked for rarely. */
import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { PhoneNames, type SeenPhone } from "../../../src/lib/telephony/phone-names";
import { FakeClock } from "../../support/fake-clock";
import { FakeTr064 } from "../../support/fake-tr064";

const MINUTE_MS = 60_000;
const CLIENTS =
  "<List><Item><X_AVM-DE_ClientIndex>1</X_AVM-DE_ClientIndex><X_AVM-DE_PhoneName>App</X_AVM-DE_PhoneName></Item>" +
  "<Item><ClientIndex>2</ClientIndex><PhoneName>Desk</PhoneName></Item></List>";
const NUMBERS =
  "<List><Item><Number>732123</Number><Name>Home</Name></Item><Item><Number>732124</Number><Name>732124</Name></Item></List>";
const MACHINES = "<List><Item><Index>1</Index><Display>1</Display><Enable>1</Enable><Name>Office</Name></Item></List>";

type Answers = ConstructorParameters<typeof FakeTr064>[0];
const PORTS = ["FON1: Door", "FON2:", "DECT: Mobile 1"];
const ALL = {
  "X_VoIP:1#X_AVM-DE_GetPhonePort": ({ NewIndex = "" }) => {
    const name = PORTS[Number(NewIndex) - 1];
    if (name === undefined) throw new FritzError("box-no-entry", {});
    return { "NewX_AVM-DE_PhoneName": name };
  },
  "X_VoIP:1#X_AVM-DE_GetClients": { "NewX_AVM-DE_ClientList": CLIENTS },
  "X_VoIP:1#X_AVM-DE_GetNumbers": { NewNumberList: NUMBERS },
  "X_AVM-DE_TAM:1#GetList": { NewTAMList: MACHINES },
} satisfies Answers;

function namesOf(answers: Answers = ALL, calls: () => Promise<SeenPhone[]> = () => Promise.resolve([])) {
  const clock = new FakeClock();
  const box = new FakeTr064({ ...answers }, { "X_AVM-DE_GetPhonePort": ["NewIndex"] });
  const names = new PhoneNames(box, clock, calls);
  return {
    names,
    clock,
    box,
    known: async () => (await names.all()).map(({ extension, name }) => `${extension} ${name}`),
  };
}

describe("names of telephones", () => {
  it("come from ports, IP telephones, machines and the newest calls, with the code that rings them", async () => {
    const calls = [
      ...[{ port: 10, device: "Kitchen" }, { port: 10, device: "Old" }, { port: 4, device: "ISDN" }, { port: 11 }, {}],
    ];
    const { names } = namesOf(ALL, () => Promise.resolve(calls));
    assert.deepEqual(await names.all(), [
      { extension: 0, code: "**1", name: "Door" },
      { extension: 10, code: "**610", name: "Kitchen" },
      { extension: 21, code: "**621", name: "App" },
      { extension: 22, code: "**622", name: "Desk" },
      { extension: 41, code: "**601", name: "Office" },
    ]);
    assert.deepEqual([names.phone(21), names.phone(4)], ["App", undefined]);
  });

  it("are those that a box can tell: what it has not, or answers wrongly, is left out", async () => {
    const { "X_VoIP:1#X_AVM-DE_GetClients": _clients, "X_AVM-DE_TAM:1#GetList": _list, ...old } = ALL;
    assert.deepEqual(await namesOf(old).known(), ["0 Door"]);
    const wrong = { ...ALL, "X_VoIP:1#X_AVM-DE_GetClients": new FritzError("box-right") };
    assert.deepEqual(await namesOf(wrong).known(), ["0 Door", "41 Office"]);
    const empty = { ...ALL, "X_VoIP:1#X_AVM-DE_GetClients": { "NewX_AVM-DE_ClientList": " " } };
    assert.deepEqual(await namesOf(empty).known(), ["0 Door", "41 Office"]);
  });

  it("are missing where everything fails, and nothing more is asked where nothing can come", async () => {
    const refused = new FritzError("box-right");
    const none = Object.fromEntries(Object.keys(ALL).map((action) => [action, refused]));
    await assert.rejects(namesOf(none).names.refresh(), { code: "box-right" });
    const login = { ...ALL, "X_VoIP:1#X_AVM-DE_GetPhonePort": new FritzError("box-login") };
    const { names, box } = namesOf(login);
    await assert.rejects(names.refresh(), { code: "box-login" });
    assert.equal(box.asked.length, 1);
    await assert.rejects(namesOf(ALL, () => Promise.reject(new FritzError("box-timeout", {}, true))).names.refresh(), {
      code: "box-timeout",
    });
  });

  it("are asked for once at a time, again after hours, sooner after a failure or for a new telephone", async () => {
    const { names, clock, box } = namesOf();
    const asked = async (minutes: number) => {
      clock.advance(minutes * MINUTE_MS);
      const before = box.asked.length;
      names.refreshSoon();
      names.refreshSoon();
      await clock.flush();
      return box.asked.length - before;
    };
    const once = await asked(0);
    assert.equal(once, 7);
    assert.deepEqual([await asked(359), await asked(1)], [0, once]);
    assert.equal(names.phone(12), undefined);
    assert.deepEqual([await asked(9), await asked(1)], [0, once]);
    assert.equal(names.phone(4), undefined);
    assert.equal(await asked(10), 0);
    Object.assign(box.answers, { "X_VoIP:1#X_AVM-DE_GetPhonePort": new FritzError("box-timeout", {}, true) });
    assert.ok((await asked(350)) > 0);
    assert.deepEqual([await asked(9), (await asked(1)) > 0], [0, true]);
    assert.equal(names.phone(0), "Door");
  });
});

describe("labels of own numbers", () => {
  it("are those that say more than the number, with or without the area code", async () => {
    const { names } = namesOf();
    await names.refresh();
    const labels = ["732123", "030732123", "732124", "32123", ""].map((number) => names.label(number));
    assert.deepEqual(labels, ["Home", "Home", undefined, undefined, undefined]);
  });

  it("stand at the own party of a call, unless it has one already", async () => {
    const { names } = namesOf();
    await names.refresh();
    const call = { caller: { number: "03023125001" }, called: { number: "732123" } };
    assert.deepEqual(names.labelled(call, "called"), { ...call, called: { number: "732123", label: "Home" } });
    assert.deepEqual(names.labelled(call, "caller"), call);
  });
});
