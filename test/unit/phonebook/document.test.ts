import assert from "node:assert/strict";
import { isOnlineOwner, type PhonebookDocument, readPhonebook } from "../../../src/lib/phonebook/document";
import { XmlError } from "../../../src/lib/core/xml";

/** The structure of a 6670 Cable's export, with its line breaks inside tags. */
const BARRING = `<?xml version="1.0" encoding="utf-8"?>
<phonebooks>
<phonebook owner="258"><contact><category /><person><realName>SPAM</realName></person><telephony
nid="1"><number type="home" vanity="" prio="1" id="0">030000000</number></telephony><services /><setup><ringTone
prefix="0" /></setup><mod_time>1776621077</mod_time><uniqueid>95</uniqueid></contact></phonebook>
</phonebooks>`;

let pieces = 0;
function parsePhonebook(text: string): PhonebookDocument {
  const work = readPhonebook(text);
  for (pieces = 1; ; pieces++) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

const contact = (name: string, ...numbers: string[]) =>
  `<contact><person><realName>${name}</realName></person><telephony>${numbers.map((one) => `<number>${one}</number>`).join("")}</telephony></contact>`;
const book = (inside: string, attributes = 'owner="0" name="Telefonbuch"') =>
  `<?xml version="1.0"?>\n<phonebooks>\n<phonebook ${attributes}>\n<timestamp>1</timestamp>\n${inside}\n</phonebook></phonebooks>`;
const contactsOf = (text: string) => parsePhonebook(text).entries.map(({ contact }) => contact);

describe("parsePhonebook", () => {
  it("reads the real barring export", () => {
    const { owner, name, entries } = parsePhonebook(BARRING);
    assert.deepEqual([owner, name], ["258", ""]);
    assert.deepEqual(
      entries.map(({ contact }) => contact),
      [
        {
          name: "SPAM",
          numbers: [{ number: "030000000", type: "home", prio: true }],
          uniqueId: "95",
          modified: "2026-04-19T17:51:17.000Z",
        },
      ],
    );
  });

  it("reads a book's name and owner, and one contact or several alike", () => {
    const { owner, name } = parsePhonebook(book(contact("A", "1"), 'name="Büro &amp; Co" owner="3"'));
    assert.deepEqual([owner, name], ["3", "Büro & Co"]);
    assert.deepEqual(contactsOf(book(contact("A", "1"))), [{ name: "A", numbers: [{ number: "1" }] }]);
    assert.deepEqual(contactsOf(book(contact("A", "1", "2") + contact("B"))), [
      { name: "A", numbers: [{ number: "1" }, { number: "2" }] },
      { name: "B", numbers: [] },
    ]);
  });

  for (const [what, text] of [
    ["an empty book", book("")],
    ["a book in one tag", '<phonebooks><phonebook owner="1" name="Leer"/></phonebooks>'],
    ["no book, as for a timestamp that is newer", "<phonebooks/>"],
  ] as const) {
    it(`finds no contact in ${what}`, () => assert.deepEqual(contactsOf(text), []));
  }

  it("tells an empty book from no book", () => {
    assert.equal(parsePhonebook(book("")).hasBook, true);
    assert.equal(parsePhonebook("<phonebooks/>").hasBook, false);
  });

  it("does without the outer element", () => {
    assert.equal(contactsOf(`<phonebook owner="0" name="T">${contact("A", "1")}</phonebook>`).length, 1);
  });

  for (const [what, text] of [
    ["a cut document", book(contact("A", "1")).slice(0, -40)],
    [
      "a document cut between two contacts",
      book(contact("A") + contact("B")).replace(/<contact><person><realName>B.*/s, ""),
    ],
    ["a contact that is not closed", book(contact("A").replace("</contact>", ""))],
    ["a contact that is closed twice", book(`${contact("A")}</contact>`)],
    ["crossed tags", book("<contact><person></contact></person>")],
    ["two documents", book("") + book("").replace(/^.*\n/, "")],
    ["text behind the end", `${book("")}tail`],
    ["a page", "<html><body>ERR<br></body></html>"],
    ["a well-formed page", '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>FRITZ!Box</p></body></html>'],
    ["something else", "<root><contact/></root>"],
    ["nothing", ""],
    ["depth", book(`<contact>${"<a>".repeat(50)}${"</a>".repeat(50)}</contact>`)],
    ["a document type", book("").replace("\n", '\n<!DOCTYPE p [<!ENTITY a "b">]>')],
    ["a document type inside", book(contact("<!DOCTYPE x>"))],
    ["a book of NUL characters", book("\0".repeat(2_000))],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => parsePhonebook(text), XmlError));
  }

  it("takes contacts in comments and character data for what they are", () => {
    const hidden = `<!-- ${contact("Hidden", "1")} -->${contact("Shown", "2")}`;
    assert.deepEqual(
      contactsOf(book(hidden)).map(({ name }) => name),
      ["Shown"],
    );
    const data = contact("<![CDATA[</contact> & <contact>]]>", "3");
    assert.deepEqual(
      contactsOf(book(data)).map(({ name }) => name),
      ["</contact> & <contact>"],
    );
  });

  it("finds contacts only where they belong", () => {
    const nested = `<contact><person><realName>Outer</realName></person><future><contact><person/></contact></future></contact>`;
    assert.deepEqual(
      contactsOf(book(nested + contact("Next"))).map(({ name }) => name),
      ["Outer", "Next"],
    );
    const similar = `<contacts><contact/></contacts><contact2/>${contact("Real")}`;
    assert.deepEqual(
      contactsOf(book(similar)).map(({ name }) => name),
      ["Real"],
    );
  });

  it("reads thousands of contacts with thousands of entities", () => {
    const text = book(Array.from({ length: 3_000 }, (_, i) => contact(`A &amp; &lt;${i}&gt; &#228;`, "030")).join(""));
    assert.equal(contactsOf(text).at(-1)?.name, "A & <2999> ä");
    assert.equal(contactsOf(text).length, 3_000);
    assert.ok(pieces > 5, "and gives way in between");
  });
});

describe("a phonebook read in pieces", () => {
  const many = (count: number, extra = "") =>
    Array.from({ length: count }, (_, i) => contact(`N${i}`, `030 23125${i}`) + extra).join("\n");

  it("keeps order, and other elements between the contacts", () => {
    const names = contactsOf(book(many(2_000, "<gap a='>'/>"))).map(({ name }) => name);
    assert.deepEqual(
      names,
      names.map((_, i) => `N${i}`),
    );
    assert.equal(names.length, 2_000);
  });

  it("takes what stands in an attribute for no tag", () => {
    const odd = `<contact a="</contact>" b='/>'><person><realName>Odd</realName></person></contact>`;
    assert.deepEqual(
      contactsOf(book(odd + many(1))).map(({ name }) => name),
      ["Odd", "N0"],
    );
  });

  it("reads the first of two books", () => {
    const two = book(many(2)).replace("</phonebook>", `</phonebook><phonebook owner="1">${many(3)}</phonebook>`);
    assert.equal(contactsOf(two).length, 2);
  });

  it("takes contacts without end, and names with a prefix", () => {
    assert.deepEqual(contactsOf(book(`<contact/><contact /><contact\n/>`)).length, 3);
    assert.deepEqual(contactsOf(book(`<a:contact xmlns:a="x"><person/></a:contact>`)).length, 1);
  });

  for (const [what, spoil] of [
    ["cut in the middle of a tag", (text: string) => text.slice(0, text.length >> 1)],
    ["cut behind a contact", (text: string) => text.slice(0, text.indexOf("</contact>", text.length >> 1) + 10)],
    ["without its end", (text: string) => text.replace("</phonebooks>", "")],
    ["broken in the middle", (text: string) => text.replace("<realName>N1000<", "<realName>N1000&<")],
    ["crossed in the middle", (text: string) => text.replace("N1000</realName></person>", "N1000</person></realName>")],
    ["with a contact that ends twice", (text: string) => text.replace("</contact>", "</contact></contact>")],
    ["with a contact that does not end", (text: string) => text.replace("</contact>", "")],
    ["with a book that ends twice", (text: string) => text.replace("</phonebook>", "</phonebook></phonebook>")],
  ] as const) {
    it(`refuses one that is ${what}`, () => assert.throws(() => parsePhonebook(spoil(book(many(2_000)))), XmlError));
  }

  it("bounds what it reads in one go", () => {
    assert.throws(() => parsePhonebook(book(`<![CDATA[${"x".repeat(2_000_000)}]]>`)), XmlError);
    assert.throws(() => parsePhonebook(book(`<contact>${"<a/>".repeat(50_000)}</contact>`)), XmlError);
    assert.throws(() => parsePhonebook(" ".repeat(40_000_000)), XmlError);
  });

  it("passes over comments, whatever their length", () => {
    const text = book(many(2)).replaceAll("<contact>", `<!-- <contact> ${"-".repeat(200_000)} --><contact>`);
    assert.equal(contactsOf(text).length, 2);
    assert.throws(() => parsePhonebook(`${book(many(2))}<!-- `), XmlError);
    const inside = parsePhonebook(book(`<contact><person><realName><![CDATA[<!-- x]]></realName></person></contact>`));
    assert.equal(inside.entries[0]?.contact.name, "<!-- x");
  });

  it("needs no longer for long hostile input", function () {
    this.timeout(20_000);
    for (const unit of ["<", ">", '"', "<contact", "<contact>", "</contact>", "<a>", "<phonebook>", "<a b='", " "]) {
      const long = unit.repeat(200_000);
      for (const text of [long, `<phonebook>${long}`, `<phonebook>${long}</phonebook>`]) {
        try {
          assert.deepEqual(contactsOf(text), []);
        } catch (error) {
          assert.ok(error instanceof XmlError, String(error));
        }
      }
    }
  });
});

describe("isOnlineOwner", () => {
  for (const owner of ["240", "241", "257", " 250 "]) {
    it(`${owner} is online`, () => assert.equal(isOnlineOwner(owner), true));
  }
  for (const owner of ["", " ", "0", "1", "239", "258", "x"]) {
    it(`"${owner}" is not`, () => assert.equal(isOnlineOwner(owner), false));
  }
});
