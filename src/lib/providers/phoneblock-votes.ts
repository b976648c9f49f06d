/** L4 providers: what PhoneBlock's votes mean (its API, version 1.7). */
import type { Opinion } from "../model/source";
import { numeric } from "./reply";

/** Where people read about a number. */
export const phoneblockPage = (e164: string) => `https://phoneblock.net/phoneblock/nums/00${e164.slice(1)}`;

/** Numbers around a spammer are suspect, but never enough for blocking: below score 7. */
const MOST_RANGE_RISK = 68;
/** An own entry counts as so many reports: what the user has said is more than a stranger's word. */
const OWN_REPORTS = 10;

/** The user's own black and white list, above everybody's votes. */
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

/** Votes for the ten or hundred numbers around it. */
export function rangeOpinion(votes: number, e164: string): Opinion | undefined {
  if (!(votes >= 1)) return undefined;
  return { risk: Math.min(MOST_RANGE_RISK, 50 + certainty(votes) / 2), reports: votes, link: phoneblockPage(e164) };
}

/** Wilson's lower bound at 95 % for votes that all agree, in percent. */
function certainty(votes: number): number {
  return (100 * votes) / (votes + 1.96 ** 2);
}
