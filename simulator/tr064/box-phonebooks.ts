/**
 * Simulator, TR-064: all phonebooks of the box: local ones first, online ones last, the barring list
 * separate.
 */
import { type Account, BARRING_ID, Phonebook, renderContact } from "./phonebooks";
import { UpnpError } from "./soap";
import { escapeXml } from "./xml";

/** Most online books of a box. */
const MOST_ONLINE = 10;

/** Ids are positions: creating or deleting a local book shifts the online ones. */
export class BoxPhonebooks {
  local: Phonebook[];
  online: Phonebook[] = [];
  readonly barring: Phonebook;
  /** Online books deleted by id instead of by index: gone from the list, but their account stays until a restart. */
  private halfDeleted = new Set<Phonebook>();

  constructor(private readonly seconds: () => number) {
    this.local = [new Phonebook("Telefonbuch", seconds)];
    this.barring = new Phonebook("", seconds);
  }

  /** In the order of their ids. */
  get all(): Phonebook[] {
    return [...this.local, ...this.online.filter((book) => !this.halfDeleted.has(book))];
  }

  /** The book with that name. */
  named(name: string): Phonebook {
    const book = this.all.find((one) => one.name === name);
    if (!book) throw new Error(`no phonebook is called ${name}`);
    return book;
  }

  idOf(book: Phonebook): number {
    return book === this.barring ? BARRING_ID : this.all.indexOf(book);
  }

  /** Throws the given code for an unknown id. */
  byId(id: number, code = 600): Phonebook {
    const book = this.all[id];
    if (!book) throw new UpnpError(code);
    return book;
  }

  /** Throws 713 for an online book: those are read-only. */
  writable(id: number): Phonebook {
    const book = this.byId(id);
    if (book.online) throw new UpnpError(713);
    return book;
  }

  /** Counts from 1. */
  onlineByIndex(index: number): Phonebook {
    const book = this.online[index - 1];
    if (!book) throw new UpnpError(713);
    return book;
  }

  addLocal(name: string, extraId = ""): Phonebook {
    const book = new Phonebook(name, this.seconds);
    book.extraId = extraId;
    this.local.push(book);
    return book;
  }

  addOnline(name: string, account: Partial<Account> = {}): Phonebook {
    if (this.online.length >= MOST_ONLINE) throw new UpnpError(603);
    const whole = { enable: true, status: 0, lastConnect: "", url: "", serviceId: "carddav.generic", username: "" };
    const book = new Phonebook(name, this.seconds, Object.assign(whole, account));
    this.online.push(book);
    return book;
  }

  /** The first book is only emptied. */
  delete(id: number): void {
    const book = this.byId(id);
    if (id === 0) book.clear();
    else if (book.online) this.halfDeleted.add(book);
    else this.local = this.local.filter((other) => other !== book);
  }

  deleteOnline(index: number): void {
    const book = this.onlineByIndex(index);
    this.online = this.online.filter((other) => other !== book);
  }

  /** Effects of a restart. */
  restart(): void {
    this.online = this.online.filter((book) => !this.halfDeleted.has(book));
    this.halfDeleted.clear();
  }

  /** The document of a book; an owner of 240 and above means "online". */
  render(book: Phonebook, most: number, changedAfter: number | undefined): string {
    if (changedAfter !== undefined && book.timestamp <= changedAfter) return wrap("");
    const contacts = book.contacts.slice(0, most).map(renderContact);
    if (book === this.barring) {
      // Like real boxes: line breaks inside tags.
      const lines = contacts.join("").replaceAll("<telephony ", "<telephony\n").replaceAll("<ringTone ", "<ringTone\n");
      return wrap(`<phonebook owner="${BARRING_ID}">${lines}</phonebook>`);
    }
    const owner = book.online ? 240 + this.online.indexOf(book) : this.idOf(book);
    const head = `<phonebook owner="${owner}" name="${escapeXml(book.name)}">`;
    return wrap(`${head}\n<timestamp>${book.timestamp}</timestamp>\n${contacts.join("\n")}\n</phonebook>`);
  }

  /** Undoes all writes since. */
  save(): () => void {
    const { local, online, halfDeleted } = this;
    const books = [this.barring, ...local, ...online].map((book) => book.save());
    const before = { local: [...local], online: [...online], halfDeleted: new Set(halfDeleted) };
    return () => {
      Object.assign(this, before);
      for (const undo of books) undo();
    };
  }
}

const wrap = (books: string) => `<?xml version="1.0" encoding="utf-8"?>\n<phonebooks>\n${books}\n</phonebooks>\n`;
