/** The properties of `fritz-block`, with their defaults. */
import { type BlockRules, RULE_DEFAULTS } from "../../lib/blocking/types";
import type { Defaults, NodeDef } from "../shared/red";

/** `allowedKeys` is what the node has learned, not a property. */
export interface FritzBlockDef extends NodeDef, Omit<BlockRules, "allowedKeys"> {
  box?: string;
  minScoreType?: string;
  minReportsType?: string;
  repeatCallsType?: string;
  repeatMinutesType?: string;
  quietFromType?: string;
  quietToType?: string;
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
  rate?: boolean;
  rateUrl?: string;
}

export const ACTIONS = ["decide", "phonebook", "barring"] as const;

export const DEFAULTS = {
  ...RULE_DEFAULTS,
  ...{ minScoreType: "num", minReportsType: "num", repeatCallsType: "num", repeatMinutesType: "num" },
  ...{ quietFromType: "str", quietToType: "str" },
  action: ACTIONS[0],
  ...{ targetBook: "Spam", namePrefix: "[Spam] ", timeStamp: false, dryRun: true, repeatSeconds: 10 },
  ...{ perHour: 10, maxEntries: 500, expireDays: 180, rangeFrom: 5, learnBook: "", store: "" },
  ...{ rate: false, rateUrl: "" },
} satisfies Defaults<FritzBlockDef>;
