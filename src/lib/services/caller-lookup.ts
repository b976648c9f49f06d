/** L3 services: what `fritz-block` must know of a caller: all hits in the phonebooks, and the number itself. */
import { GERMANY } from "../domain/number-patterns";
import type { BlockContext } from "../model/block-rules";
import type { CallerInfo, SourceReport } from "../model/caller-info";
import type { FoundContact } from "../model/contact";
import type { DialPlan } from "../model/phone-number";
import type { Clock } from "../model/ports";
import type { ContactFinder, HomeNumbers } from "../model/telephony";
import { normalizeNumber } from "./numbers";
import { within } from "./within";

/** The phonebooks answer from memory; only the first time must they be fetched. ms. */
const LONGEST_MS = 3_000;

export interface LookupParts {
  clock: Clock;
  /** Without a box there are neither contacts nor own numbers. */
  box: (ContactFinder & HomeNumbers) | undefined;
}

/** What is known of a caller. */
export interface Known {
  info: CallerInfo;
  context: BlockContext;
  /** Why the phonebooks could not be asked; undefined also if they took too long. */
  error?: unknown;
}

/** Looks up a caller; `given` is what a `fritz-caller-info` in front found out, and stays as it is. */
export class CallerLookup {
  constructor(private readonly parts: LookupParts) {}

  /** Never rejects: what cannot be found out is left out. */
  async look(number: string, given?: CallerInfo): Promise<Known> {
    const { box } = this.parts;
    if (!box) return { info: given ?? this.describe(number), context: {} };
    const plan = await this.ask(() => box.dialPlan());
    const { alt = "" } = normalizeNumber(number, plan.value ?? GERMANY);
    const [own, found] = await Promise.all([
      this.ask(() => box.ownNumbers()),
      // Also who probably was meant: a network loses zeros, and the owner of the whole number may be a contact.
      this.ask(() => Promise.all([number, alt].filter((one) => one !== "").map((one) => box.find(one)))),
    ]);
    const contacts = found.value?.flatMap((one) => one.contacts);
    const context: BlockContext = {
      ...(plan.value && { plan: plan.value }),
      ...(own.value && { ownNumbers: own.value }),
      ...(contacts && { hits: contacts.map(({ book, name, vip = false }) => ({ book, name, vip })) }),
    };
    const info = given ?? this.describe(number, plan.value, contacts ?? "failed");
    return { info, context, ...(found.error !== undefined && { error: found.error }) };
  }

  /** How the box dials, as far as it says so. */
  async plan(): Promise<DialPlan> {
    const { box } = this.parts;
    const plan = box && (await this.ask(() => box.dialPlan())).value;
    return plan ?? GERMANY;
  }

  private async ask<T>(question: () => Promise<T>): Promise<{ value?: T; error?: unknown }> {
    try {
      const value = await within(this.parts.clock, LONGEST_MS, question());
      return value === undefined ? {} : { value };
    } catch (error) {
      return { error };
    }
  }

  /** As good as it gets without `fritz-caller-info`: the number itself and the phonebooks; nobody else is asked. */
  private describe(number: string, plan = GERMANY, contacts?: FoundContact[] | "failed"): CallerInfo {
    const { e164, type, flags, country, areaCode, town, region } = normalizeNumber(number, plan);
    const [contact] = Array.isArray(contacts) ? contacts : [];
    return {
      number,
      ...(e164 !== null && { e164 }),
      display: contact?.name || town || number || "Anonymous",
      type,
      flags,
      ...(contact && { name: contact.name }),
      place: {
        ...(country !== undefined && { countryCode: country }),
        ...(areaCode !== undefined && { areaCode }),
        ...(town !== undefined && { town }),
        ...(region !== undefined && { region }),
      },
      ...(contact && {
        contact: { book: contact.book, bookId: contact.bookId, name: contact.name, vip: contact.vip === true },
      }),
      sources: sourcesOf(contacts),
      complete: true,
    };
  }
}

function sourcesOf(contacts: FoundContact[] | "failed" | undefined): SourceReport[] {
  if (contacts === undefined) return [];
  const status = contacts === "failed" ? "failed" : contacts.length > 0 ? "hit" : "miss";
  return [{ id: "phonebook", status }];
}
