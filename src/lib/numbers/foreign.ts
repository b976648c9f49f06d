/** Checks numbers of other countries. The plan of a calling code is loaded with the first number that has it. */
import { BoundedMap } from "../core/bounded-map";
import { readPlans } from "./data";
import { Plans } from "./plans";
import type { ForeignNumber, ForeignNumbers } from "./types";

/** Size of the cache: one number is checked several times for each ring. */
const MOST_REMEMBERED = 100;
const remembered = new BoundedMap<string, ForeignNumber>(MOST_REMEMBERED);
const plans = new Plans(readPlans);

export const foreignNumbers: ForeignNumbers = {
  judge(e164): ForeignNumber {
    const known = remembered.get(e164) ?? plans.judge(e164);
    remembered.set(e164, known);
    return known;
  },
};
