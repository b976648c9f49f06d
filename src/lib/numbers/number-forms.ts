/** The written forms of a number that services expect, for the templates of requests. */
import { trunkOf } from "./formats";
import type { World } from "./world";

/** All ways to write one number. */
export interface NumberForms {
  /** +493023125042 */
  e164: string;
  /** 493023125042 */
  digits: string;
  /** 00493023125042 */
  intl00: string;
  /** As dialled in the site's country: 03023125042 there, 00… for a number from elsewhere. */
  national: string;
  /** 3023125042; all digits for a number from elsewhere. */
  nsn: string;
  /** 49; empty for a number from elsewhere. */
  cc: string;
}

/** `home`: the calling code of the service's country. */
export function numberForms(e164: string, home: string, world: World): NumberForms {
  const digits = e164.slice(1);
  const intl00 = `00${digits}`;
  if (home === "" || !digits.startsWith(home)) return { e164, digits, intl00, national: intl00, nsn: digits, cc: "" };
  const nsn = digits.slice(home.length);
  return { e164, digits, intl00, national: trunkOf(home, world) + nsn, nsn, cc: home };
}

/** The country of a list that the number belongs to, longest code first. */
export function callingCodeOf(e164: string, codes: readonly string[]): string | undefined {
  return [...codes].sort((a, b) => b.length - a.length).find((code) => e164.startsWith(`+${code}`));
}
