/** Compares a caller's number with one that a directory lists, which may be the switchboard's. */
import type { World } from "./world";

/** No exchange gives longer extensions. */
const LONGEST_EXTENSION = 5;
/**
 * Length with calling code. A written "-0" marks a switchboard; without it the prefix must be longer than an
 * area code.
 */
const SHORTEST_TRUNK = { switchboard: 6, plain: 8 };

/**
 * Compares the number on a page ("Tel. (030) 23 12 50-0") with the caller's number (E.164). `home` is the
 * calling code of the site's country. Directories also list numbers that are only similar.
 */
export function matchListed(listed: string, e164: string, home: string, world: World): "exact" | "trunk" | undefined {
  const caller = e164.slice(1);
  const written = international(listed, home, world);
  if (written === undefined) return undefined;
  if (written === caller) return "exact";
  // "-0" is the switchboard; its extensions share the digits in front.
  const switchboard = /\d ?[-‐‑–—/] ?0$/.test(listed.trim());
  const trunk = switchboard ? written.slice(0, -1) : written;
  const extension = caller.length - trunk.length;
  const least = switchboard ? SHORTEST_TRUNK.switchboard : SHORTEST_TRUNK.plain;
  const fits = trunk.length >= least && extension > 0 && extension <= LONGEST_EXTENSION;
  return fits && caller.startsWith(trunk) ? "trunk" : undefined;
}

function international(listed: string, home: string, world: World): string | undefined {
  const bare = listed.replace(/\(0\)/g, "").replace(/[^\d+]/g, "");
  const digits = bare.replace(/\D/g, "");
  if (digits === "") return undefined;
  if (bare.startsWith("+")) return digits;
  if (digits.startsWith("00")) return digits.slice(2);
  const trunk = trunkOf(home, world);
  return home + (digits.startsWith(trunk) ? digits.slice(trunk.length) : digits);
}

/** Their plans accept a 0 in front of national numbers, which nothing there shows. */
const OPTIONAL_TRUNK = ["377", "423"];

/** The 0 (in Hungary 06) with which a country's national numbers are written; "" where there is none. */
function trunkOf(callingCode: string, { data }: World): string {
  const trunk = data.countries.get(callingCode)?.trunk ?? "0";
  return trunk.startsWith("0") && !OPTIONAL_TRUNK.includes(callingCode) ? trunk : "";
}

// The written forms of a number that services expect, for the templates of requests.

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
