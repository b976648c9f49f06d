/** Simulator, web: the pages as sites. */
import { type KnownCaller, isSameNumber } from "./callers";
import { PAGES, type PageSite, html } from "./pages";
import type { Site, SiteReply } from "./site";

function toSite({ number, found, unknown, directory }: PageSite): Site {
  return ({ path, query, callers }): SiteReply | undefined => {
    const asked = number.exec(`${path}${query.size > 0 ? `?${query.toString()}` : ""}`)?.[1];
    if (asked === undefined) return undefined;
    const known = ({ name, reports = 0 }: KnownCaller) => (directory ? name !== undefined : reports > 0);
    const caller = callers.find((candidate) => isSameNumber(asked, candidate) && known(candidate));
    if (caller) return { type: "text/html; charset=utf-8", body: found(caller, asked) };
    if (typeof unknown === "number") return { status: unknown, type: "text/html", body: html("?", "<p>?</p>") };
    return { type: "text/html; charset=utf-8", body: unknown(asked) };
  };
}

/** The sites with pages, by the ids of the sources that read them. */
export const PAGE_SITES: Readonly<Record<string, Site>> = Object.fromEntries(
  Object.entries(PAGES).map(([id, page]) => [id, toSite(page)]),
);
