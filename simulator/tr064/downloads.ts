/**
 * Simulator, TR-064: downloads whose addresses actions return: phonebooks, the call list, messages, files.
 */
import { randomBytes } from "node:crypto";
import { BARRING_ID } from "./phonebooks";
import { page, type Reply, xml } from "./reply";
import type { BoxState } from "./state";

/** Session ids of download addresses, valid for a while without login. */
export class Sids {
  private readonly since = new Map<string, number>();

  constructor(private readonly state: BoxState) {}

  /** 16 hex digits. */
  create(): string {
    const sid = randomBytes(8).toString("hex");
    this.since.set(sid, this.state.now().getTime());
    return sid;
  }

  /** A wrong or expired one ends all others, as on boxes (all clients here have one address). */
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

function messages({ tam }: BoxState, query: URLSearchParams): Reply {
  const index = whole(query, "tamindex");
  if (index === undefined || !tam.slots[index]) return page(404);
  return xml(tam.messagesXml(index, whole(query, "max") ?? 999));
}

/** A recording or a picture, by the route of this box. */
function file(route: BoxState["fileRoute"], parameter: string) {
  return (state: BoxState, query: URLSearchParams): Reply => {
    const path = query.get(parameter) ?? "";
    const body = state.fileRoute === route ? state.file(path) : undefined;
    if (!body) return page(404);
    const isPicture = path.endsWith(".jpg");
    const name = isPicture ? "picture.jpg" : "message.wav";
    const headers = {
      "Content-Type": isPicture ? "image/jpeg" : "audio/x-wav",
      "Content-Disposition": `attachment; filename="${name}"`,
    };
    return { status: 200, headers, body };
  };
}

/** The names of the files. */
export const FILES: Record<string, (state: BoxState, query: URLSearchParams) => Reply> = {
  "/phonebook.lua": phonebook,
  "/calllist.lua": callList,
  "/tamcalllist.lua": messages,
  "/download.lua": file("download", "path"),
  // A real box has this on the ports of its user interface.
  "/cgi-bin/luacgi_notimeout": file("user-interface", "myabfile"),
};
