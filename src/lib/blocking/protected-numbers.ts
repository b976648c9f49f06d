/** Numbers that must not be barred, and entries that exist already, as read for one barring run. */
import { covers, patternOfKey } from "./barred-number";
import { NumberSet } from "./pattern-list";
import { FritzError } from "../core/errors";
import { isListed } from "./rules";
import { yieldingly } from "../core/async";
import type { Contact } from "../phonebook/types";
import { type DialPlan, type OwnNumbers, lookupKeys } from "../numbers/index";
import type { ContactFinder, PhonebookStore } from "../phonebook/types";
import type { BarringTarget } from "./barring-target";

/** State of the phonebooks, read at the beginning of a run. */
export class ProtectedNumbers {
  private readonly read = new Map<string, Contact[]>();

  private constructor(
    private readonly box: ContactFinder,
    readonly plan: DialPlan,
    private readonly isBlockBook: (book: string) => boolean,
    /** Contacts of all books but the block books, and the own numbers. */
    private readonly protectedKeys: NumberSet,
  ) {}

  /** Rejects if any book cannot be read: then the contacts are not known. */
  static async open(box: PhonebookStore & OwnNumbers, blockBooks: readonly string[]): Promise<ProtectedNumbers> {
    const plan = await box.dialPlan();
    const numbers = new NumberSet();
    const protect = (number: string) => {
      for (const key of lookupKeys(number, plan)) numbers.add(patternOfKey(key));
      const [main = ""] = lookupKeys(number, plan);
      if (isSwitchboard(number) && /^\+\d+0$/.test(main)) numbers.add({ kind: "prefix", prefix: main.slice(0, -1) });
    };
    (await box.ownNumbers()).forEach(protect);
    const books = await box.books();
    const names = books.map(({ name }) => name);
    const isBlockBook = (book: string) => isListed(book, blockBooks, names);
    for (const { id, name } of books) {
      if (isBlockBook(name)) continue;
      await yieldingly(await box.contacts(id), ({ numbers }) => numbers.forEach(({ number }) => protect(number)));
    }
    return new ProtectedNumbers(box, plan, isBlockBook, numbers);
  }

  /** Whether the number, or one of a range, is a contact's or an own one. */
  has(key: string): boolean {
    return this.protectedKeys.has(key);
  }

  /**
   * Whether the lookup of a call finds a contact. Rejects with `block-friends`, with retry, if that is not
   * known.
   */
  async isContact(number: string): Promise<boolean> {
    const { contacts, unknown } = await this.box.find(number);
    if (contacts.some(({ book }) => !this.isBlockBook(book))) return true;
    if (unknown) throw new FritzError("block-friends", {}, true);
    return false;
  }

  /** The target's contacts; read once, unless `again`. */
  async contacts(target: BarringTarget, again = false): Promise<Contact[]> {
    const known = this.read.get(target.book);
    if (known && !again) return known;
    const contacts = [...(await target.read())];
    this.read.set(target.book, contacts);
    return contacts;
  }

  /** The target's contacts that cover the number, by itself or by a range. */
  async covering(target: BarringTarget, key: string, again = false): Promise<Contact[]> {
    const contacts = await this.contacts(target, again);
    return contacts.filter(({ numbers }) => numbers.some(({ number }) => covers(this.keyOf(number), key)));
  }

  /** The canonical form of a number in a book. */
  keyOf(number: string): string {
    return lookupKeys(number, this.plan)[0] ?? "";
  }
}

/** "030 5559-0": the zero covers all extensions. */
const isSwitchboard = (written: string) => /[-\u2010-\u2015]\s*0\s*$/.test(written);
