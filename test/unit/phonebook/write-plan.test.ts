import assert from "node:assert/strict";
import { numberKey } from "../../../src/lib/numbers/index";
import type { Contact } from "../../../src/lib/phonebook/types";
import { contactElement, readContact } from "../../../src/lib/phonebook/contact-xml";
import type { StoredContact } from "../../../src/lib/phonebook/document";
import { descendants } from "../../../src/lib/core/xml";
import { BookEntries } from "../../../src/lib/phonebook/entries";
import { type Plan, planAdd, planRemove, planUpdate, splitNumbers } from "../../../src/lib/phonebook/write-plan";

const keyOf = (written: string) => numberKey(written, { countryCode: "49", areaCode: "30" });
const contact = (name: string, ...numbers: string[]): Contact => ({
  name,
  numbers: numbers.map((number) => ({ number })),
});

/** An entry as a box holds it, with an unknown element for the ring tone. */
function stored(uniqueId: string, given: Contact): StoredContact {
  const element = contactElement(given);
  const tone = { name: "ringTone", attributes: {}, children: [], text: "5" };
  const key = { name: "uniqueid", attributes: {}, children: [], text: uniqueId };
  const whole = { ...element, children: [...element.children, tone, key] };
  return { contact: readContact(whole), element: whole };
}

const ANNA = stored("1", contact("Anna", "030 23125001", "0171 3920001"));
const BERT = stored("2", contact("Bert", "23125002"));
const ANNA_2 = stored("3", contact("Anna", "030 23125003"));
const SPAM = [stored("4", contact("Spam", "0900*")), stored("5", contact("Spam", "089 99998001"))];
const TWIN = stored("6", contact("Werbung", "+49 89 99998001"));
const BOOK = [ANNA, BERT, ANNA_2, ...SPAM, TWIN];

/** What comes of it, in short. */
async function outcome(plan: Plan, wanted: Contact, book: StoredContact[] = BOOK) {
  const step = plan(wanted, await BookEntries.of([...book], keyOf));
  if (step.do === "fail") return step.error.code;
  if (step.do === "delete") return { deletes: step.entries.map((entry) => entry.contact.uniqueId) };
  if (step.do === "nothing") return "nothing";
  const { name, numbers, uniqueId } = step.entry.contact;
  const keepsTone = descendants(step.entry.element, "ringTone").length === 1;
  assert.equal(keepsTone, step.instead !== undefined, "a change keeps what is not known, a new contact has nothing");
  return {
    [step.counts]: step.instead?.contact.uniqueId ?? "new",
    name,
    numbers: numbers.map(({ number }) => number),
    ...(uniqueId !== undefined && { uniqueId }),
  };
}

describe("planAdd", () => {
  for (const [what, wanted, expected] of [
    ["somebody new", contact("Carl", "030 23125009"), { added: "new", name: "Carl", numbers: ["030 23125009"] }],
    ["the same number", contact("Anna", "030 23125001"), "nothing"],
    ["the same number in another form", contact("X", "+49 (0) 30/23125-001"), "nothing"],
    ["the same number under another name", contact("Somebody", "0049171 3920001"), "nothing"],
    ["a number without area code", contact("X", "030 23125002"), "nothing"],
    [
      "a number within a range that is there",
      contact("X", "0900 123"),
      { added: "new", name: "X", numbers: ["0900 123"] },
    ],
    ["the same range", contact("X", "+49900*"), "nothing"],
    ["the beginning of a range", contact("X", "0900"), { added: "new", name: "X", numbers: ["0900"] }],
    [
      "a number twice in one contact",
      contact("Carl", "030 23125009", "+493023125009"),
      { added: "new", name: "Carl", numbers: ["030 23125009"] },
    ],
    [
      "a further number of somebody who is there",
      contact("Bert", "23125002", "0171 3920002"),
      { updated: "2", name: "Bert", numbers: ["23125002", "0171 3920002"], uniqueId: "2" },
    ],
    [
      "somebody who shares a number with somebody else",
      contact("Berta", "23125002", "0171 3920002"),
      { added: "new", name: "Berta", numbers: ["0171 3920002"] },
    ],
  ] as const) {
    it(what, async () => assert.deepEqual(await outcome(planAdd, wanted), expected));
  }

  it("does not fill a contact beyond nine numbers", async () => {
    const full = stored("9", contact("Voll", ..."12345678".split("").map((digit) => `030 2312501${digit}`)));
    const wanted = contact("Voll", "030 23125011", "030 23125021", "030 23125022");
    const expected = { added: "new", name: "Voll", numbers: ["030 23125021", "030 23125022"] };
    assert.deepEqual(await outcome(planAdd, wanted, [full]), expected);
  });

  it("keeps the main number when one is added", async () => {
    const step = planAdd(
      { name: "Bert", numbers: [{ number: "23125002" }, { number: "0171 3920002", prio: true, type: "mobile" }] },
      await BookEntries.of([BERT], keyOf),
    );
    assert.ok(step.do === "write");
    assert.deepEqual(step.entry.contact.numbers, [
      { number: "23125002", type: "home", prio: true },
      { number: "0171 3920002", type: "mobile" },
    ]);
  });
});

describe("planUpdate", () => {
  const bert = (numbers: string[], name = "Bert") => ({ updated: "2", name, numbers, uniqueId: "2" });
  for (const [what, wanted, expected] of [
    ["by key", { ...contact("Bert B.", "030 1"), uniqueId: "2" }, bert(["030 1"], "Bert B.")],
    ["by name", contact("Bert", "030 23125008"), bert(["030 23125008"])],
    ["by number, to a new name", contact("Robert", "+493023125002"), bert(["+493023125002"], "Robert")],
    ["by key, only the name", { ...contact("Robert"), uniqueId: "2" }, bert(["23125002"], "Robert")],
    ["one of two with that name, by a number", contact("Anna", "030 23125003", "1"), { updated: "3" }],
    ["one of two with that name", contact("Anna", "030 9"), "contact-ambiguous"],
    ["a missing contact", contact("Zoe", "030 9"), "contact-unknown"],
    ["what is so already", contact("Bert", "23125002"), "nothing"],
    ["what is so already, by name only", contact("Bert"), "nothing"],
    ["to ten numbers", contact("Bert", ..."0123456789"), "contact-numbers"],
  ] as const) {
    it(what, async () => {
      const found = await outcome(planUpdate, wanted);
      if (typeof expected === "string" || "name" in expected) assert.deepEqual(found, expected);
      else assert.equal((found as { updated?: string }).updated, expected.updated);
    });
  }

  for (const [what, number] of [
    ["type", { type: "mobile" }],
    ["quick dial", { quickdial: "7" }],
    ["vanity", { vanity: "BERT" }],
  ] as const) {
    it(`writes a change of the ${what} alone`, async () => {
      const wanted = { name: "Bert", numbers: [{ number: "23125002", ...number }] };
      const step = planUpdate(wanted, await BookEntries.of([BERT], keyOf));
      assert.ok(step.do === "write", step.do);
      assert.deepEqual(step.entry.contact.numbers, [{ number: "23125002", type: "home", prio: true, ...number }]);
    });
  }

  it("writes a change of the main number, of VIP and of the e-mail alone", async () => {
    const numbers = [{ number: "030 23125001" }, { number: "0171 3920001", prio: true }];
    for (const wanted of [
      { name: "Anna", numbers },
      { name: "Anna", numbers: [], uniqueId: "1", vip: true },
      { name: "", numbers: [], uniqueId: "1", emails: ["a@example.org"] },
    ]) {
      const step = planUpdate(wanted, await BookEntries.of([ANNA], keyOf));
      assert.ok(step.do === "write", JSON.stringify(wanted));
      const again = planUpdate(wanted, await BookEntries.of([step.entry], keyOf));
      assert.equal(again.do, "nothing", "and not twice");
    }
  });
});

describe("planRemove", () => {
  for (const [what, wanted, expected] of [
    ["by key", { ...contact(""), uniqueId: "1" }, { deletes: ["1"] }],
    ["by name", contact("Bert"), { deletes: ["2"] }],
    ["by number in another form", contact("", "030/23125-002"), { deletes: ["2"] }],
    ["by name and number", contact("Anna", "030 23125003"), { deletes: ["3"] }],
    [
      "one number of several",
      contact("Anna", "030 23125001"),
      { updated: "1", name: "Anna", numbers: ["0171 3920001"], uniqueId: "1" },
    ],
    [
      "one number of several by key",
      { ...contact("", "030 23125001"), uniqueId: "1" },
      { updated: "1", name: "Anna", numbers: ["0171 3920001"], uniqueId: "1" },
    ],
    ["all numbers of a contact", contact("Anna", "030 23125001", "0171 3920001"), { deletes: ["1"] }],
    ["a number that stands twice, under two names", contact("", "089 99998001"), { deletes: ["5", "6"] }],
    ["a number that stands twice, under one name", contact("Werbung", "089 99998001"), { deletes: ["6"] }],
    ["a range", contact("", "0900*"), { deletes: ["4"] }],
    ["a number of a range", contact("", "0900 123"), "contact-unknown"],
    ["one of two with that name", contact("Anna"), "contact-ambiguous"],
    ["a missing contact", contact("Zoe"), "contact-unknown"],
    ["a name with another one's number", contact("Bert", "030 23125001"), "contact-unknown"],
    ["a key with another name", { ...contact("Anna"), uniqueId: "2" }, "contact-unknown"],
    ["a key with another one's number", { ...contact("", "030 23125001"), uniqueId: "2" }, "contact-unknown"],
    ["a key that is not there", { ...contact("Anna"), uniqueId: "77" }, "contact-unknown"],
  ] as const) {
    it(what, async () => assert.deepEqual(await outcome(planRemove, wanted as Contact), expected));
  }

  it("does not guess which of two contacts loses a number that both have", async () => {
    const other = stored("7", contact("Opa", "030 23125001", "030 23125004"));
    assert.equal(await outcome(planRemove, contact("", "030 23125001"), [ANNA, other]), "contact-ambiguous");
  });
});

describe("splitNumbers", () => {
  it("makes contacts of nine numbers at most, and keeps those that fit as they are", () => {
    const small = contact("A", "1");
    assert.deepEqual(splitNumbers(small), [small]);
    const parts = splitNumbers({ ...contact("A", ...Array.from({ length: 20 }, (_, i) => String(i))), vip: true });
    assert.deepEqual(
      parts.map(({ name, vip, numbers }) => [name, vip, numbers.length]),
      [
        ["A", true, 9],
        ["A", true, 9],
        ["A", true, 2],
      ],
    );
  });
});
