/**
 * L3 services: carries out a list of changes in a phonebook, and survives what happens on the way: whenever the box was away
 * it is opened anew and asked what is there, so that nothing is written twice and nothing is forgotten.
 */
import { saysTheSame } from "../../domain/contact";
import type { Contact, WriteReport } from "../../model/contact";
import { FritzError, type FritzErrorCode } from "../../model/errors";
import type { Clock } from "../../model/ports";
import type { WriteOptions } from "../../model/telephony";
import type { StoredContact } from "../../protocol/phonebook-document";
import type { EntryStore, OpenBook } from "./entry-store";

/** What is to be done for one contact, now that the book's entries are known. */
export type Step =
  | { do: "write"; document: string; contact: Contact; instead?: StoredContact; counts: "added" | "updated" }
  | { do: "delete"; entry: StoredContact }
  | { do: "nothing"; found: StoredContact }
  | { do: "fail"; error: FritzError };

/** Decides a step; pure. */
export type Plan = (contact: Contact, entries: readonly StoredContact[]) => Step;

export interface WriterOptions extends WriteOptions {
  clock: Clock;
  /** How long to wait for a box that went away in the middle, ms. */
  patienceMs?: number;
  /** Contacts in a book from which on the box may lose some. */
  limit?: number;
}

/** A restart of a box takes some minutes; a single write is not worth waiting for that long, ms. */
const BATCH_PATIENCE_MS = 300_000;
const SINGLE_PATIENCE_MS = 10_000;
const WAITS_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000];

/** About as many contacts AVM recommends at most; beyond, boxes drop some without a word (PhoneBlock's notes). */
export const BOOK_LIMIT = 1_000;

/** Failures that concern the whole book: no use to go on with the next contact. */
const FATAL: readonly FritzErrorCode[] = [
  ...(["box-right", "box-login", "box-login-needed", "box-no-entry", "box-no-action", "box-no-service"] as const),
  ...([
    "box-certificate",
    "box-memory",
    "book-unknown",
    "book-read-only",
    "book-ambiguous",
    "barring-missing",
  ] as const),
  ...(["box-second-factor", "box-second-factor-blocked", "box-public-address"] as const),
];

/** Runs once; `run` gives the report, or rejects if nothing at all could be done. */
export class BookWriter {
  private readonly report: WriteReport = { added: 0, updated: 0, removed: 0, alreadyThere: 0, failed: [] };
  private readonly pending: Contact[];
  private readonly written: { given: Contact; contact: Contact; uniqueId: string; counts: "added" | "updated" }[] = [];
  /** The contact whose fate is not known: the answer to its write was lost. */
  private doubtful: { contact: Contact; counts: "added" | "updated" | "removed" } | undefined;
  private awaySinceMs: number | undefined;
  private retries = 0;

  constructor(
    private readonly open: EntryStore,
    private readonly plan: Plan,
    contacts: readonly Contact[],
    private readonly options: WriterOptions,
  ) {
    this.pending = [...contacts];
  }

  async run(): Promise<WriteReport> {
    const total = this.pending.length;
    let checked = false;
    while (!checked) {
      try {
        const book = await this.open();
        await this.workOff(book, total);
        checked = this.options.dryRun === true || this.written.length === 0 || this.check(await this.open());
      } catch (error) {
        if (!(await this.mayGoOn(error))) break;
      }
    }
    return this.report;
  }

  private async workOff(book: OpenBook, total: number): Promise<void> {
    const before = book.entries.length;
    for (let contact = this.pending[0]; contact; contact = this.pending[0]) {
      if (this.options.signal?.aborted) return this.failRest(new FritzError("box-busy"));
      await this.carryOut(book, contact, this.plan(contact, book.entries));
      this.pending.shift();
      this.doubtful = undefined;
      this.awaySinceMs = undefined;
      this.retries = 0;
      this.options.progress?.(total - this.pending.length, total);
    }
    const { limit = BOOK_LIMIT } = this.options;
    const count = book.entries.length;
    if (count > before && count > limit * 0.9) this.report.nearLimit = { count, limit };
  }

  private async carryOut(book: OpenBook, contact: Contact, step: Step): Promise<void> {
    switch (step.do) {
      case "nothing":
        return this.countPresent(contact);
      case "fail":
        return this.countAbsent(contact, step.error);
      case "delete":
        if (!this.options.dryRun) await this.tried(contact, "removed", () => book.delete(step.entry));
        book.entries.splice(book.entries.indexOf(step.entry), 1);
        return void this.report.removed++;
      case "write":
        return this.write(book, contact, step);
    }
  }

  private async write(book: OpenBook, given: Contact, step: Step & { do: "write" }): Promise<void> {
    let uniqueId = "";
    if (!this.options.dryRun) {
      const failed = await this.tried(given, step.counts, async () => (uniqueId = await book.write(step.document)));
      if (failed) return;
    }
    const entry = { contact: step.contact, element: EMPTY_ELEMENT };
    if (step.instead) book.entries[book.entries.indexOf(step.instead)] = entry;
    else book.entries.push(entry);
    this.report[step.counts]++;
    this.written.push({ given, contact: step.contact, uniqueId, counts: step.counts });
  }

  /** Does it; a failure that concerns only this contact is noted (true), any other one is thrown. */
  private async tried(
    contact: Contact,
    counts: "added" | "updated" | "removed",
    act: () => Promise<unknown>,
  ): Promise<boolean> {
    try {
      await act();
      return false;
    } catch (error) {
      if (!(error instanceof FritzError)) throw error;
      if (isAway(error)) this.doubtful = { contact, counts };
      if (isAway(error) || FATAL.includes(error.code)) throw error;
      this.report.failed.push({ contact, error });
      return true;
    }
  }

  /** It is there as wanted: before us, or by us if the answer was lost. */
  private countPresent(contact: Contact): void {
    const mine = this.doubtful?.contact === contact;
    if (mine && this.doubtful) this.report[this.doubtful.counts]++;
    else this.report.alreadyThere++;
  }

  private countAbsent(contact: Contact, error: FritzError): void {
    const mine = this.doubtful?.contact === contact && error.code === "contact-unknown";
    if (mine && this.doubtful) this.report[this.doubtful.counts]++;
    else this.report.failed.push({ contact, error });
  }

  /** Reads back what was written; what a box has dropped without a word is reported. */
  private check(book: OpenBook): true {
    for (const { given, contact, uniqueId, counts } of this.written) {
      const found = book.entries.some(({ contact: present }) =>
        saysTheSame(
          { ...contact, name: uniqueId !== "" && present.uniqueId === uniqueId ? present.name : contact.name },
          present,
        ),
      );
      if (found) continue;
      this.report[counts]--;
      this.report.failed.push({ contact: given, error: new FritzError("contact-dropped") });
    }
    return true;
  }

  /** After a failure: waits for a box that is away, as long as patience lasts; else gives up, and says so if nothing was done. */
  private async mayGoOn(error: unknown): Promise<boolean> {
    if (!(error instanceof FritzError)) throw error;
    const { clock, patienceMs = this.pending.length > 1 ? BATCH_PATIENCE_MS : SINGLE_PATIENCE_MS } = this.options;
    this.awaySinceMs ??= clock.now();
    if (isAway(error) && clock.now() - this.awaySinceMs < patienceMs && !this.options.signal?.aborted) {
      const wait = WAITS_MS[Math.min(this.retries++, WAITS_MS.length - 1)] ?? 0;
      await new Promise<void>((resolve) => {
        clock.after(wait, resolve);
        this.options.signal?.addEventListener("abort", () => resolve(), { once: true });
      });
      return true;
    }
    const { added, updated, removed, alreadyThere, failed } = this.report;
    if (added + updated + removed + alreadyThere + failed.length === 0) throw error;
    this.failRest(error);
    return false;
  }

  private failRest(error: FritzError): void {
    for (const contact of this.pending.splice(0)) this.report.failed.push({ contact, error });
  }
}

const EMPTY_ELEMENT = { name: "contact", attributes: {}, children: [], text: "" };

/** Worth waiting for; a rejected login would only lock the user out. */
function isAway(error: FritzError): boolean {
  return error.retry && error.code !== "box-login";
}
