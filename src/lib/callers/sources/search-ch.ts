/** The directory of Switzerland and Liechtenstein (tel.search.ch) with the user's own key. Sends the number. */
import { callingCodeOf, matchListed, numberForms } from "../../numbers/index";
import { FritzError } from "../../core/errors";
import type { NameRank, SourceAnswer } from "../source";
import { childText, descendants, parseXml, type XmlElement } from "../../core/xml";
import { CACHE_TIMES, POLICIES, type SourceDefinition } from "../source-definition";
import { asksForHuman, blocked, checkStatus, strange, textual } from "../http-reply";

const MAX_BYTES = 500_000;
const HOST = "search.ch";
const COUNTRIES = ["41", "423"];

export const searchch: SourceDefinition = {
  profile: {
    id: "searchch",
    label: "tel.search.ch",
    sends: "number",
    kinds: ["name"],
    group: "directory-ch",
    trust: 0.9,
    local: false,
    countries: COUNTRIES,
    home: "https://search.ch/tel/api/help",
  },
  policy: { ...POLICIES.api, ...CACHE_TIMES.name, perMonth: 1000 }, // quota of a free key
  secret: { name: "searchchKey", required: true },
  create: ({ baseUrl = "https://search.ch", allowPrivate = false }, tools) => ({
    lookup: async ({ number }, signal) => {
      const e164 = number.e164 ?? "";
      const home = callingCodeOf(e164, COUNTRIES) ?? "41";
      const { national, intl00 } = numberForms(e164, home);
      const was = home === "41" ? national : intl00;
      const key = encodeURIComponent(tools.secrets["searchchKey"] ?? "");
      const reply = await tools.fetch({
        url: `${baseUrl.replace(/\/$/, "")}/tel/api/?was=${was}&maxnum=5&lang=de&key=${key}`,
        ...{ maxBytes: MAX_BYTES, redirects: 2, allowPrivate, signal },
      });
      if (reply.status === 403 && !asksForHuman(reply.text)) throw new FritzError("source-key", { host: HOST });
      if (checkStatus(reply, HOST, [404]) === "unknown") return null;
      return readFeed(reply.text, e164, home);
    },
  }),
};

function readFeed(text: string, e164: string, home: string): SourceAnswer {
  let feed: XmlElement | undefined;
  try {
    feed = parseXml(text);
  } catch {
    // reported below
  }
  if (feed?.name !== "feed") throw asksForHuman(text) ? blocked(HOST) : strange(HOST, "feed");
  const entries = descendants(feed, "entry").flatMap((entry) => {
    const listed = childText(entry, "phone");
    const rank: NameRank | undefined = listed === "" ? "details" : toRank(matchListed(listed, e164, home));
    const name = nameOf(entry);
    return rank !== undefined && name !== undefined ? [{ rank, name, town: textual(childText(entry, "city")) }] : [];
  });
  const best = entries.find(({ rank }) => rank === "directory") ?? entries[0];
  if (!best || entries.some(({ rank, name }) => rank === best.rank && name !== best.name)) return null; // several people
  return { name: { text: best.name, rank: best.rank }, ...(best.town !== undefined && { place: { town: best.town } }) };
}

const toRank = (match: "exact" | "trunk" | undefined) => (match === "exact" ? "directory" : match);

/** Without a key there is only a title, "Muster, Anna". */
function nameOf(entry: XmlElement): string | undefined {
  const whole = textual(`${childText(entry, "firstname")} ${childText(entry, "name")}`);
  return whole ?? textual(childText(entry, "title").replace(/^([^,]+),\s*([^,]+)$/, "$2 $1"));
}
