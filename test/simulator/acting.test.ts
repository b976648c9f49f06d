/** The simulated box's telephone system: answering machines, handsets, the dialling aid, users for apps, and what status clients ask. */
import assert from "node:assert/strict";
import { parseXml } from "../../simulator/tr064/xml";
import { SimulatedBox } from "../../simulator";
import { recording } from "../../simulator/tr064/recordings";
import { callAction } from "../support/plain-soap";

const USER = { name: "nodered", password: "gehe!m-42" };

describe("simulator: acting on the telephone system", function () {
  let box: SimulatedBox;
  const soap = (service: string, action: string, values: Record<string, string> = {}, user = USER) =>
    callAction(box.tr064, user, service, action, values);

  beforeEach(async () => {
    box = new SimulatedBox();
    box.tr064.state.users = [{ ...USER, rights: { phone: "readwrite" } }];
    await box.tr064.listen();
  });
  afterEach(async () => {
    await box.monitor.stop();
    await box.tr064.stop();
  });

  it("lists five answering machines, gives their messages and the sound behind them", async () => {
    const call = box.ring("03023125001");
    box.speak(call, { seconds: 2 });
    box.hangUp(call);
    const list = parseXml((await soap("X_AVM-DE_TAM:1", "GetList")).values["NewTAMList"] ?? "");
    assert.equal(list.children.filter(({ local }) => local === "Item").length, 5);
    const url = (await soap("X_AVM-DE_TAM:1", "GetMessageList", { NewIndex: "0" })).values["NewURL"] ?? "";
    const document = parseXml(await (await fetch(url.replace(/^https:\/\/[^/]+/, base()))).text());
    const [message] = document.children;
    const field = (name: string) => message?.children.find(({ local }) => local === name)?.text ?? "";
    assert.deepEqual([field("New"), field("Number"), field("Called")], ["1", "03023125001", "732123"]);
    const sid = new URL(url).searchParams.get("sid");
    const sound = Buffer.from(await (await fetch(`${base()}${field("Path")}&sid=${sid}`)).arrayBuffer());
    assert.deepEqual(sound, recording(2));
    assert.equal((await fetch(`${base()}/download.lua?path=/data/tam/rec/rec.0.000`)).status, 403, "without a session");
  });

  it("marks and deletes a message, keeps indexes or moves them, and knows no such message", async () => {
    const { tam } = box.tr064.state;
    for (const minute of [1, 2, 3]) tam.leave(0, { number: "030", date: new Date(2026, 0, 1, 12, minute) });
    assert.deepEqual(
      tam.messages.map(({ index }) => index),
      [2, 1, 0],
    );
    await soap("X_AVM-DE_TAM:1", "MarkMessage", { NewIndex: "0", NewMessageIndex: "1", NewMarkedAsRead: "1" });
    assert.deepEqual(
      tam.messages.map(({ isNew }) => isNew),
      [true, false, true],
    );
    await soap("X_AVM-DE_TAM:1", "DeleteMessage", { NewIndex: "0", NewMessageIndex: "1" });
    assert.deepEqual(
      tam.messages.map(({ index }) => index),
      [2, 0],
    );
    tam.indexes = "moving";
    await soap("X_AVM-DE_TAM:1", "DeleteMessage", { NewIndex: "0", NewMessageIndex: "2" });
    assert.deepEqual(
      tam.messages.map(({ index }) => index),
      [0],
    );
    const gone = await soap("X_AVM-DE_TAM:1", "DeleteMessage", { NewIndex: "0", NewMessageIndex: "7" });
    assert.equal(gone.code, 713);
  });

  it("refuses a user who lacks the right, and wants the second factor where it is told to", async () => {
    const { state } = box.tr064;
    state.users.push({ name: "guest", password: "x", rights: { nas: "readwrite" } });
    const guest = { name: "guest", password: "x" };
    for (const [service, action, values] of [
      ["X_AVM-DE_TAM:1", "SetEnable", { NewIndex: "0", NewEnable: "0" }],
      ["X_AVM-DE_OnTel:1", "SetDeflectionEnable", { NewDeflectionId: "0", NewEnable: "0" }],
      ["X_VoIP:1", "X_AVM-DE_DialNumber", { "NewX_AVM-DE_PhoneNumber": "**9" }],
    ] as const) {
      assert.equal((await soap(service, action, values, guest)).code, 606, action);
    }
    state.secondFactor.enabled = true;
    state.protectedActions.add("SetEnable");
    assert.equal((await soap("X_AVM-DE_TAM:1", "SetEnable", { NewIndex: "0", NewEnable: "0" })).code, 866);
    assert.equal(state.tam.slots[0]?.enable, true);
  });

  it("rings telephones of the house without a trace outside, until the dialling aid hangs up", async () => {
    const dial = (number: string) => soap("X_VoIP:1", "X_AVM-DE_DialNumber", { "NewX_AVM-DE_PhoneNumber": number });
    await dial("**9");
    assert.equal(box.ringing, "**9");
    assert.equal(box.openCalls.length, 0);
    await soap("X_VoIP:1", "X_AVM-DE_DialHangup");
    assert.equal(box.ringing, "");
    await dial("030231250");
    const [call] = box.openCalls;
    assert.ok(call);
    box.answer(call);
    await soap("X_VoIP:1", "X_AVM-DE_DialHangup");
    assert.equal(box.openCalls.length, 1, "an answered call goes on");
    box.tr064.state.dialPhone = "";
    assert.equal((await dial("**9")).code, 501);
  });

  it("makes a user for an app with no more rights than the caller has", async () => {
    const app = {
      ...{ NewAppId: "nodered1", NewAppDisplayName: "Node-RED", NewAppDeviceMAC: "", NewAppUsername: "flows1" },
      ...{ NewAppPassword: "Geheim-42x", NewAppRight: "NO", NewNasRight: "RW", NewPhoneRight: "RW" },
      ...{ NewHomeautoRight: "NO", NewAppInternetRights: "0" },
    };
    assert.equal((await soap("X_AVM-DE_AppSetup:1", "RegisterApp", app)).code, undefined);
    const made = box.tr064.state.users.find(({ name }) => name === "flows1");
    assert.deepEqual([made?.rights.phone, made?.rights.nas], ["readwrite", "none"]);
    const codes = [
      [{ NewAppId: "a-b" }, 823],
      [{ NewAppPassword: "short" }, 832],
      [{ NewAppUsername: "1abc" }, 830],
      [{ NewAppId: "other", NewAppUsername: "NODERED" }, 831],
      [{ NewAppId: "other", NewAppUsername: "other", NewPhoneRight: "NO" }, 836],
    ] as const;
    for (const [change, code] of codes) {
      assert.equal((await soap("X_AVM-DE_AppSetup:1", "RegisterApp", { ...app, ...change })).code, code);
    }
    const self = { name: "flows1", password: "Geheim-42x" };
    const again = { ...app, NewAppId: "second", NewAppUsername: "second" };
    assert.equal((await soap("X_AVM-DE_AppSetup:1", "RegisterApp", again, self)).code, 838);
  });

  it("answers what a status client asks, without login, under the names that such a client looks for", async () => {
    const description = await (await fetch(`${base()}/igddesc.xml`)).text();
    for (const id of ["WANCommonIFC1", "WANIPConn1"]) assert.match(description, new RegExp(`serviceId:${id}<`));
    const type = "urn:schemas-upnp-org:service:WANIPConnection:1";
    const answer = await fetch(`${base()}/igdupnp/control/WANIPConn1`, {
      method: "POST",
      headers: { "Content-Type": 'text/xml; charset="utf-8"', SOAPAction: `${type}#GetStatusInfo` },
      body: `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:GetStatusInfo xmlns:u="${type}"></u:GetStatusInfo></s:Body></s:Envelope>`,
    });
    assert.match(await answer.text(), /<NewConnectionStatus>Connected</);
    const scpd = await (await fetch(`${base()}/x_tamSCPD.xml`)).text();
    assert.match(scpd, /<maximum>4<\/maximum>/);
    assert.match(scpd, /<allowedValue>timeprofile<\/allowedValue>/);
  });

  it("forgets a write that it says it has done, if told to", async () => {
    box.tr064.failNext({ kind: "drop-write", match: "SetEnable" });
    assert.equal((await soap("X_AVM-DE_TAM:1", "SetEnable", { NewIndex: "0", NewEnable: "0" })).code, undefined);
    assert.equal(box.tr064.state.tam.slots[0]?.enable, true);
  });

  const base = () => `http://127.0.0.1:${box.tr064.port}`;
});
