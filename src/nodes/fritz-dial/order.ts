/** Reads what to dial from a message and the node's settings, and checks that it is allowed. */
import { FritzError } from "../../lib/core/errors";
import type { DialPlan } from "../../lib/numbers/index";
import { checkDial, checkRing, isPhoneCode } from "../../lib/telephony/dial-rules";
import { readCount, readText } from "../../lib/telephony/requests";
import { DEFAULTS, type DialSettings } from "./definition";

export interface DialOrder {
  operation: "ring" | "dial" | "hangup";
  /** The digits to dial; "" for a hangup. */
  number: string;
  /** The telephone of the dialling aid; "" = its current one. */
  phone: string;
  seconds: number;
  perHour: number;
}

/** Functions of the box that are used. */
interface KnownPhones {
  names: { all(): Promise<{ code?: string; name: string }[]> };
  dialPlan(): Promise<DialPlan>;
}

const OPERATIONS = ["ring", "dial", "hangup"] as const;
const ALL_PHONES = "**9";
const MOST_SECONDS = 300;

/** Rejects with a `FritzError` if it is not allowed, before any request to the box that has an effect. */
export async function readDialOrder(
  def: DialSettings,
  msg: Record<string, unknown>,
  box: KnownPhones,
): Promise<DialOrder> {
  const given = msg["operation"] ?? (def.operation || DEFAULTS.operation);
  const operation = OPERATIONS.find((one) => one === given);
  if (!operation) throw new FritzError("operation-unknown", { operations: OPERATIONS.join(", ") });
  const order = {
    operation,
    seconds: Math.max(
      1,
      readCount(msg["seconds"], readCount(def.seconds, DEFAULTS.seconds, MOST_SECONDS), MOST_SECONDS),
    ),
    perHour: readCount(def.perHour, DEFAULTS.perHour, 1000),
  };
  if (operation === "hangup") return { ...order, number: "", phone: "" };
  const allowed = [def.allowed ?? DEFAULTS.allowed].flat().map((pattern) => String(pattern).trim());
  return operation === "ring"
    ? { ...order, ...(await readRing(def, msg, allowed, box)) }
    : { ...order, ...(await readDial(def, msg, allowed, box)) };
}

/** Without a number the property `phone` selects the telephones to ring. */
async function readRing(def: DialSettings, msg: Record<string, unknown>, allowed: string[], box: KnownPhones) {
  const [number, phone] = [readText(def.number) ?? DEFAULTS.number, readText(def.phone) ?? DEFAULTS.phone];
  const brought = readText(msg["number"]) || readText(msg["phone"]) || "";
  const wanted = brought || number || phone || ALL_PHONES;
  const code = checkRing(await codeOf(wanted, box));
  const isAllowed = (pattern: string) =>
    [wanted.toLowerCase(), code].includes(pattern.toLowerCase()) ||
    (/^\*\*.*\*$/.test(pattern) && code.startsWith(pattern.slice(0, -1)));
  const isConfigured = brought === "" || brought === number || brought === phone;
  if (!isConfigured && !allowed.some(isAllowed)) throw new FritzError("dial-not-allowed");
  return { number: code, phone: number === "" ? "" : phone };
}

/** The code that rings a telephone, by its name. */
async function codeOf(wanted: string, box: KnownPhones): Promise<string> {
  if (/^[*#+\d]/.test(wanted)) return wanted;
  const phones = (await box.names.all()).filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  const [found, ...others] = phones.filter(({ code = "" }) => isPhoneCode(code));
  if (!found?.code || others.length > 0) throw new FritzError("dial-inside");
  return found.code;
}

/** The payload is only used if the node has no number: most payloads are not meant to be dialled. */
async function readDial(def: DialSettings, msg: Record<string, unknown>, allowed: string[], box: KnownPhones) {
  const own = readText(def.number) ?? DEFAULTS.number;
  const brought = readText(msg["number"]) || (own === "" ? readText(msg["payload"]) : undefined) || "";
  const fromMessage = brought !== "" && brought !== own;
  const plan = await box.dialPlan();
  const number = checkDial({ number: brought || own, fromMessage, allowed, plan });
  return { number, phone: readText(msg["phone"]) || readText(def.phone) || DEFAULTS.phone };
}
