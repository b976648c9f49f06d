/**
 * Rules for dialled numbers: a faulty or malicious message must not cause costs, change the box or call the
 * emergency services. Pure.
 */
import { FritzError } from "../core/errors";
import {
  type DialPlan,
  isCallForHelp,
  keyOf,
  matchesPattern,
  normalizeNumber,
  type NumberType,
  parsePattern,
  writtenNumbers,
} from "../numbers/index";
import { ofLastHour, type Clock } from "../core/clock";
import { serialize } from "../core/async";
import { type Store, loadKeptList } from "../core/store";

/** A number to check. */
export interface DialQuestion {
  number: string;
  /** It came with a message, not from the node's configuration. */
  fromMessage: boolean;
  /** Patterns of allowed numbers. */
  allowed: readonly string[];
  plan: DialPlan;
}

/** The box's own telephones: all, analogue, ISDN, DECT, IP, and the answering machines. */
const PHONES = /^\*\*(9|[1-3]|5\d|6[0-2]\d)$/;

/** Types with extra costs, or of services: only a pattern for this type allows them. */
const COSTLY: readonly NumberType[] = ["premium", "mass", "shared-cost", "short", "personal", "pager", "vpn", "online"];
/** Satellites and international services, whatever their type. */
const COSTLY_ABROAD = /^\+(808|870|878|88[1-3]|979)/;
/** Digits before the wildcard that a pattern needs to allow a costly number; fewer for short codes. */
const LEAST_FIXED = 4;
const LEAST_FIXED_SHORT = 3;

/** Whether the code rings the box's own telephones. */
export function isPhoneCode(number: string): boolean {
  return PHONES.test(number);
}

/**
 * Returns the number to dial. Throws a `FritzError`: `dial-number`, `dial-emergency`, `dial-costly`,
 * `dial-not-allowed`. A code that begins with a key (keypad codes, quick dial) must match exactly: patterns
 * with a wildcard do not allow it.
 */
export function checkDial({ number, fromMessage, allowed, plan }: DialQuestion): string {
  const dialled = plainDigits(number);
  const target = withoutSelection(dialled);
  if (isPhoneCode(target)) return checkWhole(dialled, target, fromMessage, allowed);
  if (/^[*#]/.test(target)) return checkWhole(dialled, dialled, fromMessage, allowed);
  if (isCallForHelp(target, plan)) throw new FritzError("dial-emergency");
  const { type: seen, e164 } = normalizeNumber(target, { ...plan, direction: "out" });
  const type = seen === "foreign" && e164 !== null ? typeAtHome(e164) : seen;
  const key = e164 ?? keyOf(target, plan);
  const matching = allowed.filter((text) => {
    // A short code has no area code, which would be prepended to a pattern like `118*`.
    if (seen === "short" && /^\d+\*$/.test(text.trim())) return target.startsWith(text.trim().slice(0, -1));
    const pattern = parsePattern(text, plan);
    return pattern !== undefined && (matchesPattern(pattern, key) || matchesPattern(pattern, keyOf(target, plan)));
  });
  const costly = COSTLY.includes(type) || COSTLY_ABROAD.test(key);
  if (costly && !matching.some((text) => meansCostly(text, type))) throw new FritzError("dial-costly");
  if (fromMessage && matching.length === 0) throw new FritzError("dial-not-allowed");
  return withPrefix(dialled, plan);
}

/** The type of a foreign number in its own country. */
function typeAtHome(e164: string): NumberType {
  const codes = [1, 2, 3].map((length) => e164.slice(1, 1 + length));
  const types = codes.map((countryCode) => normalizeNumber(e164, { countryCode }).type);
  return types.find((type) => type !== "foreign") ?? "foreign";
}

/** Returns the code of the box's own telephones; throws `dial-inside` for anything else. */
export function checkRing(code: string): string {
  const dialled = plainDigits(code);
  if (!isPhoneCode(dialled.replace(/#$/, ""))) throw new FritzError("dial-inside");
  return dialled;
}

/** Keeps digits, keys and a plus; drops separators. */
function plainDigits(text: string): string {
  if (writtenNumbers(text).length > 1) throw new FritzError("dial-number"); // which of them?
  const plain = text
    .slice(0, 64)
    .normalize("NFKC")
    .trim()
    .replace(/^tel:/i, "")
    .replace(/^(\+|00)(\d{1,4})\s*\(0\)/, "$1$2")
    .replace(/[\s()/.–-]/g, "");
  if (!/^(\+?\d|[*#]+\d)[\d*#]{0,40}$/.test(plain)) throw new FritzError("dial-number");
  return plain;
}

/** Removes codes that select the line, the own number's presentation or the carrier, and a final #. */
function withoutSelection(dialled: string): string {
  const bare = dialled.replace(/^(\*(1[0-2]\d|111|31)#|#31#|#\d\*?#)+/, "").replace(/(?<=^[\d+*].*\d)#+$/, "");
  return bare.replace(/^010(0\d\d|[1-9]\d)(?=\d{3})/, "");
}

function checkWhole(dialled: string, code: string, fromMessage: boolean, allowed: readonly string[]): string {
  const written = isPhoneCode(code) ? [code, `${code}#`] : [code];
  const isAllowed = allowed.some((text) => written.includes(text.replace(/\s/g, "")));
  if (fromMessage && !isAllowed) throw new FritzError("dial-not-allowed");
  return dialled;
}

/** `0900*` and `118*` allow costly numbers; `0*`, `01*` and `+49*` do not. */
function meansCostly(pattern: string, type: NumberType): boolean {
  const digits = pattern.replace(/[^\d*]/g, "").replace(/\*.*$/, "");
  const isWhole = !pattern.trim().endsWith("*") && !/\.{2}|…/.test(pattern);
  const national = digits.replace(/^(00)?49(?=[1-9])/, "0");
  return isWhole || national.length >= (type === "short" ? LEAST_FIXED_SHORT : LEAST_FIXED);
}

/** The dialling aid accepts what a telephone has keys for. */
function withPrefix(dialled: string, { intlPrefix = "00" }: DialPlan): string {
  return dialled.startsWith("+") ? (intlPrefix || "00") + dialled.slice(1) : dialled;
}

// Limits dials per hour, also over restarts, so that a loop in a flow cannot call all night.

/** Stores the times of the last hour, and no number. */
export class DialLimit {
  private times: number[] | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Counts one dial, or rejects with `dial-limit`. Saves the count before the dial. */
  use(perHour: number): Promise<void> {
    return serialize(this, async () => {
      const now = this.clock.now();
      const times = ofLastHour(this.times ?? (await this.load()), now);
      if (times.length >= perHour) throw new FritzError("dial-limit", { perHour });
      try {
        await this.store.save({ times: [...times, now] });
      } catch {
        throw new FritzError("dial-store");
      }
      this.times = [...times, now];
    });
  }

  private load(): Promise<number[]> {
    return loadKeptList(this.store, "times", isTime, "dial-store");
  }
}

const isTime = (ms: unknown) => typeof ms === "number";
