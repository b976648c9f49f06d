/**
 * L3 services: carries out a list of changes in a phonebook, and survives what happens on the way: whenever the box was away
 * it is opened anew and asked what is there, so that nothing is written twice and nothing is forgotten.
 */
import type { Contact, WriteReport } from "../../model/contact";
import { FritzError, type FritzErrorCode } from "../../model/errors";
import type { Clock } from "../../model/ports";
import type { WriteOptions } from "../../model/telephony";
import type { StoredContact } from "../../protocol/phonebook-document";
import type { BookEntries } from "./book-entries";
import type { EntryStore, OpenBook } from "./entry-store";
import { Expectations } from "./expectations";

type Counts = "added" | "updated" | "removed";

/** What is to be done for one contact, now that the book's entries are known. */
export type Step =
  | { do: "write"; entry: StoredContact; instead?: StoredContact; counts: "added" | "updated" }
  | { do: "delete"; entries: readonly StoredContact[] }
  | { do: "nothing" }
  | { do: "fail"; error: FritzError };

/** Decides a step; pure. */
export type Plan = (contact: Contact, entries: BookEntries) => Step;

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
const WARN_FROM = 0.9;

/** What a box answers when it cannot do something with one contact; all else concerns the whole book. */
const OF_ONE_CONTACT: readonly FritzErrorCode[] = ["box-arguments", "box-internal", "box-action-failed"];
/** Failures that pass by themselves: the box restarts, or has no time. */
const AWAY: readonly FritzErrorCode[] = [
  ...(["box-refused", "box-unknown-host", "box-timeout", "box-unreachable", "box-busy", "box-reply"] as const),
];

/** Runs once; `run` gives the report, or rejects if nothing at all could be done. */
export class BookWriter {
  private readonly report: WriteReport = { added: 0, updated: 0, removed: 0, alreadyThere: 0, failed: [] };
  private readonly pending: Contact[];
  private readonly total: number;
  private readonly expectations = new Expectations();
  /** The contact whose fate is not known: the answer to its write was lost. */
  private doubtful: { contact: Contact; counts: Counts } | undefined;
  private awaySinceMs: number | undefined;
  private retries = 0;

  constructor(
    private readonly open: EntryStore,
    private readonly plan: Plan,
    contacts: readonly Contact[],
    private readonly options: WriterOptions,
  ) {
    this.pending = [...contacts];
    this.total = contacts.length;
  }

  async run(): Promise<WriteReport> {
    let checked = false;
    while (!checked) {
      try {
        this.stopIfTold();
        await this.workOff(await this.open());
        if (!this.expectations.isEmpty) this.check(await this.open());
        checked = true;
      } catch (error) {
        if (!(await this.mayGoOn(error))) break;
      }
    }
    return this.report;
  }

  private async workOff(book: OpenBook): Promise<void> {
    const { progress, limit = BOOK_LIMIT } = this.options;
    const before = book.entries.list.length;
    for (let contact = this.pending[0]; contact; contact = this.pending[0]) {
      this.stopIfTold();
      await this.carryOut(book, contact, this.plan(contact, book.entries));
      this.pending.shift();
      this.doubtful = undefined;
      this.awaySinceMs = undefined;
      this.retries = 0;
      progress?.(this.total - this.pending.length, this.total);
    }
    const count = book.entries.list.length;
    if (count > before && count > limit * WARN_FROM) this.report.nearLimit = { count, limit };
  }

  private stopIfTold(): void {
    if (this.options.signal?.aborted) throw new FritzError("interrupted");
  }

  private async carryOut(book: OpenBook, contact: Contact, step: Step): Promise<void> {
    const mine = this.doubtful?.contact === contact ? this.doubtful.counts : undefined;
    switch (step.do) {
      case "nothing":
        return void this.report[mine ?? "alreadyThere"]++;
      case "fail":
        // It is gone: by us, if the answer was lost.
        if (mine && step.error.code === "contact-unknown") return void this.report[mine]++;
        return void this.report.failed.push({ contact, error: step.error });
      case "delete":
        for (const entry of step.entries) await this.remove(book, contact, entry);
        return;
      case "write":
        return this.write(book, contact, step);
    }
  }

  private async remove(book: OpenBook, contact: Contact, entry: StoredContact): Promise<void> {
    if (!(await this.tried(contact, "removed", () => book.delete(entry)))) return;
    book.entries.remove(entry);
    this.report.removed++;
    if (!this.options.dryRun) this.expectations.gone(contact, entry);
  }

  private async write(book: OpenBook, contact: Contact, step: Step & { do: "write" }): Promise<void> {
    const { entry, instead, counts } = step;
    let key = "";
    if (!(await this.tried(contact, counts, async () => (key = await book.write(entry))))) return;
    if (key !== "") entry.contact.uniqueId = key;
    if (instead) book.entries.replace(instead, entry);
    else book.entries.add(entry);
    this.report[counts]++;
    if (!this.options.dryRun) this.expectations.there(contact, entry, counts, instead);
  }

  /** Does it; a failure that concerns only this contact is noted (false), any other one is thrown. */
  private async tried(contact: Contact, counts: Counts, act: () => Promise<unknown>): Promise<boolean> {
    if (this.options.dryRun) return true;
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof FritzError)) throw error;
      if (isAway(error)) this.doubtful = { contact, counts };
      const isGone = counts === "removed" && error.code === "box-no-entry";
      if (!isGone && !OF_ONE_CONTACT.includes(error.code)) throw error;
      this.report.failed.push({ contact, error });
      return false;
    }
  }

  /** Reads back what was written; what a box has dropped without a word is reported. */
  private check({ entries }: OpenBook): void {
    for (const { contact, counts, error } of this.expectations.failed(entries)) {
      this.report[counts]--;
      this.report.failed.push({ contact, error });
    }
  }

  /** After a failure: waits for a box that is away, as long as patience lasts; else gives up, and says so if nothing was done. */
  private async mayGoOn(error: unknown): Promise<boolean> {
    if (!(error instanceof FritzError)) throw error;
    const { clock, signal, patienceMs = this.total > 1 ? BATCH_PATIENCE_MS : SINGLE_PATIENCE_MS } = this.options;
    this.awaySinceMs ??= clock.now();
    if (isAway(error) && clock.now() - this.awaySinceMs < patienceMs && !signal?.aborted) {
      await pause(clock, WAITS_MS[Math.min(this.retries++, WAITS_MS.length - 1)] ?? 0, signal);
      return true;
    }
    const reason = signal?.aborted ? new FritzError("interrupted") : error;
    const { added, updated, removed, alreadyThere, failed } = this.report;
    if (added + updated + removed + alreadyThere + failed.length === 0) throw reason;
    for (const contact of this.pending.splice(0)) this.report.failed.push({ contact, error: reason });
    return false;
  }
}

/** Ends early when the signal says so. */
async function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  let stop = () => undefined as void;
  await new Promise<void>((resolve) => {
    const timer = clock.after(ms, resolve);
    stop = () => {
      timer.cancel();
      resolve();
    };
    signal?.addEventListener("abort", stop);
  });
  signal?.removeEventListener("abort", stop);
}

/** Worth waiting for. */
function isAway(error: FritzError): boolean {
  return error.retry && AWAY.includes(error.code);
}
