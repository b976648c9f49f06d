/**
 * The rules of the German numbering plan. Sources: the Federal Network Agency's plans, ITU-T's list of national
 * plans, § 120 TKG (who may show which number).
 */
import type { Flag, NumberingData } from "./types";
import { hasHardFlag, type NumberFlags, longestPrefix } from "./flags";

/** Longest whole number: E.164's 15 digits less "49". Direct dialling reaches it. */
const MOST = 13;
/** Shortest whole number with an area code; the four networks with two-digit codes have older, shorter ones. */
const LEAST = 6;
/** 110, 112, 115, 116xxx, 118xy, 1180xx. */
const SHORT = /^(11[025]|116\d{3}|118[1-9]\d|1180\d\d)$/;
const EMERGENCY = /^11[02]/;
const ENQUIRIES = /^118/;
/** A mailbox has its subscriber's number and two digits more. */
const MAILBOX = /^(1[67]\d(13|33|50|55|99)\d{7,8}|15([03-68]00\d|113\d|2\d5[05]|7\d99|9\d33)\d{7})$/;
/** Kept free for films (Federal Network Agency, Mitteilung 148/2021). */
const FICTIONAL =
  /^(3023125\d{3}|6990009\d{3}|4066969\d{3}|2214710\d{3}|8999998\d{3}|17139200\d\d|176040690\d\d|152(28817386|28895456|54599371)|172(9925904|9968532|9973185|9973186|9980752)|174(9091317|9464308))$/;

/** Classifies a German number without country code and 0. `shown`: a caller's number, not a dialled one. */
export function judgeGerman(national: string, data: NumberingData, shown: boolean): NumberFlags {
  const result = shortCode(national, shown) ?? inRange(national, data, shown) ?? landline(national, data, shown);
  if (FICTIONAL.test(national)) result.flags.push("fictional");
  result.country = "DE"; // not by a spread: a property added behind one costs a microsecond
  return result;
}

/** Whether a German number is valid: a subscriber's or a service's. */
export function isSoundGerman(national: string, data: NumberingData): boolean {
  const { type, flags } = judgeGerman(national, data, true);
  return type !== "short" && type !== "invalid" && !hasHardFlag(flags);
}

/** A German mobile number in full. */
export function isGermanMobile(national: string, data: NumberingData): boolean {
  return judgeGerman(national, data, true).type === "mobile" && isSoundGerman(national, data);
}

/** A short code as it is dialled: without 0 and area code. */
export function shortCode(digits: string, shown: boolean): NumberFlags | undefined {
  return SHORT.test(digits) ? { type: "short", flags: callerFlags(digits, shown), country: "DE" } : undefined;
}

/**
 * A caller must not show an emergency or directory enquiry number (§ 120 TKG); 112 is the emergency number in
 * all of Europe.
 */
export function callerFlags(digits: string, shown: boolean): Flag[] {
  if (!shown) return [];
  if (EMERGENCY.test(digits)) return ["emergency-cli"];
  return ENQUIRIES.test(digits) ? ["illegal-cli"] : [];
}

function inRange(national: string, data: NumberingData, shown: boolean): NumberFlags | undefined {
  const range = longestPrefix(data.ranges, national, 4)?.value;
  if (!range) return undefined;
  const { type, least = 0, most = MOST } = range;
  const flags: Flag[] = range.flags.filter((flag) => shown || flag !== "illegal-cli");
  if (national.startsWith("11")) flags.push(...callerFlags(national, shown));
  if (type !== "invalid" && !MAILBOX.test(national)) flags.push(...lengthFlags(national, least, most));
  const operator = longestPrefix(data.operators, national, 5)?.value;
  return { type, flags, ...(operator !== undefined && { operator }) };
}

function lengthFlags({ length }: string, least: number, most: number): Flag[] {
  if (length < least) return ["too-short"];
  return length > most ? ["too-long"] : [];
}

function landline(national: string, data: NumberingData, shown: boolean): NumberFlags {
  const network = longestPrefix(data.areas, national, 5);
  if (!network) return unknownArea(national, data);
  const { prefix: areaCode, value: town } = network;
  const subscriber = national.slice(areaCode.length);
  const flags = lengthFlags(national, areaCode.length === 2 ? LEAST - 1 : LEAST, MOST);
  if (subscriber.startsWith("0")) flags.push("subscriber-zero");
  // No subscriber number begins with 110 or 112: dialled behind an area code they reach the emergency
  // services.
  if (shown && EMERGENCY.test(subscriber)) flags.push("emergency-cli");
  const meant = veiledMobile(subscriber, data);
  if (meant === undefined) return { type: "landline", flags, areaCode, town };
  return { type: "landline", flags: [...flags, "veiled-mobile"], areaCode, town, alt: `+49${meant}` };
}

/** A former area code may still have a name. */
function unknownArea(national: string, data: NumberingData): NumberFlags {
  const former = longestPrefix(data.former, national, 5);
  return {
    type: "landline",
    flags: ["unknown-area-code", ...lengthFlags(national, LEAST, MOST)],
    ...(former && { areaCode: former.prefix, town: former.value }),
  };
}

/**
 * A mobile number behind an area code: 4915... was sent without a plus, and a network took it for a local
 * number. Only a complete one counts: 030 49151234 is a number in Berlin.
 */
function veiledMobile(subscriber: string, data: NumberingData): string | undefined {
  const [, mobile = ""] = /^(?:0?49|0)(1[567]\d+)$/.exec(subscriber) ?? [];
  return mobile !== "" && isGermanMobile(mobile, data) ? mobile : undefined;
}
