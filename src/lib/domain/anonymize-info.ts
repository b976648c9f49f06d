/** L1 domain: what is known of a caller and decided, without name and recognisable number. */
import type { CallerInfo } from "../model/caller-info";
import type { Decision } from "../model/decision";
import { maskNumber, maskText } from "../model/mask";

/** Stands for every name, as in Airport1's block log. */
export const NO_NAME = "Anonymized";

/** Keeps kind, flags, place, score and which sources answered; drops name, picture and link. */
export function anonymizeInfo(info: CallerInfo): CallerInfo {
  const { number, e164, type, flags, place, contact, spam, sources, complete } = info;
  return {
    number: maskNumber(number),
    ...(e164 !== undefined && { e164: maskNumber(e164) }),
    display: NO_NAME,
    type,
    flags,
    ...(place && { place }),
    ...(contact && { contact: { book: contact.book, bookId: contact.bookId, name: NO_NAME, vip: contact.vip } }),
    ...(spam && { spam: { score: spam.score, reports: spam.reports, source: spam.source } }),
    sources: sources?.map(({ id, status, ms }) => ({ id, status, ...(ms !== undefined && { ms }) })),
    complete,
  };
}

/** The sentence may name the caller and is dropped; the rule stays, its numbers masked. */
export function anonymizeDecision(decision: Decision): Decision {
  const { verdict, because, rule, action, book } = decision;
  return {
    verdict,
    because,
    explanation: "",
    ...(rule !== undefined && { rule: maskText(rule) }),
    action,
    ...(book !== undefined && { book }),
  };
}
