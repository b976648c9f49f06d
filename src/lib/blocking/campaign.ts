/** Finds campaigns: many neighbouring numbers that call within a few days. A hint for a person, no reason to block. */
import { DAY_MS } from "../core/clock";
import { type DialPlan, lookupKeys } from "../numbers/index";
import { neighbourhood } from "./barred-number";
import type { Campaign } from "./campaign-types";
import type { JournalEntry } from "./types";

/** Within so many days ... */
const DAYS = 7;
/** ... at least so many numbers that differ in their last two digits only. */
const LEAST_NUMBERS = 4;
/** Callers who are known; one of them in the range speaks for a company that one has to do with. */
const KNOWN = ["allow-book", "contact", "own-number", "internal", "emergency", "outgoing"];
/** Digits at the end of the common beginning that tell most other numbers apart without normalising them. */
const DISTINCT_DIGITS = 5;

/** `key`: the caller's, in E.164; `at`: the time of the call; `because`: its decision. Undefined if there is no campaign. */
export function campaignOf(
  journal: readonly JournalEntry[],
  { key, at, because }: { key: string; at: string; because: string },
  plan: DialPlan,
): Campaign | undefined {
  const beginning = neighbourhood(key);
  const sinceMs = Date.parse(at) - DAYS * DAY_MS;
  if (beginning === undefined || KNOWN.includes(because) || !Number.isFinite(sinceMs)) return undefined;
  const ending = beginning.slice(-DISTINCT_DIGITS);
  const calls = journal.filter(
    (entry) =>
      (entry.what === "allowed" || entry.what === "blocked") &&
      entry.number.replace(/\D/g, "").slice(0, -2).endsWith(ending) &&
      Date.parse(entry.at) >= sinceMs &&
      Date.parse(entry.at) <= Date.parse(at),
  );
  const numbers = new Map<string, string>([[key, at]]);
  for (const entry of calls) {
    const [own = ""] = lookupKeys(entry.number, plan);
    if (!own.startsWith(beginning) || own.length !== key.length) continue;
    if (KNOWN.includes(entry.because ?? "")) return undefined;
    const first = numbers.get(own);
    if (first === undefined || Date.parse(entry.at) < Date.parse(first)) numbers.set(own, entry.at);
  }
  if (numbers.size < LEAST_NUMBERS) return undefined;
  const [since = at] = [...numbers.values()].sort((a, b) => Date.parse(a) - Date.parse(b));
  return { range: `${beginning}*`, numbers: numbers.size, since };
}
