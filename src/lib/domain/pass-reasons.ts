/** L1 domain: the rules that let a caller through whatever else speaks against it. */
import { isOwnNumber } from "./same-number";
import { isListed, type Judge, pass, type Reason } from "./block-reason";
import { blockBooksOf, inQuietHours, quietHours } from "./block-reasons";
import { type CallerFacts, findPattern, textsOf } from "./caller-facts";
import { GERMANY, isEmergency } from "./number-patterns";

const allowBook: Judge = ({ hits }, rules) => {
  const hit = hits.find(({ book }) => isListed(book, textsOf(rules.allowBooks)));
  return hit && pass("allow-book", "allow-book", { values: nameOf(hit), rule: `allowBooks: ${hit.book}` });
};

const allowPattern: Judge = ({ keys }, rules, { plan }) => {
  const pattern = findPattern(rules.allowPatterns, keys, plan);
  if (pattern === undefined) return undefined;
  return pass("pattern", "allow-pattern", { values: { pattern }, rule: `allowPatterns: ${pattern}` });
};

const internal: Judge = (facts) => (facts.internal ? pass("internal", "internal") : undefined);

const emergency: Judge = ({ number, keys }, _rules, { plan = GERMANY }) =>
  [number, ...keys].some((key) => isEmergency(key.replace(`+${plan.countryCode}`, "")))
    ? pass("emergency", "emergency")
    : undefined;

const ownNumber: Judge = ({ number, keys }, _rules, { ownNumbers }) =>
  [number, ...keys].some((key) => isOwnNumber(key, textsOf(ownNumbers))) ? pass("own-number", "own-number") : undefined;

/** A contact, unless it stands in a block book only. In quiet hours the user may want to hear important persons only. */
const contact: Judge = ({ hits }, rules, context) => {
  const friends = hits.filter(({ book }) => !isListed(book, blockBooksOf(rules)));
  const vip = friends.find((hit) => hit.vip === true);
  if (vip) return pass("contact", "vip", { values: nameOf(vip), rule: `contact: ${vip.book}` });
  const [friend] = friends;
  if (!friend) return undefined;
  if (rules.quietVipOnly === true && inQuietHours(rules, context)) return quietHours(rules, context);
  return pass("contact", "contact", { values: nameOf(friend), rule: `contact: ${friend.book}` });
};

const contactsUnknown: Judge = (facts) => (facts.contactsUnknown ? pass("lookup-failed", "no-contacts") : undefined);

const nameOf = ({ book, name = "" }: { book: string; name?: string }) => ({ book, name: name === "" ? "?" : name });

/** In their order. */
export const PASS_REASONS: readonly Judge[] = [
  allowBook,
  allowPattern,
  internal,
  emergency,
  ownNumber,
  contact,
  contactsUnknown,
];

/** What is said if no rule speaks against a caller. */
export function nothingAgainst({ failed, spam }: CallerFacts): Reason {
  if (failed.length > 0) return pass("lookup-failed", "no-sources", { values: { sources: failed.join(", ") } });
  return spam ? pass("unknown", "harmless", { values: spam }) : pass("unknown", "unknown");
}
