/**
 * Writes a list of changes to a phonebook and recovers from failures: after each outage the book is opened
 * and compared again, so that no contact is written twice and none is skipped.
 */
import type { Clock } from "../core/clock";
import type { Contact, WriteOptions, WriteReport } from "./types";
import { FritzError, type FritzErrorCode } from "../core/errors";
import { pacer, pause } from "../core/async";
import type { StoredContact } from "./document";
import type { BookOpener, OpenBook } from "./entries";
import { ReadBack } from "./read-back";
import type { Plan, Step } from "./write-plan";

export interface WriterOptions extends WriteOptions {
  clock: Clock;
  /** How long to wait for a box that became unreachable during the batch, ms. */
  patienceMs?: number;
  /** Contacts in a book from which on the box may lose some. */
  limit?: number;
}

type WriteKind = "added" | "updated" | "removed";

/** A restart of a box takes some minutes; a single write waits for less, ms. */
const BATCH_PATIENCE_MS = 300_000;
const SINGLE_PATIENCE_MS = 10_000;
const WAITS_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000];

/** AVM's recommended maximum; beyond it boxes drop contacts silently (PhoneBlock's notes). */
export const BOOK_LIMIT = 1_000;
const WARN_FROM = 0.9;

/** Error codes that concern only one contact; all others concern the whole book. */
const OF_ONE_CONTACT: readonly FritzErrorCode[] = ["box-arguments", "box-internal", "box-action-failed"];
/** Temporary failures: the box restarts or is busy. */
const AWAY: readonly FritzErrorCode[] = [
  ...(["box-refused", "box-unknown-host", "box-timeout", "box-unreachable", "box-busy", "box-reply"] as const),
];

/** Runs once; `run` resolves to the report, or rejects if nothing could be written. */
export class BookWriter {
  private readonly report: WriteReport = { added: 0, updated: 0, removed: 0, alreadyThere: 0, failed: [] };
  /** How many of the contacts are done. */
  private done = 0;
  private readonly readBack = new ReadBack();
  /** The contact whose state is unknown: the answer to its write was lost. */
  private doubtful: { contact: Contact; kind: WriteKind } | undefined;
  private awaySinceMs: number | undefined;
  private retries = 0;

  constructor(
    private readonly open: BookOpener,
    private readonly plan: Plan,
    private readonly contacts: readonly Contact[],
    private readonly options: WriterOptions,
  ) {}

  async run(): Promise<WriteReport> {
    let checked = false;
    while (!checked) {
      try {
        this.stopIfReported();
        await this.workOff(await this.open());
        if (!this.readBack.isEmpty) this.check(await this.open());
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
    const pace = pacer(); // a dry run waits for nothing else
    for (let contact = this.contacts[this.done]; contact; contact = this.contacts[this.done]) {
      this.stopIfReported();
      await pace();
      await this.carryOut(book, contact, this.plan(contact, book.entries));
      this.done++;
      this.doubtful = undefined;
      this.awaySinceMs = undefined;
      this.retries = 0;
      progress?.(this.done, this.contacts.length);
    }
    const count = book.entries.list.length;
    if (count > before && count > limit * WARN_FROM) this.report.nearLimit = { count, limit };
  }

  private stopIfReported(): void {
    if (this.options.signal?.aborted) throw new FritzError("interrupted");
  }

  private async carryOut(book: OpenBook, contact: Contact, step: Step): Promise<void> {
    const mine = this.doubtful?.contact === contact ? this.doubtful.kind : undefined;
    if (step.into && !mine) (this.report.merged ??= []).push({ contact: contact.name, into: step.into });
    switch (step.do) {
      case "nothing":
        return void this.report[mine ?? "alreadyThere"]++;
      case "fail":
        // Already removed: by this batch, if the answer was lost.
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
    if (!this.options.dryRun) this.readBack.expectAbsent(contact, entry);
  }

  private async write(book: OpenBook, contact: Contact, step: Extract<Step, { do: "write" }>): Promise<void> {
    const { entry, instead, counts: kind } = step;
    let key = "";
    if (!(await this.tried(contact, kind, async () => (key = await book.write(entry))))) return;
    if (key !== "") entry.contact.uniqueId = key;
    if (instead) book.entries.replace(instead, entry);
    else book.entries.add(entry);
    this.report[kind]++;
    if (!this.options.dryRun) this.readBack.expectPresent(contact, entry, kind, instead);
  }

  /**
   * Executes a step; a failure that concerns only this contact is recorded (false), any other one is thrown.
   */
  private async tried(contact: Contact, kind: WriteKind, act: () => Promise<unknown>): Promise<boolean> {
    if (this.options.dryRun) return true;
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof FritzError)) throw error;
      if (isAway(error)) this.doubtful = { contact, kind };
      const isGone = kind === "removed" && error.code === "box-no-entry";
      if (!isGone && !OF_ONE_CONTACT.includes(error.code)) throw error;
      this.report.failed.push({ contact, error });
      return false;
    }
  }

  /** Reads back the written contacts and reports those that the box lost. */
  private check({ entries }: OpenBook): void {
    for (const { contact, kind, error } of this.readBack.failed(entries)) {
      this.report[kind]--;
      this.report.failed.push({ contact, error });
    }
  }

  /**
   * After a failure: waits for an unreachable box up to the time limit; else stops, and rejects if nothing
   * was written.
   */
  private async mayGoOn(error: unknown): Promise<boolean> {
    if (!(error instanceof FritzError)) throw error;
    const {
      clock,
      signal,
      patienceMs = this.contacts.length > 1 ? BATCH_PATIENCE_MS : SINGLE_PATIENCE_MS,
    } = this.options;
    this.awaySinceMs ??= clock.now();
    if (isAway(error) && clock.now() - this.awaySinceMs < patienceMs && !signal?.aborted) {
      await pause(clock, WAITS_MS[Math.min(this.retries++, WAITS_MS.length - 1)] ?? 0, signal);
      return true;
    }
    const reason = signal?.aborted ? new FritzError("interrupted") : error;
    const { added, updated, removed, alreadyThere, failed } = this.report;
    if (added + updated + removed + alreadyThere + failed.length === 0) throw reason;
    for (const contact of this.contacts.slice(this.done)) this.report.failed.push({ contact, error: reason });
    return false;
  }
}

/** Whether a retry may help. */
function isAway(error: FritzError): boolean {
  return error.retry && AWAY.includes(error.code);
}
