/** L3 services: the phonebooks as a round of writing finds them: who must never be barred, and what is barred already. */
import { covers, isMeant, patternOfKey } from "../domain/barred-number";
import { isListed } from "../domain/block-reason";
import type { NumberPattern } from "../domain/number-patterns";
import type { Contact } from "../model/contact";
import type { DialPlan } from "../model/phone-number";
import type { HomeNumbers, PhonebookStore } from "../model/telephony";
import type { BarTarget } from "./bar-target";
import { lookupKeys } from "./numbers";

/** What a round reads before it writes, all fresh from the box. */
export class BarShelf {
  private readonly read = new Map<string, Contact[]>();

  private constructor(
    readonly plan: DialPlan,
    /** The contacts of all books but the block books, and the own numbers. */
    private readonly friends: readonly NumberPattern[],
  ) {}

  /** Rejects if any book cannot be read: then nobody can say who is a contact. */
  static async open(box: PhonebookStore & HomeNumbers, blockBooks: readonly string[]): Promise<BarShelf> {
    const plan = await box.dialPlan();
    const friends: NumberPattern[] = [];
    const befriend = (number: string) => friends.push(...lookupKeys(number, plan).map(patternOfKey));
    (await box.ownNumbers()).forEach(befriend);
    for (const { id, name } of await box.books()) {
      if (isListed(name, blockBooks)) continue;
      for (const { numbers } of await box.contacts(id)) numbers.forEach(({ number }) => befriend(number));
    }
    return new BarShelf(plan, friends);
  }

  /** Whether the number, or one of a range, is a contact's or an own one. */
  isFriend(key: string): boolean {
    return isMeant(this.friends, key);
  }

  /** The target's contacts; read once, unless `again`. */
  async contacts(target: BarTarget, again = false): Promise<Contact[]> {
    const known = this.read.get(target.book);
    if (known && !again) return known;
    const contacts = [...(await target.read())];
    this.read.set(target.book, contacts);
    return contacts;
  }

  /** The target's contacts that bar the number, by itself or by a range. */
  async covering(target: BarTarget, key: string, again = false): Promise<Contact[]> {
    const contacts = await this.contacts(target, again);
    return contacts.filter(({ numbers }) => numbers.some(({ number }) => covers(this.keyOf(number), key)));
  }

  /** The form to compare of a number in a book. */
  keyOf(number: string): string {
    return lookupKeys(number, this.plan)[0] ?? "";
  }
}
