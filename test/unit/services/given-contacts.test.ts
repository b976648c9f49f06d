import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/model/errors";
import { readContacts, sortContacts } from "../../../src/lib/services/given-contacts";

const fails = (payload: unknown, code: string, position: number, purpose: "write" | "find" = "write") =>
  assert.throws(
    () => readContacts(payload, purpose),
    (error) => {
      assert.ok(error instanceof FritzError, String(error));
      assert.deepEqual([error.code, error.values], [code, { position }]);
      return true;
    },
  );

describe("readContacts", () => {
  it("reads one contact, a list, and the short form", () => {
    const anna = { name: "Anna", numbers: [{ number: "1" }] };
    assert.deepEqual(readContacts({ name: "Anna", number: "1" }, "write"), [anna]);
    assert.deepEqual(readContacts([anna, { name: "Anna", number: 1 }], "write"), [anna, anna]);
    assert.deepEqual(readContacts([], "write"), []);
  });

  it("says which one of a list is wrong and why, and takes none of them then", () => {
    const good = { name: "Anna", number: "1" };
    fails([good, { number: "1" }], "contact-no-name", 2);
    fails([good, good, { name: "A" }], "contact-no-number", 3);
    fails([{ name: "A", number: "x" }, good], "contact-bad-number", 1);
    fails([good, "Anna"], "contact-no-object", 2);
    fails(undefined, "contact-no-object", 1);
    fails([{}], "contact-no-name", 1, "find");
  });
});

describe("sortContacts", () => {
  it("keeps the good and tells the others, each as it was given", () => {
    const { contacts, failed } = sortContacts([
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
