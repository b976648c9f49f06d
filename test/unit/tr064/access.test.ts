/** Who may log in at a box, and what the login may do. */
import assert from "node:assert/strict";
import { BoxAccess } from "../../../src/lib/tr064/access";
import { FakeTr064 } from "../../support/fake-tr064";

const accessTo = (answers: ConstructorParameters<typeof FakeTr064>[0]) => new BoxAccess(new FakeTr064(answers));
const rights = (given: Record<string, string>) =>
  `<rights>${Object.entries(given)
    .map(([path, access]) => `<path>${path}</path><access>${access}</access>`)
    .join("")}</rights>`;

describe("access to a box", () => {
  it("names the users, the last login first, and none where the box does not tell", async () => {
    const users = (list: string) =>
      accessTo({ "LANConfigSecurity:1#X_AVM-DE_GetUserList": { "NewX_AVM-DE_UserList": list } }).users();
    const list = [
      "<Username>anna</Username>",
      '<Username last_user="1"> fritz1234 </Username>',
      "<Username> </Username>",
    ];
    assert.deepEqual(await users(`<List>${list.join("")}</List>`), ["fritz1234", "anna"]);
    assert.deepEqual(await users(" "), []);
    assert.deepEqual(await accessTo({}).users(), []);
    await assert.rejects(users("<List>"), { code: "box-reply" });
  });

  for (const [given, phone, dial] of [
    [{ Phone: "readwrite", Dial: "readonly" }, "readwrite", "readonly"],
    [{ Phone: "readonly", BoxAdmin: "readwrite" }, "readwrite", "readwrite"],
    [{ Phone: " READWRITE ", BoxAdmin: "none", Dial: "sometimes" }, "readwrite", "none"],
    [{ NAS: "readwrite" }, "none", "none"],
  ] as const) {
    it(`${JSON.stringify(given)}: telephony ${phone}, dialling ${dial}`, async () => {
      const access = accessTo({
        "LANConfigSecurity:1#X_AVM-DE_GetCurrentUser": {
          ...{ "NewX_AVM-DE_CurrentUsername": "anna", "NewX_AVM-DE_CurrentUserRights": rights(given) },
        },
      });
      assert.deepEqual(await access.currentUser(), { name: "anna", phone, dial });
    });
  }

  it("is unknown on a box that does not tell", async () => {
    assert.equal(await accessTo({}).currentUser(), undefined);
  });

  it("knows of the second factor, and of a list of barred numbers only where all of it is there", async () => {
    const factor = (answer: Record<string, string>) => accessTo({ "X_AVM-DE_Auth:1#GetInfo": answer }).secondFactor();
    assert.deepEqual([await factor({ NewEnabled: "1" }), await factor({ NewEnabled: "0" })], [true, false]);
    assert.equal(await accessTo({}).secondFactor(), false);
    const [list, set, remove] = [
      ...["X_AVM-DE_OnTel:1#GetCallBarringList", "X_AVM-DE_OnTel:1#SetCallBarringEntry"],
      ...["X_AVM-DE_OnTel:1#DeleteCallBarringEntryUID"],
    ] as const;
    assert.equal(await accessTo({ [list]: {}, [set]: {}, [remove]: {} }).canBar(), true);
    assert.equal(await accessTo({ [list]: {}, [set]: {} }).canBar(), false);
  });

  it("dials what it is told", async () => {
    const box = new FakeTr064(
      { "X_VoIP:1#X_AVM-DE_DialNumber": {} },
      { "X_AVM-DE_DialNumber": ["NewX_AVM-DE_PhoneNumber"] },
    );
    await new BoxAccess(box).dial("#96*5*");
    assert.deepEqual(box.asked, ['X_AVM-DE_DialNumber {"NewX_AVM-DE_PhoneNumber":"#96*5*"}']);
  });
});
