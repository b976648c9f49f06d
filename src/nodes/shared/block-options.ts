/** L5 nodes: the properties of `fritz-block` as they are saved in a flow -> what the services need. */
import { numberOr, textsOf } from "../../lib/domain/caller-facts";
import { parsePattern } from "../../lib/domain/number-patterns";
import type { PendingWrite } from "../../lib/model/block-memory";
import type { BlockRules, CountryList } from "../../lib/model/block-rules";
import type { BarringOptions } from "../../lib/services/bar-bench";
import type { BlockerOptions } from "../../lib/services/blocker";
import type { NodeDef } from "./red";

export interface FritzBlockDef extends NodeDef, BlockRules {
  box?: string;
  action?: string;
  namePrefix?: string;
  timeStamp?: boolean;
  dryRun?: boolean;
  repeatSeconds?: number | string;
  perHour?: number | string;
  maxEntries?: number | string;
  expireDays?: number | string;
  rangeFrom?: number | string;
  learnBook?: string;
  store?: string;
}

export interface BlockOptions {
  blocker: BlockerOptions;
  barring: BarringOptions;
  perHour: number;
  ops: PendingWrite["op"][];
}

const ACTIONS = ["decide", "phonebook", "barring"] as const;

/** Missing values are the defaults; only an explicit `dryRun: false` ends the dry run. */
export function readBlockOptions(def: FritzBlockDef): BlockOptions {
  const action = ACTIONS.find((one) => one === def.action) ?? "decide";
  const targetBook = def.targetBook?.trim() || "Spam";
  const learnBook = def.learnBook?.trim() ?? "";
  const dryRun = def.dryRun !== false;
  const rules = readRules(def, targetBook);
  return {
    blocker: { rules, action, dryRun, repeatSeconds: numberOr(def.repeatSeconds, 10) },
    barring: {
      target: action === "barring" ? "barring" : "phonebook",
      book: targetBook,
      blockBooks: [...textsOf(rules.blockBooks), targetBook],
      namePrefix: def.namePrefix ?? "[Spam] ",
      timeStamp: def.timeStamp === true,
      most: Math.max(1, numberOr(def.maxEntries, 500)),
      days: numberOr(def.expireDays, 180),
      rangeFrom: numberOr(def.rangeFrom, 5),
      learnBook,
    },
    perHour: numberOr(def.perHour, 10),
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
  return {
    allowBooks: textsOf(def.allowBooks),
    blockBooks: textsOf(def.blockBooks),
    allowPatterns: textsOf(def.allowPatterns),
    blockPatterns: textsOf(def.blockPatterns),
    minScore: numberOr(def.minScore, 7),
    minReports: numberOr(def.minReports, 3),
    blockForeign: def.blockForeign === true,
    blockAnonymous: def.blockAnonymous === true,
    blockFake: def.blockFake === true,
    countries,
    repeatCalls: numberOr(def.repeatCalls, 0),
    repeatMinutes: numberOr(def.repeatMinutes, 60),
    quietFrom: def.quietFrom ?? "",
    quietTo: def.quietTo ?? "",
    quietVipOnly: def.quietVipOnly === true,
    targetBook,
  };
}

/** The patterns that are none: the list's property and the place in it, from 1. The text itself may be somebody's number. */
export function badPatterns({ allowPatterns, blockPatterns }: BlockRules): { list: string; position: number }[] {
  const lists = { allowPatterns, blockPatterns };
  return Object.entries(lists).flatMap(([list, patterns]) =>
    textsOf(patterns).flatMap((text, i) => (parsePattern(text) ? [] : [{ list, position: i + 1 }])),
  );
}
