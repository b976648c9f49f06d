import assert from "node:assert/strict";
import type { DialPlan, NormalizedNumber, Flag, NumberType } from "../../../src/lib/numbers/types";
import { loadNumberingData } from "../../../src/lib/numbers/data";
import { isFake } from "../../../src/lib/numbers/flags";
import { isSameNumber, lookupKeys, normalizeNumber } from "../../../src/lib/numbers/index";
import { at, BERLIN, HOME, NEW_YORK, parts, ROME, SYDNEY, VIENNA } from "../../support/numbers";

/** `undefined`: must not be there. */
type Expected = { [K in keyof NormalizedNumber]?: NormalizedNumber[K] | undefined };

/** Each input with the parts of the answer that matter, seen from one home. */
function table(rows: readonly (readonly [input: unknown, expected: Expected])[], plan: DialPlan = HOME): void {
  for (const [input, expected] of rows) {
    it(`${JSON.stringify(input)} is ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(parts(at(input, plan), Object.keys(expected)), expected);
    });
  }
}

const none = (type: NumberType, ...flags: Flag[]): Expected => ({ e164: null, type, flags });
const stuttgart: Expected = { e164: "+49711123456", type: "landline", flags: [], areaCode: "711", town: "Stuttgart" };

describe("normalizeNumber, step 1: no number", () => {
  const words = [
    "unbekannt",
    "Unbekannter Anrufer",
    "anonym",
    "Anonymous",
    "UNKNOWN",
    "unterdrückt",
    "Privat",
    "withheld",
    "n/a",
  ];
  const values = [undefined, null, 711123456, {}, [], "", "  ", "\u200b\u200e", "0", ...words];
  table(values.map((value) => [value, none("anonymous")] as const));
  table([["anonymous@anonymous.invalid", none("anonymous")]]);
});

describe("normalizeNumber, step 2: invisible and unusual characters", () => {
  table([
    ["\u202a+49 711 123456\u202c", stuttgart],
    ["\ufeff0711\u00a0123\u2009456", stuttgart],
    ["０７１１ １２３４５６", stuttgart],
    ["0711\u2011123\u2013456", stuttgart],
    ["0711\t123\n456", stuttgart],
    ["0711\u00ad123456", stuttgart],
  ]);
});

describe("normalizeNumber, step 3: tel: and SIP addresses", () => {
  table([
    ["tel:+49-711-123456", stuttgart],
    ["TEL:0711/123456", stuttgart],
    ["tel:123456;phone-context=+49711", stuttgart],
    ["tel:0711123456;phone-context=example.com", stuttgart],
    ["tel:%2B49711123456", stuttgart],
    ["sip:+49711123456@provider.example", stuttgart],
    ["+49711123456@provider.example", stuttgart],
    ["sip:0711123456@fritz.box;user=phone", stuttgart],
    ['"Anna" <sip:+49711123456@fritz.box;transport=tcp>', stuttgart],
    ["sips:anna@example.net", none("sip")],
    ["anna@example.net", none("sip")],
    ["1234567@sipgate.example", none("sip")], // not +491234567
    ["0711123456@fritz.box", none("sip")],
    ["sip:fritz.box", none("sip")],
  ]);
});

describe("normalizeNumber, step 4: user(network)", () => {
  table([
    ["0711123456(030123456)", { ...stuttgart, network: "+4930123456" }],
    ["0711 123456 (+49 30 123456)#", { ...stuttgart, network: "+4930123456" }],
    ["0711123456#(030123456)", { ...stuttgart, network: "+4930123456" }],
    ["0711123456(0900123456)", { e164: "+49711123456", flags: ["illegal-cli", "too-short"] }],
    ["0711123456 (04)", { e164: "+4971112345604" }], // too short for a number
    ["(07191) 123456", { e164: "+497191123456", type: "landline" }],
    ["0711123456(00999123456)", { e164: "+49711123456", network: "00999123456", flags: ["unknown-country"] }],
  ]);
  it("without brackets there is no network", () => assert.equal("network" in at("+49 (0) 711 123456"), false));
});

describe("normalizeNumber, step 5: the box's own codes", () => {
  table([
    ["**610", none("internal")], // not +49610
    ["**9", none("internal")],
    ["**701#", none("internal")],
    ["*31#0711123456", stuttgart],
    ["#31#0711 123456", stuttgart],
    ["*121#*31#0711123456", stuttgart],
    ["*121#+49711123456", stuttgart],
    ["*31#**610", none("internal")],
    ["#96*5*", none("code")],
    ["*#06#", none("code")],
    ["*31#", none("code")],
    ["#", none("invalid")],
  ]);
});

describe("normalizeNumber, step 6: what comes behind, and wildcards", () => {
  table([
    ["0711123456#", stuttgart], // an IP phone ends dialling so
    ["0711123456#12", stuttgart],
    ["0711123456,,12", stuttgart],
    ["0711123456;12", stuttgart],
    ["0711 123456 ext. 12", stuttgart],
    ["0711 123456 x12", stuttgart],
    ["0711 123456 DW 12", stuttgart],
    ["0711 123456 - Durchwahl: 12", stuttgart],
    ["0711 123456 privat", none("invalid")],
    ["0800 FLOWERS", none("invalid")],
    ["0711 123xxx", none("invalid")], // anonymised
    ["0711*123", none("invalid")],
    ["0711+49", none("invalid")],
    ["0711 123*", { ...none("prefix"), prefix: "+49711123" }],
    ["+49 711*", { ...none("prefix"), prefix: "+49711" }],
    ["+49 (0) 711*", { ...none("prefix"), prefix: "+49711" }],
    ["0049711**", { ...none("prefix"), prefix: "+49711" }],
    ["0900*", { ...none("prefix"), prefix: "+49900" }],
    ["0800*", { ...none("prefix"), prefix: "+49800" }],
    ["+39*", { ...none("prefix"), prefix: "+39" }],
    ["+39 06*", { ...none("prefix"), prefix: "+3906" }],
    ["123*", { ...none("prefix"), prefix: "+497191123" }],
    ["*", none("invalid")],
    ["+*", none("invalid")],
    ["00*", none("invalid")], // every country, the own one too: never meant
    ["+49 00711*", none("invalid")],
    ["x".repeat(10_000), none("invalid")],
  ]);
  table([["123*", none("invalid")]], { countryCode: "49" });
  table(
    [
      ["212*", { prefix: "+1212" }],
      ["011 49 711*", { prefix: "+49711" }],
    ],
    NEW_YORK,
  );
  table([["06*", { prefix: "+3906" }]], ROME);
});

describe("normalizeNumber, steps 7 and 8: international numbers", () => {
  const forms = [
    "+49711123456",
    "0049711123456",
    "+0049 711 123456",
    "++49 711 123456",
    "+49 (0) 711 123456",
    "0049 0711/123456",
    "+49(711)123456",
  ];
  table(forms.map((form) => [form, stuttgart] as const));
  table([
    ["+390612345678", { e164: "+390612345678", country: "IT", town: "Roma", areaCode: "06" }], // Italy keeps its zero
    ["+39 (0)6 12345678", { e164: "+390612345678" }],
    ["+2250123456789", { e164: "+2250123456789", country: "CI" }], // so does Ivory Coast
    ["+43 (0)1 5550000", { e164: "+4315550000", country: "AT", town: "Wien", areaCode: "1" }],
    ["+44 (0)20 7946 0123", { e164: "+442079460123", country: "GB" }],
    ["+999123456", none("invalid", "unknown-country")],
    ["00999123456", none("invalid", "unknown-country")],
    ["+0711123456", none("invalid")],
    ["000711123456", none("invalid")],
    ["+49 00 711 123456", none("invalid")],
    ["+49", none("invalid")],
    ["00", none("invalid")],
    ["+", none("invalid")],
    ["---()", none("invalid")],
  ]);
});

describe("normalizeNumber, steps 9 and 10: national and local numbers", () => {
  const local: Expected = { e164: "+497191123456", type: "landline", flags: [], areaCode: "7191", town: "Backnang" };
  table([
    ["07361/9561-0", { e164: "+49736195610", town: "Aalen" }],
    ["123456", local],
    ["12 34-56", local],
    ["4711", { e164: "+4971914711", areaCode: "7191" }], // not Stuttgart
    ["321234", { e164: "+497191321234", areaCode: "7191" }], // not Solingen
    ["732123", { e164: "+497191732123", flags: [] }],
    ["110", none("short", "emergency-cli")],
    ["112", none("short", "emergency-cli")],
    ["115", none("short")],
    ["116117", none("short")],
    ["11833", none("short", "illegal-cli")],
    ["118000", none("short", "illegal-cli")],
    ["118100", { e164: "+497191118100", type: "landline" }], // 118xy has five digits
    ["19222", { e164: "+49719119222", type: "landline", flags: [] }],
    // more than 13 digits with the area code: no local number
    ["4971112345678", { e164: "+4971112345678", flags: ["missing-plus"], town: "Stuttgart" }],
    ["4315550000123", { e164: "+4315550000123", type: "foreign", flags: ["missing-plus"], country: "AT" }],
    ["1511234567890", { e164: "+4971911511234567890", flags: ["too-long"] }], // neither
    ["15112345678", { e164: "+4915112345678", type: "mobile", flags: ["missing-zero"] }],
    ["1711234567", { e164: "+491711234567", type: "mobile", flags: ["missing-zero"] }],
  ]);
  table([["1711234567", { e164: "+49301711234567", town: "Berlin" }]], BERLIN); // 12 digits: it may be local
  table([["123456", { ...none("invalid"), because: "area-code-needed" }]], { countryCode: "49" });
  table(
    [
      ["0711 123456", stuttgart],
      ["110", none("short", "emergency-cli")],
    ],
    { countryCode: "49", areaCode: "" },
  );
});

describe("normalizeNumber: call by call", () => {
  const outgoing: DialPlan = { ...HOME, direction: "out" };
  table(
    [
      ["01013 0711 123456", { ...stuttgart, flags: ["call-by-call"] }],
      ["010013 0711 123456", { ...stuttgart, flags: ["call-by-call"] }],
      ["01013 0049 711 123456", { ...stuttgart, flags: ["call-by-call"] }],
      ["01013 010013 0711 123456", { ...stuttgart, flags: ["call-by-call"] }],
      ["01013", none("invalid", "call-by-call")],
      ["0711 123456", stuttgart],
      ["0900 1234567", { type: "premium", flags: [] }], // to be called it is there
      ["110", none("short")],
    ],
    outgoing,
  );
  table([["01013 0711 123456", none("invalid", "call-by-call")]]); // never a caller's number
});

describe("normalizeNumber, step 11: kinds of German numbers", () => {
  table([
    ["0151 12345678", { e164: "+4915112345678", type: "mobile", flags: [], operator: "T-Mobile" }],
    ["0171 1234567", { type: "mobile", flags: [] }],
    ["0171 12345678", { type: "mobile", flags: [] }], // both lengths exist
    ["0153 12345678", { type: "mobile", flags: [] }], // a block that is hardly used: lists age
    ["0171 13 1234567", { type: "mobile", flags: [] }], // a mailbox
    ["015113 01234567", { type: "mobile", flags: [] }],
    ["03222 1234567", { type: "nomadic", flags: [] }],
    ["0800 0022833", { e164: "+498000022833", type: "freephone", flags: [] }], // starts with 0, and is right
    ["0800 1234567890", { type: "freephone", flags: [] }],
    ["0180 5 123456", { type: "shared-cost", flags: [] }],
    ["0700 01234567", { type: "personal", flags: [] }],
    ["0168 1234", { type: "pager", flags: [] }],
    ["01888 12345", { type: "vpn", flags: [] }],
    ["0191 011", { type: "online", flags: [] }],
    ["0900 1234567", { type: "premium", flags: ["illegal-cli"] }],
    ["0137 1234567", { type: "mass", flags: ["illegal-cli"] }],
    ["0621 512345", { type: "landline", areaCode: "621", flags: [] }], // Ludwigshafen shares Mannheim's code
    ["02129 12345", { areaCode: "2129", town: "Haan Rheinland" }], // the one code inside another
    ["0212 812345", { areaCode: "212", town: "Solingen" }],
    ["+49116117", none("short")],
    ["0116117", none("short")], // as a box shows it
    ["0110", none("short", "emergency-cli")],
    ["+49110", none("short", "emergency-cli")], // not a number of its own
    ["0118 33", none("short", "illegal-cli")],
  ]);
});

describe("normalizeNumber: what is wrong with a German number", () => {
  const flags = (input: string, ...wanted: Flag[]) => [input, { flags: wanted }] as const;
  table([
    flags("04650 12345", "unknown-area-code"), // Sylt is 04651
    ["033052 12345", { flags: ["unknown-area-code"], town: "Leegebruch", e164: "+493305212345" }], // given up
    flags("0711 1", "too-short"),
    flags("0711 123"),
    flags("030 123"),
    flags("030 12", "too-short"),
    flags("0711 1234567890"),
    flags("0711 12345678901", "too-long"),
    ["0711 123456789012345678", { e164: "+49711123456789012345678", flags: ["too-long"] }], // spam lists need the digits
    flags("0711 0123456", "subscriber-zero"),
    flags("030 110", "emergency-cli"),
    flags("030 112 34567", "emergency-cli"),
    flags("030 115"), // the city's own 115
    flags("0110 1234567", "reserved-range", "emergency-cli"),
    flags("0115 1234567", "reserved-range"),
    flags("0151 1234567", "too-short"),
    flags("0151 123456789", "too-long"),
    flags("0171 123456", "too-short"),
    flags("0171 123456789", "too-long"),
    flags("0161 1234567", "reserved-range"),
    flags("0190 123456", "reserved-range"),
    flags("0312 12345", "reserved-range"),
    flags("0500 12345", "reserved-range"),
    flags("0701 1234567", "reserved-range"),
    flags("0801 1234567", "reserved-range"),
    flags("0901 1234567", "reserved-range"),
    flags("012 1234567", "reserved-range"),
    flags("014 1234567", "reserved-range"),
    flags("0180 9 123456", "reserved-range"),
    flags("09009 123456", "illegal-cli", "reserved-range"),
    flags("0180 5 12345678", "too-long"),
    flags("0800 123456", "too-short"),
    flags("030 23125123", "fictional"),
    flags("089 99998123", "fictional"),
    flags("0171 3920012", "fictional"),
    flags("0176 04069012", "fictional"),
    flags("0152 28817386", "fictional"),
    flags("030 23126123"),
  ]);

  it("keeps the landline's kind when its number is a trick", () =>
    assert.deepEqual(parts(at("030110"), ["type", "e164"]), { type: "landline", e164: "+4930110" }));
});

describe("normalizeNumber: what was probably meant", () => {
  table([
    // 0049 221 4710123, 0044 29 ..., 0043 720 ... lost a zero
    ["0492214710123", { e164: "+49492214710123", flags: ["missing-zero"], alt: "+492214710123" }],
    ["0442920180123", { flags: ["unknown-area-code", "missing-zero"], alt: "+442920180123" }],
    ["043720123456", { flags: ["subscriber-zero", "missing-zero"], alt: "+43720123456" }],
    ["+49492214710123", { e164: "+49492214710123", flags: ["missing-zero"], alt: "+492214710123" }],
    ["0958123456", { flags: ["unknown-area-code"], alt: undefined }], // would be Myanmar
    ["0351 212345678", { flags: [], areaCode: "351", alt: "+351212345678" }], // Dresden; may have been Portugal
    // a mobile number behind an area code
    ["0711 49 151 12345678", { flags: ["too-long", "veiled-mobile"], alt: "+4915112345678", town: "Stuttgart" }],
    ["030 049 171 1234567", { flags: ["too-long", "subscriber-zero", "veiled-mobile"], alt: "+491711234567" }],
    ["030 0 171 1234567", { flags: ["subscriber-zero", "veiled-mobile"], alt: "+491711234567" }],
    ["0711 0 151 12345678", { flags: ["too-long", "subscriber-zero", "veiled-mobile"], alt: "+4915112345678" }],
    ["030 49151234", { e164: "+493049151234", flags: [], alt: undefined }], // a real number in Berlin
  ]);
});

describe("normalizeNumber: foreign numbers", () => {
  const abroad = (input: string, country: string, more: Expected = {}) =>
    [input, { type: "foreign", country, ...more }] as const;
  table([
    abroad("+79991234567", "RU", { flags: [], e164: "+79991234567" }), // no "unknown country"
    abroad("+6491234567", "NZ", { flags: [] }), // Auckland is not on Pitcairn
    abroad("0014165550123", "CA", { flags: [] }),
    abroad("0012125550123", "US", { flags: [] }),
    abroad("00433161234567", "AT", { town: "Graz", areaCode: "316", flags: [] }),
    abroad("0041441234567", "CH", { town: "Zürich", areaCode: "44", flags: [] }),
    abroad("004232345678", "LI", { flags: [] }),
    abroad("0035222123456", "LU", { town: "Luxemburg", areaCode: undefined, flags: [] }),
    abroad("003222345678", "BE", { town: "Brüssel", areaCode: "2" }),
    abroad("0031201234567", "NL", { town: "Amsterdam", areaCode: "20" }),
    abroad("00390471123456", "IT", { town: "Bolzano", areaCode: "0471" }),
    abroad("00436641234567", "AT", { town: undefined, flags: [] }), // mobile
    abroad("0080012345678", "001", { flags: [] }),
    abroad("00881612345678", "001"),
    abroad("00331", "FR", { flags: ["too-short"], e164: "+331" }),
    abroad("0033123456789012345", "FR", { flags: ["too-long"], e164: "+33123456789012345" }),
    abroad("00261201234567", "MG", { flags: ["lookalike-area-code"] }), // reads like Koblenz
    abroad("00302101234567", "GR", { flags: ["lookalike-area-code"] }), // reads like Berlin
  ]);
  table([["+261201234567", { flags: [] }]], VIENNA); // 0261 is no area code there

  it("warns of exactly the calling codes that are German area codes", () => {
    const codes = "30 40 211 212 221 228 231 234 241 251 261 291 351 355 371 375 381 385 421 591 681 881 961 971";
    const flagged = [...loadNumberingData().countries.keys()].filter((code) =>
      at(`+${code}2123456789`.slice(0, 12)).flags.includes("lookalike-area-code"),
    );
    assert.deepEqual(flagged.sort(), codes.split(" ").sort());
  });
});

describe("normalizeNumber: what other tools get wrong", () => {
  table([
    ["4711", { areaCode: "7191", town: "Backnang" }], // not 711, Stuttgart
    ["321234", { areaCode: "7191", flags: [] }], // not 212, Solingen
    ["732123", { areaCode: "7191", flags: [] }], // not blocked
    ["0049 465 012345", { type: "landline", flags: ["unknown-area-code"] }], // 0049 is no foreign number
    ["+390612345678", { flags: [] }], // Italy's zero is no fault
    ["030 49151234", { e164: "+493049151234", flags: [], alt: undefined }], // no mobile number behind Berlin's code
    ["0800 0022833", { type: "freephone", flags: [] }], // may start with 0
    ["0700 01234567", { type: "personal", flags: [] }],
    ["0180 5 123456", { type: "shared-cost", flags: [] }], // no unknown area code
    ["0137 1234567", { type: "mass", flags: ["illegal-cli"] }],
    ["0900 1234567", { type: "premium", flags: ["illegal-cli"] }],
    ["03212 1234567", { type: "nomadic", flags: [] }],
    ["+7 981 1234567", { country: "RU", flags: [] }], // no unknown country
    ["+7 999 1234567", { country: "RU", flags: [] }],
    ["030 123", { e164: "+4930123", flags: [] }], // short, and legal
    ["030 110", { flags: ["emergency-cli"] }], // seen
    ["0151 1234567", { flags: ["too-short"] }],
    ["33927 12345", { e164: "+4971913392712345", flags: ["too-long"] }],
    ["033927 12345", { flags: ["unknown-area-code"], town: "Linum" }], // given up
    ["00490301234567", { e164: "+49301234567", town: "Berlin" }], // not Greece
    ["+49 30 1234567", { e164: "+49301234567", town: "Berlin" }], // the plus is known
    ["0030 0049 1234567", { country: "GR" }], // 0049 inside stays
    ["006491234567", { country: "NZ" }], // Auckland, not Pitcairn
    ["0014165550123", { country: "CA" }], // not the United States
    ["0115 1234567", { type: "invalid", flags: ["reserved-range"] }], // no mobile number
    ["**610", { e164: null }], // not +49610
    ["110", { e164: null }], // not +49110
    ["1234567", { e164: "+4971911234567" }], // not +491234567
    ["1234567@sipgate.example", { e164: null }],
    ["0800*", { e164: null }],
    ["+490891234", { e164: "+49891234", town: "München" }],
  ]);
});

describe("normalizeNumber: homes abroad", () => {
  const german: Expected = { e164: "+49711123456", type: "foreign", country: "DE", town: "Stuttgart", areaCode: "711" };
  describe("Vienna", () =>
    table(
      [
        ["5550000", { e164: "+4315550000", type: "landline", town: "Wien", country: "AT" }],
        ["01 5550000", { e164: "+4315550000", type: "landline" }],
        ["0664 1234567", { e164: "+436641234567", type: "mobile" }],
        ["0900 123456", { type: "premium" }],
        ["0049 711 123456", german],
        ["0049 4650 12345", { type: "foreign", flags: ["unknown-area-code"] }],
        ["04971112345678", { flags: ["missing-zero"], alt: "+4971112345678" }],
        ["144", none("short")],
        ["112", none("short", "emergency-cli")],
      ],
      VIENNA,
    ));
  describe("Rome: every number with its zero, and no trunk prefix", () =>
    table(
      [
        ["0612345678", { e164: "+390612345678", type: "landline", town: "Roma", areaCode: "06" }],
        ["3331234567", { e164: "+393331234567", type: "mobile" }],
        ["390612345678", { e164: "+390612345678", flags: ["missing-plus"] }],
        ["0049 0711 123456", german],
      ],
      ROME,
    ));
  describe("Rome with a box that says 0", () =>
    table([["0612345678", { e164: "+390612345678" }]], { ...ROME, trunkPrefix: "0" }));
  describe("Luxembourg", () =>
    table(
      [
        ["22123456", { e164: "+35222123456", type: "landline", town: "Luxemburg" }],
        ["621123456", { e164: "+352621123456", type: "mobile" }],
        ["0049711123456", german],
      ],
      { countryCode: "352" },
    ));
  describe("Madrid", () =>
    table(
      [
        ["912345678", { e164: "+34912345678", type: "landline" }],
        ["0034 912 345 678", { e164: "+34912345678", type: "landline" }],
      ],
      { countryCode: "34", trunkPrefix: "0" },
    ));
  describe("New York", () =>
    table(
      [
        ["011 49 711 123456", german],
        ["2125550123", { e164: "+12125550123", type: "landline", country: "US" }],
        ["1 212 555 0123", { e164: "+12125550123" }],
        ["5550123", { e164: "+12125550123" }],
        ["911", none("short")],
      ],
      NEW_YORK,
    ));
  describe("Sydney: 0011 comes before 0", () =>
    table(
      [
        ["0011 49 711 123456", german],
        ["02 5550 1234", { e164: "+61255501234", country: "AU" }],
        ["5550 1234", { e164: "+61255501234", country: "AU" }],
      ],
      SYDNEY,
    ));
});

describe("normalizeNumber: a plan as boxes and people write it", () => {
  for (const plan of [
    { countryCode: "+49", areaCode: "07191" },
    { countryCode: "0049", areaCode: "7191", trunkPrefix: "0", intlPrefix: "00" },
    { countryCode: "49", areaCode: "07191", trunkPrefix: "", intlPrefix: "" },
    { countryCode: "", areaCode: "7191" },
    { countryCode: "999", areaCode: "7191" },
  ]) {
    it(JSON.stringify(plan), () => {
      assert.equal(at("123456", plan).e164, "+497191123456");
      assert.equal(at("0711123456", plan).e164, "+49711123456");
      assert.equal(at("0043 1 5550000", plan).e164, "+4315550000");
    });
  }

  it("survives no plan at all", () => {
    for (const plan of [undefined, null, "49", 49, [], { countryCode: {}, areaCode: null }]) {
      assert.equal(normalizeNumber("0711123456", plan as unknown as DialPlan).e164, "+49711123456");
    }
  });
});

describe("isFake", () => {
  const fakes = [
    "04650 12345",
    "0711 0123456",
    "030110",
    "0900 1234567",
    "0161 1234567",
    "+999123456",
    "0711 12345678901",
  ];
  const others = [
    "0711 123456",
    "0711 49 151 12345678",
    "0442920180123",
    "030 23125123",
    "00261201234567",
    "1711234567",
    "",
    "**610",
  ];
  for (const input of fakes) it(`${input} is one`, () => assert.equal(isFake(at(input)), true));
  for (const input of others) it(`${input || "no number"} is none`, () => assert.equal(isFake(at(input)), false));
});

describe("lookupKeys", () => {
  const rows: [input: string, keys: string[]][] = [
    ["0711 123456", ["+49711123456"]],
    ["123456", ["+497191123456"]],
    ["0049 (0)711/12 34 56#", ["+49711123456"]],
    ["0492214710123", ["+49492214710123", "+492214710123"]],
    ["0711 49 151 12345678", ["+497114915112345678", "+4915112345678"]],
    ["** 610", ["**610"]],
    ["**610#", ["**610"]],
    ["#96*5*", ["#96*5*"]],
    ["110", ["110"]],
    ["116 117", ["116117"]],
    ["+49 116117", ["116117"]],
    ["0116117", ["116117"]],
    ["sip:Anna@Example.net;transport=tcp", ["anna@example.net"]],
    ["anna@example.net", ["anna@example.net"]],
    ["0711 123*", ["+49711123*"]],
    ["00*", ["00*"]],
    ["+999 123456", ["+999123456"]],
    ["anonym", []],
    ["", []],
    ["ABC", []],
  ];
  for (const [input, keys] of rows) {
    it(`${JSON.stringify(input)} -> ${keys.join(", ")}`, () => assert.deepEqual(lookupKeys(input, HOME), keys));
  }

  it("finds a local number by itself while the area code is not known", () => {
    assert.deepEqual(lookupKeys("12 34-56", { countryCode: "49" }), lookupKeys("123456", { countryCode: "49" }));
    assert.equal(isSameNumber("12 34-56", "123456", { countryCode: "49" }), true);
  });
});

describe("isSameNumber", () => {
  const same = [
    "0711 123456",
    "+49 (0)711/123456",
    "0049711123456",
    "tel:+49-711-123456",
    "0711123456#",
    "*31#0711123456",
  ];
  for (const other of same)
    it(`0711123456 and ${other}`, () => assert.equal(isSameNumber("0711123456", other, HOME), true));
  for (const [a, b] of [
    ["0711123456", "0711123457"],
    ["123456", "0711123456"],
    ["", ""],
    ["anonym", "unbekannt"],
    ["**610", "**611"],
    ["0711 123*", "0711123"],
  ] as const) {
    it(`not ${a || "no number"} and ${b || "no number"}`, () => assert.equal(isSameNumber(a, b, HOME), false));
  }
});
