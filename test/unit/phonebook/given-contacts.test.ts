import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { readContacts, sortContacts } from "../../../src/lib/phonebook/contact";

const fails = (payload: unknown, code: string, position: number, purpose: "write" | "find" = "write") =>
  assert.rejects(readContacts(payload, purpose), (error) => {
    assert.ok(error instanceof FritzError, String(error));
    assert.deepEqual([error.code, error.values], [code, { position }]);
    return true;
  });

describe("readContacts", () => {
  it("reads one contact, a list, and the short form", async () => {
    const anna = { name: "Anna", numbers: [{ number: "1" }] };
    assert.deepEqual(await readContacts({ name: "Anna", number: "1" }, "write"), [anna]);
    assert.deepEqual(await readContacts([anna, { name: "Anna", number: 1 }], "write"), [anna, anna]);
    assert.deepEqual(await readContacts([], "write"), []);
  });

  it("says which one of a list is wrong and why, and takes none of them then", async () => {
    const good = { name: "Anna", number: "1" };
    await fails([good, { number: "1" }], "contact-no-name", 2);
    await fails([good, good, { name: "A" }], "contact-no-number", 3);
    await fails([{ name: "A", number: "x" }, good], "contact-bad-number", 1);
    await fails([good, "Anna"], "contact-no-object", 2);
    await fails(undefined, "contact-no-object", 1);
    await fails([{}], "contact-no-name", 1, "find");
  });
});

describe("sortContacts", () => {
  it("keeps the good and tells the others, each as it was given", async () => {
    const { contacts, failed } = await sortContacts([
      { name: "Anna", number: "1" },
      { name: "Bert" },
      "text",
      null,
      { name: "Carl", numbers: ["2"] },
    ]);
    assert.deepEqual(
      contacts.map(({ name }) => name),
      ["Anna", "Carl"],
    );
    assert.deepEqual(
      failed.map(({ contact, error }) => [contact, error.code, error.values["position"]]),
      [
        [{ name: "Bert", numbers: [] }, "contact-no-number", 2],
        [{ name: "", numbers: [] }, "contact-no-object", 3],
        [{ name: "", numbers: [] }, "contact-no-object", 4],
      ],
    );
  });
});
