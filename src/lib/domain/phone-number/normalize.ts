/** L1 domain: a number in any written form -> one E.164 number with its kind, its place, and the reasons to distrust it. */
import type { Flag } from "../../model/caller-info";
import type { DialPlan, NormalizedNumber } from "../../model/phone-number";
import { dial, type Dialled, prefixOf } from "./dialling";
import { GERMANY, type Home, readHome } from "./home";
import { hasHardFlag, type Judged } from "./judged";
import { isSound, judge, type Split, withPlus, type World } from "./world";
import { readWritten } from "./written";

/** Longest number by Germany's plan; longer ones exist, with direct dialling. */
const USUAL_MOST = 11;

const without = (type: NormalizedNumber["type"], flags: Flag[] = []): NormalizedNumber => ({ e164: null, type, flags });

/**
 * Reads a number as it is meant at home. Total: takes any value and any plan, and never throws. Normalising the E.164 number of
 * the answer gives the same number.
 */
export function normalize(input: unknown, plan: Partial<DialPlan> | undefined, world: World): NormalizedNumber {
  const written = readWritten(input);
  if (!("digits" in written)) return without(written.kind);
  const home = readHome(plan, world.data);
  if (written.kind === "prefix") {
    const prefix = prefixOf(written, home, world);
    return prefix === undefined ? without("invalid") : { ...without("prefix"), prefix };
  }
  const number = describe(dial(written, home, world), home, world);
  const { network } = written;
  return network === undefined ? number : withNetwork(number, network, normalize(network, plan, world));
}

/** Both numbers are judged: the caller may set the first one, the network vouches for the second. */
function withNetwork(number: NormalizedNumber, text: string, network: NormalizedNumber): NormalizedNumber {
  return { ...number, flags: [...new Set([...number.flags, ...network.flags])], network: network.e164 ?? text };
}

function describe(dialled: Dialled, home: Home, world: World): NormalizedNumber {
  if (!("split" in dialled)) return { e164: null, ...dialled };
  const { split, flags } = dialled;
  const judged = withLostZero(split, judge(split, home, world), home, world);
  const isNumber = judged.type !== "short" && judged.type !== "invalid";
  return {
    e164: isNumber ? `+${split.country}${split.national}` : null,
    ...judged,
    flags: [...new Set([...flags, ...judged.flags])],
  };
}

/**
 * 0492214710123 was 0049 221 4710123 before a network lost a zero. What was probably meant is offered if what stands there is
 * faulty, or longer than usual: then another country's number is only offered, since a real office in Dresden (0351) may read
 * like a Portuguese one.
 */
function withLostZero(split: Split, judged: Judged, home: Home, world: World): Judged {
  const { country, national } = split;
  if (country !== home.country || judged.alt !== undefined) return judged;
  const faulty = country === GERMANY ? hasHardFlag(judged.flags) : !isSound(split, world);
  const meant = faulty || national.length > USUAL_MOST ? withPlus(national, home, world) : undefined;
  if (!meant) return judged;
  const flags: Flag[] = faulty || meant.country === country ? [...judged.flags, "missing-zero"] : judged.flags;
  return { ...judged, flags, alt: `+${meant.country}${meant.national}` };
}
