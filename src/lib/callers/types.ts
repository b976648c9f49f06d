/** Types: the caller info that `fritz-caller-info` adds and `fritz-log` writes. Plain JSON only. */
import type { Flag, NumberType } from "../numbers/index";
import type { CallKind } from "../calls/types";
import type { ContactsUnknown } from "../phonebook/types";
import { propertiesOf } from "../core/unknown";

export interface SourceReport {
  id: string;
  status: "hit" | "miss" | "skipped" | "failed";
  /** Duration, ms. */
  ms?: number;
  because?: string;
  error?: string;
  cached?: boolean;
}

/** Earlier calls with a number, from the box's call list. */
export interface EarlierCallsInfo {
  incoming: number;
  /** Of the incoming ones; also by an answering machine. */
  answered: number;
  outgoing: number;
  last: { at: string; kind: CallKind };
}

export interface CallerInfo {
  number: string;
  e164?: string;
  /** Never empty: name, else place, else kind and operator, else the number, else "Anonymous". */
  display: string;
  type: NumberType;
  /** The kind in words: "Mobile", "0800 · free of charge". */
  kind?: string;
  /** Of a German mobile number: who first had its block; it may have been ported since. */
  operator?: string;
  /** A page on the internet about this number, to be opened by hand. */
  link?: string;
  earlier?: EarlierCallsInfo;
  flags: Flag[];
  name?: string;
  place?: { country?: string; countryCode?: string; region?: string; town?: string; areaCode?: string };
  contact?: {
    book: string;
    bookId: number;
    name: string;
    vip: boolean;
    numberType?: string;
    imageUrl?: string;
    /** A data URL. */
    image?: string;
    /** All books in which the number stands, if there are several. */
    books?: string[];
    /** Set when not all books could be read: the number may stand in others as well. */
    unknown?: ContactsUnknown;
  };
  /** Score: 1 good .. 5 neutral .. 9 bad. */
  spam?: { score: number; reports: number; source: string; link?: string };
  sources: SourceReport[];
  /** False: the deadline cut a source off. */
  complete: boolean;
}

/** Whether it is a caller info, as far as one needs to know. */
export function isCallerInfo(value: unknown): value is CallerInfo {
  const { number, display, sources } = propertiesOf(value);
  return typeof number === "string" && typeof display === "string" && Array.isArray(sources);
}
