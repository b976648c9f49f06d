/** Collects what `fritz-block` needs about a caller: hits in the phonebooks, and the number itself. */
import { defined } from "../core/defined";
import { DEFAULT_PLAN, type DialPlan, type OwnNumbers, normalizeNumber } from "../numbers/index";
import type { BlockContext } from "./types";
import type { CallerInfo, SourceReport } from "../callers/types";
import type { ContactFinder, ContactsUnknown, Found, PhonebookStore } from "../phonebook/types";
import type { Clock } from "../core/clock";
import { FritzError, type FritzErrorCode } from "../core/errors";
import { propertiesOf } from "../core/unknown";
import { unknownBy } from "./facts";
import { isListedLoosely } from "./rules";
import { withTimeout } from "../core/async";

/** Limit of one question, for the first reading of the phonebooks; later they are in memory, ms. */
const LONGEST_MS = 3_000;
/** Limit of a lookup, which holds up a call, ms. */
const LOOKUP_MS = 5_000;
/** What the contacts leave of it for the books' names, which are in memory then, ms. */
const NAMES_MS = 500;

export interface LookupParts {
  clock: Clock;
  /** Undefined without a box: there are neither contacts nor own numbers. */
  box: (ContactFinder & OwnNumbers & Partial<Pick<PhonebookStore, "books">>) | undefined;
  /**
   * Book names in the rules: if one differs from a hit's book only by case, the box is asked for all names.
   */
  bookNames?: readonly string[];
}

/** What is known about a caller. */
export interface Known {
  info: CallerInfo;
  context: BlockContext;
  /** Why the phonebooks could not be read. */
  error?: unknown;
}

/** Looks up a caller; `given`: the result of a preceding `fritz-caller-info`, which is not changed. */
export class CallerLookup {
  constructor(private readonly parts: LookupParts) {}

  /** Never rejects: unknown parts are left out, and `contactsUnknown` has the reason. */
  async look(number: string, given?: CallerInfo): Promise<Known> {
    const { box } = this.parts;
    if (!box) {
      const unknown = given && wasAsked(given) ? unknownBy(given) : "no-box";
      return { info: given ?? this.describe(number), context: unknown ? { contactsUnknown: unknown } : {} };
    }
    const left = this.timer();
    const plan = await this.ask(() => box.dialPlan());
    const contactsMs = left(NAMES_MS);
    const { alt = "" } = normalizeNumber(number, plan.value ?? DEFAULT_PLAN);
    const [own, found] = await Promise.all([
      this.ask(() => box.ownNumbers(), contactsMs),
      // Also the corrected number: a network drops zeros, and the complete number may be a contact's.
      this.ask(() => Promise.all([number, alt].filter((one) => one !== "").map((one) => box.find(one))), contactsMs),
    ]);
    const contacts = found.value?.flatMap((one) => one.contacts) ?? [];
    const unknown = this.unknown(found, given);
    const hits = contacts.map(({ book, name, vip = false }) => ({ book, name, vip }));
    const books = await this.books(
      hits.map(({ book }) => book),
      left(0),
    );
    const context: BlockContext = defined({
      ...{ plan: plan.value, ownNumbers: own.value, hits: found.value && hits },
      ...{ contactsUnknown: unknown, books },
    });
    const info = given ?? this.describe(number, plan.value, { contacts, ...defined({ unknown }) });
    return { info, context, ...defined({ error: found.error }) };
  }

  /** The box's dial plan, as far as it is known. */
  async plan(): Promise<DialPlan> {
    const { box } = this.parts;
    const plan = box && (await this.ask(() => box.dialPlan())).value;
    return plan ?? DEFAULT_PLAN;
  }

  /**
   * The phonebooks of `fritz-caller-info` may be another box's: if these failed, a miss here is not reliable.
   */
  private unknown({ value, error }: { value?: Found[]; error?: unknown }, given?: CallerInfo) {
    if (error !== undefined) return unknownOf(error);
    if (!value) return "loading";
    const failed = given !== undefined && reportsOf(given).some(({ status }) => status === "failed");
    return value.find(({ unknown }) => unknown !== undefined)?.unknown ?? (failed ? unknownBy(given) : undefined);
  }

  /** The names of all books, if needed. If they cannot be read, names that differ by case do not match. */
  private async books(hits: readonly string[], ms: number): Promise<readonly string[] | undefined> {
    const { box, bookNames = [] } = this.parts;
    if (!box?.books || !hits.some((book) => isListedLoosely(book, bookNames))) return undefined;
    const books = await this.ask(async () => (await box.books?.()) ?? [], ms);
    return books.value?.map(({ name }) => name) ?? bookNames;
  }

  /** Starts a lookup's time; returns how long the next question may take if `kept` ms are to remain for those after it. */
  private timer(): (kept: number) => number {
    const { clock } = this.parts;
    const start = clock.now();
    return (kept) => {
      const ms = LOOKUP_MS - kept - (clock.now() - start);
      // At least what remains if all earlier questions take their longest: the time of day may be set meanwhile.
      const least = kept > 0 ? LOOKUP_MS - LONGEST_MS - kept : NAMES_MS;
      return Math.min(Math.max(ms, least), LONGEST_MS);
    };
  }

  private async ask<T>(question: () => Promise<T>, ms = LONGEST_MS): Promise<{ value?: T; error?: unknown }> {
    try {
      const value = await withTimeout(this.parts.clock, ms, question());
      return value === undefined ? {} : { value };
    } catch (error) {
      return { error };
    }
  }

  /** Lookup without `fritz-caller-info`: the number itself and the phonebooks, no further sources. */
  private describe(number: string, plan = DEFAULT_PLAN, found?: Found): CallerInfo {
    const { e164, type, flags, country, areaCode, town, region } = normalizeNumber(number, plan);
    const [contact] = found?.contacts ?? [];
    return {
      number,
      ...(e164 !== null && { e164 }),
      display: contact?.name || town || number || "Anonymous",
      type,
      flags,
      ...(contact && { name: contact.name }),
      place: defined({ countryCode: country, areaCode, town, region }),
      ...(contact && {
        contact: { book: contact.book, bookId: contact.bookId, name: contact.name, vip: contact.vip === true },
      }),
      sources: sourcesOf(found),
      complete: true,
    };
  }
}

function sourcesOf(found: Found | undefined): SourceReport[] {
  if (!found) return [];
  const { contacts, unknown } = found;
  if (contacts.length > 0) return [{ id: "phonebook", status: "hit" }];
  return [unknown ? { id: "phonebook", status: "failed", because: unknown } : { id: "phonebook", status: "miss" }];
}

const reportsOf = ({ sources }: CallerInfo) => sources.map(propertiesOf).filter(({ id }) => id === "phonebook");
const wasAsked = (info: CallerInfo) => reportsOf(info).length > 0;

const BY_ERROR: Partial<Record<FritzErrorCode, ContactsUnknown>> = {
  "no-box": "no-box",
  "box-login-needed": "no-login",
  "box-login": "wrong-password",
  "box-right": "no-right",
  "box-reply": "unreadable-book",
  "box-no-entry": "unreadable-book",
  "book-unknown": "unreadable-book",
  "book-ambiguous": "unreadable-book",
};

function unknownOf(error: unknown): ContactsUnknown {
  return (error instanceof FritzError ? BY_ERROR[error.code] : undefined) ?? "unreachable";
}
