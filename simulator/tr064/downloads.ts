/** Simulator, TR-064: the files behind the addresses that actions give out: phonebooks and the call list. */
import { randomBytes } from "node:crypto";
import { BARRING_ID } from "./phonebooks";
import { page, type Reply, xml } from "./reply";
import type { BoxState } from "./state";

/** Session ids in addresses: good for a while, without further login. */
export class Sids {
  private readonly since = new Map<string, number>();

  constructor(private readonly state: BoxState) {}

  /** 16 hex digits. */
  create(): string {
    const sid = randomBytes(8).toString("hex");
    this.since.set(sid, this.state.now().getTime());
    return sid;
  }

  /** A wrong or old one ends all others too: all clients here have one address, and so boxes do it. */
  check(sid: string | null): boolean {
    const since = this.since.get(sid ?? "");
    const good = since !== undefined && this.state.now().getTime() - since < this.state.sidLifetimeMs;
    if (!good) this.since.clear();
    return good;
  }

  forget(): void {
    this.since.clear();
  }
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function phonebook({ books, defaultMaxContacts }: BoxState, query: URLSearchParams): Reply {
  const id = whole(query, "pbid");
  const book = id === BARRING_ID ? books.barring : books.all[id ?? -1];
  if (!book) return page(404);
  return xml(books.render(book, whole(query, "max") ?? defaultMaxContacts, whole(query, "timestamp")));
}

function callList({ calls }: BoxState, query: URLSearchParams): Reply {
  const [days, max, id, timestamp] = ["days", "max", "id", "timestamp"].map((name) => whole(query, name));
  const filter = { days, max, id, timestamp };
  if (query.get("type") !== "csv") return xml(calls.xml(filter));
  return { status: 200, headers: { "Content-Type": "text/csv; charset=utf-8" }, body: calls.csv(filter) };
}

/** The names of the files. */
export const FILES: Record<string, (state: BoxState, query: URLSearchParams) => Reply> = {
  "/phonebook.lua": phonebook,
  "/calllist.lua": callList,
};
