/** Reads the saved properties of `fritz-hangup`. */
import { MINUTE_MS } from "../../lib/core/clock";
import { flagOr, numberOr, textsOf } from "../../lib/core/unknown";
import type { HangupAgentOptions } from "../../lib/sip/agent-types";
import { DEFAULTS, type FritzHangupDef } from "./definition";
import { findPattern } from "../../lib/blocking/pattern-list";
import { type DialPlan, isEmergency as isEmergencyIn, keyOf as keyIn } from "../../lib/numbers/index";
import { isCalledOf } from "../../lib/sip/reports";

export interface HangupCredentials {
  sipUsername?: string;
  sipPassword?: string;
}

/** Upper bound: no ring lasts longer, ms. */
const LONGEST_DELAY_MS = MINUTE_MS;

export interface HangupOptions {
  phone: Omit<HangupAgentOptions, "clock" | "host">;
  numbers: string[];
  allowPatterns: string[];
  delayMs: number;
  perHour: number;
  dryRun: boolean;
}

/** Missing values get their defaults; only an explicit `dryRun: false` ends the dry run. */
export function readHangupOptions(def: FritzHangupDef, { sipUsername, sipPassword }: HangupCredentials): HangupOptions {
  return {
    phone: {
      port: portOr(def.registrarPort, DEFAULTS.registrarPort),
      user: sipUsername?.trim() ?? "",
      password: sipPassword ?? "",
      localPort: portOr(def.port, DEFAULTS.port),
      advertise: def.advertise?.trim() ?? DEFAULTS.advertise,
    },
    numbers: textsOf([def.numbers ?? DEFAULTS.numbers].flat().map((number) => String(number).trim())),
    allowPatterns: textsOf(def.allowPatterns ?? DEFAULTS.allowPatterns),
    delayMs: Math.min(Math.max(0, numberOr(def.delayMs, DEFAULTS.delayMs)), LONGEST_DELAY_MS),
    perHour: Math.max(0, numberOr(def.perHour, DEFAULTS.perHour)),
    dryRun: flagOr(def.dryRun, DEFAULTS.dryRun),
  };
}

function portOr(given: number | string | undefined, usual: number): number {
  const port = given === "" ? usual : Number(given ?? usual);
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : usual;
}

// How `fritz-hangup` compares numbers: its own ones, and those of its allow list.

/** `plan`: the box's, as far as it is known. */
export function numberRules(
  { numbers, allowPatterns }: Pick<HangupOptions, "numbers" | "allowPatterns">,
  plan: () => DialPlan | undefined,
) {
  const keyOf = (number: string) => keyIn(number, plan());
  return {
    keyOf,
    isEmergency: (number: string) => isEmergencyIn(number, plan()),
    isOwn: (called: string | undefined) => isCalledOf(numbers, keyOf)(called),
    isAllowed: (number: string) => findPattern(allowPatterns, [keyOf(number)], plan()) !== undefined,
  };
}
