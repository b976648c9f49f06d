/** L3 services: the tools of a round of writing at the box, and what it finds there. */
import { covers } from "../domain/barred-number";
import type { BoxDeed, OwnEntry, PendingWrite } from "../model/block-memory";
import type { Contact } from "../model/contact";
import type { FritzError } from "../model/errors";
import type { Clock } from "../model/ports";
import type { HomeNumbers, PhonebookStore } from "../model/telephony";
import { BarShelf } from "./bar-shelf";
import { type BarTarget, bookTarget, listTarget } from "./bar-target";
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

  /** ms since 1970. */
  get nowMs(): number {
    return this.parts.clock.now();
  }

  /** ISO 8601. */
  get now(): string {
    return new Date(this.nowMs).toISOString();
  }

  /** "" is the barring list. */
  targetOf(book: string): BarTarget {
    return book === "" ? listTarget(this.parts.box) : bookTarget(this.parts.box, book);
  }

  getsThrough(key: string): boolean {
    return this.shelf.isFriend(key) || this.parts.isAllowed(key, this.shelf);
  }

  /** Writes it; an error is the box's refusal of this one entry. */
  async write(
    target: BarTarget,
    { number, name }: Pick<OwnEntry, "number" | "name">,
  ): Promise<"added" | "already-there" | FritzError> {
    const contact: Contact = { name, numbers: [{ number, type: "home", prio: true }] };
    const { added, failed } = await target.add(contact);
    if (failed[0]) return failed[0].error;
    if (added > 0) (await this.shelf.contacts(target)).push(contact);
    return added > 0 ? "added" : "already-there";
  }

  /** Takes out of a contact the numbers that are meant; with the last one the contact goes. An error is the box's refusal. */
  async strike(target: BarTarget, contact: Contact, isIt: (key: string) => boolean): Promise<FritzError | undefined> {
    const isMeant = ({ number }: { number: string }) => isIt(this.shelf.keyOf(number));
    const rest = contact.numbers.filter((number) => !isMeant(number));
    // Named without its key, a contact loses only the numbers that are named: the others are the user's work.
    const gone = { name: contact.name, numbers: contact.numbers.filter(isMeant) };
    const { failed } = await target.remove(rest.length > 0 ? gone : contact);
    if (failed[0]) return failed[0].error;
    const contacts = await this.shelf.contacts(target);
    contacts.splice(contacts.indexOf(contact), 1, ...(rest.length > 0 ? [{ ...contact, numbers: rest }] : []));
    return undefined;
  }

  /** Removes an own entry at the box, and forgets it, also if the box refuses. */
  async takeOut(entry: OwnEntry): Promise<FritzError | undefined> {
    const target = this.targetOf(entry.book);
    const isIt = (key: string) => key === entry.key;
    const contacts = await this.shelf.contacts(target);
    const holding = contacts.filter(({ numbers }) => numbers.some(({ number }) => isIt(this.shelf.keyOf(number))));
    let refusal: FritzError | undefined;
    for (const contact of holding) refusal = (await this.strike(target, contact, isIt)) ?? refusal;
    this.forget(({ key, book }) => isIt(key) && book === entry.book);
    return refusal;
  }

  /** Whether this node wrote the contact: it remembers, or its name begins as only this node lets names begin. */
  isOwn({ name, numbers }: Contact, book: string): boolean {
    const prefix = this.options.namePrefix.trim();
    const keys = numbers.map(({ number }) => this.shelf.keyOf(number));
    const known = this.memory.entries.some((entry) => entry.book === book && keys.includes(entry.key));
    return known || (prefix !== "" && name.startsWith(prefix));
  }

  /** An entry that is ours, but was forgotten: written in the moment before a crash, or the memory was lost. */
  adopt({ key, because }: PendingWrite, there: readonly Contact[]): void {
    const { book } = this.target;
    if (this.memory.entries.some((entry) => covers(entry.key, key))) return;
    for (const contact of there.filter((one) => this.isOwn(one, book))) {
      const number = contact.numbers.find((one) => this.shelf.keyOf(one.number) === key)?.number;
      if (number === undefined) continue;
      return this.remember({ key, number, name: contact.name, book, at: this.now, because });
    }
  }

  remember(entry: OwnEntry): void {
    this.memory.change({ entries: [...this.memory.entries, entry] });
  }

  forget(isIt: (entry: OwnEntry) => boolean): void {
    this.memory.change({ entries: this.memory.entries.filter((entry) => !isIt(entry)) });
  }

  /** Notes in the journal what was done. */
  deed(what: BoxDeed, of: PendingWrite | OwnEntry, more: { book?: string; error?: string } = {}): void {
    const { number, name, because } = of;
    const callId = "callId" in of ? of.callId : undefined;
    this.memory.note({ at: this.now, what, number, name, because, ...(callId !== undefined && { callId }), ...more });
  }
}
