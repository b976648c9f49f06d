import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { type DialPlanOptions, DialPlanService } from "../../../src/lib/tr064/dial-plan";
import { FakeTr064 } from "../../support/fake-tr064";

const VOIP = "X_VoIP:1";
const place = (LKZ: string, LKZPrefix: string, OKZ: string, OKZPrefix: string) => ({
  [`${VOIP}#X_AVM-DE_GetVoIPCommonCountryCode`]: { "NewX_AVM-DE_LKZ": LKZ, "NewX_AVM-DE_LKZPrefix": LKZPrefix },
  [`${VOIP}#X_AVM-DE_GetVoIPCommonAreaCode`]: { "NewX_AVM-DE_OKZ": OKZ, "NewX_AVM-DE_OKZPrefix": OKZPrefix },
});
const oldPlace = (country: string, area: string) => ({
  [`${VOIP}#GetVoIPCommonCountryCode`]: { NewVoIPCountryCode: country },
  [`${VOIP}#GetVoIPCommonAreaCode`]: { NewVoIPAreaCode: area },
});
const planOf = (answers: FakeTr064["answers"], options: DialPlanOptions = {}) =>
  new DialPlanService(new FakeTr064(answers), options).dialPlan();

describe("dialPlan", () => {
  for (const [where, answers, options, expected] of [
    [
      "Berlin",
      place("49", "00", "30", "0"),
      {},
      { countryCode: "49", intlPrefix: "00", areaCode: "30", trunkPrefix: "0" },
    ],
    [
      "a German box that has the zero in its area code",
      place("49", "00", "030", "0"),
      {},
      { countryCode: "49", intlPrefix: "00", areaCode: "30", trunkPrefix: "0" },
    ],
    [
      "Vienna",
      place("43", "00", "1", "0"),
      {},
      { countryCode: "43", intlPrefix: "00", areaCode: "1", trunkPrefix: "0" },
    ],
    [
      "New York",
      place("1", "011", "212", "1"),
      {},
      { countryCode: "1", intlPrefix: "011", areaCode: "212", trunkPrefix: "1" },
    ],
    ["Italy: no trunk digit", place("39", "00", "", ""), {}, { countryCode: "39", intlPrefix: "00", trunkPrefix: "" }],
    [
      "Hungary",
      place("36", "00", "1", "06"),
      {},
      { countryCode: "36", intlPrefix: "00", areaCode: "1", trunkPrefix: "06" },
    ],
    ["a box that was never told: Germany", place("", "", "", ""), {}, { countryCode: "49" }],
    ["a German box without area code", place("49", "00", "", ""), {}, { countryCode: "49", intlPrefix: "00" }],
    [
      "a country code with prefix",
      place("0049", "00", "30", "0"),
      {},
      { countryCode: "49", intlPrefix: "00", areaCode: "30", trunkPrefix: "0" },
    ],
    ["a box before FRITZ!OS 7", oldPlace("49", "030"), {}, { countryCode: "49", areaCode: "30" }],
    ["an old box that says nothing", oldPlace("", ""), {}, { countryCode: "49" }],
    ["a box without telephony", {}, {}, { countryCode: "49" }],
    [
      "the user's area code",
      place("49", "00", "30", "0"),
      { areaCode: "07191" },
      { countryCode: "49", intlPrefix: "00", areaCode: "7191", trunkPrefix: "0" },
    ],
    [
      "the user's country, the same as the box's",
      place("49", "00", "30", "0"),
      { countryCode: "+49" },
      { countryCode: "49", intlPrefix: "00", areaCode: "30", trunkPrefix: "0" },
    ],
    [
      "another country than the box's: its area code and prefixes do not count",
      place("49", "00", "30", "0"),
      { countryCode: "0043", areaCode: "1" },
      { countryCode: "43", areaCode: "1" },
    ],
    [
      "Rome's 06, which is no trunk prefix",
      place("39", "00", "", ""),
      { areaCode: "06" },
      { countryCode: "39", intlPrefix: "00", trunkPrefix: "", areaCode: "06" },
    ],
    [
      "settings with blanks and signs",
      {},
      { countryCode: " +49 ", areaCode: "(0) 71 91" },
      { countryCode: "49", areaCode: "7191" },
    ],
  ] as const) {
    it(where, async () => assert.deepEqual(await planOf(answers, options), expected));
  }

  it("is the configuration's while the box is away, and the box's when it is back; it is asked once", async () => {
    const box = new FakeTr064(place("43", "00", "1", "0"));
    const service = new DialPlanService(box);
    const key = `${VOIP}#X_AVM-DE_GetVoIPCommonAreaCode`;
    const answer = box.answers[key];
    box.answers[key] = new FritzError("box-timeout", {}, true);
    assert.deepEqual(await service.dialPlan(), { countryCode: "49" });
    if (answer) box.answers[key] = answer;
    const plans = await Promise.all([service.dialPlan(), service.dialPlan()]);
    for (const plan of plans) assert.equal(plan.countryCode, "43");
    await service.dialPlan();
    assert.equal(box.asked.length, 4);
  });
});

describe("ownNumbers", () => {
  const numbers = (list: string) => {
    const box = new FakeTr064({ [`${VOIP}#X_AVM-DE_GetNumbers`]: { NewNumberList: list } });
    return new DialPlanService(box).ownNumbers();
  };
  const item = (number: string) =>
    `<Item><Number>${number}</Number><Type>eVoIP</Type><Index>0</Index><Name>x</Name></Item>`;

  it("lists each number once, and none that is empty", async () => {
    assert.deepEqual(await numbers(`<List>${["732123", "69123", "732123", ""].map(item).join("\n")}</List>`), [
      "732123",
      "69123",
    ]);
    assert.deepEqual(await numbers(`<List>${item("732123")}</List>`), ["732123"]);
    assert.deepEqual(await numbers("<List/>"), []);
    assert.deepEqual(await numbers(""), []);
  });

  it("fails with a sentence when the box does not tell, and asks again the next time", async () => {
    const box = new FakeTr064({ [`${VOIP}#X_AVM-DE_GetNumbers`]: { NewNumberList: "<List>" } });
    const service = new DialPlanService(box);
    const failsWith = (code: string) =>
      assert.rejects(service.ownNumbers(), (error) => error instanceof FritzError && error.code === code);
    await failsWith("box-reply");
    box.answers[`${VOIP}#X_AVM-DE_GetNumbers`] = new FritzError("box-right");
    await failsWith("box-right");
    box.answers[`${VOIP}#X_AVM-DE_GetNumbers`] = { NewNumberList: `<List>${item("1")}</List>` };
    assert.deepEqual(await service.ownNumbers(), ["1"]);
    await service.ownNumbers();
    assert.equal(box.asked.length, 3);
    await assert.rejects(new DialPlanService(new FakeTr064({})).ownNumbers(), FritzError);
  });
});
