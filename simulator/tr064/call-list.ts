/** Simulator, TR-064: the box's call list and its two documents. */
import { element } from "./xml";

/** 1 answered, 2 missed, 3 outgoing, 9 running incoming, 10 rejected, 11 running outgoing. */
export type CallType = 1 | 2 | 3 | 9 | 10 | 11;

/** A call for the list. */
export interface CallEntry {
  /** Counts up by itself when left out. */
  id?: number;
  type: CallType;
  /** The other side's number; "" = withheld. */
  remote: string;
  own: string;
  /** Name in the box's phonebook. */
  name?: string;
  numbertype?: "pots" | "isdn" | "sip" | "umts" | "";
  device?: string;
  /** As the call monitor's extension ids; 5 fax, 40-49 answering machine. */
  port?: number;
  date: Date;
  /** The list shows hours:minutes, rounded up. */
  seconds?: number;
  count?: number;
  path?: string;
}

/** Parameters of a download. */
export interface CallFilter {
  /** 1 = today and yesterday. */
  days?: number | undefined;
  max?: number | undefined;
  /** Only newer ones; requires the list's own timestamp. */
  id?: number | undefined;
  timestamp?: number | undefined;
}

const DAY = 24 * 3600 * 1000;
const DEFAULT_MOST = 999;
const two = (n: number) => String(n).padStart(2, "0");

/** The newest call comes first; the oldest ones fall out. */
export class CallList {
  /** Number of calls kept. */
  limit = 400;
  /** "off" = the box keeps no calls (empty address); "unsupported" = error 820. */
  mode: "on" | "off" | "unsupported" = "on";
  /** Identifies the list: changes with a factory reset. */
  timestamp: number;
  private lastId = 0;
  private entries: (CallEntry & { id: number })[] = [];

  constructor(private readonly now: () => Date) {
    this.timestamp = Math.floor(now().getTime() / 1000);
  }

  get all(): readonly CallEntry[] {
    return this.entries;
  }

  /** Adds a call. Returns its id. */
  add(entry: CallEntry): number {
    const id = entry.id ?? this.lastId + 1;
    this.lastId = Math.max(this.lastId, id);
    this.entries = [{ ...entry, id }, ...this.entries].slice(0, this.limit);
    return id;
  }

  /** A call that was running has ended: its entry keeps id and place. */
  finish(id: number, entry: CallEntry): void {
    this.entries = this.entries.map((one) => (one.id === id ? { ...entry, id } : one));
  }

  clear(): void {
    this.entries = [];
  }

  select({ days = DEFAULT_MOST, max = DEFAULT_MOST, id, timestamp }: CallFilter): CallEntry[] {
    const midnight = new Date(this.now());
    midnight.setHours(0, 0, 0, 0);
    const since = midnight.getTime() - days * DAY;
    const after = id !== undefined && timestamp === this.timestamp ? id : -1;
    return this.entries.filter((entry) => entry.date.getTime() >= since && entry.id > after).slice(0, max);
  }

  xml(filter: CallFilter): string {
    const calls = this.select(filter).map((entry) => `<Call>\n${fields(entry)}\n</Call>\n`);
    const head = `<?xml version="1.0" encoding="utf-8"?>\n<root>\n${element("timestamp", this.timestamp)}\n`;
    return `${head}${calls.join("")}</root>\n`;
  }

  csv(filter: CallFilter): string {
    const rows = this.select(filter).map((entry) =>
      [entry.type, day(entry.date), entry.name, entry.remote, entry.device, ownText(entry), length(entry)].join(";"),
    );
    return `sep=;\nTyp;Datum;Name;Rufnummer;Nebenstelle;Eigene Rufnummer;Dauer\n${rows.join("\n")}\n`;
  }
}

const isOutgoing = ({ type }: CallEntry) => type === 3 || type === 11;

/** The own side carries a prefix like "SIP: ". */
function ownText({ own, numbertype = "sip" }: CallEntry): string {
  return numbertype === "" ? own : `${numbertype.toUpperCase()}: ${own}`;
}

function day(date: Date): string {
  const parts = [date.getDate(), date.getMonth() + 1, date.getFullYear() % 100].map(two).join(".");
  return `${parts} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function length({ seconds = 0 }: CallEntry): string {
  const minutes = Math.ceil(seconds / 60);
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
}

function fields(entry: CallEntry): string {
  const { id = 0, type, remote, name = "", numbertype = "sip", device = "", port, date, count, path = "" } = entry;
  const sides = isOutgoing(entry)
    ? [element("Called", remote), element("Caller", ownText(entry)), element("CallerNumber", entry.own)]
    : [element("Caller", remote), element("Called", ownText(entry)), element("CalledNumber", entry.own)];
  return [
    element("Id", id),
    element("Type", type),
    ...sides,
    element("Name", name),
    element("Numbertype", numbertype),
    element("Device", device),
    element("Port", port ?? (type === 2 || type === 10 ? -1 : 0)),
    element("Date", day(date)),
    element("Duration", length(entry)),
    element("Count", count ?? ""),
    element("Path", path),
  ].join("\n");
}
