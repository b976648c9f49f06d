/** What a box last said of its books and its place outlasts a restart of Node-RED during an outage. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Telephony } from "../../src/lib/box/telephony";
import { jsonFile } from "../../src/lib/core/json-file";
import { SimulatedBox } from "../../simulator";
import { removeFolder, until } from "../support/wait";

const USER = { name: "fritz1234", password: "gehe!m-ß" };

describe("memory of an outage", () => {
  let box: SimulatedBox;
  let folder: string;
  let opened: Telephony[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "fritz-memory-"));
    box = new SimulatedBox();
    box.tr064.state.users = [{ ...USER, rights: { phone: "readwrite" } }];
    box.tr064.state.books.named("Telefonbuch").add("Anna", "732555");
    await box.tr064.listen();
  });
  afterEach(async () => {
    for (const telephony of opened) telephony.close();
    opened = [];
    await box.tr064.stop();
    removeFolder(folder);
  });

  const open = () => {
    const { port, tlsPort } = box.tr064;
    const telephony = new Telephony({
      ...{ host: "127.0.0.1", port, tlsPort, username: USER.name, password: USER.password },
      keep: (name) => jsonFile(join(folder, "fritz-calls", `${name}.json`)),
    });
    opened.push(telephony);
    return telephony;
  };

  it("still knows contacts that are written without area code", async () => {
    assert.deepEqual((await open().find("07191 732555")).contacts[0]?.name, "Anna");
    const file = (name: string) => join(folder, "fritz-calls", `${name}.json`);
    await until("both files", () => {
      const names = readdirSync(folder).length > 0 ? readdirSync(join(folder, "fritz-calls")) : [];
      return names.includes("books.json") && names.includes("home.json");
    });
    for (const name of ["books", "home"]) {
      assert.equal(statSync(file(name)).mode & 0o777, 0o600);
      assert.doesNotMatch(readFileSync(file(name), "utf8"), /gehe|fritz1234|sid=/);
    }
    await box.tr064.refuse();
    const cold = open();
    assert.equal((await cold.dialPlan()).areaCode, "7191");
    const { contacts, unknown } = await cold.find("+49 7191 732555");
    assert.deepEqual([contacts[0]?.name, unknown], ["Anna", "loading"]); // at once, without waiting for the box
    assert.deepEqual([(await cold.find("089 99998001")).unknown], ["unreachable"]);
  });

  it("is dial-plan when the box refuses to tell its area code and never told it", async () => {
    for (const action of ["X_AVM-DE_GetVoIPCommonCountryCode", "X_AVM-DE_GetVoIPCommonAreaCode"])
      box.tr064.failNext({ kind: "503", match: action, times: 1000 });
    for (const action of ["GetVoIPCommonCountryCode", "GetVoIPCommonAreaCode"])
      box.tr064.state.missingActions.add(action).add(`X_AVM-DE_${action}`);
    const { contacts, unknown } = await open().find("07191 732555");
    assert.deepEqual([contacts, unknown], [[], "dial-plan"]);
  });
});
