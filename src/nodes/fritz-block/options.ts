/** Reads the saved properties of `fritz-block`. */
import { yieldingly } from "../../lib/core/async";
import { flagOr, numberOr, readProperties, textsOf } from "../../lib/core/unknown";
import { parsePattern } from "../../lib/numbers/index";
import { type BlockRules, type CountryList, type PendingWrite, RULE_DEFAULTS } from "../../lib/blocking/types";
import type { BarringOptions } from "../../lib/blocking/barring-session";
import type { BlockerOptions } from "../../lib/blocking/blocker-types";
import { ACTIONS, DEFAULTS, type FritzBlockDef } from "./definition";
import { offWhereTyped } from "./thresholds";

export interface BlockOptions {
  blocker: BlockerOptions;
  barring: BarringOptions;
  perHour: number;
  ops: PendingWrite["op"][];
  /** Undefined: numbers are not rated. */
  rating: { url: string } | undefined;
}

/** Missing values get their defaults; only an explicit `dryRun: false` ends the dry run. */
export function readBlockOptions(def: FritzBlockDef): BlockOptions {
  const action = ACTIONS.find((one) => one === def.action) ?? DEFAULTS.action;
  const targetBook = def.targetBook?.trim() || DEFAULTS.targetBook;
  const learnBook = def.learnBook?.trim() ?? DEFAULTS.learnBook;
  const dryRun = flagOr(def.dryRun, DEFAULTS.dryRun);
  const rules = readRules(def, targetBook);
  return {
    blocker: { rules, action, dryRun, repeatSeconds: numberOr(def.repeatSeconds, DEFAULTS.repeatSeconds) },
    barring: {
      target: action === "barring" ? "barring" : "phonebook",
      book: targetBook,
      blockBooks: [...textsOf(rules.blockBooks), targetBook],
      namePrefix: def.namePrefix ?? DEFAULTS.namePrefix,
      timeStamp: flagOr(def.timeStamp, DEFAULTS.timeStamp),
      most: Math.max(1, numberOr(def.maxEntries, DEFAULTS.maxEntries)),
      days: numberOr(def.expireDays, DEFAULTS.expireDays),
      rangeFrom: numberOr(def.rangeFrom, DEFAULTS.rangeFrom),
      learnBook,
    },
    perHour: numberOr(def.perHour, DEFAULTS.perHour),
    rating: flagOr(def.rate, DEFAULTS.rate) ? { url: def.rateUrl?.trim() ?? DEFAULTS.rateUrl } : undefined,
    ops: dryRun
      ? ["release"]
      : ["release", ...(action === "decide" ? [] : ["bar" as const]), ...(learnBook === "" ? [] : ["learn" as const])],
  };
}

function readRules(def: FritzBlockDef, targetBook: string): BlockRules {
  const countries: CountryList = {
    mode: def.countries?.mode === "allow" ? "allow" : "block",
    list: textsOf(def.countries?.list),
  };
  return { ...readProperties(def, RULE_DEFAULTS), countries, targetBook, ...offWhereTyped(def) };
}

/**
 * Invalid patterns: the list's property and the position in it, from 1. The text is left out, as it may be a
 * number.
 */
export async function badPatterns(rules: BlockRules): Promise<{ list: string; position: number }[]> {
  const bad: { list: string; position: number }[] = [];
  for (const list of ["allowPatterns", "blockPatterns"] as const) {
    await yieldingly([...textsOf(rules[list]).entries()], ([i, text]) => {
      if (!parsePattern(text)) bad.push({ list, position: i + 1 });
    });
  }
  return bad;
}
