/** Simulator, web: data of the simulated services. All numbers are reserved for films. */
import { createHash } from "node:crypto";

/** A number that services have data about. */
export interface KnownCaller {
  /** With a plus. */
  number: string;
  /** Stands in directories. */
  name?: string;
  city?: string;
  /** 1 good .. 9 bad, and the number of reports. */
  score?: number;
  reports?: number;
}

/** Demo callers. */
export const DEMO_CALLERS: readonly KnownCaller[] = [
  { number: "+493023125042", name: "Muster Energie Vertrieb", city: "Berlin", score: 8, reports: 12 },
  { number: "+493023125077", score: 9, reports: 57 },
  { number: "+498999998001", name: "Erika Muster", city: "München" },
  { number: "+491713920001", score: 2, reports: 4 },
  { number: "+41440000000", name: "Anna Muster", city: "Zürich" },
  { number: "+431000000", name: "Kaffeehaus Muster", city: "Wien" },
];

/** As dialled in its country: 03023125042, 0440000000. */
export function nationalForm(number: string): string {
  return `0${number.replace(/^\+(49|43|41|33)/, "")}`;
}

/** As directories print it: Tel. (030) 23 12 50 42 */
export function printedForm(number: string): string {
  const national = nationalForm(number);
  return `Tel. (${national.slice(0, 3)}) ${national.slice(3).replace(/(\d\d)(?=\d)/g, "$1 ")}`;
}

/** Whether a number as a service was asked for it (03…, 0049…, +49…, 49…) is this one. */
export function isSameNumber(asked: string, { number }: KnownCaller): boolean {
  const digits = number.slice(1);
  return [nationalForm(number), digits, `00${digits}`, number].includes(asked);
}

/** Hex, capital letters. */
export const sha1 = (text: string) => createHash("sha1").update(text).digest("hex").toUpperCase();
/** Hex. */
export const md5 = (text: string) => createHash("md5").update(text).digest("hex");
