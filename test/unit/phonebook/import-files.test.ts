/** Files of real programs, and a backup that comes back as the same book. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Contact } from "../../../src/lib/phonebook/types";
import { BookEntries } from "../../../src/lib/phonebook/entries";
import { UnreadablePart } from "../../../src/lib/phonebook/unreadable-part";
import { exportContacts, importContacts } from "../../../src/lib/phonebook/import-export";
import { planExact, planMerge } from "../../../src/lib/phonebook/write-plan";
import { numberKey } from "../../../src/lib/numbers/engine";

const texts = (list: unknown[]) =>
  (list as Contact[]).map(
    ({ name, numbers, emails = [] }) =>
      `${name}: ${numbers.map(({ number, type }) => `${number} ${type}`).join(", ")}${emails.map((one) => ` <${one}>`).join("")}`,
  );

describe("CSV of other programs", () => {
  for (const [program, header, row, expected] of [
    [
      "Google (before 2024)",
      "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value",
      "Anna Muster,Anna,Muster,* myContacts,* Home,a@example.org,Mobile,0171 3920001 ::: 0171 3920002,Work Fax,030 23125-9",
      "Anna Muster: 0171 3920001 mobile, 0171 3920002 mobile, 030 23125-9 fax_work <a@example.org>",
    ],
    [
      "Google (now)",
      "First Name,Middle Name,Last Name,Organization Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Street",
      'Anna,,Muster,,,a@example.org,Home,030 23125001,"Weg 5"',
      "Anna Muster: 030 23125001 home <a@example.org>",
    ],
    [
      "Outlook (English)",
      "First Name,Last Name,Company,Business Street,Business Fax,Business Phone,Home Phone,Mobile Phone,Pager,E-mail Address,E-mail Type",
      "Anna,Muster,ACME,Weg 5,030 9,030 1234,030 5678,0171 3920001,999,a@example.org,SMTP",
      "Anna Muster: 030 9 fax_work, 030 1234 work, 030 5678 home, 0171 3920001 mobile <a@example.org>",
    ],
    [
      "Outlook (German)",
      '"Vorname","Nachname","Firma","Postleitzahl geschäftlich","Fax geschäftlich","Telefon geschäftlich","Telefon (privat)","Mobiltelefon","E-Mail-Adresse"',
      '"Anna","Müller","","10115","030 9","030 1234","030 5678","0171 3920001","a@example.org"',
      "Anna Müller: 030 9 fax_work, 030 1234 work, 030 5678 home, 0171 3920001 mobile <a@example.org>",
    ],
    [
      "Thunderbird",
      "First Name,Last Name,Display Name,Nickname,Primary Email,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address",
      "Anna,Muster,Anna M.,,a@example.org,030 1234,030 5678,030 9,,0171 3920001,Weg 5",
      "Anna M.: 030 1234 work, 030 5678 home, 030 9 fax_home, 0171 3920001 mobile <a@example.org>",
    ],
    [
      "JFritz",
      '"Private";"Last Name";"First Name";"Company";"Street";"ZIP Code";"City";"E-Mail";"Picture";"Home";"Mobile";"Homezone";"Business";"Other";"Fax";"Sip";"Main"',
      '"NO";"Muster";"Anna";"";"Weg 5";"10115";"Berlin";"a@example.org";"";"+493023125001";"+491713920001";"";"+49301234";"";"+49309";"";"home"',
      "Anna Muster: +493023125001 home, +491713920001 mobile, +49301234 work, +49309 fax_home",
    ],
  ] as const) {
    it(`${program} comes in`, async () => {
      const [text] = texts(await importContacts(`${header}\r\n${row}\r\n`, undefined));
      assert.equal(text?.replace(/ <a@example.org>$/, ""), expected.replace(/ <a@example.org>$/, ""));
    });
  }
});

describe("the box's own export", () => {
  it("comes in, with a byte order mark, too", async () => {
    const xml = `<?xml version="1.0" encoding="utf-8"?>\n<phonebooks><phonebook owner="0" name="Telefonbuch"><contact><category>1</category><person><realName>Anna</realName></person><telephony nid="1"><number type="work" prio="1" id="0" quickdial="7" vanity="ANNA">030 1</number></telephony></contact></phonebook></phonebooks>`;
    const anna = {
      name: "Anna",
      numbers: [{ number: "030 1", type: "work", prio: true, quickdial: "7", vanity: "ANNA" }],
      vip: true,
    };
    for (const text of [xml, `\ufeff${xml}`, Buffer.from(xml)])
      assert.deepEqual(await importContacts(text, undefined), [anna]);
    await assert.rejects(importContacts("<html><body/></html>", undefined), { code: "import-input" });
  });
});

describe("vCards that are not as they should be", () => {
  const card = (...lines: string[]) => ["BEGIN:VCARD", "VERSION:3.0", "FN:Anna", ...lines, "END:VCARD"];
  for (const [what, text] of [
    ["a picture as in Mac Address Book", card("PHOTO;BASE64:", "  /9j/4AAQ", "  AAAA", "TEL:030 1").join("\r\n")],
    ["bare parameters", card("TEL;CELL;VOICE:030 1").join("\n")],
    ["no end", card("TEL:030 1").slice(0, -1).join("\n")],
    ["\\r\\r\\n", card("TEL:030 1").join("\r\r\n")],
    ["bare \\r", card("TEL:030 1").join("\r")],
    ["lines without a colon", card("nonsense", "TEL:030 1").join("\n")],
    ["a charset without quoted-printable", card("NOTE;CHARSET=ISO-8859-1:x", "TEL;CHARSET=UTF-8:030 1").join("\n")],
  ] as const) {
    it(`come in with ${what}`, async () => {
      const [anna] = (await importContacts(text, undefined)) as Contact[];
      assert.deepEqual([anna?.name, anna?.numbers[0]?.number], ["Anna", "030 1"]);
    });
  }

  it("one bad card is reported with card and line, and the others come in", async () => {
    const good = card("TEL:030 1").join("\n");
    const list = await importContacts(
      `${good}\nBEGIN:VCARD\nVERSION:3.0\nTEL;TYPE="CELL:0171 1\nEND:VCARD\n${good}`,
      "vcard",
    );
    const bad = list.filter((one) => one instanceof UnreadablePart);
    assert.deepEqual(
      bad.map(({ where }) => where),
      ["vCard 2, line 6"],
    );
    assert.equal(
      texts(list.filter((one) => !(one instanceof UnreadablePart))).filter((one) => one.startsWith("Anna")).length,
      2,
    );
  });
});

describe("a backup", () => {
  const plain = fc.string({ unit: fc.constantFrom(..."aB1 =+-@'äß;:,\"\\&<>\u00a0😀"), maxLength: 12 });
  const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
    fc.option(
      value.map((one) => ({ [key]: one })),
      { nil: {} },
    );
  const number = fc
    .tuple(
      fc.oneof(
        fc.stringMatching(/^(\+49|0)[1-9][0-9]{5,9}$/),
        fc.constantFrom("030 7777", "**610", "0900*", "a@b.example"),
      ),
      fc.constantFrom("home", "mobile", "work", "fax_work", "fax_home", "intern", "sip", "label:Boot", "other", "memo"),
      optional("quickdial", fc.constantFrom("7", "01")),
      optional("vanity", fc.constantFrom("ANNA", "X")),
    )
    .map(([number, type, quick, vanity]) => ({ number, type, ...quick, ...vanity }));
  const contact = fc
    .tuple(plain, fc.array(number, { minLength: 1, maxLength: 4 }), fc.nat(3), fc.boolean())
    .map(([name, numbers, main, vip]): Contact => ({
      name: /\S/.test(name) ? name : `${name}N`,
      numbers: numbers.map((one, i) => ({ ...one, ...(i === main % numbers.length && { prio: true }) })),
      ...(vip && { vip }),
    }));

  for (const format of ["json", "csv", "vcard", "vcard4", "xml"]) {
    it(`in ${format} is read back exactly`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(contact, { minLength: 1, maxLength: 5 }), async (contacts) => {
          assert.deepEqual(await importContacts(await exportContacts(contacts, format), undefined), contacts);
        }),
        { numRuns: 100 },
      );
    });
  }

  it("in CSV has no cell that a spreadsheet takes for a formula, and brings it back", async () => {
    for (const name of ["=1+1", "+49", "-x", "@sum", "'=1", "''@", "'quoted'"]) {
      const text = await exportContacts([{ name, numbers: [{ number: "030 1" }] }], "csv");
      assert.doesNotMatch(text, /^"?[=+\-@]/m);
      assert.equal(((await importContacts(text, undefined))[0] as Contact).name, name);
    }
  });

  it("comes back with shared numbers at everybody who has them; a merge says who went into whom", async () => {
    const family = [
      { name: "Papa", numbers: [{ number: "030 7777" }, { number: "0171 1" }] },
      { name: "Mama", numbers: [{ number: "030 7777" }, { number: "0171 2" }] },
      { name: "Oma", numbers: [{ number: "030 7777" }] },
      { name: "Oma", numbers: [{ number: "030 7777" }] },
    ];
    const keyOf = (written: string) => numberKey(written, { countryCode: "49" });
    const entries = await BookEntries.of([], keyOf);
    for (const round of [1, 2]) {
      const plan = planExact();
      for (const one of family) {
        const step = plan(one, entries);
        assert.equal(step.do, round === 1 ? "write" : "nothing", "and not twice");
        if (step.do === "write") entries.add(step.entry);
      }
    }
    assert.deepEqual(
      entries.list.map(({ contact: { name, numbers } }) => `${name} ${numbers.length}`),
      ["Papa 2", "Mama 2", "Oma 1", "Oma 1"],
    );
    const step = planMerge({ name: "Opa", numbers: [{ number: "+49 30 7777" }] }, entries);
    assert.deepEqual([step.do, step.into], ["nothing", ["Papa", "Mama", "Oma"]]);
  });
});
