/** L1 domain: is the number that a directory lists the caller's, or that of the switchboard in front of it? */

/** No exchange gives longer extensions. */
const LONGEST_EXTENSION = 5;
/** With calling code. A written "-0" shows that it is one; else it must be more than an area code can be. */
const SHORTEST_TRUNK = { desk: 6, plain: 8 };

/**
 * Compares what a page says ("Tel. (030) 23 12 50-0") with the caller's number (E.164). `home` is the calling code of the
 * site's country. Directories are fuzzy: they also list what is only like the number.
 */
export function matchListed(listed: string, e164: string, home: string): "exact" | "trunk" | undefined {
  const caller = e164.slice(1);
  const written = international(listed, home);
  if (written === undefined) return undefined;
  if (written === caller) return "exact";
  // "-0" is the exchange's desk; its trunk is what stands in front.
  const desk = /\d ?[-‐‑–—/] ?0$/.test(listed.trim());
  const trunk = desk ? written.slice(0, -1) : written;
  const extension = caller.length - trunk.length;
  const least = desk ? SHORTEST_TRUNK.desk : SHORTEST_TRUNK.plain;
  const fits = trunk.length >= least && extension > 0 && extension <= LONGEST_EXTENSION;
  return fits && caller.startsWith(trunk) ? "trunk" : undefined;
}

function international(listed: string, home: string): string | undefined {
  const bare = listed.replace(/\(0\)/g, "").replace(/[^\d+]/g, "");
  const digits = bare.replace(/\D/g, "");
  if (digits === "") return undefined;
  if (bare.startsWith("+")) return digits;
  if (digits.startsWith("00")) return digits.slice(2);
  return home + (hasTrunkPrefix(home) ? digits.replace(/^0/, "") : digits);
}

/** Countries without a 0 in front of national numbers, or where it belongs to the number (Italy). */
const NO_TRUNK_PREFIX = new Set("1 30 34 39 45 47 48 350 351 352 354 356 357 371 372 376 377 378 420 423".split(" "));

/** Whether national numbers of a country are written with a 0 in front. */
export function hasTrunkPrefix(callingCode: string): boolean {
  return !NO_TRUNK_PREFIX.has(callingCode);
}
