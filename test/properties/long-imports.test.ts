/** Files of any size and any content do not stop the event loop, on which the telephone rings. */
import assert from "node:assert/strict";
import type { Contact } from "../../src/lib/phonebook/types";
import { FritzError } from "../../src/lib/core/errors";
import { exportContacts, importContacts } from "../../src/lib/phonebook/import-export";
import { readContacts, sortContacts } from "../../src/lib/phonebook/contact";
import { BookEntries } from "../../src/lib/phonebook/entries";
import { BookWriter } from "../../src/lib/phonebook/writer";
import { planExact, planMerge } from "../../src/lib/phonebook/write-plan";
import { numberKey } from "../../src/lib/numbers/engine";
import { systemClock } from "../../src/lib/core/clock";
import { stopsOf } from "../support/stops";

/** Stops are meant to be 50 ms at most; a computer under load gets a margin. Without yielding they take seconds. */
const LONGEST_MS = 400;
const FORMATS = ["json", "csv", "vcard", "xml"] as const;

const contacts = Array.from({ length: 12_000 }, (_, i): Contact => ({
  name: `Anna Beispiel ${i}`,
  numbers: [
    { number: `030 ${2_000_000 + i}`, type: "home", prio: true },
    { number: `0171 ${3_000_000 + i}`, type: "mobile" },
  ],
  emails: [`anna${i}@example.org`],
}));

describe("a file of 12,000 contacts", function () {
  this.timeout(120_000);
  for (const format of FORMATS) {
    it(`in ${format}: others get their turn while it is written and read`, async () => {
      const written = await stopsOf(() => exportContacts(contacts, format));
      const text = written.result ?? "";
      const read = await stopsOf(() => importContacts(text, undefined));
      assert.deepEqual(read.result, contacts);
      for (const { turns, longestMs } of [written, read]) {
        assert.ok(turns >= 3, `${turns} turns`);
        assert.ok(longestMs < LONGEST_MS, `${longestMs} ms`);
      }
      const bytes = await stopsOf(() => importContacts(Buffer.from(text), undefined));
      assert.ok(bytes.longestMs < LONGEST_MS, `${bytes.longestMs} ms from bytes`);
    });
  }

  it("is checked in turns, and tried without writing in about linear time", async () => {
    const sorted = await stopsOf(() => sortContacts(contacts));
    assert.equal(sorted.result?.contacts.length, contacts.length);
    const checked = await stopsOf(() => readContacts(contacts, "write"));
    const keyOf = (written: string) => numberKey(written, { countryCode: "49", areaCode: "30" });
    for (const plan of [planExact(), planMerge]) {
      const entries = await BookEntries.of([], keyOf);
      const never = () => Promise.reject(new Error("a dry run writes nothing"));
      const open = () => Promise.resolve({ entries, write: never, delete: never });
      const tried = await stopsOf(() =>
        new BookWriter(open, plan, contacts, { clock: systemClock, dryRun: true }).run(),
      );
      assert.deepEqual([tried.result?.added, tried.error], [contacts.length, undefined]);
      assert.ok(tried.longestMs < LONGEST_MS, `${tried.longestMs} ms to plan`);
    }
    assert.ok(sorted.longestMs < LONGEST_MS && checked.longestMs < LONGEST_MS);
  });
});

describe("200 kB of anything to import", function () {
  this.timeout(120_000);
  const UNITS = [
    ...["\n", " \n", '"', ";", " ", "1;", "\\", "😀", "BEGIN:VCARD\n", "TEL:1\n", "\n ", "<a/>", "<contact/>"],
    ...["&amp;", "<!--", "[", "{", "[],", '{"'],
  ];
  const FRAMES: Record<string, (text: string) => string> = {
    alone: (text) => text,
    "a table": (text) => `name;number\n${text}`,
    "a heading": (text) => `${text}\nname;number\n1;2`,
    "Google's table": (text) => `First Name,Phone 1 - Value\n${text}`,
    "a card": (text) => `BEGIN:VCARD\nVERSION:3.0\nFN:A\n${text}\nEND:VCARD`,
    parameters: (text) => `BEGIN:VCARD\nVERSION:3.0\nFN:A\nTEL;${text}:1\nEND:VCARD`,
    "a card of 2.1": (text) => `BEGIN:VCARD\nVERSION:2.1\nFN;QUOTED-PRINTABLE:${text}\nEND:VCARD`,
    "a book": (text) => `<phonebooks><phonebook>${text}</phonebook></phonebooks>`,
    "a contact": (text) => `<phonebook><contact><person><realName>${text}</realName></person></contact></phonebook>`,
    "a list": (text) => `[${text}]`,
  };

  it("as rows that are too short", async () => {
    const { result, longestMs } = await stopsOf(() => importContacts(`name;number\n${"=\n".repeat(50_000)}`, "csv"));
    assert.ok(result?.length === 1 && longestMs < LONGEST_MS, `${result?.length} contacts, ${longestMs} ms`);
  });

  for (const [what, frame] of Object.entries(FRAMES)) {
    it(`as ${what}`, async () => {
      for (const unit of UNITS) {
        const text = frame(unit.repeat(Math.ceil(200_000 / unit.length)));
        const { error, longestMs } = await stopsOf(async () => sortContacts(await importContacts(text, undefined)));
        assert.ok(error === undefined || error instanceof FritzError, `${JSON.stringify(unit)} ${String(error)}`);
        assert.ok(longestMs < LONGEST_MS, `${JSON.stringify(unit)}: ${longestMs} ms`);
      }
    });
  }
});

it("a text that is too large is refused with a sentence of its own", async () => {
  for (const text of ["x".repeat(34_000_000), Buffer.alloc(34_000_000)])
    await assert.rejects(importContacts(text, undefined), { code: "import-size", values: { mb: 32 } });
});
