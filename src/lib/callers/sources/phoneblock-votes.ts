/** Converts PhoneBlock's votes to opinions (its API, version 1.7). */
import type { Opinion } from "../source";
import { numeric } from "../http-reply";

/** The page of a number. */
const phoneblockPage = (e164: string) => `https://phoneblock.net/phoneblock/nums/00${e164.slice(1)}`;

/** Neighbours of a spam number are suspicious, but never enough for blocking: below score 7. */
const MOST_RANGE_RISK = 68;
/** Reports assumed for an own entry, so that it outweighs strangers. */
const OWN_REPORTS = 10;

/** The user's own black and white list, before all votes. */
export function ownOpinion(allowed: boolean, e164: string): Opinion {
  return { risk: allowed ? 0 : 100, reports: OWN_REPORTS, own: true, link: phoneblockPage(e164) };
}

/** `confidence`: PhoneBlock's own 0..100; by it four votes are score 7, ten 8, fifty 9. */
export function votesOpinion(votes: number, confidence: unknown, e164: string): Opinion | undefined {
  if (!(votes >= 1)) return undefined;
  const given = numeric(confidence);
  const sure = given >= 0 && given <= 100 ? given : certainty(votes);
  return { risk: 50 + sure / 2, reports: votes, link: phoneblockPage(e164) };
}

/** Votes for the ten or hundred neighbouring numbers. */
export function rangeOpinion(votes: number, e164: string): Opinion | undefined {
  if (!(votes >= 1)) return undefined;
  return { risk: Math.min(MOST_RANGE_RISK, 50 + certainty(votes) / 2), reports: votes, link: phoneblockPage(e164) };
}

/** Wilson's lower bound at 95 % for votes that all agree, in percent. */
function certainty(votes: number): number {
  return (100 * votes) / (votes + 1.96 ** 2);
}
