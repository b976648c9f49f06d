/** A user's own list of names: a CSV file with numbers and names. Sends nothing. */
import type { DialPlan } from "../../numbers/index";
import { lookupKeys, prefixKeys } from "../../numbers/index";
import { yieldingly } from "../../core/async";
import { FritzError } from "../../core/errors";
import { POLICIES, type SourceDefinition } from "../source-definition";
import { ListFile, listPath } from "./list-file";
import { rowsOf } from "./block-list-entries";

const NUMBER_COLUMN = /^(number|phone|telephone|nummer|rufnummer|telefonnummer|telefon)$/;
const NAME_COLUMN = /^(name|bezeichnung|label|caller|anrufer)$/;
/** As much as a status or a phone's display can show. */
const LONGEST_NAME = 100;

export const namesList: SourceDefinition = {
  profile: {
    ...{ id: "names", label: "Names list", sends: "nothing", kinds: ["name"], group: "names", trust: 1, local: true },
    countries: [],
  },
  policy: POLICIES.local,
  create(options, tools) {
    const path = listPath(options, tools);
    if (!path) return { unready: "no-list", lookup: () => Promise.resolve(null) };
    const list = new ListFile(path, readNames);
    return {
      lookup: async ({ number: { e164 }, plan }) => {
        if (e164 === null) return null;
        const names = await list.now({ ...plan, direction: "in" });
        const text = [e164, ...prefixKeys(e164)].map((key) => names.get(key)).find((name) => name !== undefined);
        return text === undefined ? null : { name: { text, rank: "phonebook" } };
      },
    };
  },
};

/** By E.164 number, or prefix with `*`. Throws `blocklist-content` if it holds no number with a name. */
export async function readNames(text: string, plan: DialPlan): Promise<ReadonlyMap<string, string>> {
  const rows = rowsOf(text);
  const { number, name, from } = columnsOf(rows);
  const names = new Map<string, string>();
  await yieldingly(rows.slice(from), (row) => {
    const [written = "", listed = ""] = [row[number], row[name]].map((value) => value?.trim());
    const [key] = /\d/.test(written) ? lookupKeys(written, plan) : [];
    if (key !== undefined && listed !== "") names.set(key, listed.slice(0, LONGEST_NAME));
  });
  if (names.size === 0) throw new FritzError("blocklist-content");
  return names;
}

/** The first row may name the columns; else the number is in the first, or in the second if only that looks like one. */
function columnsOf([first = []]: readonly (readonly string[])[]): { number: number; name: number; from: number } {
  const heads = first.map((head) => head.trim().toLowerCase());
  const [number, name] = [NUMBER_COLUMN, NAME_COLUMN].map((pattern) => heads.findIndex((head) => pattern.test(head)));
  if (number !== undefined && name !== undefined && number >= 0 && name >= 0) return { number, name, from: 1 };
  const looksLikeNumber = (value = "") => /^[\d+*#][\d\s()+*/.-]*$/.test(value.trim());
  return looksLikeNumber(first[1]) && !looksLikeNumber(first[0])
    ? { number: 1, name: 0, from: 0 }
    : { number: 0, name: 1, from: 0 };
}
