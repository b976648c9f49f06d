import assert from "node:assert/strict";
import { UnreadablePart } from "../../../src/lib/phonebook/unreadable-part";
import type { Contact } from "../../../src/lib/phonebook/types";
import { formatVcards, parseVcards, VcardError, type VcardVersion } from "../../../src/lib/phonebook/vcard";

/** Drives a generator to its end. */
function run<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
const parse = (text: string) => run(parseVcards(text));
const format = (contacts: Contact[], version: VcardVersion = "3.0") => run(formatVcards(contacts, version));
const read = (text: string) => parse(text.replaceAll("\n", "\r\n")) as Contact[];
const card = (version: string, ...lines: string[]) =>
  ["BEGIN:VCARD", `VERSION:${version}`, ...lines, "END:VCARD", ""].join("\n");
const numbersOf = (...lines: string[]) => read(card("3.0", "FN:A", ...lines))[0]?.numbers;
const nameOf = (...lines: string[]) => read(card("3.0", ...lines))[0]?.name;

describe("parseVcards", () => {
  it("reads an iPhone's export: groups, photo, a firm without a person", () => {
    const text = `BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 17.0//EN
N:Beispiel;Anna;;;
FN:Anna Beispiel
ORG:Muster GmbH;
item1.EMAIL;type=INTERNET;type=pref:anna@example.org
TEL;type=CELL;type=VOICE;type=pref:0171 3920001
item2.TEL:030 23125001
item2.X-ABLabel:_$!<Main>!$_
item3.ADR;type=HOME:;;Weg 1;Berlin;;10115;Deutschland
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAASABIAAD/4QBMRXhpZgAATU0AKgAAAAgAAgESAAMAAAA
 BAAEAAIdpAAQAAAABAAAAJgAAAAAAAqACAAQAAAABAAAAyKADAAQAAAABAAAAyAAAAAD
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:;;;;
FN:
ORG:Nur Firma AG;Einkauf
TEL;type=WORK;type=FAX:030 23125002
END:VCARD
`;
    assert.deepEqual(read(text), [
      {
        name: "Anna Beispiel",
        numbers: [{ number: "0171 3920001", type: "mobile", prio: true }, { number: "030 23125001" }],
        emails: ["anna@example.org"],
      },
      { name: "Nur Firma AG Einkauf", numbers: [{ number: "030 23125002", type: "fax_work" }] },
    ]);
  });

  it("reads Google's export", () => {
    const [bernd] = read(
      card(
        "3.0",
        "FN:Bernd Muster",
        "N:Muster;Bernd;;;",
        "TEL;TYPE=CELL:+49 171 3920002",
        "TEL;TYPE=HOME:+49 30 23125003",
        "item1.TEL:+49 30 23125004",
        "item1.X-ABLabel:Oma",
        "EMAIL;TYPE=INTERNET;TYPE=HOME:bernd@example.org",
        "CATEGORIES:myContacts,starred",
      ),
    );
    assert.deepEqual(bernd, {
      name: "Bernd Muster",
      numbers: [
        { number: "+49 171 3920002", type: "mobile" },
        { number: "+49 30 23125003", type: "home" },
        { number: "+49 30 23125004" },
      ],
      emails: ["bernd@example.org"],
    });
  });

  it("reads vCard 4 with its tel: addresses", () => {
    const [simon] = read(
      card(
        "4.0",
        "FN:Simon Muster",
        'TEL;VALUE=uri;TYPE="voice,home":tel:+49-30-23125-005;ext=102',
        "TEL;VALUE=uri;PREF=1;TYPE=cell,text:tel:+49-171-3920003",
        "TEL;VALUE=uri;TYPE=work:sip:simon@example.org",
        "TEL;VALUE=text;TYPE=fax:030%2023125006",
        "EMAIL;TYPE=work:simon@example.org",
        "CATEGORIES:Familie,vip",
      ),
    );
    assert.deepEqual(simon, {
      name: "Simon Muster",
      numbers: [
        { number: "+49-30-23125-005", type: "home" },
        { number: "+49-171-3920003", type: "mobile", prio: true },
        { number: "simon@example.org", type: "work" },
        { number: "030%2023125006", type: "fax_home" },
      ],
      vip: true,
      emails: ["simon@example.org"],
    });
  });

  it("reads what Outlook and old telephones write: vCard 2.1", () => {
    const text = `BEGIN:VCARD
VERSION:2.1
N;LANGUAGE=de:Muster;Claudia
FN:Claudia Muster
TEL;WORK;VOICE:+49 (30) 23125006
TEL;HOME;FAX:030 23125007
TEL;CELL;PREF:0171 3920004
ADR;WORK;PREF:;;Weg 1;Berlin;;10115;Germany
EMAIL;PREF;INTERNET:claudia@example.org
NOTE;ENCODING=QUOTED-PRINTABLE:Zeile=0D=0A=
zwei
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg=20=
M=C3=BCller
TEL;CELL:0171 3920005
END:VCARD
BEGIN:VCARD
VERSION:2.1
FN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=F6rg
TEL;CELL:0171 3920006
END:VCARD
`;
    assert.deepEqual(read(text), [
      {
        name: "Claudia Muster",
        numbers: [
          { number: "+49 (30) 23125006", type: "work" },
          { number: "030 23125007", type: "fax_home" },
          { number: "0171 3920004", type: "mobile", prio: true },
        ],
        emails: ["claudia@example.org"],
      },
      { name: "Jörg Müller", numbers: [{ number: "0171 3920005", type: "mobile" }] },
      { name: "Jörg", numbers: [{ number: "0171 3920006", type: "mobile" }] },
    ]);
  });

  for (const [line, type] of [
    ["TEL;TYPE=HOME,VOICE:1", "home"],
    ["TEL;TYPE=home;TYPE=voice:1", "home"],
    ["TEL;TYPE=WORK:1", "work"],
    ["TEL;TYPE=CELL,WORK:1", "mobile"],
    ["TEL;TYPE=IPHONE,CELL,VOICE:1", "mobile"],
    ["TEL;TYPE=FAX,WORK:1", "fax_work"],
    ["TEL;TYPE=FAX:1", "fax_home"],
    ["TEL;TYPE=PAGER:1", undefined],
    ["TEL;TYPE=X-OTHER:1", undefined],
    ["tel:1", undefined],
  ] as const) {
    it(`${line} is ${type ?? "of no known type"}`, () =>
      assert.deepEqual(numbersOf(line), [{ number: "1", ...(type && { type }) }]));
  }

  it("finds a name where there is one", () => {
    assert.equal(nameOf("FN:Anna", "N:Beispiel;A;;;"), "Anna");
    assert.equal(nameOf("N:Beispiel;Anna;Maria;Dr.;"), "Anna Beispiel");
    assert.equal(nameOf("FN:", "N:Beispiel;;;;"), "Beispiel");
    assert.equal(nameOf("FN:", "N:;;;;", "ORG:Firma"), "Firma");
    assert.equal(nameOf("FN:", "NICKNAME:Anni", "N:;;;;"), "Anni");
    assert.equal(nameOf("TEL:1"), "");
  });

  it("resolves what is escaped and folded", () => {
    assert.equal(nameOf("FN:Meier\\, Anna\\; \\\\ \\n x"), "Meier, Anna; \\ \n x");
    assert.equal(nameOf("FN:Ein sehr lan\n ger Na\n\tme"), "Ein sehr langer Name");
    assert.deepEqual(numbersOf("TEL;TYPE=ho\n me:03\n 0 1"), [{ number: "030 1", type: "home" }]);
  });

  it("keeps cards without number or name: their importer says what is missing", () => {
    assert.deepEqual(read(card("3.0", "FN:Anna") + card("3.0", "TEL:1")), [
      { name: "Anna", numbers: [] },
      { name: "", numbers: [{ number: "1" }] },
    ]);
  });

  it("reads bare line feeds, a byte order mark and lower case", () => {
    const text = "\ufeff\nbegin:vcard\nversion:3.0\nfn:anna\ntel;type=home:1\nend:vcard\n";
    assert.deepEqual(parse(text), [{ name: "anna", numbers: [{ number: "1", type: "home" }] }]);
  });

  for (const [what, text] of [
    ["text", "hello"],
    ["a calendar", "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n"],
    ["nothing", ""],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => read(text), VcardError));
  }

  it("needs no longer for long hostile input", function () {
    this.timeout(20_000);
    const long = 100_000;
    for (const unit of [" ", ";", "=", "\\", "=\n", "\n ", ",", '"', "A", "=0", "TEL;", "%"]) {
      for (const line of [`TEL;X${unit.repeat(long)}:1`, `FN:${unit.repeat(long)}`, unit.repeat(long)]) {
        try {
          read(card("2.1", "FN;ENCODING=QUOTED-PRINTABLE:x", line));
        } catch (error) {
          assert.ok(error instanceof VcardError);
        }
      }
    }
  });
});

describe("formatVcards", () => {
  const ANNA: Contact = {
    name: "Meier, Anna; \\ geb. Öl",
    numbers: [
      { number: "030 23125001", type: "home" },
      { number: "0171 3920001", type: "mobile", prio: true },
      { number: "030 23125002", type: "fax_work" },
      { number: "030 23125003", type: "fax_home" },
      { number: "030 23125004", type: "work" },
    ],
    vip: true,
    emails: ["a,b@example.org"],
  };

  for (const version of ["3.0", "4.0"] as const) {
    it(`writes ${version} that it can read`, () => {
      const contacts = [ANNA, { name: "😀".repeat(60), numbers: [{ number: "0900*", type: "home" }] }];
      const text = format(contacts, version);
      assert.equal(text.match(new RegExp(`^VERSION:${version}\r$`, "gm"))?.length, 2);
      assert.deepEqual(parse(text), contacts);
    });

    it(`writes ${version} in lines of 75 bytes at most, each whole characters`, () => {
      const text = format([{ name: "ä😀".repeat(60), numbers: [] }], version);
      for (const line of text.split("\r\n")) {
        assert.ok(Buffer.byteLength(line) <= 76, line);
        assert.doesNotMatch(line, /\ufffd/);
      }
    });
  }

  for (const name of [`${"a".repeat(72)} `, `${"𐀀".repeat(18)}  `, `a${" ".repeat(200)}`, `a${" ".repeat(200)}b`]) {
    it(`keeps the blanks of ${name.length} characters where a line is folded`, () => {
      const contact = { name, numbers: [{ number: "0301", type: "home" }] };
      for (const version of ["3.0", "4.0"] as const) assert.deepEqual(read(format([contact], version)), [contact]);
    });
  }

  it("keeps types that vCard does not know in a parameter of its own", () => {
    const [contact] = parse(format([{ name: "A", numbers: [{ number: "**610", type: "intern" }] }]));
    assert.deepEqual(contact, { name: "A", numbers: [{ number: "**610", type: "intern" }] });
  });
});

describe("a card that is too long", () => {
  const good = card("3.0", "FN:Bert", "TEL:2");

  it("is reported, and the others come in", () => {
    const long = card("3.0", "FN:Anna", ...Array.from({ length: 2_000 }, (_, i) => `TEL:${i}`));
    const [first, second] = parse(long + good) as unknown[];
    assert.ok(first instanceof UnreadablePart);
    assert.equal((second as Contact).name, "Bert");
  });

  for (const indent of [" ", ""]) {
    it(`is none because of a picture, in lines that begin with ${JSON.stringify(indent)}`, () => {
      const picture = Array.from({ length: 5_000 }, () => `${indent}${"A".repeat(74)}`);
      const [anna, bert] = parse(card("3.0", "FN:Anna", "PHOTO;BASE64:", ...picture, "TEL:1") + good) as Contact[];
      assert.deepEqual([anna?.name, anna?.numbers, bert?.name], ["Anna", [{ number: "1" }], "Bert"]);
    });
  }
});
