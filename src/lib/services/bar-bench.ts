/** L3 services: the tools of a round of writing at the box, and what it finds there. */
import { covers } from "../domain/barred-number";
import type { BoxDeed, OwnEntry, PendingWrite } from "../model/block-memory";
import type { Contact, ContactNumber, WriteReport } from "../model/contact";
import { FritzError } from "../model/errors";
import type { Clock } from "../model/ports";
import type { HomeNumbers, PhonebookStore } from "../model/telephony";
import { BarShelf } from "./bar-shelf";
import { type BarTarget, BookTarget, ListTarget } from "./bar-target";
import type { BlockMemory } from "./block-memory";

export interface BarringOptions {
  target: "phonebook" | "barring";
  /** Where blocked numbers go, if it is a phonebook. */
  book: string;
  /** Their contacts are nobody's friends; the target is one of them. */
  blockBooks: readonly string[];
  namePrefix: string;
  /** Whether the entry's name ends with the time of the call. */
  timeStamp: boolean;
  /** Most own entries; the oldest give way. */
  most: number;
  /** Days after which own entries are taken out; 0 = never. */
  days: number;
  /** From so many neighbours on they become one range; 0 = never. */
  rangeFrom: number;
  /** Where good callers go; "" = nowhere. */
  learnBook: string;
}

/** What came of a job. */
export interface Outcome {
  /** `spared`: the number gets through by now. */
  action: "added" | "already-there" | "removed" | "spared" | "failed";
  book?: string;
  error?: unknown;
}

export interface BenchParts {
  box: PhonebookStore & HomeNumbers;
  options: BarringOptions;
  memory: BlockMemory;
  clock: Clock;
  /** Whether an allow pattern, or the list of false alarms, lets the number (or one of the range "…*") through. */
  isAllowed: (key: string, shelf: BarShelf) => boolean;
}

type Writable = Pick<OwnEntry, "key" | "number" | "name">;

/** The box as a round sees it: what was read, and the ways to write. What is written is seen by what follows. */
export class BarBench {
  readonly target: BarTarget;

  private constructor(
    private readonly parts: BenchParts,
    readonly shelf: BarShelf,
  ) {
    this.target = this.targetOf(parts.options.target === "barring" ? "" : parts.options.book);
  }

  /** Reads all books of friends, fresh. */
  static async open(parts: BenchParts): Promise<BarBench> {
    return new BarBench(parts, await BarShelf.open(parts.box, parts.options.blockBooks));
  }

  get options(): BarringOptions {
    return this.parts.options;
  }

  get memory(): BlockMemory {
    return this.parts.memory;
  }

  nowMs(): number {
    return this.parts.clock.now();
  }

  now(): string {
    return new Date(this.nowMs()).toISOString();
  }

  /** "" is the barring list. */
  targetOf(book: string): BarTarget {
    return book === "" ? new ListTarget(this.parts.box) : new BookTarget(this.parts.box, book);
  }

  getsThrough(key: string): boolean {
    return this.shelf.isFriend(key) || this.parts.isAllowed(key, this.shelf);
  }

  /** Writes it; false if it was there already. */
  async write(target: BarTarget, { number, name }: Writable): Promise<boolean> {
    const contact: Contact = { name, numbers: [{ number, type: "home", prio: true }] };
    const report = sound(await target.add(contact));
    if (report.added > 0) (await this.shelf.contacts(target)).push(contact);
    return report.added > 0;
  }

  /** Whether this node wrote the contact: it remembers, or its name begins as only this node lets names begin. */
  isOwn({ name, numbers }: Contact, book: string): boolean {
    const { namePrefix } = this.options;
    const keys = numbers.map(({ number }) => this.shelf.keyOf(number));
    const known = this.memory.entries.some((entry) => entry.book === book && keys.includes(entry.key));
    return known || (namePrefix.trim() !== "" && name.startsWith(namePrefix.trim()));
  }

  /** An entry that is ours, but was forgotten: written in the moment before a crash, or the memory was lost. */
  adopt(job: PendingWrite, there: readonly Contact[]): void {
    const { memory, target } = this;
    const found = there.find((contact) => this.isOwn(contact, target.book));
    const number = found?.numbers.find((one) => this.shelf.keyOf(one.number) === job.key)?.number;
    if (!found || number === undefined || memory.entries.some(({ key }) => covers(key, job.key))) return;
    const { key, because } = job;
    const entry: OwnEntry = { key, number, name: found.name, book: target.book, at: this.now(), because };
    memory.change({ entries: [...memory.entries, entry] });
  }

  /** Removes an own entry, at the box and from the memory. */
  async takeOut(entry: OwnEntry): Promise<void> {
    const target = this.targetOf(entry.book);
    const contacts = await this.shelf.contacts(target);
    const isIt = ({ number }: ContactNumber) => this.shelf.keyOf(number) === entry.key;
    for (const contact of contacts.filter(({ numbers }) => numbers.some(isIt))) {
      await this.remove(target, contact, isIt);
    }
    this.forget(({ key, book }) => key === entry.key && book === entry.book);
  }

  /** Removes from a contact what bars the number, and forgets it; the number of entries removed. */
  async takeOutOf(target: BarTarget, contact: Contact, key: string): Promise<number> {
    const isIt = ({ number }: ContactNumber) => covers(this.shelf.keyOf(number), key);
    await this.remove(target, contact, isIt);
    this.forget((entry) => entry.book === target.book && covers(entry.key, key));
    return 1;
  }

  /** Notes in the journal what was done. */
  deed(
    what: BoxDeed,
    { number, name, because, ...of }: PendingWrite | OwnEntry,
    more: { book?: string; error?: string } = {},
  ): void {
    const callId = "callId" in of ? of.callId : undefined;
    const entry = { at: this.now(), what, number, name, because, ...more };
    this.memory.note(callId === undefined ? entry : { ...entry, callId });
  }

  /** A contact with more numbers, which is the user's work, keeps the others. */
  private async remove(target: BarTarget, contact: Contact, isIt: (number: ContactNumber) => boolean): Promise<void> {
    const rest = contact.numbers.filter((number) => !isIt(number));
    if (rest.length > 0) sound(await target.update({ ...contact, numbers: rest }));
    else sound(await target.remove(contact));
    const contacts = await this.shelf.contacts(target);
    const at = contacts.indexOf(contact);
    contacts.splice(at, at < 0 ? 0 : 1, ...(rest.length > 0 ? [{ ...contact, numbers: rest }] : []));
  }

  /** Own entries that are no longer there, or no longer ours. */
  forget(isIt: (entry: OwnEntry) => boolean): void {
    this.memory.change({ entries: this.memory.entries.filter((entry) => !isIt(entry)) });
  }
}

/** The report of a single contact; throws if the box did not take it. */
function sound(report: WriteReport): WriteReport {
  const [failure] = report.failed;
  if (failure) throw new FritzError("block-write", { detail: failure.error });
  return report;
}
