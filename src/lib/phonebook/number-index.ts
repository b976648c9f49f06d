/** Index of contacts by number, in any written form. Pure. */
import { type DialPlan, normalizeNumber, type NumberKey, numberKey, writtenNumbers } from "../numbers/index";
import type { BookInfo, Contact, FoundContact } from "./types";

interface Entry {
  book: BookInfo;
  contact: Contact;
}

/** Call-by-call prefixes: 010xx in Germany, 10xx in Austria, 107xx and 108xx in Switzerland. */
const CALL_BY_CALL = /^\D*0?10\d/;
/** "030 5559-0": a switchboard, whose extensions share the digits before the zero. */
const SWITCHBOARD = /^(.*\d)\s*[-\u2010-\u2015\u2212]\s*0+$/;
/** "Tel. 0711 1010101 at home": a number among words, of at least six characters. */
const AMONG_WORDS = /[+(]?\d[\d\s()/.\u2010-\u2015\u2212-]{4,}\d/g;
const FEWEST_DIGITS = 6;
/** "0711 123xxx": masked, no words. Longer texts are no numbers. */
const MASKED = /\dx{1,3}#*$/i;
const LONGEST_TEXT = 256;
/** A shorter prefix would match a whole town; characters, with the plus sign. */
const SHORTEST_SWITCHBOARD = 8;
const LONGEST_RANGE = 64;
/** Key of a number without area code, used while the area code is unknown. */
const LOCAL = /^[1-9]\d{3,}$/;

/** Finds contacts by number. */
export class NumberIndex {
  /** How many contacts were added. */
  size = 0;
  private readonly exact = new Map<string, Entry[]>();
  /** Ranges by prefix. */
  private readonly ranges = new Map<string, Entry[]>();
  private readonly locals = new Set<string>();

  constructor(readonly plan: DialPlan) {}

  add(book: BookInfo, contact: Contact): void {
    this.size++;
    for (const number of contact.numbers.flatMap((entry) => writtenNumbers(entry.number))) {
      for (const { text, wildcard } of filingKeys(number, this.plan)) {
        if (text === "") continue;
        append(wildcard ? this.ranges : this.exact, wildcard ? text.slice(0, LONGEST_RANGE) : text, { book, contact });
        if (this.isLocal(text)) this.locals.add(text);
      }
    }
  }

  /**
   * Exact hits first, then ranges, the narrowest first; in the order of the books; in one book if its id is
   * given.
   */
  find(number: string, bookId?: number): FoundContact[] {
    const { text, wildcard, meant = "" } = numberKey(number, this.plan);
    const under = (key: string) =>
      [
        ...(wildcard ? [] : (this.exact.get(key) ?? [])),
        ...prefixes(key).flatMap((prefix) => this.ranges.get(prefix) ?? []),
      ].filter(({ book }) => bookId === undefined || book.id === bookId);
    // Without a hit for the number itself, the corrected number is looked up.
    const found = [under(text), under(meant)].find((entries) => entries.length > 0) ?? [];
    const contacts = new Map(found.map((entry) => [entry.contact, entry]));
    return [...contacts.values()].map(({ contact, book }) => ({
      ...structuredClone(contact),
      ...{ book: book.name, bookId: book.id },
    }));
  }

  /** All keys; those of ranges with a trailing `*`. */
  *keys(): Generator<string> {
    yield* this.exact.keys();
    for (const key of this.ranges.keys()) yield `${key}*`;
  }

  /** The names of the books that have a key. */
  booksWith(key: string): string[] {
    const entries = key.endsWith("*") ? this.ranges.get(key.slice(0, -1)) : this.exact.get(key);
    return [...new Set(entries?.map(({ book }) => book.name))];
  }

  /** The keys, as `keys` returns them, under which a contact of this number could be stored. */
  keysOf(number: string): string[] {
    const { text, meant = "" } = numberKey(number, this.plan);
    return [text, meant].flatMap((key) => [key, ...prefixes(key).map((prefix) => `${prefix}*`)]);
  }

  /**
   * Whether number and contact may be the same although their keys differ, because one is written without the
   * unknown area code.
   */
  mayBeLocal(number: string): boolean {
    if (this.plan.areaCode) return false;
    const { text } = numberKey(number, this.plan);
    if (this.isLocal(text)) return true;
    const digits = text.slice(-LONGEST_RANGE).replace(/\D/g, "");
    return Array.from(digits, (_, i) => digits.slice(i)).some((end) => this.locals.has(end));
  }

  private isLocal(key: string): boolean {
    return !this.plan.areaCode && LOCAL.test(key) && normalizeNumber(key, this.plan).type === "invalid";
  }
}

function filingKeys(written: string, plan: DialPlan): NumberKey[] {
  const keys = [numberKey(written, plan), ...wordKeys(written, plan)];
  if (CALL_BY_CALL.test(written)) keys.push(numberKey(written, { ...plan, direction: "out" }));
  if (isWithoutTrunk(written, plan)) keys.push(numberKey(`${plan.trunkPrefix ?? "0"}${written.trim()}`, plan));
  const [, base] = SWITCHBOARD.exec(written.trim()) ?? [];
  if (base !== undefined) {
    const range = numberKey(`${base}*`, plan);
    if (range.wildcard && range.text.length >= SHORTEST_SWITCHBOARD) keys.push(range);
  }
  return keys;
}

/** "711 1010101": too long for a local number, so its trunk prefix was left out. */
function isWithoutTrunk(written: string, plan: DialPlan): boolean {
  return /^\s*\(?[1-9]/.test(written) && normalizeNumber(written, plan).flags.includes("too-long");
}

/** Keys of the numbers in a text that is no number as a whole. */
function wordKeys(written: string, plan: DialPlan): NumberKey[] {
  const isText = written.length <= LONGEST_TEXT && /\p{L}/u.test(written) && !/@/.test(written);
  if (!isText || MASKED.test(written.trim()) || normalizeNumber(written, plan).type !== "invalid") return [];
  const runs = written.match(AMONG_WORDS) ?? [];
  return runs.filter((run) => run.replace(/\D/g, "").length >= FEWEST_DIGITS).map((run) => numberKey(run, plan));
}

/** The text itself and all its prefixes, the longest first, up to `LONGEST_RANGE`. */
function prefixes(text: string): string[] {
  const start = text.slice(0, LONGEST_RANGE);
  return Array.from({ length: start.length }, (_, i) => start.slice(0, start.length - i));
}

function append(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}
