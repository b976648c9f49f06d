/** Rules of `fritz-block` whose values may come from the message, a context or the environment: read for each message. */
import { defined } from "../../lib/core/defined";
import { FritzError } from "../../lib/core/errors";
import { textOr } from "../../lib/core/unknown";
import { isTimeOfDay } from "../../lib/blocking/rules";
import { type BlockRules, RULE_DEFAULTS } from "../../lib/blocking/types";
import type { Message, Node, Runtime } from "../shared/red";
import { typedNumber, typedValue, whereOf } from "../shared/typed";
import type { FritzBlockDef } from "./definition";

/** Scores go up to 9; the form allows as much of the others. */
const MOST = { minScore: 9, minReports: 100_000, repeatCalls: 100_000, repeatMinutes: 100_000 };
type Count = keyof typeof MOST;
type Time = "quietFrom" | "quietTo";

/** What switches the rule off whose property is not usable: an unusable value never blocks anybody. */
const OFF: Readonly<Record<Count | Time, Partial<BlockRules>>> = {
  ...{ minScore: { minScore: 0 }, minReports: { minScore: 0 } },
  ...{ repeatCalls: { repeatCalls: 0 }, repeatMinutes: { repeatCalls: 0 } },
  ...{ quietFrom: { quietFrom: "" }, quietTo: { quietFrom: "" } },
};
const ALL = Object.keys(OFF) as (Count | Time)[];

/** The values for one message. `error`: the first one that is not usable. */
export interface Thresholds {
  rules: Partial<BlockRules>;
  error?: Error;
}

const typedOf = (def: FritzBlockDef) => ALL.filter((property) => whereOf(def, property) !== undefined);

/** The rules that wait for a message are off until one has their values. */
export const offWhereTyped = (def: FritzBlockDef): Partial<BlockRules> =>
  Object.assign({}, ...typedOf(def).map((property) => OFF[property])) as Partial<BlockRules>;

/** The same rules as if they could apply, to see whether the node can block anything at all. */
export function onWhereTyped(def: FritzBlockDef): Partial<BlockRules> {
  const assumed = {
    minScore: 1,
    minReports: 1,
    repeatCalls: 1,
    repeatMinutes: 1,
    quietFrom: "22:00",
    quietTo: "06:00",
  };
  return Object.fromEntries(typedOf(def).map((property) => [property, assumed[property]]));
}

/** Never rejects. */
export async function thresholdsFor(RED: Runtime, node: Node, def: FritzBlockDef, msg: Message): Promise<Thresholds> {
  const typed = { RED, node, def, msg };
  const found: Partial<BlockRules> = {};
  const off: Partial<BlockRules>[] = [];
  const errors: Error[] = [];
  for (const property of ALL) {
    try {
      if (isTime(property)) Object.assign(found, { [property]: await timeOf(typed, property) });
      else Object.assign(found, { [property]: await countOf(typed, property) });
    } catch (error) {
      errors.push(error as FritzError);
      off.push(OFF[property]);
    }
  }
  const [error] = errors;
  return { rules: Object.assign(found, ...off) as Partial<BlockRules>, ...defined({ error }) };
}

const isTime = (property: Count | Time): property is Time => property === "quietFrom" || property === "quietTo";

interface Typed {
  RED: Runtime;
  node: Node;
  def: FritzBlockDef;
  msg: Message;
}

const countOf = (typed: Typed, property: Count): Promise<number> =>
  typedNumber(typed, property, { usual: RULE_DEFAULTS[property], least: 0, most: MOST[property] });

/** A time of day; "" for no quiet hours. */
async function timeOf({ RED, node, def, msg }: Typed, property: Time): Promise<string> {
  const value = textOr(await typedValue(RED, node, def, property, msg, true), "");
  if (value === "" || isTimeOfDay(value)) return value;
  throw new FritzError("property-time", { property, where: whereOf(def, property) ?? value });
}
