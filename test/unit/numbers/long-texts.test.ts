/** A text of 200 kB in the place of a number, a caller or a name costs little, wherever it comes in. */
import assert from "node:assert/strict";
import {
  isPattern,
  keyOf,
  lookupKeys,
  maskNumber,
  maskText,
  normalizeNumber,
  numberKey,
  parsePattern,
  writtenNumbers,
} from "../../../src/lib/numbers/index";
import { BlockIndex } from "../../../src/lib/callers/sources/block-list-entries";
import { readGivenContact } from "../../../src/lib/phonebook/contact";
import { readContact } from "../../../src/lib/phonebook/contact-xml";
import { pickBook } from "../../../src/lib/phonebook/find-book";
import { NumberIndex } from "../../../src/lib/phonebook/number-index";
import type { XmlElement } from "../../../src/lib/core/xml";
import { stopsOf } from "../../support/stops";

/** Meant are 50 ms for each; a computer under load gets a margin. What starts anew at each character needs far more. */
const LONGEST_MS = 400;
const LENGTH = 200_000;
const UNITS = [
  ...[" ", "1", "0", "x", "(", ")", "\n", ";", "#", "+", "*", ".", "@", "-", "/", ",", "\u00a0", "é", "😀", "=", "\\"],
  ...["1 ", "1(", "(1)", "+1(0)", "#1", " x1", "1 / 0", "12345 / 01712345 ", "tel:", "sip:", "%41", "0-", " oder 0"],
];
const PLAN = { countryCode: "49", areaCode: "30" };
const NO_AREA = { countryCode: "49" };
const books = new NumberIndex(NO_AREA);
books.add({ id: 0, name: "B", writable: true }, { name: "Anna", numbers: [{ number: "23125001" }] });

const leaf = (name: string, text: string) => ({ name, attributes: {}, children: [], text });
const parent = (name: string, ...children: XmlElement[]) => ({ name, attributes: {}, children, text: "" });
const element = (text: string) =>
  parent("contact", parent("person", leaf("realName", text)), parent("telephony", leaf("number", text)));

const PLACES: Record<string, (text: string) => unknown> = {
  normalised: (text) => normalizeNumber(text, PLAN),
  keys: (text) => [keyOf(text, PLAN), lookupKeys(text, PLAN), numberKey(text, PLAN)],
  "a pattern": (text) => [isPattern(text), parsePattern(text, PLAN)],
  "a field of a book": (text) => writtenNumbers(text),
  masked: (text) => [maskText(text), maskNumber(text)],
  "looked up": (text) => [books.find(text), books.mayBeLocal(text), books.keysOf(text)],
  filed: (text) =>
    new NumberIndex(PLAN).add({ id: 0, name: "B", writable: true }, { name: text, numbers: [{ number: text }] }),
  "a contact": (text) => readGivenContact({ name: text, number: text, emails: [text], imageUrl: text }, "write"),
  "a contact of the box": (text) => readContact(element(text)),
  "a book's name": (text) => pickBook([{ id: 0, name: "B", writable: true }], text),
  "an entry of a block list": (text) => BlockIndex.of([{ number: text }], PLAN),
};

describe("200 kB in the place of a number or name", function () {
  this.timeout(60_000);
  for (const [what, work] of Object.entries(PLACES)) {
    it(what, async () => {
      for (const unit of UNITS) {
        const long = unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);
        for (const text of [long, `1${long}1`]) {
          const { longestMs } = await stopsOf(() => work(text));
          assert.ok(longestMs < LONGEST_MS, `${JSON.stringify(unit)}: ${longestMs} ms`);
        }
      }
    });
  }
});
