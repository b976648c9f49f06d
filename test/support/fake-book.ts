/**
 * Test support: a phonebook in memory that can be unreachable, drop writes and reject them, for the book
 * writer.
 */
import { numberKey } from "../../src/lib/numbers/index";
import type { Contact } from "../../src/lib/phonebook/types";
import { FritzError } from "../../src/lib/core/errors";
import { readContact } from "../../src/lib/phonebook/contact-xml";
import type { StoredContact } from "../../src/lib/phonebook/document";
import { BookEntries, type OpenBook } from "../../src/lib/phonebook/entries";

export const AWAY = () => new FritzError("box-unreachable", {}, true);

/** Result of a write: "lost" = done, but the answer is lost. */
export type WriteOutcome = "ok" | "lost" | "forgotten" | FritzError;

export class FakeBook {
  readonly entries: StoredContact[] = [];
  /** In order of the writes and deletions; "ok" when it is used up. */
  outcomes: WriteOutcome[] = [];
  /** Number of openings that fail. */
  closedFor = 0;
  opened = 0;
  writes = 0;
  private nextId = 1;

  readonly keyOf = (written: string) => numberKey(written, { countryCode: "49", areaCode: "30" });

  get contacts(): Contact[] {
    return this.entries.map(({ contact }) => contact);
  }

  get names(): string[] {
    return this.contacts.map(({ name }) => name);
  }

  readonly open = async (): Promise<OpenBook> => {
    this.opened++;
    if (this.closedFor > 0) {
      this.closedFor--;
      throw AWAY();
    }
    // What a batch does with its entries must not reach the box by itself.
    const entries = await BookEntries.of(structuredClone(this.entries), this.keyOf);
    return {
      entries,
      write: (entry) => this.applyWrite(() => this.put(entry)),
      delete: async ({ contact }) => void (await this.applyWrite(() => this.remove(contact.uniqueId))),
    };
  };

  private async applyWrite(act: () => string): Promise<string> {
    await Promise.resolve();
    this.writes++;
    const outcome = this.outcomes.shift() ?? "ok";
    if (outcome instanceof FritzError) throw outcome;
    const answer = outcome === "forgotten" ? String(this.nextId++) : act();
    if (outcome === "lost") throw AWAY();
    return answer;
  }

  private put({ element }: StoredContact): string {
    const contact = readContact(element);
    const at = this.entries.findIndex((one) => one.contact.uniqueId === contact.uniqueId);
    const uniqueId = at >= 0 && contact.uniqueId !== undefined ? contact.uniqueId : String(this.nextId++);
    const stored = { contact: { ...contact, uniqueId }, element };
    if (at >= 0 && contact.uniqueId !== undefined) this.entries[at] = stored;
    else this.entries.push(stored);
    return uniqueId;
  }

  private remove(uniqueId: string | undefined): string {
    const at = this.entries.findIndex(({ contact }) => contact.uniqueId === uniqueId);
    if (at < 0) throw new FritzError("box-no-entry");
    this.entries.splice(at, 1);
    return "";
  }
}
