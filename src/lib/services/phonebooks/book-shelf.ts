/** L3 services: the phonebooks of a box: which there are, where they are now, what is in them. */
import type { BookInfo } from "../../model/contact";
import { FritzError } from "../../model/errors";
import { contactDocument } from "../../protocol/contact-xml";
import type { SoapValues } from "../../protocol/soap";
import { replyFault } from "../../protocol/read-reply";
import {
  isOnlineOwner,
  type PhonebookDocument,
  readPhonebook,
  type StoredContact,
} from "../../protocol/phonebook-document";
import { BoxService, type Results, type Tr064 } from "../box-service";
import { runInTurns } from "../in-turns";
import { BookEntries, type KeyOf } from "./book-entries";
import type { OpenBook } from "./entry-store";

/** Without this a box gives at most 999 contacts. */
const ALL_CONTACTS = 100_000;
const FIRST_BOOK = 0;

/** The book of barred numbers; it is in no list. */
export const BARRING_LIST: BookInfo = { id: 258, name: "", writable: true };

/** Ids are positions and move: whoever writes asks for the book by its name and opens it anew. */
export class BookShelf {
  private readonly onTel: BoxService;

  constructor(client: Tr064) {
    this.onTel = new BoxService(client, "X_AVM-DE_OnTel:1");
  }

  /** All books in the box's order. */
  async books(): Promise<BookInfo[]> {
    const list = (await this.onTel.call("GetPhonebookList"))("NewPhonebookList");
    const ids = list.split(",").filter((id) => /^\s*\d+\s*$/.test(id));
    const books: BookInfo[] = [];
    for (const id of ids.map(Number)) {
      const book = await this.unlessMissing("GetPhonebook", { NewPhonebookID: String(id) });
      if (book) books.push({ id, name: book("NewPhonebookName"), writable: true });
    }
    const online = await this.onlineNames();
    // An online book stands behind the local ones: of two with the same name the last one is online.
    for (const name of online) {
      const book = books.findLast((one) => one.name === name && one.writable);
      if (book) book.writable = false;
    }
    return books;
  }

  private async onlineNames(): Promise<string[]> {
    if (!(await this.onTel.has("GetNumberOfEntries")) || !(await this.onTel.has("GetInfoByIndex"))) return [];
    const count = Number((await this.onTel.call("GetNumberOfEntries"))("NewOnTelNumberOfEntries")) || 0;
    const names: string[] = [];
    for (let index = 1; index <= Math.min(count, 10); index++) {
      const info = await this.unlessMissing("GetInfoByIndex", { NewIndex: String(index) });
      names.push(info?.("NewName") ?? "");
    }
    return names.filter((name) => name !== "");
  }

  /** What is listed may be gone by now, and one book that makes trouble must not hide the others. */
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

  /** The same for a write: of a local and an online book with one name the local one is meant. */
  private async findWritable(wanted: string | number): Promise<BookInfo> {
    const books = await this.books();
    const text = bookText(wanted);
    const writable = books.filter((book) => book.writable);
    const found = pickBook(hasBook(writable, text) ? writable : books, text);
    if (!found.writable) throw new FritzError("book-read-only", { book: found.name });
    return found;
  }

  async read(book: BookInfo): Promise<PhonebookDocument> {
    return this.parse(await this.download(book));
  }

  /** A book's document as the box gives it. */
  download(book: BookInfo): Promise<string> {
    return this.onTel.document(async () => {
      const answer = book === BARRING_LIST ? await this.onTel.call("GetCallBarringList") : await this.ask(book);
      return withMax(answer("NewPhonebookURL"));
    });
  }

  /** Asks for a book; if another one stands in its place by now, the caller has to find it anew. */
  private async ask({ id, name }: BookInfo): Promise<Results> {
    const answer = await this.onTel.call("GetPhonebook", { NewPhonebookID: String(id) });
    if (answer("NewPhonebookName") !== name) throw new FritzError("box-busy", {}, true);
    return answer;
  }

  /** Books may come and go while a long list is written. */
  private async idOf(book: BookInfo): Promise<string> {
    await this.ask(book);
    return String(book.id);
  }

  async parse(text: string): Promise<PhonebookDocument> {
    try {
      return await runInTurns(readPhonebook(text));
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

  async hasBarring(): Promise<boolean> {
    const needed = ["GetCallBarringList", "SetCallBarringEntry", "DeleteCallBarringEntryUID"];
    return (await Promise.all(needed.map((action) => this.onTel.has(action)))).every(Boolean);
  }

  async needBarring(): Promise<void> {
    if (!(await this.hasBarring())) throw new FritzError("barring-missing");
  }

  /** Makes a book; one of that name that is there already is given instead. */
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
    // FRITZ!OS before 7 has only the older action; its empty entry id means what the document says.
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

function bookText(wanted: string | number): string {
  const text = String(wanted).trim();
  if (text === "") throw new FritzError("book-missing");
  return text;
}

const hasBook = (books: readonly BookInfo[], text: string) =>
  books.some(({ name, id }) => name === text || String(id) === text);

/** By exact name, then by id, then by name whatever the case; a `FritzError` if there is none. */
export function pickBook(books: readonly BookInfo[], text: string): BookInfo {
  const found = findBook(books, text);
  if (!found) throw new FritzError("book-unknown", { book: text });
  return found;
}

/** The same, undefined if there is none. */
export function findBook(books: readonly BookInfo[], text: string): BookInfo | undefined {
  const tests = [
    ({ name }: BookInfo) => name === text,
    ({ id }: BookInfo) => String(id) === text,
    ({ name }: BookInfo) => name.normalize().toLowerCase() === text.normalize().toLowerCase(),
  ];
  for (const test of tests) {
    const [first, second] = books.filter(test);
    if (second) throw new FritzError("book-ambiguous", { book: text });
    if (first) return first;
  }
  return undefined;
}

function withMax(url: string): string {
  if (url === "" || /[?&]max=/.test(url)) return url;
  return `${url}${url.includes("?") ? "&" : "?"}max=${ALL_CONTACTS}`;
}
