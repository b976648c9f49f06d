/** The properties of `fritz-phonebook`, with their defaults. */
import { BOOK_LIMIT } from "../../lib/phonebook/writer";
import type { Defaults, NodeDef } from "../shared/red";

export interface PhonebookDef extends NodeDef {
  box?: string;
  operation?: string;
  book?: string;
  bookType?: string;
  format?: string;
  limit?: number | string;
  limitType?: string;
  dryRun?: boolean;
  internal?: boolean;
  kind?: string;
}

export const DEFAULTS = {
  ...{ operation: "lookup", book: "", bookType: "str", format: "json", limit: BOOK_LIMIT, limitType: "num" },
  ...{ dryRun: false, internal: true, kind: "" },
} satisfies Defaults<PhonebookDef>;
