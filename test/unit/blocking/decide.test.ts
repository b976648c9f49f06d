/** The decision table: every rule alone, and every rule against those that come before it. */
import assert from "node:assert/strict";
import { CONTACTS_UNKNOWN } from "../../../src/lib/blocking/facts";
import { decide } from "../../../src/lib/blocking/decide";
import { whenOf } from "../../../src/lib/blocking/rules";
import type { BlockContext, BlockRules } from "../../../src/lib/blocking/types";
import type { CallerInfo } from "../../../src/lib/callers/types";
import { caller, contact, fromAbroad, spam } from "../../support/callers";

type Row = [what: string, info: Partial<CallerInfo>, rules: BlockRules, wanted: string, context?: BlockContext];

const NIGERIA = fromAbroad("NG", "+2348012345678");
const AUSTRIA = fromAbroad("AT", "+4315550100");
const withoutE164 = (number: string, type: CallerInfo["type"], over: Partial<CallerInfo> = {}) => ({
  ...{ number, type, e164: undefined as never, place: {} },
  ...over,
});
const ANONYMOUS = withoutE164("", "anonymous", { display: "Anonymous" });
const BACKNANG = { countryCode: "49", areaCode: "7191" };

function table(title: string, rows: Row[]): void {
  describe(title, () => {
    for (const [what, over, rules, wanted, context] of rows) {
      it(`${what}: ${wanted}`, () => {
        const { verdict, because, explanation, rule, action } = decide(caller(over), rules, context);
        assert.equal(`${verdict} ${because}`, wanted);
        assert.equal(action, "none");
        assert.match(explanation, /^[A-Z0-9].*\.$/);
        assert.doesNotMatch(explanation, /__|undefined/);
        if (verdict === "block") assert.ok(rule, "a block names its rule");
      });
    }
  });
}

const SPAM_CONTACT = { book: "Spam", bookId: 1, name: "Anna", vip: false };

table("block book", [
  ["a contact of a block book", contact("Spam"), { blockBooks: ["Spam"] }, "block block-book"],
  ["names of books without case", contact("SPAM"), { blockBooks: [" spam "] }, "block block-book"],
  ["the target book is one, too", contact("Spam"), { targetBook: "Spam" }, "block block-book"],
  ["no contact of it", {}, { blockBooks: ["Spam"] }, "allow unknown"],
  ["in another book as well", {}, { blockBooks: ["Spam"] }, "allow contact", hits("Spam", "Family")],
  [
    "in another book as well, as the caller info says",
    { contact: { ...SPAM_CONTACT, books: ["Spam", "Family"] } },
    { blockBooks: ["Spam"] },
    "allow contact",
  ],
  [
    "perhaps in another book, which could not be read",
    { contact: { ...SPAM_CONTACT, unknown: "unreadable-book" } },
    { blockBooks: ["Spam"] },
    "allow friends-unknown",
  ],
  ["in two block books", {}, { blockBooks: ["A", "B"] }, "block block-book", hits("A", "B")],
  ["the same book on both lists", contact("A"), { allowBooks: ["A"], blockBooks: ["A"] }, "allow allow-book"],
  ["an important person of a block book", contact("Spam", true), { blockBooks: ["Spam"] }, "block block-book"],
]);

table("block pattern", [
  ["exact, in another form", {}, { blockPatterns: ["+49 30 23125001"] }, "block pattern"],
  ["wildcard", withoutE164("0900 1234567", "premium"), { blockPatterns: ["0900*"] }, "block pattern"],
  ["wildcard with country code", {}, { blockPatterns: ["+4930*"] }, "block pattern"],
  ["range", {}, { blockPatterns: ["030 23125000..99"] }, "block pattern"],
  ["the second one", {}, { blockPatterns: ["0900*", "030*"] }, "block pattern"],
  ["no match", {}, { blockPatterns: ["0900*", "031*"] }, "allow unknown"],
  ["what is no pattern blocks no caller", {}, { blockPatterns: ["*", "0*", "", "Betrug"] }, "allow unknown"],
  [
    "the number of the network",
    { number: "03023125001(+41791234567)" },
    { blockPatterns: ["+4179*"] },
    "block pattern",
  ],
  [
    "local number",
    withoutE164("732999", "landline"),
    { blockPatterns: ["07191 732*"] },
    "block pattern",
    { plan: BACKNANG },
  ],
  ["anonymous has no number", ANONYMOUS, { blockPatterns: ["0900*", "030*"] }, "allow unknown"],
]);

table("number that cannot exist", [
  ...[
    ...["unknown-area-code", "unknown-country", "too-short", "too-long", "subscriber-zero", "reserved-range"],
    ...["illegal-cli", "emergency-cli", "call-by-call"],
  ].map((flag): Row => [
    flag,
    { flags: [flag as CallerInfo["flags"][number]] },
    { blockFake: true },
    "block fake-number",
  ]),
  ...["fictional", "lookalike-area-code", "veiled-mobile", "missing-zero", "missing-plus"].map((flag): Row => [
    `${flag} alone`,
    { flags: [flag as CallerInfo["flags"][number]] },
    { blockFake: true },
    "allow unknown",
  ]),
  ["a lost zero", { flags: ["unknown-area-code", "missing-zero"] }, { blockFake: true }, "allow unknown"],
  ["a lost plus", { flags: ["too-long", "missing-plus"] }, { blockFake: true }, "allow unknown"],
  ["a veiled mobile", { flags: ["too-long", "veiled-mobile"] }, { blockFake: true }, "allow unknown"],
  ["switched off", { flags: ["too-long"] }, { blockFake: false }, "allow unknown"],
]);

table("score", [
  ["at the limits", spam(7, 3), {}, "block spam-score"],
  ["above", spam(9, 100), {}, "block spam-score"],
  ["below the score", spam(6, 100), {}, "allow unknown"],
  ["too few reports", spam(9, 2), {}, "allow unknown"],
  ["own limits, met", spam(5, 1), { minScore: 5, minReports: 1 }, "block spam-score"],
  ["own limits, not met", spam(8, 9), { minScore: 9, minReports: 10 }, "allow unknown"],
  ["no reports wanted", spam(8, 0), { minReports: 0 }, "block spam-score"],
  ["switched off", spam(9, 100), { minScore: 0 }, "allow unknown"],
  ["neutral", spam(5, 100), {}, "allow unknown"],
]);

table("foreign", [
  ["all", NIGERIA, { blockForeign: true }, "block foreign"],
  ["all, with an empty list", NIGERIA, { blockForeign: true, countries: { mode: "block", list: [] } }, "block foreign"],
  ["none", NIGERIA, { blockForeign: false }, "allow unknown"],
  ["home", {}, { blockForeign: true }, "allow unknown"],
  ["listed", NIGERIA, { blockForeign: true, countries: { mode: "block", list: ["ng"] } }, "block foreign"],
  ["not listed", AUSTRIA, { blockForeign: true, countries: { mode: "block", list: ["NG"] } }, "allow unknown"],
  ["listed, on its own", NIGERIA, { countries: { mode: "block", list: ["NG"] } }, "block foreign"],
  ["allowed", AUSTRIA, { blockForeign: true, countries: { mode: "allow", list: ["AT", "CH"] } }, "allow unknown"],
  ["not allowed", NIGERIA, { blockForeign: true, countries: { mode: "allow", list: ["AT"] } }, "block foreign"],
  ["exceptions from nothing", NIGERIA, { countries: { mode: "allow", list: ["AT"] } }, "allow unknown"],
  [
    "from an unknown country",
    { ...NIGERIA, place: {} },
    { blockForeign: true, countries: { mode: "allow", list: ["AT"] } },
    "allow unknown",
  ],
  ["home is never foreign", {}, { countries: { mode: "block", list: ["DE"] } }, "allow unknown"],
  [
    "by its number, where the box stands is known",
    { ...NIGERIA, type: "mobile" },
    { blockForeign: true },
    "block foreign",
    { plan: BACKNANG },
  ],
  [
    "from Germany to Austria",
    { type: "foreign" },
    { blockForeign: true },
    "block foreign",
    { plan: { countryCode: "43" } },
  ],
  ["anonymous is not from abroad", ANONYMOUS, { blockForeign: true }, "allow unknown"],
]);

table("anonymous", [
  ["withheld", ANONYMOUS, { blockAnonymous: true }, "block anonymous"],
  ["switched off", ANONYMOUS, {}, "allow unknown"],
  ["with a number", {}, { blockAnonymous: true }, "allow unknown"],
]);

table("repeated short calls", [
  ["at the limit", {}, { repeatCalls: 3 }, "block repeated", { shortCalls: 3 }],
  ["below", {}, { repeatCalls: 3 }, "allow unknown", { shortCalls: 2 }],
  ["switched off", {}, { repeatCalls: 0 }, "allow unknown", { shortCalls: 99 }],
  ["calls are not counted", {}, { repeatCalls: 3 }, "allow unknown"],
  ["anonymous callers are many", ANONYMOUS, { repeatCalls: 3 }, "allow unknown", { shortCalls: 3 }],
]);

const AD = { name: "Aggressive Werbung (tellows)" };

table("names", [
  ["a part of it, in any case", AD, { namePatterns: ["*WERBUNG*"] }, "block name"],
  ["begin and end", AD, { namePatterns: ["aggressive*(tellows)"] }, "block name"],
  ["the whole name only", AD, { namePatterns: ["Werbung"] }, "allow unknown"],
  ["stars alone fit no name", AD, { namePatterns: ["*", "**"] }, "allow unknown"],
  ["parts do not overlap", { name: "aba" }, { namePatterns: ["ab*ba"] }, "allow unknown"],
  ["no name", {}, { namePatterns: ["*Werbung*"] }, "allow unknown"],
  ["a contact of that name", { ...AD, ...contact("Family") }, { namePatterns: ["*Werbung*"] }, "allow contact"],
  [
    "while contacts are unknown",
    AD,
    { namePatterns: ["*Werbung*"] },
    "allow friends-unknown",
    { contactsUnknown: "unreachable" },
  ],
]);

table("own numbers", [
  ["the line of the rules", spam(9, 9), { numbers: ["07191 732124"] }, "block spam-score", { called: "732124" }],
  ["another line", spam(9, 9), { numbers: ["07191 732124"] }, "allow other-number", { called: "732123" }],
  ["no line is known", spam(9, 9), { numbers: ["07191 732124"] }, "block spam-score"],
  [
    "another line in quiet hours",
    contact("A"),
    { numbers: ["732124"], quietFrom: "00:00", quietTo: "23:59", quietVipOnly: true },
    "allow other-number",
    { called: "732123", time: "12:00" },
  ],
]);

const FRIDAY = "2026-11-27T";
const SATURDAY = "2026-11-28T";
const SUNDAY = "2026-11-29T";
const MONDAY = "2026-11-30T";

table("days of quiet hours", [
  ["Friday night", {}, workdays(), "block quiet-hours", whenOf(`${FRIDAY}23:00:00+01:00`)],
  ["... goes on into Saturday", {}, workdays(), "block quiet-hours", whenOf(`${SATURDAY}03:00:00+01:00`)],
  ["Saturday night", {}, workdays(), "allow unknown", whenOf(`${SATURDAY}23:00:00+01:00`)],
  ["... goes on into Sunday", {}, workdays(), "allow unknown", whenOf(`${SUNDAY}03:00:00+01:00`)],
  ["Sunday night of the weekend", {}, workdays("weekend"), "block quiet-hours", whenOf(`${MONDAY}03:00:00+01:00`)],
  ["Monday night", {}, workdays("weekend"), "allow unknown", whenOf(`${MONDAY}23:00:00+01:00`)],
  ["an unknown day", {}, workdays(), "allow unknown", { time: "23:00" }],
]);

function workdays(quietDays: "workdays" | "weekend" = "workdays"): BlockRules {
  return { quietFrom: "22:00", quietTo: "07:00", quietDays };
}

const NIGHT = { quietFrom: "22:00", quietTo: "07:00" };
const at = (time: string) => ({ time });
table("quiet hours", [
  ["before", {}, NIGHT, "allow unknown", at("21:59")],
  ["the first minute", {}, NIGHT, "block quiet-hours", at("22:00")],
  ["after midnight", {}, NIGHT, "block quiet-hours", at("00:00")],
  ["the last minute", {}, NIGHT, "block quiet-hours", at("06:59")],
  ["after", {}, NIGHT, "allow unknown", at("07:00")],
  ["at noon, inside", {}, { quietFrom: "12:00", quietTo: "14:00" }, "block quiet-hours", at("13:00")],
  ["at noon, outside", {}, { quietFrom: "12:00", quietTo: "14:00" }, "allow unknown", at("22:00")],
  ["no length", {}, { quietFrom: "12:00", quietTo: "12:00" }, "allow unknown", at("12:00")],
  ["half set", {}, { quietFrom: "22:00" }, "allow unknown", at("23:00")],
  ["no time", {}, { quietFrom: "25:00", quietTo: "07:00" }, "allow unknown", at("23:00")],
  ["the time is unknown", {}, NIGHT, "allow unknown"],
  ["anonymous", ANONYMOUS, NIGHT, "block quiet-hours", at("23:00")],
  ["a contact", contact("Family"), NIGHT, "allow contact", at("23:00")],
  ["an important person", contact("Family", true), NIGHT, "allow contact", at("23:00")],
  [
    "important persons only: a contact",
    contact("A"),
    { ...NIGHT, quietVipOnly: true },
    "block quiet-hours",
    at("23:00"),
  ],
  ["... by day", contact("A"), { ...NIGHT, quietVipOnly: true }, "allow contact", at("12:00")],
  ["... one of them", contact("A", true), { ...NIGHT, quietVipOnly: true }, "allow contact", at("23:00")],
  [
    "... on an allow list",
    contact("A"),
    { ...NIGHT, quietVipOnly: true, allowBooks: ["A"] },
    "allow allow-book",
    at("23:00"),
  ],
  ["a door bell with a name", withoutE164("front door", "sip"), NIGHT, "allow unknown", at("23:00")],
]);

/** Everything that can speak against a caller at once. */
const EVERYTHING: BlockRules = {
  ...{ blockBooks: ["Spam"], blockPatterns: ["030*", "+49*", "110", "**6*", "732*"] },
  ...{ blockFake: true, blockForeign: true, blockAnonymous: true, repeatCalls: 1 },
  ...{ quietFrom: "00:00", quietTo: "23:59" },
};
const BAD: Partial<CallerInfo> = { ...spam(9, 99), flags: ["too-long", "illegal-cli"] };
const WORST: BlockContext = { shortCalls: 9, time: "12:00" };

table("what always gets through", [
  ["without an exception", BAD, EVERYTHING, "block pattern", WORST],
  [
    "allow book",
    { ...BAD, ...contact("Family") },
    { ...EVERYTHING, allowBooks: ["family"] },
    "allow allow-book",
    WORST,
  ],
  ["allow pattern", BAD, { ...EVERYTHING, allowPatterns: ["+49 30 23125*"] }, "allow pattern", WORST],
  ["allow pattern, exact", BAD, { ...EVERYTHING, allowPatterns: ["030/23125001"] }, "allow pattern", WORST],
  [
    "allow pattern against a block book",
    { ...BAD, ...contact("Spam") },
    { ...EVERYTHING, allowPatterns: ["030*"] },
    "allow pattern",
    WORST,
  ],
  [
    "allow book and block book",
    BAD,
    { ...EVERYTHING, allowBooks: ["A"] },
    "allow allow-book",
    { ...WORST, ...hits("Spam", "A") },
  ],
  ["contact", { ...BAD, ...contact("Family") }, EVERYTHING, "allow contact", WORST],
  ["important person", { ...BAD, ...contact("Family", true) }, EVERYTHING, "allow contact", WORST],
  ["internal", { ...BAD, ...withoutE164("**610", "internal") }, EVERYTHING, "allow internal", WORST],
  [
    "internal, by its number alone",
    { ...BAD, ...withoutE164("**610", "invalid") },
    EVERYTHING,
    "allow internal",
    WORST,
  ],
  ["a door bell at an extension", { ...BAD, ...withoutE164("50", "internal") }, EVERYTHING, "allow internal", WORST],
  ["key code", { ...BAD, ...withoutE164("*121#", "code") }, EVERYTHING, "allow internal", WORST],
  ...["110", "112", "116117", "911"].map((number): Row => [
    number,
    { ...BAD, ...withoutE164(number, "short") },
    { ...EVERYTHING, blockPatterns: [number] },
    "allow emergency",
    WORST,
  ]),
  ["112 with a country code", { ...BAD, number: "+49112", e164: "+49112" }, EVERYTHING, "allow emergency", WORST],
  [
    "an area code and 110, as the police shows it when it calls back",
    { ...BAD, number: "0711110", e164: "+49711110" },
    EVERYTHING,
    "allow emergency",
    WORST,
  ],
  [
    "own number, bare",
    { ...BAD, ...withoutE164("732123", "landline") },
    EVERYTHING,
    "allow own-number",
    { ...WORST, plan: BACKNANG, ownNumbers: ["732123"] },
  ],
  [
    "own number, in full",
    { ...BAD, number: "07191732123", e164: "+497191732123" },
    EVERYTHING,
    "allow own-number",
    { ...WORST, plan: BACKNANG, ownNumbers: ["732123"] },
  ],
]);

const failed = (...ids: string[]): Partial<CallerInfo> => ({
  sources: ids.map((id) => ({ id, status: "failed" as const })),
});
table("a failed look-up lets through", [
  ["the phonebooks could not be read", { ...BAD, ...failed("phonebook") }, EVERYTHING, "allow friends-unknown", WORST],
  [
    "... but another look into them could",
    { ...BAD, ...failed("phonebook") },
    EVERYTHING,
    "block pattern",
    { ...WORST, hits: [] },
  ],
  [
    "... and its hit in a block book is not all there is",
    { ...failed("phonebook"), ...contact("Spam") },
    EVERYTHING,
    "allow friends-unknown",
    WORST,
  ],
  ["a score could not be asked for", failed("tellows"), {}, "allow lookup-failed"],
  ["... but another source knows", { ...failed("tellows"), ...spam(9, 9) }, {}, "block spam-score"],
  ["... but a pattern matches", failed("tellows"), { blockPatterns: ["030*"] }, "block pattern"],
  ["the deadline cut a source off", { complete: false }, {}, "allow lookup-failed"],
]);

describe("the order of the reasons to block", () => {
  const steps: [keyof BlockRules | "spam" | "hits", BlockRules, string][] = [
    ["hits", { blockBooks: [] }, "block-book"],
    ["blockPatterns", { blockPatterns: [] }, "pattern"],
    ["blockFake", { blockFake: false }, "fake-number"],
    ["minScore", { minScore: 0 }, "spam-score"],
    ["blockForeign", { blockForeign: false }, "foreign"],
    ["repeatCalls", { repeatCalls: 0 }, "repeated"],
    ["quietFrom", { quietFrom: "" }, "quiet-hours"],
  ];
  it("is book, pattern, fake, score, foreign, repeated, quiet", () => {
    let rules: BlockRules = { ...EVERYTHING, blockPatterns: ["+234*"] };
    const info = { ...BAD, ...NIGERIA, ...contact("Spam") };
    for (const [, without, because] of steps) {
      assert.equal(decide(caller(info), rules, WORST).because, because);
      rules = { ...rules, ...without };
      if (because === "block-book") delete info.contact;
    }
    assert.equal(decide(caller(info), rules, WORST).verdict, "allow");
  });
});

describe("what a decision says", () => {
  const said = (over: Partial<CallerInfo>, rules: BlockRules, context?: BlockContext) => {
    const { explanation, rule } = decide(caller(over), rules, context);
    return [explanation, rule];
  };
  it("rule, threshold and value", () => {
    assert.deepEqual(said(spam(8, 21), { minScore: 6, minReports: 2 }), [
      "The score of 8 with 21 reports (phoneblock) reaches your limits of 6 and 2.",
      "minScore 6, minReports 2: score 8, reports 21 (phoneblock)",
    ]);
    assert.deepEqual(said({}, { blockPatterns: ["+49 30*"] }), [
      "The number matches +49 30*, which you block.",
      "blockPatterns: +49 30*",
    ]);
    assert.deepEqual(said(contact("Spam"), { blockBooks: ["spam"] }), [
      "The number is in the phonebook Spam, whose entries are blocked.",
      "blockBooks: Spam",
    ]);
    assert.deepEqual(said(NIGERIA, { blockForeign: true, countries: { mode: "allow", list: ["AT", "ch"] } }), [
      "The call comes from NG, which is not one of the countries that get through.",
      "countries allow AT,CH: NG",
    ]);
    assert.deepEqual(said({ flags: ["subscriber-zero"] }, { blockFake: true }), [
      "This number cannot exist: behind the area code there is a zero.",
      "blockFake: subscriber-zero",
    ]);
    assert.deepEqual(said({}, { repeatCalls: 3, repeatMinutes: 10 }, { shortCalls: 4 }), [
      "4 short calls of this number within 10 minutes reach your limit of 3.",
      "repeatCalls 3 in 10 min: 4",
    ]);
    assert.deepEqual(said({}, NIGHT, at("23:15")), [
      "It is 23:15, and from 22:00 to 07:00 no other call gets through.",
      "quietFrom 22:00, quietTo 07:00: 23:15",
    ]);
    assert.deepEqual(said(ANONYMOUS, { blockAnonymous: true }), ["The caller withholds the number.", "blockAnonymous"]);
    assert.deepEqual(said(contact("Family", true), {}), [
      "Oma in your phonebook Family is an important person.",
      "contact: Family",
    ]);
    assert.deepEqual(said(failed("tellows", "phoneblock"), {}), [
      "Not all sources could be asked (tellows, phoneblock), so the call gets through.",
      undefined,
    ]);
  });

  it("in the language that it is given", () => {
    const phrase = (key: string, values: object) => `${key} ${JSON.stringify(values)}`;
    const { explanation } = decide(caller(), { blockPatterns: ["030*"] }, { phrase });
    assert.equal(explanation, 'block-pattern {"pattern":"030*"}');
  });
});

const UNKNOWN: BlockContext = { ...WORST, hits: [], contactsUnknown: "unreadable-book" };
table("not knowing the contacts is not knowing that it is no contact", [
  ...CONTACTS_UNKNOWN.map((contactsUnknown): Row => {
    const context = { ...WORST, hits: [], contactsUnknown };
    return [contactsUnknown, { ...BAD, flags: ["too-long"] }, EVERYTHING, "allow friends-unknown", context];
  }),
  ["a number that stands in the block book", BAD, EVERYTHING, "allow friends-unknown", { ...UNKNOWN, ...hits("Spam") }],
  ["a hit still counts", BAD, EVERYTHING, "allow contact", { ...UNKNOWN, ...hits("Family") }],
  [
    "a hit that may be an important person, in quiet hours",
    BAD,
    { ...EVERYTHING, quietVipOnly: true },
    "allow contact",
    { ...UNKNOWN, ...at("23:00"), ...hits("Family") },
  ],
  [
    "the source was switched off",
    { ...BAD, sources: [{ id: "phonebook", status: "skipped" }] },
    EVERYTHING,
    "allow friends-unknown",
    WORST,
  ],
  [
    "the source says why its miss proves nothing",
    { ...BAD, sources: [{ id: "phonebook", status: "miss", because: "dial-plan" }] },
    EVERYTHING,
    "allow friends-unknown",
    WORST,
  ],
  [
    "patterns, if marked for this case",
    BAD,
    { ...EVERYTHING, patternsWhenUnknown: true },
    "block pattern",
    { ...UNKNOWN, ...hits("Spam") },
  ],
  [
    "block books, if marked for this case",
    BAD,
    { ...EVERYTHING, booksWhenUnknown: true },
    "block block-book",
    { ...UNKNOWN, ...hits("Spam") },
  ],
  [
    "nothing else is marked by that",
    { ...BAD, flags: ["too-long"] },
    { ...EVERYTHING, blockPatterns: [], patternsWhenUnknown: true, booksWhenUnknown: true },
    "allow friends-unknown",
    UNKNOWN,
  ],
  ["a withheld number is in no phonebook", ANONYMOUS, { blockAnonymous: true }, "block anonymous", UNKNOWN],
]);

table("who is a contact", [
  ...["030112", "030 110", "+49711112", "07191 1"].map((number): Row => [
    `${number} is never a fake`,
    { ...BAD, number, e164: number.replace(/\s/g, "").replace(/^0/, "+49"), flags: ["emergency-cli", "too-short"] },
    EVERYTHING,
    "allow emergency",
    WORST,
  ]),
  [
    "a book whose name differs from a block book's by case, beside that book",
    BAD,
    { ...EVERYTHING, blockBooks: ["Spam"] },
    "allow contact",
    { ...WORST, ...hits("SPAM"), books: ["SPAM", "Spam"] },
  ],
  [
    "a block book that the user wrote in another case",
    BAD,
    { ...EVERYTHING, blockBooks: ["spam"] },
    "block block-book",
    { ...WORST, ...hits("Spam"), books: ["Telefonbuch", "Spam"] },
  ],
  [
    "a SIP caller whom the user declared a false alarm",
    { ...BAD, ...withoutE164("anna@voip.example", "sip") },
    { ...EVERYTHING, allowedKeys: ["anna@voip.example"] },
    "allow pattern",
    { ...WORST, ...hits("Spam") },
  ],
]);

function hits(...books: string[]): BlockContext {
  return { hits: books.map((book) => ({ book, name: "Oma" })) };
}
