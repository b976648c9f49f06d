/** The phonebooks of a box: list, find, read and write. */
import { canBar } from "../tr064/access";
import type { BookInfo } from "./types";
import { FritzError } from "../core/errors";
import { contactDocument } from "./contact-xml";
import type { SoapValues } from "../tr064/soap";
import { replyFault } from "../tr064/read-reply";
import { isOnlineOwner, type PhonebookDocument, readPhonebook, type StoredContact } from "./document";
import { BoxService, type Results, type Tr064 } from "../tr064/service";
import { runYielding } from "../core/async";
import { BookEntries, type KeyOf, type OpenBook } from "./entries";
import { XmlError } from "../core/xml";
import { BARRING_LIST, bookText, hasBook, MOST_BOOKS, pickBook, withMax } from "./find-book";

const FIRST_BOOK = 0;
/** Ids are positions and shift: before each write the book is found by its name and opened again. */
export class BoxBooks {
  private readonly onTel: BoxService;

  constructor(client: Tr064) {
    this.onTel = new BoxService(client, "X_AVM-DE_OnTel:1");
  }

  /** All books in the box's order; one that is listed and cannot be asked for is left out. */
  async books(): Promise<BookInfo[]> {
    return (await this.list()).books;
  }

  /** The same; `complete`: false if one was left out. */
  async list(): Promise<{ books: BookInfo[]; complete: boolean }> {
    const list = (await this.onTel.call("GetPhonebookList"))("NewPhonebookList");
    const listed = list.split(",", MOST_BOOKS + 1).filter((id) => /^\s*\d+\s*$/.test(id));
    const ids = listed.slice(0, MOST_BOOKS);
    const books: BookInfo[] = [];
    for (const id of ids.map(Number)) {
      const book = await this.unlessMissing("GetPhonebook", { NewPhonebookID: String(id) });
      if (book) books.push({ id, name: book("NewPhonebookName"), writable: true });
    }
    const online = await this.onlineNames();
    // Online books are listed after local ones: of two with the same name the last one is online.
    for (const name of online) {
      const book = books.findLast((one) => one.name === name && one.writable);
      if (book) book.writable = false;
    }
    return { books, complete: books.length === listed.length };
  }

  private async onlineNames(): Promise<string[]> {
    if (!(await this.onTel.has("GetInfoByIndex"))) return [];
    const answer = await this.onTel.callIfThere("GetNumberOfEntries");
    const count = Number(answer?.("NewOnTelNumberOfEntries")) || 0;
    const names: string[] = [];
    for (let index = 1; index <= Math.min(count, 10); index++) {
      const info = await this.unlessMissing("GetInfoByIndex", { NewIndex: String(index) });
      names.push(info?.("NewName") ?? "");
    }
    return names.filter((name) => name !== "");
  }

  /** A listed book may have been deleted meanwhile, and one failing book must not hide the others. */
  private async unlessMissing(action: string, values: SoapValues): Promise<Results | undefined> {
    try {
      return await this.onTel.call(action, values);
    } catch (error) {
      if (error instanceof FritzError && error.code === "box-no-entry") return undefined;
      throw error;
    }
  }

  /** Finds a book by its name, else by its id. */
  async find(wanted: string | number): Promise<BookInfo> {
    return pickBook(await this.books(), bookText(wanted));
  }

  /** As `find`, for a write: prefers a local book to an online one of the same name. */
  private async findWritable(wanted: string | number): Promise<BookInfo> {
    const books = await this.books();
    const text = bookText(wanted);
    const writable = books.filter((book) => book.writable);
    const found = pickBook(hasBook(writable, text) ? writable : books, text);
    if (!found.writable) throw new FritzError("book-read-only", { book: found.name });
    return found;
  }

  async read(book: BookInfo): Promise<PhonebookDocument> {
    return this.parse(await this.download(book), book);
  }

  /** Downloads a book's document. */
  download(book: BookInfo): Promise<string> {
    return this.onTel.document(async () => {
      const answer = book === BARRING_LIST ? await this.onTel.call("GetCallBarringList") : await this.ask(book);
      return withMax(answer("NewPhonebookURL"));
    });
  }

  /** Requests a book; rejects if another one has its id now, so that the caller finds it again. */
  private async ask({ id, name }: BookInfo): Promise<Results> {
    const answer = await this.onTel.call("GetPhonebook", { NewPhonebookID: String(id) });
    if (answer("NewPhonebookName") !== name) throw new FritzError("box-busy", {}, true);
    return answer;
  }

  /** Books may be created and deleted while a long list is written. */
  private async idOf(book: BookInfo): Promise<string> {
    await this.ask(book);
    return String(book.id);
  }

  /** Rejects unless the document holds a book; only the barring list may be empty altogether. */
  async parse(text: string, book: BookInfo): Promise<PhonebookDocument> {
    try {
      const document = await runYielding(readPhonebook(text));
      if (!document.hasBook && book !== BARRING_LIST) throw new XmlError("no phonebook");
      return document;
    } catch (error) {
      throw replyFault(error);
    }
  }

  /** Opens a book for writing. */
  async open(wanted: string | number, keyOf: KeyOf): Promise<OpenBook> {
    const book = await this.findWritable(wanted);
    const { owner, entries } = await this.read(book);
    if (isOnlineOwner(owner)) throw new FritzError("book-read-only", { book: book.name });
    return {
      entries: await BookEntries.of(entries, keyOf),
      write: async (entry) => this.write(await this.idOf(book), contactDocument(entry.element)),
      delete: async (entry) => this.delete(await this.idOf(book), entry, entries),
    };
  }

  /** Opens the call barring list. */
  async openBarring(keyOf: KeyOf): Promise<OpenBook> {
    await this.needBarring();
    const { entries } = await this.read(BARRING_LIST);
    return {
      entries: await BookEntries.of(entries, keyOf),
      write: async ({ element }) => {
        const document = contactDocument(element);
        const answer = await this.onTel.call("SetCallBarringEntry", { NewPhonebookEntryData: document });
        return answer("NewPhonebookEntryUniqueID");
      },
      delete: async ({ contact: { uniqueId = "" } }) =>
        void (await this.onTel.call("DeleteCallBarringEntryUID", { NewPhonebookEntryUniqueID: uniqueId })),
    };
  }

  async needBarring(): Promise<void> {
    if (!(await canBar(this.onTel))) throw new FritzError("barring-missing");
  }

  /** Creates a book; returns an existing one of that name instead. */
  async create(name: string): Promise<BookInfo> {
    const wanted = name.trim();
    if (wanted === "") throw new FritzError("book-missing");
    const isIt = (book: BookInfo) => book.writable && book.name === wanted;
    const present = (await this.books()).find(isIt);
    if (present) return present;
    await this.onTel.call("AddPhonebook", { NewPhonebookName: wanted });
    const made = (await this.books()).find(isIt);
    if (!made) throw new FritzError("box-memory");
    return made;
  }

  async remove(wanted: string | number): Promise<BookInfo> {
    const book = await this.findWritable(wanted);
    if (isOnlineOwner((await this.read(book)).owner)) throw new FritzError("book-read-only", { book: book.name });
    if (book.id === FIRST_BOOK) throw new FritzError("book-first", { book: book.name });
    await this.onTel.call("DeletePhonebook", { NewPhonebookID: String(book.id) });
    return book;
  }

  private async write(id: string, document: string): Promise<string> {
    const values = { NewPhonebookID: id, NewPhonebookEntryData: document };
    // FRITZ!OS before 7 has only the older action; an empty entry id means the id in the document.
    if (!(await this.onTel.has("SetPhonebookEntryUID"))) {
      await this.onTel.call("SetPhonebookEntry", { ...values, NewPhonebookEntryID: "" });
      return "";
    }
    return (await this.onTel.call("SetPhonebookEntryUID", values))("NewPhonebookEntryUniqueID");
  }

  private async delete(id: string, entry: StoredContact, entries: StoredContact[]): Promise<void> {
    const { uniqueId } = entry.contact;
    const byKey = uniqueId !== undefined && (await this.onTel.has("DeletePhonebookEntryUID"));
    await (byKey
      ? this.onTel.call("DeletePhonebookEntryUID", { NewPhonebookID: id, NewPhonebookEntryUniqueID: uniqueId })
      : this.onTel.call("DeletePhonebookEntry", {
          NewPhonebookID: id,
          NewPhonebookEntryID: String(entries.indexOf(entry)),
        }));
  }
}
