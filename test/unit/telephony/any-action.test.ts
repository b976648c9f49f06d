/** Any action of a box: which argument goes to it in which form, what is refused before the box is asked, and what comes back. */
import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { AnyAction, type ActionRequest } from "../../../src/lib/telephony/any-action";
import { FakeTr064 } from "../../support/fake-tr064";

const SERVICE = "X_AVM-DE_Test:1";

/** "in NewIndex ui2" -> an argument and its variable; a fourth word is the default. */
function scpd(actions: Record<string, string[]>): string {
  const all = Object.entries(actions).map(([name, list]) => [name, list.map((one) => one.split(" "))] as const);
  const argument = ([direction = "", name = ""]: string[]) =>
    `<argument><name>${name}</name><direction>${direction}</direction><relatedStateVariable>${name}</relatedStateVariable></argument>`;
  const variable = ([, name = "", type = "", usual = ""]: string[]) =>
    `<stateVariable><name>${name}</name><dataType>${type}</dataType><defaultValue>${usual}</defaultValue></stateVariable>`;
  return `<scpd><actionList>${all
    .map(
      ([name, list]) =>
        `<action><name>${name}</name><argumentList>${list.map(argument).join("")}</argumentList></action>`,
    )
    .join(
      "",
    )}</actionList><serviceStateTable>${all.flatMap(([, list]) => list.map(variable)).join("")}</serviceStateTable></scpd>`;
}

const DESCRIPTION = scpd({
  GetThing: ["in NewIndex ui2", "out NewCount ui4", "out NewBig ui8", "out NewEnable boolean", "out NewList string"],
  SetThing: ["in NewEnable boolean", "in NewOffset i4", "in NewMode string usual", "in NewText string"],
  MarkMessage: ["in NewIndex ui2", "in NewMarkedAsRead boolean"],
});

function boxWith(answers: ConstructorParameters<typeof FakeTr064>[0] = {}) {
  const client = new FakeTr064(
    Object.fromEntries(Object.entries(answers).map(([action, answer]) => [`${SERVICE}#${action}`, answer])),
  );
  const described: string[] = [];
  const actions = new AnyAction(
    Object.assign(client, {
      scpd: (service: string) => {
        described.push(service);
        return Promise.resolve(DESCRIPTION);
      },
      describe: () =>
        Promise.resolve({
          ...{ model: "", udn: "" },
          services: ["DeviceInfo:1", SERVICE, SERVICE].map((type) => ({ type, controlUrl: "", scpdUrl: "" })),
        }),
    }),
  );
  const run = (action: string, more: Partial<ActionRequest> = {}) =>
    actions.run({ service: SERVICE, action, arguments: {}, write: true, parse: true, ...more });
  return { client, described, actions, run };
}

describe("any action of a box", () => {
  it("is found by its name in any case, its service in short, long and old form", async () => {
    const { actions, described, client, run } = boxWith({ GetThing: {} });
    assert.deepEqual(await actions.services(), ["DeviceInfo:1", SERVICE]);
    const offered = await actions.actions("X_AVM-DE_Test1");
    assert.deepEqual(
      offered.map(({ name, writes }) => [name, writes]),
      [
        ["GetThing", false],
        ["SetThing", true],
        ["MarkMessage", true],
      ],
    );
    await run(" getthing ", { service: ` urn:dslforum-org:service:${SERVICE}`, arguments: { index: 1 }, write: false });
    assert.deepEqual(described, [SERVICE, SERVICE]);
    assert.deepEqual(client.asked, ['GetThing {"NewIndex":"1"}']);
  });

  const set = (given: Record<string, unknown>) => ({ arguments: { enable: 1, offset: 0, text: "", ...given } });
  for (const [given, sent] of [
    [
      { enable: "Yes", NEWOFFSET: -7 },
      { NewEnable: "1", NewOffset: "-7" },
    ],
    [
      { enable: false, offset: "12", newEnable: "off" },
      { NewEnable: "0", NewOffset: "12" },
    ],
    [
      { mode: " kept ", text: { a: [1] } },
      { NewMode: " kept ", NewText: '{"a":[1]}' },
    ],
    [
      { mode: null, text: 5 },
      { NewMode: "usual", NewText: "5" },
    ],
  ] as const) {
    it(`takes ${JSON.stringify(given)}`, async () => {
      const { client, run } = boxWith({ SetThing: {} });
      await run("SetThing", set(given));
      const usual = { NewEnable: "1", NewOffset: "0", NewMode: "usual", NewText: "" };
      assert.deepEqual(client.asked, [`SetThing ${JSON.stringify({ ...usual, ...sent })}`]);
    });
  }

  it("lets out what the documentation calls optional", async () => {
    const { client, run } = boxWith({ MarkMessage: {} });
    await run("MarkMessage", { arguments: { index: 2 } });
    assert.deepEqual(client.asked, ['MarkMessage {"NewIndex":"2"}']);
  });

  it("takes arguments of a payload that fits only, the message's own before it, the node's after it", async () => {
    const { client, run } = boxWith({ GetThing: {} });
    const defaults = { index: 1 };
    for (const payload of [{ index: 2 }, { index: 2, other: 3 }, [{ index: 2 }], "2", undefined]) {
      await run("GetThing", { defaults, payload });
    }
    await run("GetThing", { defaults, payload: { index: 2 }, arguments: { NewIndex: 3 } });
    const sent = client.asked.map((text) => /"(\d)"/.exec(text)?.[1]).join("");
    assert.equal(sent, "211113");
    await assert.rejects(run("GetThing", { payload: { NewOther: 1 } }), { code: "action-argument-unknown" });
  });

  for (const [what, action, more, code] of [
    ["without a service", "GetThing", { service: " " }, "action-missing"],
    ["without a name", " ", {}, "action-missing"],
    ["that the service has not", "GetOther", {}, "action-unknown"],
    ["that writes, unless that is allowed", "SetThing", { ...set({}), write: false }, "action-write"],
    ["with an argument that it has not", "GetThing", { arguments: { place: 1 } }, "action-argument-unknown"],
    ["without an argument that it wants", "GetThing", {}, "action-argument-missing"],
    ["with a switch that is none", "SetThing", set({ enable: "maybe" }), "action-value"],
    ["with a number that is none", "SetThing", set({ offset: "1.5" }), "action-value"],
    ["with a number below nought where there is none", "GetThing", { arguments: { index: -1 } }, "action-value"],
  ] as const) {
    it(`is refused ${what}`, async () => {
      const { client, run } = boxWith({ GetThing: {}, SetThing: {} });
      await assert.rejects(run(action, more), { code });
      assert.deepEqual(client.asked, []);
    });
  }

  it("says that its result is unknown after a lost answer; one that only reads says what failed", async () => {
    const broken = new FritzError("box-timeout", {}, true);
    const refused = new FritzError("box-right", { action: "MarkMessage" });
    const { run } = boxWith({ SetThing: broken, GetThing: broken, MarkMessage: refused });
    await assert.rejects(run("SetThing", set({})), { code: "action-uncertain" });
    await assert.rejects(run("GetThing", { arguments: { index: 1 } }), { code: "box-timeout" });
    await assert.rejects(run("MarkMessage", { arguments: { index: 1 } }), { code: "box-right" });
  });
});

describe("what an action answers", () => {
  const answered = async (values: Record<string, string>, parse = true) =>
    (await boxWith({ GetThing: values }).run("GetThing", { arguments: { index: 0 }, parse })).values;

  it("has the types of the description, without New", async () => {
    assert.deepEqual(await answered({ NewCount: "3", newenable: "1", NewEnable: "false", Other: "7" }), {
      ...{ Count: 3, newenable: true, Enable: false, Other: "7" },
    });
    const raw = { NewCount: "many", NewBig: "18446744073709551615", NewEnable: "2" };
    assert.deepEqual(await answered(raw), { Count: "many", Big: "18446744073709551615", Enable: "2" });
  });

  for (const [xml, json] of [
    ["<List><Item><Index>0</Index></Item></List>", [{ Index: "0" }]],
    ["<List/>", []],
    ["<Thing> a </Thing>", "a"],
    ['<Thing id="1" xmlns:x="y"> a </Thing>', { id: "1", text: "a" }],
    ["<Thing><A>1</A><B>2</B><A>3</A><Item>4</Item></Thing>", { A: ["1", "3"], B: "2", Item: ["4"] }],
    ["<Thing", "<Thing"],
  ] as const) {
    it(`makes values of ${xml}`, async () => {
      assert.deepEqual(await answered({ NewList: xml }), { List: json });
      assert.deepEqual(await answered({ NewList: xml }, false), { List: xml });
    });
  }
});
