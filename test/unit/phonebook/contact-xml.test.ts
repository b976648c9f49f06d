import assert from "node:assert/strict";
import type { Contact } from "../../../src/lib/phonebook/types";
import { contactDocument, contactElement, readContact } from "../../../src/lib/phonebook/contact-xml";
import { child, childText, descendants, parseXml } from "../../../src/lib/core/xml";

/** As a 7590 exports it, with everything that a contact can have and an unknown element. */
const FULL = `<contact modtime="x">
 <category>0</category>
 <person><realName>Anna Beispiel</realName><imageURL>file:///var/media/anna.jpg</imageURL><title>Dr.</title></person>
 <telephony nid="2">
   <number type="home"   prio="1" id="0" quickdial="7" vanity="ANNA">030 23125-001</number>
   <number type="mobile" prio="0" id="1" future="yes">+4917139200001</number>
   <doorphone><videoURL>http://192.168.178.9/</videoURL><openkey>#1</openkey></doorphone>
 </telephony>
 <services nid="1"><email classifier="work" id="0">anna@example.org</email><chat id="0">anna</chat></services>
 <setup><ringTone prefix="3">5</ringTone></setup>
 <features doorphone="1"/>
 <mod_time>1700000000</mod_time>
 <uniqueid>28</uniqueid>
</contact>`;

/** The sample of AVM's document: services stand inside telephony. */
const INSIDE = `<contact><category/><person><realName>Anna</realName></person><telephony>
 <services><email classifier="private">old@example.org</email></services>
 <number type="home" prio="1">030 23125001</number></telephony><uniqueid>3</uniqueid></contact>`;

const read = (xml: string) => readContact(parseXml(xml));
/** What the box has after `contact` was written over `original`. */
const rewritten = (contact: Contact, original?: string) =>
  parseXml(contactDocument(contactElement(contact, original === undefined ? undefined : parseXml(original))));

describe("reading a contact", () => {
  it("reads all that a message can hold", () => {
    assert.deepEqual(read(FULL), {
      name: "Anna Beispiel",
      numbers: [
        { number: "030 23125-001", type: "home", prio: true, quickdial: "7", vanity: "ANNA" },
        { number: "+4917139200001", type: "mobile" },
      ],
      emails: ["anna@example.org"],
      imageUrl: "file:///var/media/anna.jpg",
      uniqueId: "28",
      modified: "2023-11-14T22:13:20.000Z",
    });
  });

  for (const [what, xml, expected] of [
    ["nothing at all", "<contact/>", { name: "", numbers: [] }],
    [
      "an internal entry without a name (since 7.21)",
      '<contact><category>0</category><telephony nid="1"><number type="intern" prio="1" id="0">**3</number></telephony></contact>',
      { name: "", numbers: [{ number: "**3", type: "intern", prio: true }] },
    ],
    ["an empty name", "<contact><person><realName/></person></contact>", { name: "", numbers: [] }],
    ["an important person", "<contact><category>1</category></contact>", { name: "", numbers: [], vip: true }],
    ["a category of another kind", "<contact><category>2</category></contact>", { name: "", numbers: [] }],
    ["a number without attributes", "<contact><telephony><number>1</number></telephony></contact>", one("1")],
    [
      "attributes that are empty",
      '<contact><telephony><number type="" vanity="" quickdial="" prio="" id="">1</number></telephony></contact>',
      one("1"),
    ],
    ["numbers that are empty", "<contact><telephony><number/><number> </number></telephony></contact>", none()],
    [
      "a type of another spelling",
      '<contact><telephony><number type="Fax_Work">1</number></telephony></contact>',
      { name: "", numbers: [{ number: "1", type: "Fax_Work" }] },
    ],
    ["a number outside telephony", "<contact><number>1</number></contact>", none()],
    ["a time of 0", "<contact><mod_time>0</mod_time></contact>", none()],
    ["a time that is none", "<contact><mod_time>soon</mod_time></contact>", none()],
    ["a time beyond all calendars", "<contact><mod_time>99999999999999999999</mod_time></contact>", none()],
    ["an empty unique id", "<contact><uniqueid/></contact>", none()],
    [
      "line breaks and blanks around texts",
      "<contact><person><realName>\n  Anna\n</realName></person><uniqueid> 4 </uniqueid></contact>",
      { name: "Anna", numbers: [], uniqueId: "4" },
    ],
    [
      "e-mail inside telephony, as in AVM's sample",
      INSIDE,
      {
        name: "Anna",
        numbers: [{ number: "030 23125001", type: "home", prio: true }],
        emails: ["old@example.org"],
        uniqueId: "3",
      },
    ],
  ] as const) {
    it(`reads ${what}`, () => assert.deepEqual(read(xml), expected));
  }

  function one(number: string): Contact {
    return { name: "", numbers: [{ number }] };
  }
  function none(): Contact {
    return { name: "", numbers: [] };
  }
});

describe("writing a new contact", () => {
  it("writes what a box is known to take, with the declaration in front and no key", () => {
    const text = contactDocument(
      contactElement({ name: "Meier & Söhne", numbers: [{ number: "030 23125001" }], uniqueId: "7" }),
    );
    assert.equal(
      text,
      '<?xml version="1.0" encoding="utf-8"?><contact><category>0</category><person><realName>Meier &amp; Söhne</realName>' +
        '<imageURL /></person><telephony nid="1"><number type="home" prio="1" id="0">030 23125001</number></telephony></contact>',
    );
  });

  it("has exactly one main number: the one that says so, else the first", () => {
    const prios = (...given: boolean[]) =>
      descendants(
        rewritten({ name: "A", numbers: given.map((prio, i) => ({ number: String(i), ...(prio && { prio }) })) }),
        "number",
      ).map(({ attributes }) => attributes["prio"]);
    assert.deepEqual(prios(false, false), ["1", "0"]);
    assert.deepEqual(prios(false, true), ["0", "1"]);
    assert.deepEqual(prios(true, true), ["1", "0"]);
  });

  it("comes back as it was", () => {
    const contact: Contact = {
      name: `Straße "<&>' 😀 ]]> a\u0308`,
      numbers: [
        { number: "**610", type: "intern" },
        { number: "0711 123*", type: "fax_work", prio: true, quickdial: "07", vanity: "AB&C" },
      ],
      vip: true,
      emails: ["a&b@example.org"],
    };
    assert.deepEqual(readContact(rewritten(contact)), contact);
  });
});

describe("writing over a contact", () => {
  const original = parseXml(FULL);

  it("keeps what it does not know, where it was", () => {
    const contact = { ...readContact(original), name: "Anna Muster" };
    const after = rewritten(contact, FULL);
    assert.equal(childText(child(after, "person"), "realName"), "Anna Muster");
    for (const name of ["title", "doorphone", "chat", "ringTone", "features"]) {
      assert.deepEqual(descendants(after, name), descendants(original, name), name);
    }
    assert.equal(after.attributes["modtime"], "x");
    assert.equal(childText(after, "uniqueid"), "28");
    assert.equal(child(after, "mod_time"), undefined, "the time is the box's business");
    assert.deepEqual(descendants(after, "number"), descendants(original, "number"));
    assert.deepEqual(descendants(after, "email"), descendants(original, "email"));
  });

  it("keeps a number's attributes while the number stays, wherever it stands", () => {
    const [first, second] = readContact(original).numbers;
    assert.ok(first && second);
    const after = rewritten({ name: "Anna", numbers: [{ number: "1" }, { number: second.number }] }, FULL);
    assert.deepEqual(
      descendants(after, "number").map(({ attributes, text }) => [text, attributes]),
      [
        ["1", { type: "home", prio: "1", id: "0" }],
        [second.number, { type: "mobile", prio: "0", id: "1", future: "yes" }],
      ],
    );
  });

  it("keeps picture, category and e-mail that are not given, and changes those that are", () => {
    const kept = rewritten({ name: "A", numbers: [{ number: "1" }] }, FULL.replace("<category>0", "<category>1"));
    assert.equal(readContact(kept).vip, true);
    assert.equal(readContact(kept).imageUrl, "file:///var/media/anna.jpg");
    assert.deepEqual(readContact(kept).emails, ["anna@example.org"]);
    const changed = rewritten(
      { name: "A", numbers: [{ number: "1" }], vip: false, emails: ["new@example.org", "anna@example.org"] },
      FULL.replace("<category>0", "<category>1"),
    );
    assert.equal(readContact(changed).vip, undefined);
    assert.deepEqual(
      descendants(changed, "email").map(({ text, attributes }) => [text, attributes["classifier"], attributes["id"]]),
      [
        ["new@example.org", "private", "0"],
        ["anna@example.org", "work", "1"],
      ],
    );
    assert.equal(readContact(rewritten({ name: "A", numbers: [{ number: "1" }], emails: [] }, FULL)).emails, undefined);
  });

  it("keeps a category that is no VIP", () => {
    const after = rewritten({ name: "A", numbers: [{ number: "1" }] }, FULL.replace("<category>0", "<category>3"));
    assert.equal(childText(after, "category"), "3");
  });

  it("keeps the main number when a number is added and none says that it is the main one", () => {
    const numbers = [{ number: "+4917139200001" }, { number: "030 23125-001" }, { number: "1" }];
    const after = rewritten({ name: "Anna", numbers }, FULL);
    assert.deepEqual(
      descendants(after, "number").map(({ attributes }) => attributes["prio"]),
      ["0", "1", "0"],
    );
  });

  it("has each e-mail once when they stood inside telephony", () => {
    const changed = { ...read(INSIDE), emails: ["new@example.org"] };
    assert.deepEqual(readContact(rewritten(changed, INSIDE)).emails, ["new@example.org"]);
    assert.deepEqual(readContact(rewritten(read(INSIDE), INSIDE)).emails, ["old@example.org"]);
    assert.equal(readContact(rewritten({ ...read(INSIDE), emails: [] }, INSIDE)).emails, undefined);
  });
});
