/** Simulator, TR-064: phonebooks with ids by position, and contacts as they were written. */
import { UpnpError } from "./soap";
import { element, escapeXml, parseXml, type XmlElement, XmlError } from "./xml";

/** The call barring list; it is not among the other books. */
export const BARRING_ID = 258;

/** A contact: `xml` is what was written between the tags, without id and time, which are the box's. */
export interface Contact {
  uniqueid: number;
  modTime: number;
  /** `<contact …>` as it was written. */
  tag: string;
  xml: string;
}

/** An online book's account. */
export interface Account {
  enable: boolean;
  /** 0 ok, 2 syncing, 11 login failed, 20/22 not found. */
  status: number;
  lastConnect: string;
  url: string;
  serviceId: string;
  username: string;
}

/** Data of a contact, for `contactXml`. */
export interface ContactNumber {
  number: string;
  /** home, mobile, work, fax_home, fax_work, intern, memo, other. */
  type?: string;
  quickdial?: string;
  vanity?: string;
}

/** A contact's XML in the schema of real boxes; the first number is the main one. */
export function contactXml(name: string, ...numbers: (string | ContactNumber)[]): string {
  const lines = numbers.map((given, i) => {
    const { number, type = "home", quickdial, vanity } = typeof given === "string" ? { number: given } : given;
    const more = Object.entries({ quickdial, vanity }).map(([key, value]) =>
      value === undefined ? "" : ` ${key}="${escapeXml(value)}"`,
    );
    return `<number type="${escapeXml(type)}" prio="${i === 0 ? 1 : 0}" id="${i}"${more.join("")}>${escapeXml(number)}</number>`;
  });
  return (
    `<contact><category>0</category><person>${element("realName", name)}<imageURL /></person>` +
    `<telephony nid="${lines.length}">${lines.join("")}</telephony><services /><setup><ringTone /></setup></contact>`
  );
}

/** Finds `<contact>`, bare or wrapped, in what a client wrote. Throws 820 when there is none. */
function readContact(data: string): { tag: string; xml: string; uniqueid: number } {
  // Without this declaration a box takes the bytes for another character set.
  const declared = /^\ufeff?<\?xml\s[^>]*encoding\s*=\s*["']utf-8["']/i.test(data);
  const source = declared ? data : Buffer.from(data, "utf8").toString("latin1");
  const contact = findContact(parseOr820(source));
  if (!contact) throw new UpnpError(820);
  let xml = "";
  let from = contact.innerStart;
  let uniqueid = "";
  for (const child of contact.children) {
    if (child.local !== "uniqueid" && child.local !== "mod_time") continue;
    if (child.local === "uniqueid") uniqueid = child.text.trim();
    xml += source.slice(from, child.start);
    from = child.end;
  }
  if (!/^\d*$/.test(uniqueid)) throw new UpnpError(820);
  xml += source.slice(from, contact.innerEnd);
  const written = source.slice(contact.start, contact.innerStart);
  return { tag: written.replace(/\s*\/>$/, ">"), xml, uniqueid: Number(uniqueid) };
}

function parseOr820(source: string): XmlElement {
  try {
    return parseXml(source);
  } catch (error) {
    throw error instanceof XmlError ? new UpnpError(820) : error;
  }
}

function findContact(parent: XmlElement): XmlElement | undefined {
  if (parent.local === "contact") return parent;
  for (const child of parent.children) {
    const found = findContact(child);
    if (found) return found;
  }
  return undefined;
}

/** A contact as the box hands it out. */
export function renderContact({ tag, xml, modTime, uniqueid }: Contact): string {
  return `${tag}${xml}${element("mod_time", modTime)}${element("uniqueid", uniqueid)}</contact>`;
}

/** All numbers of a contact, as written. */
export function numbersOf(contact: Contact): string[] {
  const collect = (parent: XmlElement): string[] => [
    ...(parent.local === "number" ? [parent.text] : []),
    ...parent.children.flatMap(collect),
  ];
  return collect(parseXml(renderContact(contact)));
}

/** The name of a contact; "" = none. */
export function nameOf(contact: Contact): string {
  const person = parseXml(renderContact(contact)).children.find(({ local }) => local === "person");
  return person?.children.find(({ local }) => local === "realName")?.text ?? "";
}

/** One book. */
export class Phonebook {
  extraId = "";
  contacts: Contact[] = [];
  /** Unix seconds of the last change. */
  timestamp: number;
  /** New contacts beyond this number are dropped silently, as on real boxes. */
  capacity = Infinity;
  private nextId = 1;

  constructor(
    public name: string,
    private readonly seconds: () => number,
    /** Set for an online book, which only its server can change. */
    readonly account?: Account,
  ) {
    this.timestamp = seconds();
  }

  get online(): boolean {
    return this.account !== undefined;
  }

  /** Writes a contact: without or with an unknown unique id a new one, else over the present one. Returns its id. */
  write(data: string): number {
    const { uniqueid, ...written } = readContact(data);
    const present = uniqueid === 0 ? -1 : this.contacts.findIndex((contact) => contact.uniqueid === uniqueid);
    return this.put(written, present < 0 ? undefined : present);
  }

  /** Writes over the contact at a position, whatever its id says. */
  writeAt(index: number, data: string): number {
    if (!this.contacts[index]) throw new UpnpError(713);
    const { tag, xml } = readContact(data);
    return this.put({ tag, xml }, index);
  }

  /** For code: adds a contact as XML or as data for `contactXml`, without checking the character set. */
  add(contact: string, ...numbers: (string | ContactNumber)[]): number {
    const xml = contact.trimStart().startsWith("<") ? contact : contactXml(contact, ...numbers);
    return this.write(xml.startsWith("<?xml") ? xml : `<?xml version="1.0" encoding="utf-8"?>${xml}`);
  }

  /** Throws 713 for an unknown id. */
  byUniqueId(uniqueid: number): Contact {
    return this.contacts.find((contact) => contact.uniqueid === uniqueid) ?? refuse(713);
  }

  /** Throws 713 past the end. */
  byIndex(index: number): Contact {
    return this.contacts[index] ?? refuse(713);
  }

  remove(contact: Contact): void {
    this.contacts = this.contacts.filter((other) => other !== contact);
    this.touch();
  }

  clear(): void {
    this.contacts = [];
    this.touch();
  }

  /** The state that a write changes, for undoing it. */
  save(): () => void {
    const { contacts, timestamp, nextId } = this;
    const copy = [...contacts];
    return () => Object.assign(this, { contacts: copy, timestamp, nextId });
  }

  private put(written: { tag: string; xml: string }, index: number | undefined): number {
    const uniqueid = (index === undefined ? undefined : this.contacts[index]?.uniqueid) ?? this.nextId++;
    const contact: Contact = { ...written, uniqueid, modTime: this.seconds() };
    if (index !== undefined) this.contacts[index] = contact;
    else if (this.contacts.length < this.capacity) this.contacts.push(contact);
    else return uniqueid;
    this.touch();
    return uniqueid;
  }

  private touch(): void {
    this.timestamp = this.seconds();
  }
}

function refuse(code: number): never {
  throw new UpnpError(code);
}
