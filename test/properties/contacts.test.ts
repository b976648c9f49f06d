/** Contacts on their way: through XML to a box and back, and through the formats of other programs. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { readGivenContact } from "../../src/lib/phonebook/contact";
import { numberKey } from "../../src/lib/numbers/index";
import type { Contact, ContactNumber } from "../../src/lib/phonebook/types";
import { contactDocument, contactElement, readContact } from "../../src/lib/phonebook/contact-xml";
import { parseSoapReply, soapEnvelope } from "../../src/lib/tr064/soap";
import { parseXml } from "../../src/lib/core/xml";
import { exportContacts, importContacts } from "../../src/lib/phonebook/import-export";
import { Telephony } from "../../src/lib/box/telephony";
import { SimulatedBox } from "../../simulator";
import { AcceleratedClock } from "../support/accelerated-clock";

const PLAN = { countryCode: "49", areaCode: "7191", trunkPrefix: "0", intlPrefix: "00" };
const keyOf = (number: string) => numberKey(number, PLAN).text || number;

/** What breaks programs: mark-up, quotes, separators, character data's end, umlauts, emoji, decomposed and lone parts. */
const HARD = [
  ...[
    "&",
    "<",
    ">",
    '"',
    "'",
    "]]>",
    "&amp;",
    "&lt;",
    "&#0;",
    "<!--",
    "<![CDATA[",
    "</contact>",
    "<?xml?>",
    "\\",
    "\\n",
    "%20",
  ],
  ...[
    "Ä",
    "ß",
    "é",
    "a\u0308",
    "n\u0303",
    "😀",
    "👨‍👩‍👧",
    "🇩🇪",
    "\u200d",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "\ufffd",
    "İ",
    "ﬁ",
    "漢",
  ],
  ...[
    ";",
    ",",
    ":",
    "=",
    "=3D",
    "\t",
    "\n",
    "\r",
    "\u0000",
    "\u0085",
    "\ud800",
    "\uffff",
    "0",
    " ",
    "  ",
    "__proto__",
    "0x1",
    "1e5",
    "true",
  ],
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...HARD), fc.string({ unit: "binary", maxLength: 5 }), fc.string({ maxLength: 8 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
const numberText = fc
  .tuple(
    fc.constantFrom("0", "00", "+", "030 ", "+49 (0) 30/", "**6", "#", "0049-", "", "0900"),
    fc.stringMatching(/^\d{3,9}$/),
    fc.constantFrom("", "", "", "*", "#", "@hd-telefonie.example.org", " 1"),
  )
  .map((parts) => parts.join(""));
const optional = <T>(from: fc.Arbitrary<T>) => fc.option(from, { nil: undefined });

const TYPES = ["home", "mobile", "work", "fax_home", "fax_work", "intern", "memo", "other", "Future & Co"];
const number = (types: readonly string[], codes: boolean): fc.Arbitrary<ContactNumber> =>
  fc
    .record({
      number: numberText,
      type: fc.constantFrom(...types),
      quickdial: codes ? optional(fc.stringMatching(/^\d{1,2}$/)) : fc.constant(undefined),
      vanity: codes ? optional(fc.constantFrom("ANNA", 'A&"B')) : fc.constant(undefined),
    })
    .map(
      (one) =>
        Object.fromEntries(
          Object.entries(one).filter(([, value]) => value !== undefined),
        ) as typeof one as ContactNumber,
    );

/** A contact as a box holds one: clean texts, one main number. */
const contactOf = (types: readonly string[], codes = true): fc.Arbitrary<Contact> =>
  fc
    .record({
      name: text,
      numbers: fc.array(number(types, codes), { minLength: 1, maxLength: 9 }),
      main: fc.nat(8),
      vip: fc.boolean(),
      emails: fc.array(fc.constantFrom("a@example.org", "b&c@example.org", "ä,ö;ü@example.org", "'x'@example.org"), {
        maxLength: 3,
      }),
    })
    .map(({ name, numbers, main, vip, emails }) => {
      const given = {
        name,
        numbers: numbers.map((one, i) => ({ ...one, ...(i === main % numbers.length && { prio: true }) })),
        ...(vip && { vip }),
        ...(emails.length > 0 && { emails }),
      };
      const read = readGivenContact(given, "write");
      return read.ok ? read.value : { ...given, name: "Anna" };
    });
const differ = (contacts: readonly Contact[]) => {
  const keys = contacts.flatMap(({ numbers }) => numbers.map((one) => keyOf(one.number)));
  return new Set(keys).size === keys.length;
};
const contacts = fc.array(contactOf(TYPES), { minLength: 1, maxLength: 5 }).filter(differ);

const written = (contact: Contact) => {
  const copy = { ...contact };
  delete copy.uniqueId;
  delete copy.modified;
  return copy;
};

describe("any contact", () => {
  it("comes back from XML as it was, also within a SOAP call", () => {
    fc.assert(
      fc.property(contactOf(TYPES), (contact) => {
        const document = contactDocument(contactElement(contact));
        assert.deepEqual(readContact(parseXml(document)), contact);
        const envelope = soapEnvelope("urn:x:1", "GetXResponse", { NewData: document });
        const reply = parseSoapReply(envelope, "GetX");
        assert.ok(reply.ok);
        assert.equal(reply.values["NewData"], document);
      }),
      { numRuns: 500 },
    );
  });

  it("can be written over any other without a trace of it in what is known", () => {
    fc.assert(
      fc.property(contactOf(TYPES), contactOf(TYPES), (before, after) => {
        const element = contactElement(before);
        const whole = { ...after, vip: after.vip ?? false, emails: after.emails ?? [] };
        const known = after.numbers.map(({ number }) => number);
        fc.pre(before.numbers.every((one) => !known.includes(one.number)));
        assert.deepEqual(readContact(contactElement(whole, element)), after);
      }),
      { numRuns: 300 },
    );
  });

  for (const tls of [false, true]) {
    it(`comes back from a box over ${tls ? "TLS" : "HTTP"} as it was, and is known there`, async function () {
      const box = new SimulatedBox();
      await box.tr064.listen();
      const { port, tlsPort } = box.tr064;
      const login = { username: "fritz1234", password: "secret", clock: new AcceleratedClock() };
      const telephony = new Telephony({ host: "127.0.0.1", port, tlsPort, tls, ...login });
      try {
        await fc.assert(
          fc.asyncProperty(contacts, async (given) => {
            box.tr064.state.books.named("Telefonbuch").clear();
            const report = await telephony.add("Telefonbuch", given);
            assert.equal(report.added, given.length, JSON.stringify(report));
            assert.deepEqual((await telephony.contacts("Telefonbuch")).map(written), given);
            assert.equal((await telephony.add("Telefonbuch", given)).alreadyThere, given.length);
            const [first] = given;
            assert.ok(first);
            const [removed] = [await telephony.remove("Telefonbuch", [first])];
            assert.equal(removed.removed, 1, JSON.stringify(removed));
            assert.equal((await telephony.contacts("Telefonbuch")).length, given.length - 1);
          }),
          { numRuns: tls ? 20 : 60 },
        );
      } finally {
        telephony.close();
        await box.tr064.stop();
      }
    });
  }
});

describe("any contacts, exported and imported", () => {
  it("JSON: as they were", async () => {
    await fc.assert(
      fc.asyncProperty(contacts, async (given) =>
        assert.deepEqual(await importContacts(await exportContacts(given, "json"), ""), given),
      ),
    );
  });

  it("CSV: as they were, but for picture, key and date, which it has no column for", async () => {
    const property = fc.asyncProperty(contacts, fc.boolean(), async (given, recognise) => {
      const whole = given.map((one) => ({
        ...one,
        imageUrl: "x",
        uniqueId: "7",
        modified: "2026-01-01T00:00:00.000Z",
      }));
      assert.deepEqual(await importContacts(await exportContacts(whole, "csv"), recognise ? "" : "csv"), given);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  // It has no words for quick dial, vanity, internal numbers and notes but in parameters of our own.
  const cards = fc.array(contactOf(["home", "mobile", "work", "fax_home", "fax_work"], false), {
    minLength: 1,
    maxLength: 5,
  });
  for (const format of ["vcard3", "vcard4"]) {
    it(`${format}: as they were, but for what vCard has no words for`, async () => {
      const property = fc.asyncProperty(cards, async (given) => {
        assert.deepEqual(await importContacts(await exportContacts(given, format), ""), given);
      });
      await fc.assert(property, { numRuns: 300 });
    });
  }

  it("no text makes the import do anything but give contacts or say what is wrong", async () => {
    const starts = fc.constantFrom(
      "",
      "[",
      "{",
      "BEGIN:VCARD\r\nVERSION:3.0\r\n",
      "BEGIN:VCARD\nVERSION:2.1\n",
      "name;number\n",
      '"',
    );
    await fc.assert(
      fc.asyncProperty(
        starts,
        text,
        fc.constantFrom("", "json", "csv", "vcard", "xml"),
        async (start, rest, format) => {
          try {
            assert.ok(Array.isArray(await importContacts(start + rest, format)));
          } catch (error) {
            assert.equal((error as { code?: string }).code, "import-input", String(error));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
