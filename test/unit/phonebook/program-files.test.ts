/** Whole files as address books write them (all columns, in their order; own people): everybody comes in with all numbers. */
import assert from "node:assert/strict";
import type { Contact } from "../../../src/lib/phonebook/types";
import { importContacts } from "../../../src/lib/phonebook/import-export";
import { sortContacts } from "../../../src/lib/phonebook/contact";

const GOOGLE_OLD =
  "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Phone 3 - Type,Phone 3 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,Website 1 - Type,Website 1 - Value";
const GOOGLE_NEW =
  "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Phone 3 - Label,Phone 3 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Website 1 - Label,Website 1 - Value";
const OUTLOOK_EN =
  "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Home Postal Code,Assistant's Phone,Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Account,Anniversary,Birthday,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,Notes,Web Page";
const OUTLOOK_DE =
  "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,Ort geschäftlich,Postleitzahl geschäftlich,Land/Region geschäftlich,Straße privat,Ort privat,Postleitzahl privat,Telefon Assistent,Fax geschäftlich,Telefon geschäftlich,Telefon geschäftlich 2,Rückmeldung,Autotelefon,Telefon Firma,Fax privat,Telefon (privat),Telefon (privat 2),ISDN,Mobiltelefon,Weiteres Fax,Weiteres Telefon,Pager,Haupttelefon,Mobiltelefon 2,Telefon für Hörbehinderte,Telex,E-Mail-Adresse,E-Mail-Typ,E-Mail: Angezeigter Name,E-Mail 2: Adresse,E-Mail 2: Typ,Notizen,Webseite";
const THUNDERBIRD_EN =
  "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Notes";
const THUNDERBIRD_DE =
  "Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Messenger-Name,Tel. dienstlich,Tel. privat,Fax-Nummer,Pager-Nummer,Mobil-Tel.-Nr.,Privat: Adresse,Privat: Adresse 2,Privat: Ort,Privat: Bundesland,Privat: PLZ,Privat: Land,Dienstlich: Adresse,Dienstlich: Ort,Dienstlich: PLZ,Arbeitstitel,Abteilung,Organisation,Webseite 1,Webseite 2,Geburtsjahr,Notizen";
const JFRITZ =
  '"Private";"Last Name";"First Name";"Company";"Street";"ZIP Code";"City";"E-Mail";"Picture";"Home";"Mobile";"Homezone";"Business";"Other";"Fax";"Sip";"Main"';

type Row = Record<string, string>;
type Expected = [name: string, numbers: string, emails?: string];

/** A file: all columns of the header, each cell quoted where it must be. */
function fileOf(header: string, rows: readonly Row[], quote: "all" | "needed" = "needed"): string {
  const delimiter = header.includes(";") ? ";" : ",";
  const columns = header.split(delimiter).map((name) => name.replaceAll('"', ""));
  const cell = (text: string) => (quote === "all" || /[",;\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  for (const row of rows) for (const name of Object.keys(row)) assert.ok(columns.includes(name), name);
  const lines = rows.map((row) => columns.map((name) => cell(row[name] ?? "")).join(delimiter));
  return [header, ...lines, ""].join("\r\n");
}

const shown = ({ name, numbers, emails = [] }: Contact): Expected => [
  name,
  numbers.map(({ number, type }) => `${type}: ${number}`).join(", "),
  emails.join(" "),
];

const FILES: Record<string, { text: string | Buffer; expected: Expected[] }> = {
  "Google, until 2024": {
    text: fileOf(GOOGLE_OLD, [
      {
        ...{ Name: "Anna Muster", "Given Name": "Anna", "Family Name": "Muster", Birthday: "1990-01-02" },
        ...{
          "Group Membership": "* myContacts ::: * friends",
          "E-mail 1 - Type": "* Home",
          Notes: "call 030 99\nlater",
        },
        ...{ "E-mail 1 - Value": "anna@example.org ::: a.m@example.org", "Phone 1 - Type": "Mobile" },
        ...{ "Phone 1 - Value": "+49 171 3920001 ::: 0171 3920002", "Phone 2 - Type": "Work Fax" },
        ...{ "Phone 2 - Value": "030 23125-9", "Phone 3 - Type": "Main", "Phone 3 - Value": "030 23125-0" },
        ...{ "Address 1 - Formatted": "Weg 5\n10115 Berlin", "Website 1 - Value": "http://example.org/1234567" },
      },
      { Name: "Müller, Jürgen", "Phone 1 - Type": "Home", "Phone 1 - Value": "030/5678" },
      { "Organization 1 - Name": "Muster GmbH", "Phone 1 - Type": "Work", "Phone 1 - Value": "030 1" },
      { "Given Name": "Opa", "Phone 1 - Type": "Oma & Opa", "Phone 1 - Value": "07191 12" },
    ]),
    expected: [
      [
        "Anna Muster",
        "mobile: +49 171 3920001, mobile: 0171 3920002, fax_work: 030 23125-9, work: 030 23125-0",
        "anna@example.org a.m@example.org",
      ],
      ["Müller, Jürgen", "home: 030/5678"],
      ["Muster GmbH", "work: 030 1"],
      ["Opa", "other: 07191 12"],
    ],
  },
  "Google, now": {
    text: fileOf(GOOGLE_NEW, [
      {
        ...{ "First Name": "Anna", "Last Name": "Muster", Labels: "* myContacts ::: * starred" },
        ...{ "E-mail 1 - Label": "* ", "E-mail 1 - Value": "anna@example.org", "E-mail 2 - Label": "Work" },
        ...{ "E-mail 2 - Value": "a.muster@example.com", "Phone 1 - Label": "Mobile" },
        ...{ "Phone 1 - Value": "+49 171 3920001", "Phone 2 - Label": "Home Fax", "Phone 2 - Value": "030 9" },
        ...{ "Phone 3 - Label": "Work", "Phone 3 - Value": "030 1234", "Address 1 - Street": "Weg 5" },
      },
      { "File As": "Papa", "Phone 1 - Label": "Mobile", "Phone 1 - Value": "0171 3920003" },
      { "Organization Name": "Praxis Dr. Öz", "Phone 1 - Label": "Work", "Phone 1 - Value": "030 55 59 - 0" },
    ]),
    expected: [
      [
        "Anna Muster",
        "mobile: +49 171 3920001, fax_home: 030 9, work: 030 1234",
        "anna@example.org a.muster@example.com",
      ],
      ["Papa", "mobile: 0171 3920003"],
      ["Praxis Dr. Öz", "work: 030 55 59 - 0"],
    ],
  },
  "Outlook, English": {
    text: fileOf(
      OUTLOOK_EN,
      [
        {
          ...{
            Title: "Dr.",
            "First Name": "Anna",
            "Last Name": "Muster",
            Company: "ACME",
            "Business Postal Code": "10115",
          },
          ...{ "Assistant's Phone": "030 12", "Business Fax": "030 9", "Business Phone": "030 1234" },
          ...{ "Business Phone 2": "030 1235", "Car Phone": "0171 3920009", "Company Main Phone": "030 0" },
          ...{
            "Home Fax": "030 8",
            "Home Phone": "030 5678",
            "Home Phone 2": "030 5679",
            "Mobile Phone": "0171 3920001",
          },
          ...{
            "Other Phone": "030 7",
            "Primary Phone": "030 6",
            Birthday: "0/0/00",
            "E-mail Address": "anna@example.org",
          },
          ...{
            "E-mail Type": "SMTP",
            "E-mail Display Name": "Anna (anna@example.org)",
            "E-mail 2 Address": "b@example.org",
          },
        },
        { Company: "Muster GmbH", "Business Phone": "030 1" },
      ],
      "all",
    ),
    expected: [
      [
        "Anna Muster",
        "other: 030 12, fax_work: 030 9, work: 030 1234, work: 030 1235, mobile: 0171 3920009, work: 030 0, fax_home: 030 8, " +
          "home: 030 5678, home: 030 5679, mobile: 0171 3920001, other: 030 7, other: 030 6",
        "anna@example.org b@example.org",
      ],
      ["Muster GmbH", "work: 030 1"],
    ],
  },
  "Outlook, German, in Windows' character set": {
    text: Buffer.from(
      fileOf(
        OUTLOOK_DE,
        [
          {
            ...{
              Vorname: "Jürgen",
              Nachname: "Müßig",
              "Postleitzahl geschäftlich": "10115",
              "Telefon Assistent": "030 12",
              ISDN: "030 14",
              "Telefon für Hörbehinderte": "030 13",
            },
            ...{
              "Fax geschäftlich": "030 9",
              "Telefon geschäftlich": "030 1234",
              "Telefon geschäftlich 2": "030 1235",
            },
            ...{
              Autotelefon: "0171 3920009",
              "Telefon Firma": "030 0",
              "Fax privat": "030 8",
              "Telefon (privat)": "030 5678",
            },
            ...{ "Telefon (privat 2)": "030 5679", Mobiltelefon: "0171 3920001", "Weiteres Telefon": "030 7" },
            ...{ Haupttelefon: "030 6", "Mobiltelefon 2": "0171 3920002", "E-Mail-Adresse": "j@example.org" },
            ...{ "E-Mail-Typ": "SMTP", "E-Mail 2: Adresse": "m@example.org" },
          },
          { Firma: "Öko GmbH", "Telefon geschäftlich": "030 1" },
        ],
        "all",
      ),
      "latin1",
    ),
    expected: [
      [
        "Jürgen Müßig",
        "other: 030 12, fax_work: 030 9, work: 030 1234, work: 030 1235, mobile: 0171 3920009, work: 030 0, fax_home: 030 8, " +
          "home: 030 5678, home: 030 5679, other: 030 14, mobile: 0171 3920001, other: 030 7, other: 030 6, mobile: 0171 3920002, other: 030 13",
        "j@example.org m@example.org",
      ],
      ["Öko GmbH", "work: 030 1"],
    ],
  },
  "Thunderbird, English": {
    text: fileOf(THUNDERBIRD_EN, [
      {
        ...{
          "First Name": "Anna",
          "Last Name": "Muster",
          "Display Name": "Anna M.",
          "Primary Email": "anna@example.org",
        },
        ...{
          "Secondary Email": "b@example.org",
          "Work Phone": "030 1234",
          "Home Phone": "030 5678",
          "Fax Number": "030 9",
        },
        ...{ "Mobile Number": "0171 3920001", "Home Address": "Weg 5", "Home ZipCode": "10115", "Birth Year": "1990" },
      },
      { Organization: "Muster GmbH", "Work Phone": "030 1" },
    ]),
    expected: [
      [
        "Anna M.",
        "work: 030 1234, home: 030 5678, fax_home: 030 9, mobile: 0171 3920001",
        "anna@example.org b@example.org",
      ],
      ["Muster GmbH", "work: 030 1"],
    ],
  },
  "Thunderbird, German": {
    text: fileOf(THUNDERBIRD_DE, [
      {
        ...{ Vorname: "Anna", Nachname: "Muster", "Primäre E-Mail-Adresse": "anna@example.org" },
        ...{ "Tel. dienstlich": "030 1234", "Tel. privat": "030 5678", "Fax-Nummer": "030 9" },
        ...{
          "Mobil-Tel.-Nr.": "0171 3920001",
          "Privat: Adresse": "Weg 5",
          "Privat: PLZ": "10115",
          Geburtsjahr: "1990",
        },
      },
      { Anzeigename: "Opa", "Tel. privat": "07191 12" },
    ]),
    expected: [
      ["Anna Muster", "work: 030 1234, home: 030 5678, fax_home: 030 9, mobile: 0171 3920001", "anna@example.org"],
      ["Opa", "home: 07191 12"],
    ],
  },
  JFritz: {
    text: fileOf(
      JFRITZ,
      [
        {
          ...{ Private: "NO", "Last Name": "Muster", "First Name": "Anna", Street: "Weg 5", "ZIP Code": "10115" },
          ...{ "E-Mail": "anna@example.org", Home: "+493023125001", Mobile: "+491713920001", Homezone: "+49171392" },
          ...{ Business: "+49301234", Other: "+49307", Fax: "+49309", Sip: "123456", Main: "home" },
        },
        { Private: "YES", Company: "Muster GmbH", Business: "+49301", Main: "business" },
      ],
      "all",
    ),
    expected: [
      [
        "Anna Muster",
        "home: +493023125001, mobile: +491713920001, mobile: +49171392, work: +49301234, other: +49307, fax_home: +49309, other: 123456",
        "anna@example.org",
      ],
      ["Muster GmbH", "work: +49301"],
    ],
  },
  iPhone: {
    text: [
      ...[
        "BEGIN:VCARD",
        "VERSION:3.0",
        "PRODID:-//Apple Inc.//iPhone OS 17.5//EN",
        "N:Muster;Anna;;Dr.;",
        "FN:Dr. Anna Muster",
      ],
      ...["ORG:ACME\\, Inc.;", "item1.EMAIL;type=INTERNET;type=pref:anna@example.org", "item1.X-ABLabel:_$!<Home>!$_"],
      ...["TEL;type=CELL;type=VOICE;type=pref:+49 171 3920001", "TEL;type=IPHONE;type=CELL;type=VOICE:0171 3920002"],
      ...[
        "TEL;type=HOME;type=VOICE:030 5678",
        "TEL;type=WORK;type=FAX:030 9",
        "item2.TEL:030 7",
        "item2.X-ABLabel:Datsche",
      ],
      ...["item3.ADR;type=HOME;type=pref:;;Weg 5;Berlin;;10115;Germany", "item3.X-ABADR:de", "BDAY:1990-01-02"],
      ...[
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAASABIAAD/4QBMRXhpZgAATU0AKgAAAAgAAgESAAMA",
        " AAABAAEAAIdpAAQAAAABAAAAJg",
      ],
      ...[
        "END:VCARD",
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:;;;;",
        "FN:Muster GmbH",
        "ORG:Muster GmbH;",
        "X-ABShowAs:COMPANY",
      ],
      ...["TEL;type=MAIN:030 1", "END:VCARD", ""],
    ].join("\r\n"),
    expected: [
      [
        "Dr. Anna Muster",
        "mobile: +49 171 3920001, mobile: 0171 3920002, home: 030 5678, fax_work: 030 9, undefined: 030 7",
        "anna@example.org",
      ],
      ["Muster GmbH", "undefined: 030 1"],
    ],
  },
  "Mac Address Book, in UTF-8 with old parameters": {
    text: [
      ...["BEGIN:VCARD", "VERSION:3.0", "N:Müller;Jürgen;;;", "FN:Jürgen Müller", "TEL;WORK;VOICE;pref:030 1234"],
      ...[
        "TEL;CELL:0171 3920001",
        "PHOTO;BASE64:",
        "  /9j/4AAQSkZJRgABAQAAAQABAAD/2wCEAAkGBxMTEhUTExMVFhUXGBgYGBgYGBgYGBgY",
        "  AAAA",
      ],
      ...["EMAIL;INTERNET;HOME:j@example.org", "X-ABUID:5AD380FD\\:ABPerson", "END:VCARD", ""],
    ].join("\r\n"),
    expected: [["Jürgen Müller", "work: 030 1234, mobile: 0171 3920001", "j@example.org"]],
  },
};

describe("whole files of other programs", () => {
  for (const [program, { text, expected }] of Object.entries(FILES)) {
    it(`${program}: everybody comes in, with all numbers and addresses`, async () => {
      const { contacts, failed } = await sortContacts(await importContacts(text, undefined));
      assert.deepEqual(failed, []);
      assert.deepEqual(
        contacts.map(shown),
        expected.map(([name, numbers, emails = ""]) => [name, numbers, emails]),
      );
    });
  }
});
