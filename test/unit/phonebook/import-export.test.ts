import assert from "node:assert/strict";
import type { Contact } from "../../../src/lib/phonebook/types";
import { FritzError } from "../../../src/lib/core/errors";
import { exportContacts, importContacts } from "../../../src/lib/phonebook/import-export";

const ANNA: Contact = {
  name: "Beispiel, Anna",
  numbers: [
    { number: "030 23125001", type: "home" },
    { number: "0171 3920001", type: "mobile", prio: true, quickdial: "07", vanity: "ANNA" },
  ],
  vip: true,
  emails: ["anna@example.org", "a.b@example.org"],
};
const BERT: Contact = { name: 'Bert "B"; Muster', numbers: [{ number: "0900*", type: "work" }] };
const fails = (work: () => Promise<unknown>, detail: RegExp) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof FritzError && error.code === "import-input", String(error));
    assert.match(String(error.values["detail"]), detail);
    return true;
  });

describe("JSON", () => {
  it("comes back as it went, all of it", async () => {
    const whole = [{ ...ANNA, uniqueId: "28", imageUrl: "x", modified: "2026-01-01T00:00:00.000Z" }, BERT];
    assert.deepEqual(await importContacts(await exportContacts(whole, "json"), "json"), whole);
  });

  it("takes a list, one contact, a text with a byte order mark, and what a JSON node made of it", async () => {
    assert.deepEqual(await importContacts([ANNA], ""), [ANNA]);
    assert.deepEqual(await importContacts(JSON.stringify(ANNA), undefined), [ANNA]);
    assert.deepEqual(await importContacts(`\ufeff ${JSON.stringify([ANNA])}`, undefined), [ANNA]);
    assert.deepEqual(await importContacts(ANNA, undefined), [ANNA]);
  });

  it("refuses what is none", async () => {
    await fails(() => importContacts("[1, 2", undefined), /JSON/);
    await fails(() => importContacts("", undefined), /^$/);
    await fails(() => importContacts(null, undefined), /^$/);
    await fails(() => importContacts(7, undefined), /^$/);
  });
});

describe("CSV", () => {
  it("is a row for each number, as spreadsheets open it", async () => {
    assert.equal(
      await exportContacts([ANNA, BERT], "csv"),
      [
        "name;number;type;prio;quickdial;vanity;vip;email;id",
        '"Beispiel, Anna";030 23125001;home;;;;1;anna@example.org a.b@example.org;1',
        '"Beispiel, Anna";0171 3920001;mobile;1;07;ANNA;1;;1',
        '"Bert ""B""; Muster";0900*;work;;;;;;2',
        "",
      ].join("\r\n"),
    );
  });

  it("comes back as it went", async () =>
    assert.deepEqual(await importContacts(await exportContacts([ANNA, BERT], "csv"), "csv"), [ANNA, BERT]));

  for (const [what, text, expected] of [
    ["commas", "name,number\nAnna,1\nBert,2\n", ["Anna 1", "Bert 2"]],
    ["tabs", "name\tnumber\nAnna\t1\n", ["Anna 1"]],
    ["semicolons and names with unquoted commas", "name;number\nBeispiel, Anna;1\n", ["Beispiel, Anna 1"]],
    ["quoted names with line breaks", 'name;number\n"Anna\nBeispiel";1\n', ["Anna\nBeispiel 1"]],
    ["German headings in any case, and a byte order mark", "\ufeffName;Rufnummer;Typ\nAnna;1;home\n", ["Anna 1"]],
    ["columns in another order, and unknown ones", "x,Phone,Name\n?,1,Anna\n", ["Anna 1"]],
    ["Windows line ends, blanks and empty lines", "name ; number \r\n\r\n Anna ; 1 \r\n\r\n", ["Anna 1"]],
    [
      "neighbours of one name as one contact",
      "name,number\nAnna,1\nAnna,2\nBert,3\nAnna,4\n",
      ["Anna 1,2", "Bert 3", "Anna 4"],
    ],
    [
      "rows of one id as one contact, two ids of one name as two",
      "id,name,number\n1,Anna,1\n1,Anna,2\n2,Anna,3\n",
      ["Anna 1,2", "Anna 3"],
    ],
    ["rows that are too short", "name,number,type\nAnna,1\n", ["Anna 1"]],
    ["a contact without number", "name,number\nAnna,\n", ["Anna "]],
    ["no contact", "name,number\n", []],
    ["a column that would poison objects", "__proto__,name,number\nx,Anna,1\n", ["Anna 1"]],
  ] as [string, string, string[]][]) {
    it(`reads ${what}`, async () => {
      const contacts = (await importContacts(text, "csv")) as Contact[];
      assert.deepEqual(
        contacts.map(({ name, numbers }) => `${name} ${numbers.map(({ number }) => number).join(",")}`),
        expected,
      );
    });
  }

  it("reads what Excel saves: Windows' own character set", async () => {
    const bytes = Buffer.from("name;number\nJürgen Groß;1\n", "latin1");
    assert.equal(((await importContacts(bytes, undefined)) as Contact[])[0]?.name, "Jürgen Groß");
    assert.equal(
      ((await importContacts(Buffer.from("name;number\nJürgen 😀;1\n"), ""))[0] as Contact).name,
      "Jürgen 😀",
    );
  });

  it("says in which line it is broken", () => fails(() => importContacts('name;number\n"Anna;1\n', "csv"), /CSV \d/));
});

describe("formats", () => {
  for (const [name, start] of [
    ["json", "["],
    ["CSV", "name;"],
    ["vcard", "BEGIN:VCARD\r\nVERSION:3.0"],
    ["vcf", "BEGIN:VCARD\r\nVERSION:3.0"],
    ["vcard3", "BEGIN:VCARD\r\nVERSION:3.0"],
    ["vcard4", "BEGIN:VCARD\r\nVERSION:4.0"],
    ["xml", "<?xml"],
  ] as const) {
    it(`${name} starts with ${JSON.stringify(start)}, and is recognised`, async () => {
      const text = await exportContacts([ANNA], name);
      assert.ok(text.startsWith(start), text);
      assert.equal(((await importContacts(text, undefined))[0] as Contact).name, ANNA.name);
      assert.equal(((await importContacts(`\ufeff\n${text}`, ""))[0] as Contact).name, ANNA.name);
    });
  }

  for (const format of ["txt", "", 7, null, {}, "__proto__"]) {
    it(`does not know ${JSON.stringify(format)}`, () =>
      assert.rejects(exportContacts([ANNA], format), { code: "format-unknown" }));
  }

  it("says when a text is not of the format named", async () => {
    await fails(() => importContacts("name;number", "json"), /JSON/);
    await fails(() => importContacts("name;number", "vcard"), /vCard/);
  });
});
