/** Simulator, web: tellows' API in JSON and XML, and the directory API of search.ch. */
import { isSameNumber, type KnownCaller, md5, nationalForm } from "./callers";
import { escaped, json, type Site, type SiteReply } from "./site";

/** The only keys that they know. */
export const TELLOWS_KEY = "tellows-simulator";
export const SEARCHCH_KEY = "searchch-simulator";

export const tellows: Site = ({ path, query, headers, callers }) => {
  const asked = /^\/basic\/num\/(\d+)$/.exec(path)?.[1];
  if (asked === undefined) return undefined;
  if (headers["x-auth-token"] !== md5(TELLOWS_KEY)) return json({ error: 403, message: "invalid key" }, 403);
  const caller = callers.find((known) => isSameNumber(asked, known));
  // Labelled as HTML, all values are texts, and a list of one is no list: as the real one does.
  return query.has("xml")
    ? { type: "text/xml", body: tellowsXml(asked, caller) }
    : { type: "text/html", body: JSON.stringify({ tellows: tellowsJson(asked, caller) }) };
};

function tellowsJson(asked: string, caller: KnownCaller | undefined): Record<string, unknown> {
  const { score = 5, reports = 0, city = "", name } = caller ?? {};
  return {
    ...{ number: asked, normalizedNumber: asked, score: String(score), searches: "1077", comments: String(reports) },
    ...{ location: city, country: "Deutschland" },
    callerTypes: { caller: [{ name: "Unbekannt", count: "2" }] },
    ...(name !== undefined && {
      callerNames: { caller: name },
      numberDetails: { name, category: "", city, isCompany: "1" },
    }),
  };
}

function tellowsXml(asked: string, caller: KnownCaller | undefined): string {
  const { score = 5, reports = 0, city = "", name } = caller ?? {};
  const details = name === undefined ? "" : `<numberDetails><name>${escaped(name)}</name></numberDetails>`;
  return `<?xml version="1.0" encoding="UTF-8"?><tellows><number>${asked}</number><score>${score}</score>
<searches>1077</searches><comments>${reports}</comments><location>${escaped(city)}</location>${details}</tellows>`;
}

export const searchch: Site = ({ path, query, callers }) => {
  if (path !== "/tel/api/") return undefined;
  if (query.get("key") !== SEARCHCH_KEY) return { status: 403, type: "text/plain", body: "key" };
  const asked = query.get("was") ?? "";
  const found = callers.filter((known) => known.name !== undefined && isSameNumber(asked, known));
  return { type: "application/atom+xml; charset=utf-8", body: atom(found) } satisfies SiteReply;
};

function atom(found: readonly KnownCaller[]): string {
  const entries = found.map((caller) => {
    const words = (caller.name ?? "").split(" ");
    const [last = "", first] = [words.at(-1), words.slice(0, -1).join(" ")];
    return `<entry><title>${escaped(last)}, ${escaped(first)}</title><tel:type>Person</tel:type>
<tel:name>${escaped(last)}</tel:name><tel:firstname>${escaped(first)}</tel:firstname>
<tel:city>${escaped(caller.city ?? "")}</tel:city><tel:phone>${nationalForm(caller.number)}</tel:phone></entry>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:openSearch="http://a9.com/-/spec/opensearchrss/1.0/" xmlns:tel="http://tel.search.ch/api/spec/result/1.0/">
<openSearch:totalResults>${found.length}</openSearch:totalResults>${entries.join("")}</feed>`;
}
