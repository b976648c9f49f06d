/** Simulator, web: PhoneBlock's API: check-prefix, num, block list, own lists, report-call, rate. */
import { isSameNumber, type KnownCaller, sha1 } from "./callers";
import { json, type Site, type SiteReply, type SiteRequest } from "./site";

/** The only valid key. */
export const PHONEBLOCK_TOKEN = "pbt_simulator";
/** The version of its list; asked for changes since then it says that this number is gone. */
const LIST_VERSION = 42;
export const FORMERLY_LISTED = "+493023125099";

/** Own entries of the account: a white one, a black one, a wildcard. */
export const OWN_LISTS = { white: "+498999998050", black: "+498999998051", wildcard: "+4490" };

export const phoneblock: Site = (request) => {
  const { method, path } = request;
  const number = /^\/num\/([^/]+)$/.exec(path)?.[1];
  if (number !== undefined) return num(decodeURIComponent(number), request);
  if (request.headers["authorization"] !== `Bearer ${PHONEBLOCK_TOKEN}`) return { status: 401, body: "no" };
  if (path === "/test") return { body: "ok", type: "text/plain" };
  if (path === "/check-prefix") return checkPrefix(request);
  if (path === "/blacklist") return json({ numbers: [{ phone: `${OWN_LISTS.wildcard}*`, wildcard: true }] });
  if (method === "POST" && path === "/rate") return { body: "Rating recorded.", type: "text/plain" };
  if (method === "DELETE" && /^\/(black|white)list\/00\d+$/.test(path)) return { status: 204, body: "" };
  if (path === "/blocklist") return blocklist(request);
  if (method === "POST" && path.startsWith("/report-call/")) return { status: 204, body: "" };
  return undefined;
};

const votesOf = ({ score = 0, reports = 0 }: KnownCaller) => (score >= 6 ? reports : 0);

/** Wilson's lower bound where all agree. */
const confidence = (votes: number) => Math.round((100 * votes) / (votes + 1.96 ** 2));

function infoOf(caller: KnownCaller) {
  const votes = votesOf(caller);
  return {
    phone: caller.number,
    ...{ votes, votesWildcard: 0, rating: "E_ADVERTISING", whiteListed: false, blackListed: false, archived: false },
    ...{ dateAdded: 1767225600000, lastUpdate: 1795000000000, label: null, location: null, userComment: null },
    ...{ heat: 0.8, spamConfidence: confidence(votes), calls: 0 },
  };
}

function checkPrefix({ query, callers }: SiteRequest): SiteReply {
  const [own, ten, hundred] = ["sha1", "prefix10", "prefix100"].map((name) => query.get(name)?.toUpperCase() ?? "");
  const usable = [own, ten, hundred].every((hex = "") => /^([0-9A-F]{2}){2,20}$/.test(hex));
  if (!usable) return { status: 400, body: "bad prefix" };
  const inBucket = (text: string, prefix = "") => sha1(text).startsWith(prefix);
  const listed = callers.filter((caller) => votesOf(caller) > 0);
  const personal = [OWN_LISTS.white, OWN_LISTS.black].map((number) => ({
    ...infoOf({ number }),
    whiteListed: number === OWN_LISTS.white,
    blackListed: number === OWN_LISTS.black,
  }));
  const numbers = [...listed.map(infoOf), ...personal].filter(({ phone }) => inBucket(phone, own));
  return json({ numbers, range10: ranges(listed, 1, ten), range100: ranges(listed, 2, hundred) });
}

function ranges(listed: readonly KnownCaller[], digits: number, prefix = "") {
  const sums = new Map<string, { votes: number; cnt: number }>();
  for (const caller of listed) {
    const range = caller.number.slice(0, -digits);
    const { votes, cnt } = sums.get(range) ?? { votes: 0, cnt: 0 };
    sums.set(range, { votes: votes + votesOf(caller), cnt: cnt + 1 });
  }
  return [...sums]
    .filter(([range, { cnt }]) => sha1(range).startsWith(prefix) && cnt >= (digits === 1 ? 4 : 3))
    .map(([range, sum]) => ({ prefix: range, ...sum }));
}

function num(asked: string, { callers }: SiteRequest): SiteReply {
  if (!/^(\+|00|0)\d+$/.test(asked)) return { status: 400, body: "Invalid phone number." };
  const caller = callers.find((known) => isSameNumber(asked, known));
  if (caller) return json({ ...infoOf(caller), label: "(DE)", location: caller.city ?? null });
  return json({ phone: asked, votes: 0, votesWildcard: 0, rating: "A_LEGITIMATE", dateAdded: 0, lastUpdate: 0 });
}

function blocklist({ query, callers }: SiteRequest): SiteReply {
  const numbers = callers
    .filter((caller) => votesOf(caller) >= 10)
    .map((caller) => ({ phone: caller.number, votes: votesOf(caller), rating: "E_ADVERTISING", lastActivity: 0 }));
  if (query.get("since") === null) {
    const gone = { phone: FORMERLY_LISTED, votes: 20, rating: "C_PING", lastActivity: 0 };
    return json({ numbers: [...numbers, gone], version: LIST_VERSION });
  }
  return json({ numbers: [{ phone: FORMERLY_LISTED, votes: 0 }], version: LIST_VERSION + 1 });
}
