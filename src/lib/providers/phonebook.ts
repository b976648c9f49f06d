/** L4 providers: the phonebooks of the box. Sends nothing. */
import { sameNumber } from "../domain/same-number";
import type { SourceFinding } from "../model/source";
import { MANNERS, type Provider } from "./provider";

export const phonebook: Provider = {
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
  manners: MANNERS.local,
  create(_options, { finder }) {
    return {
      ...(typeof finder === "string" && { unready: finder }),
      lookup: async ({ written, number }) => {
        if (typeof finder === "string" || number.type === "anonymous") return null;
        const { contacts } = await finder.find(written);
        const [found] = contacts;
        if (!found) return null;
        const { book, bookId, name, vip = false, imageUrl, numbers } = found;
        const numberType = numbers.find((entry) => sameNumber(entry.number, written))?.type;
        const contact: NonNullable<SourceFinding["contact"]> = {
          ...{ book, bookId, name, vip },
          ...(numberType !== undefined && { numberType }),
          ...(imageUrl !== undefined && { imageUrl }),
        };
        return { contact, name: { text: name, rank: "phonebook" } };
      },
    };
  },
};
