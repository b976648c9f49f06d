/** Operations of one barring run, and the state that it read from the box. */
import { defined } from "../core/defined";
import { covers } from "./barred-number";
import type { BoxChange, OwnEntry, PendingWrite } from "./types";
import type { Contact, PhonebookStore } from "../phonebook/types";
import { FritzError } from "../core/errors";
import type { Clock } from "../core/clock";
import { ProtectedNumbers } from "./protected-numbers";
import { type BarringTarget, bookTarget, listTarget } from "./barring-target";
import type { BlockMemory } from "./state";
import type { OwnNumbers } from "../numbers/index";

export interface BarringOptions {
  target: "phonebook" | "barring";
  /** Phonebook for blocked numbers, if the target is a phonebook. */
  book: string;
  /** Contacts in these books are not protected; includes the target book. */
  blockBooks: readonly string[];
  namePrefix: string;
  /** Whether the entry's name ends with the time of the call. */
  timeStamp: boolean;
  /** Most own entries; the oldest are removed. */
  most: number;
  /** Days after which own entries are removed; 0 = never. */
  days: number;
  /** Number of neighbours from which on they become one range; 0 = never. */
  rangeFrom: number;
  /** Phonebook for trusted callers; "" = none. */
  learnBook: string;
}

/** Result of a job. */
export interface BarringOutcome {
  /** `spared`: the number is protected by now. */
  action: "added" | "already-there" | "removed" | "spared" | "failed";
  book?: string;
  error?: unknown;
}

export interface BarringSessionParts {
  box: PhonebookStore & OwnNumbers;
  options: BarringOptions;
  memory: BlockMemory;
  clock: Clock;
  /** Whether an allow pattern, or the allow list, contains the number (or one of the range "…*"). */
  isAllowed: (key: string, protectedNumbers: ProtectedNumbers) => boolean;
  /** Ends a round: between two jobs, and while a write waits for a box that is away. */
  signal?: AbortSignal;
}

/** State and operations of one run. Writes update the state. */
export class BarringSession {
  readonly target: BarringTarget;

  private constructor(
    private readonly parts: BarringSessionParts,
    readonly protectedNumbers: ProtectedNumbers,
  ) {
    this.target = this.targetOf(parts.options.target === "barring" ? "" : parts.options.book);
  }

  /** Reads all books of protected contacts from the box. */
  static async open(parts: BarringSessionParts): Promise<BarringSession> {
    return new BarringSession(parts, await ProtectedNumbers.open(parts.box, parts.options.blockBooks));
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
  targetOf(book: string): BarringTarget {
    const { box, signal } = this.parts;
    return book === "" ? listTarget(box, signal) : bookTarget(box, book, signal);
  }

  /** Throws `interrupted` if the round is to end. */
  goOn(): void {
    if (this.parts.signal?.aborted) throw new FritzError("interrupted");
  }

  isProtected(key: string): boolean {
    return this.protectedNumbers.has(key) || this.parts.isAllowed(key, this.protectedNumbers);
  }

  /** Writes the entry; resolves to the error if the box rejects this entry only. */
  async write(
    target: BarringTarget,
    { number, name }: Pick<OwnEntry, "number" | "name">,
  ): Promise<"added" | "already-there" | FritzError> {
    const contact: Contact = { name, numbers: [{ number, type: "home", prio: true }] };
    const { added, failed } = await target.add(contact);
    if (failed[0]) return failed[0].error;
    if (added > 0) (await this.protectedNumbers.contacts(target)).push(contact);
    return added > 0 ? "added" : "already-there";
  }

  /**
   * Removes the matching numbers of a contact, and the contact with its last number. Resolves to the error if
   * the box rejects it.
   */
  async removeNumbers(
    target: BarringTarget,
    contact: Contact,
    isIt: (key: string) => boolean,
  ): Promise<FritzError | undefined> {
    const isMeant = ({ number }: { number: string }) => isIt(this.protectedNumbers.keyOf(number));
    const rest = contact.numbers.filter((number) => !isMeant(number));
    // Without its unique id a contact only loses the given numbers: the others belong to the user.
    const gone = { name: contact.name, numbers: contact.numbers.filter(isMeant) };
    const { failed } = await target.remove(rest.length > 0 ? gone : contact);
    if (failed[0]) return failed[0].error;
    const contacts = await this.protectedNumbers.contacts(target);
    contacts.splice(contacts.indexOf(contact), 1, ...(rest.length > 0 ? [{ ...contact, numbers: rest }] : []));
    return undefined;
  }

  /** Removes an own entry at the box, and forgets it even if the box rejects the removal. */
  async removeEntry(entry: OwnEntry): Promise<FritzError | undefined> {
    const target = this.targetOf(entry.book);
    const isIt = (key: string) => key === entry.key;
    const contacts = await this.protectedNumbers.contacts(target);
    const holding = contacts.filter(({ numbers }) =>
      numbers.some(({ number }) => isIt(this.protectedNumbers.keyOf(number))),
    );
    let refusal: FritzError | undefined;
    for (const contact of holding) refusal = (await this.removeNumbers(target, contact, isIt)) ?? refusal;
    this.forget(({ key, book }) => isIt(key) && book === entry.book);
    return refusal;
  }

  /** Whether this node wrote the contact: its number is a known entry, or its name has the node's prefix. */
  isOwn({ name, numbers }: Contact, book: string): boolean {
    const prefix = this.options.namePrefix.trim();
    const keys = numbers.map(({ number }) => this.protectedNumbers.keyOf(number));
    const known = this.memory.entries.some((entry) => entry.book === book && keys.includes(entry.key));
    return known || (prefix !== "" && name.startsWith(prefix));
  }

  /** Takes over an own entry that is not stored: written just before a crash, or the state was lost. */
  adopt({ key, because }: PendingWrite, there: readonly Contact[]): void {
    const { book } = this.target;
    if (this.memory.entries.some((entry) => covers(entry.key, key))) return;
    for (const contact of there.filter((one) => this.isOwn(one, book))) {
      const number = contact.numbers.find((one) => this.protectedNumbers.keyOf(one.number) === key)?.number;
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

  /** Records a change in the journal. */
  record(what: BoxChange, of: PendingWrite | OwnEntry, more: { book?: string; error?: string } = {}): void {
    const { number, name, because } = of;
    const callId = "callId" in of ? of.callId : undefined;
    this.memory.note({ at: this.now, what, number, name, because, ...defined({ callId }), ...more });
  }
}

export interface BarringQueueParts extends BarringSessionParts {
  /** Most new numbers an hour, so that an attack cannot fill the book. */
  perHour: number;
  /** Allowed operations: in a dry run only what the user requests. */
  ops: readonly PendingWrite["op"][];
  random?: () => number;
  /** Called with the number of waiting writes and the last error. */
  changed?: (waiting: number, trouble: unknown) => void;
}

/** A write for a call or a user's request. */
export type BarringOrder = Omit<PendingWrite, "op" | "losses">;
