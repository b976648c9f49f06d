import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { BoxBooks } from "../../../src/lib/phonebook/box-books";
import { BARRING_LIST } from "../../../src/lib/phonebook/find-book";
import { FakeTr064 } from "../../support/fake-tr064";

const ON_TEL = "X_AVM-DE_OnTel:1";
const missing = () => {
  throw new FritzError("box-no-entry");
};

/** A box with these books by id and these online accounts by index. */
function boxOf(list: string, books: Record<string, string>, accounts: (string | undefined)[] = []): FakeTr064 {
  return new FakeTr064(
    {
      [`${ON_TEL}#GetPhonebookList`]: { NewPhonebookList: list },
      [`${ON_TEL}#GetPhonebook`]: ({ NewPhonebookID: id = "" }) => {
        const name = books[id];
        return name === undefined ? missing() : { NewPhonebookName: name, NewPhonebookURL: `/book?${id}` };
      },
      [`${ON_TEL}#GetNumberOfEntries`]: { NewOntelNumberOfEntries: String(accounts.length) },
      [`${ON_TEL}#GetInfoByIndex`]: ({ NewIndex = "" }) => {
        const name = accounts[Number(NewIndex) - 1];
        return name === undefined ? missing() : { NewName: name };
      },
    },
    { GetPhonebook: ["NewPhonebookID"], GetInfoByIndex: ["NewIndex"] },
  );
}
const listed = async (box: FakeTr064) =>
  (await new BoxBooks(box).books()).map(({ id, name, writable }) => `${id} ${name}${writable ? "" : " read-only"}`);

describe("BoxBooks", () => {
  for (const [what, box, expected] of [
    ["no book at all", boxOf("", {}), []],
    ["one", boxOf("0", { 0: "Telefonbuch" }), ["0 Telefonbuch"]],
    ["ids with blanks and gaps", boxOf(" 0, 2,x,-1,", { 0: "A", 2: "B" }), ["0 A", "2 B"]],
    ["one that goes while they are listed", boxOf("0,1,2", { 0: "A", 2: "C" }), ["0 A", "2 C"]],
    [
      "a local and an online one of one name: the last is online",
      boxOf("0,1,2", { 0: "A", 1: "B", 2: "B" }, ["B"]),
      ["0 A", "1 B", "2 B read-only"],
    ],
    [
      "two online ones of one name",
      boxOf("0,1,2", { 0: "A", 1: "B", 2: "B" }, ["B", "B"]),
      ["0 A", "1 B read-only", "2 B read-only"],
    ],
    [
      "accounts that make trouble, have no name or no book",
      boxOf("0,1", { 0: "", 1: "B" }, [undefined, "", "Gone", "B"]),
      ["0 ", "1 B read-only"],
    ],
  ] as const) {
    it(`lists ${what}`, async () => assert.deepEqual(await listed(box), expected));
  }

  it("does not ask a box for accounts that it cannot have", async () => {
    const box = boxOf("0", { 0: "A" }, ["A"]);
    delete box.answers[`${ON_TEL}#GetInfoByIndex`];
    assert.deepEqual(await listed(box), ["0 A"]);
    assert.ok(box.asked.every((action) => !action.startsWith("GetNumberOfEntries")));
  });

  it("notices that another book stands in a book's place", async () => {
    const books: Record<string, string> = { 0: "A", 1: "B", 2: "C" };
    const box = boxOf("0,1,2", books);
    box.document = "<phonebooks><phonebook/></phonebooks>";
    const boxBooks = new BoxBooks(box);
    const book = await boxBooks.find("B");
    books[1] = "C";
    await assert.rejects(boxBooks.read(book), { code: "box-busy" });
    assert.deepEqual(box.downloaded, []);
  });

  it("refuses a document without a book, except for the barring list", async () => {
    const box = boxOf("0", { 0: "A" });
    box.answers[`${ON_TEL}#GetCallBarringList`] = { NewPhonebookURL: "/barring" };
    const boxBooks = new BoxBooks(box);
    const book = await boxBooks.find("A");
    for (const document of ["<phonebooks/>", "<html><body/></html>", "<phonebooks></phonebooks>"]) {
      box.document = document;
      await assert.rejects(boxBooks.read(book), { code: "box-reply" });
    }
    box.document = "<phonebooks/>";
    assert.deepEqual((await boxBooks.read(BARRING_LIST)).entries, []);
  });

  it("asks for all contacts, once", async () => {
    const box = boxOf("0", { 0: "A" });
    box.document = "<phonebooks><phonebook/></phonebooks>";
    const boxBooks = new BoxBooks(box);
    await boxBooks.read(await boxBooks.find("A"));
    assert.deepEqual(box.downloaded, ["/book?0&max=100000"]);
  });
});
