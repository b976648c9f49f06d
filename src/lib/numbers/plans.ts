/** Applies the numbering plans of other countries, as Google's libphonenumber describes them (data/SOURCES.md). */
import type { ForeignNumber, NumberType } from "./types";

/** A kind of numbers, the pattern of the whole national number, and its lengths if they are fewer than the plan's. */
export type PlanKind = readonly [type: NumberType, pattern: string, lengths?: readonly number[]];

/** The plan of one country, or of a calling code that belongs to none (then without `region`). */
export interface PlanData {
  /** ISO 3166 code. */
  region?: string;
  /** Of several countries behind a calling code: how the national numbers of this one begin. */
  leading?: string;
  /** What callers inside dial in front, with `transform` also what they leave out. */
  trunk?: string;
  /** What replaces a `trunk` that has matched one of its groups. */
  transform?: string;
  pattern: string;
  /** Ascending. */
  lengths: readonly number[];
  /** In the order in which they are tried. */
  kinds: readonly PlanKind[];
}

/** Of a national number, digits (ITU-T E.164 allows 15 with the calling code; some networks use more). */
const LEAST = 2;
const MOST = 17;
const LONGEST_CODE = 3;

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);

class Plan {
  readonly region: string | undefined;
  readonly leading: RegExp | undefined;
  private readonly trunk: RegExp | undefined;
  private readonly pattern: RegExp;
  private readonly kinds: { type: NumberType; pattern: RegExp; lengths: readonly number[] }[];

  constructor(private readonly data: PlanData) {
    const { region, leading, trunk, pattern, lengths, kinds } = data;
    this.region = region;
    this.leading = leading === undefined ? undefined : new RegExp(`^(?:${leading})`);
    this.trunk = trunk === undefined ? undefined : new RegExp(`^(?:${trunk})`);
    this.pattern = whole(pattern);
    this.kinds = kinds.map(([type, own, some = lengths]) => ({ type, pattern: whole(own), lengths: some }));
  }

  matches(national: string): boolean {
    return this.pattern.test(national);
  }

  /** The kind of a number; undefined if no number of this plan is like this. */
  kindOf(national: string): NumberType | undefined {
    if (!this.matches(national)) return undefined;
    for (const { type, pattern, lengths } of this.kinds) {
      if (lengths.includes(national.length) && pattern.test(national)) return type;
    }
    return undefined;
  }

  /** The number without what is dialled in front of it inside the country. */
  withoutTrunk(national: string): string {
    const found = this.trunk?.exec(national);
    if (!found || !this.trunk) return national;
    const { transform } = this.data;
    const isTransformed = transform !== undefined && found.length > 1 && found[found.length - 1];
    return isTransformed ? national.replace(this.trunk, transform) : national.slice(found[0].length);
  }

  /** Too long is possible: some exchanges add digits. */
  isPossible(national: string): boolean {
    return this.data.lengths.includes(national.length) || this.faultOf(national) === "too-long";
  }

  faultOf({ length }: string): ForeignNumber["fault"] {
    const { lengths } = this.data;
    if (length < (lengths[0] ?? LEAST)) return "too-short";
    return length > (lengths[lengths.length - 1] ?? MOST) ? "too-long" : undefined;
  }
}

/** Reads the plans behind a calling code, the main country's first; undefined if there is no such code. */
export type ReadPlans = (callingCode: string) => readonly PlanData[] | undefined;

/** The plans that were needed so far. */
export class Plans {
  private readonly known = new Map<string, readonly Plan[]>();

  constructor(private readonly read: ReadPlans) {}

  /** `e164` with its plus. */
  judge(e164: string): ForeignNumber {
    for (let length = 1; length <= LONGEST_CODE; length++) {
      const code = e164.slice(1, 1 + length);
      const [main, ...others] = this.of(code);
      if (main) return judgeIn(main, others, code, e164.slice(1 + length));
    }
    return { valid: false };
  }

  private of(code: string): readonly Plan[] {
    let plans = this.known.get(code);
    if (!plans) this.known.set(code, (plans = (this.read(code) ?? []).map((data) => new Plan(data))));
    return plans;
  }
}

function judgeIn(main: Plan, others: readonly Plan[], code: string, digits: string): ForeignNumber {
  if (digits.length < LEAST) return { valid: false, fault: "too-short" };
  const national = nationalOf(main, others, digits);
  if (national.length > MOST) return { valid: false, fault: "too-long" };
  const plan = planOf(main, others, national);
  const type = (plan ?? main).kindOf(national);
  const found: ForeignNumber = { valid: type !== undefined, e164: `+${code}${national}` };
  if (plan?.region !== undefined) found.region = plan.region;
  if (type !== undefined) found.type = type;
  const fault = type === undefined ? (plan ?? main).faultOf(national) : undefined;
  if (fault !== undefined) found.fault = fault;
  return found;
}

/** Without a trunk prefix, unless the number is one with it and none without, or too short or too long then. */
function nationalOf(main: Plan, others: readonly Plan[], digits: string): string {
  const rest = main.withoutTrunk(digits);
  if (rest === digits || (main.matches(digits) && !main.matches(rest))) return digits;
  return (planOf(main, others, rest) ?? main).isPossible(rest) ? rest : digits;
}

/** Which of the countries behind one calling code has such numbers; undefined if none has. */
function planOf(main: Plan, others: readonly Plan[], national: string): Plan | undefined {
  if (others.length === 0) return main;
  return [main, ...others].find((plan) =>
    plan.leading ? plan.leading.test(national) : plan.kindOf(national) !== undefined,
  );
}
