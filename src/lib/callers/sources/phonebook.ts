/** The phonebooks of the box. Sends nothing. */
import { defined } from "../../core/defined";
import { FritzError } from "../../core/errors";
import { sameNumber } from "../../numbers/index";
import type { SourceFinding } from "../source";
import { POLICIES, type SourceDefinition } from "../source-definition";

export const phonebook: SourceDefinition = {
  profile: {
    id: "phonebook",
    label: "Fritz!Box phonebooks",
    sends: "nothing",
    kinds: ["name"],
    group: "phonebook",
    trust: 1,
    local: true,
    countries: [],
  },
  policy: POLICIES.local,
  create(_options, { finder }) {
    return {
      ...(typeof finder === "string" && { unready: finder }),
      lookup: async ({ written, number }) => {
        if (typeof finder === "string" || number.type === "anonymous") return null;
        const { contacts, unknown, cause } = await finder.find(written);
        const [found] = contacts;
        if (!found && unknown) throw cause ?? new FritzError("contacts-unknown", { reason: unknown });
        if (!found) return null;
        const { book, bookId, name, vip = false, imageUrl, numbers } = found;
        const numberType = numbers.find((entry) => sameNumber(entry.number, written))?.type;
        const books = [...new Set(contacts.map((one) => one.book))];
        const contact: NonNullable<SourceFinding["contact"]> = {
          ...{ book, bookId, name, vip },
          ...defined({ numberType, imageUrl }),
          ...(books.length > 1 && { books }),
          ...defined({ unknown }),
        };
        return { contact, name: { text: name, rank: "phonebook" } };
      },
    };
  },
};
