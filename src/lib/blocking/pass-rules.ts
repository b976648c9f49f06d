/** Rules that allow a caller, before any blocking rule. */
import { isOwnNumber } from "../numbers/index";
import {
  blockBook,
  blockBooksOf,
  blockPattern,
  inQuietHours,
  isListed,
  type Rule,
  pass,
  quietHours,
  type Reason,
} from "./rules";
import { textsOf } from "../core/unknown";
import type { CallerFacts } from "./facts";
import { findPattern } from "./pattern-list";

const allowBook: Rule = ({ hits }, rules, { books }) => {
  const hit = hits.find(({ book }) => isListed(book, textsOf(rules.allowBooks), books));
  return hit && pass("allow-book", "allow-book", { values: nameOf(hit), rule: `allowBooks: ${hit.book}` });
};

const allowPattern: Rule = ({ keys }, rules, { plan }) => {
  const pattern = findPattern(rules.allowPatterns, keys, plan);
  if (pattern === undefined) return undefined;
  return pass("pattern", "allow-pattern", { values: { pattern }, rule: `allowPatterns: ${pattern}` });
};

const falseAlarm: Rule = ({ number, lookupKeys }, { allowedKeys = [] }) =>
  lookupKeys.some((key) => allowedKeys.includes(key))
    ? pass("pattern", "false-alarm", { values: { number }, rule: "false-alarm" })
    : undefined;

const internal: Rule = (facts) => (facts.internal ? pass("internal", "internal") : undefined);

const emergency: Rule = (facts) => (facts.emergency ? pass("emergency", "emergency") : undefined);

const ownNumber: Rule = ({ number, keys }, _rules, { ownNumbers }) =>
  [number, ...keys].some((key) => isOwnNumber(key, textsOf(ownNumbers))) ? pass("own-number", "own-number") : undefined;

/** A call to an own number for which the rules do not hold. */
const otherLine: Rule = (_facts, { numbers }, { called = "" }) => {
  const own = textsOf(numbers);
  if (own.length === 0 || called === "" || isOwnNumber(called, own)) return undefined;
  return pass("other-number", "other-number", { rule: "numbers" });
};

/** A contact, unless it is only in a block book. In quiet hours the user may allow important persons only. */
const contact: Rule = ({ hits, contactsUnknown }, rules, context) => {
  const contacts = hits.filter(({ book }) => !isListed(book, blockBooksOf(rules), context.books));
  const vip = contacts.find((hit) => hit.vip === true);
  if (vip) return pass("contact", "vip", { values: nameOf(vip), rule: `contact: ${vip.book}` });
  const [first] = contacts;
  if (!first) return undefined;
  // The caller may be an important person in a book that could not be read.
  if (rules.quietVipOnly === true && !contactsUnknown && inQuietHours(rules, context))
    return quietHours(rules, context);
  return pass("contact", "contact", { values: nameOf(first), rule: `contact: ${first.book}` });
};

/** Contacts unknown: only rules that the user marked for this case may block. */
const contactsUnknownRule: Rule = (facts, rules, context) => {
  const { contactsUnknown } = facts;
  if (!contactsUnknown) return undefined;
  const { patternsWhenUnknown, booksWhenUnknown } = rules;
  const marked =
    (booksWhenUnknown === true ? blockBook(facts, rules, context) : undefined) ??
    (patternsWhenUnknown === true ? blockPattern(facts, rules, context) : undefined);
  return marked ?? pass("friends-unknown", `friends-unknown-${contactsUnknown}`);
};

const nameOf = ({ book, name = "" }: { book: string; name?: string }) => ({ book, name: name === "" ? "?" : name });

/** In the order of evaluation. */
export const PASS_REASONS: readonly Rule[] = [
  allowBook,
  allowPattern,
  falseAlarm,
  internal,
  emergency,
  ownNumber,
  otherLine,
  contact,
  contactsUnknownRule,
];

/** The reason if no rule matches. */
export function nothingAgainst({ failed, spam }: CallerFacts): Reason {
  if (failed.length > 0) return pass("lookup-failed", "no-sources", { values: { sources: failed.join(", ") } });
  return spam ? pass("unknown", "harmless", { values: spam }) : pass("unknown", "unknown");
}
