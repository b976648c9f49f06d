/** Normalises a number in any written form to E.164, with its type, place and flags. */
import type { DialPlan, NormalizedNumber, Flag } from "./types";
import { dial, type Dialled, prefixOf } from "./dial";
import { GERMANY, type FullDialPlan, readHome } from "./home";
import { hasHardFlag, type NumberFlags } from "./flags";
import { isSound, judge, type Split, withPlus, type World } from "./world";
import { readWritten } from "./parse";

/** Longest number by Germany's plan; longer ones exist, with direct dialling. */
const USUAL_MOST = 11;

const without = (type: NormalizedNumber["type"], flags: Flag[] = []): NormalizedNumber => ({ e164: null, type, flags });

/**
 * Reads a number as it is meant at home. Total: takes any value and any plan, and never throws. Normalising the E.164 number of
 * the answer gives the same number.
 */
export function normalize(input: unknown, plan: Partial<DialPlan> | undefined, world: World): NormalizedNumber {
  const written = readWritten(input);
  if (!("digits" in written)) return without(written.kind === "masked" ? "invalid" : written.kind);
  const home = readHome(plan, world.data);
  if (written.kind === "prefix") {
    const prefix = prefixOf(written, home, world);
    return prefix === undefined ? without("invalid") : { ...without("prefix"), prefix };
  }
  const number = describe(dial(written, home, world), home, world);
  const { network } = written;
  return network === undefined ? number : withNetwork(number, network, normalize(network, plan, world));
}

/** Normalises both numbers: the caller may set the first one, the network verifies the second. */
function withNetwork(number: NormalizedNumber, text: string, network: NormalizedNumber): NormalizedNumber {
  return { ...number, flags: [...new Set([...number.flags, ...network.flags])], network: network.e164 ?? text };
}

function describe(dialled: Dialled, home: FullDialPlan, world: World): NormalizedNumber {
  if (!("split" in dialled)) return { e164: null, ...dialled };
  const { split, flags } = dialled;
  const result = withLostZero(split, judge(split, home, world), home, world);
  const isNumber = result.type !== "short" && result.type !== "invalid";
  return {
    e164: isNumber ? `+${split.country}${split.national}` : null,
    ...result,
    flags:
      flags.length + result.flags.length > 1 ? [...new Set([...flags, ...result.flags])] : [...flags, ...result.flags],
  };
}

/**
 * 0492214710123 was 0049 221 4710123 before a network dropped a zero. The correction is given as `alt` if the
 * number is faulty or longer than usual; as a foreign number only as an alternative, since a real number in
 * Dresden (0351) may look like a Portuguese one.
 */
function withLostZero(split: Split, result: NumberFlags, home: FullDialPlan, world: World): NumberFlags {
  const { country, national } = split;
  if (country !== home.country || result.alt !== undefined) return result;
  const faulty = country === GERMANY ? hasHardFlag(result.flags) : !isSound(split, world);
  const meant = faulty || national.length > USUAL_MOST ? withPlus(national, home, world) : undefined;
  if (!meant) return result;
  const flags: Flag[] = faulty || meant.country === country ? [...result.flags, "missing-zero"] : result.flags;
  return { ...result, flags, alt: `+${meant.country}${meant.national}` };
}
