/** URL templates with placeholders: `https://x.example/{national}`, `{e164|drop:1|sha1|take:4}`. */
import type { Sends } from "../source";

/** Returns the hex digest of a text. */
export type Digest = (algorithm: "sha1" | "md5", text: string) => string;

/** The placeholders; `key` is the secret. */
const PLACEHOLDERS = ["e164", "digits", "intl00", "national", "nsn", "cc", "lang", "key"] as const;
const ABOUT_THE_NUMBER = ["e164", "digits", "intl00", "national", "nsn"];

const PLACEHOLDER = /\{([a-z0-9]+)((?:\|[a-z0-9:-]+)*)\}/g;
/** Longest hash prefix that still matches many numbers: 24 bits. */
const MOST_HEX_DIGITS = 6;

/**
 * Fills a template; applies `encode` to each value last. An unknown placeholder or filter is a `SyntaxError`.
 */
export function fillTemplate(
  template: string,
  values: Readonly<Record<string, string>>,
  digest: Digest,
  encode: (text: string) => string,
): string {
  return template.replace(PLACEHOLDER, (whole, name: string, filters: string) => {
    if (!(PLACEHOLDERS as readonly string[]).includes(name)) throw new SyntaxError(whole);
    const value = filters
      .split("|")
      .slice(1)
      .reduce((text, filter) => applyFilter(text, filter, digest), values[name] ?? "");
    return encode(value);
  });
}

function applyFilter(text: string, filter: string, digest: Digest): string {
  const [name = "", argument = ""] = filter.split(":");
  const count = Number(argument);
  switch (name) {
    case "sha1":
    case "md5":
      return digest(name, text);
    case "upper":
      return text.toUpperCase();
    case "url":
      return encodeURIComponent(text);
    case "drop":
      if (Number.isInteger(count) && count > 0) return text.slice(0, Math.max(0, text.length - count));
      break;
    case "take":
      if (Number.isInteger(count) && count > 0) return text.slice(0, count);
      break;
    case "group":
      if (/^\d+(-\d+)*$/.test(argument)) return grouped(text, argument.split("-").map(Number));
  }
  throw new SyntaxError(filter);
}

/** "3-3-4": 3023125042 becomes 302-312-5042; remaining digits join the last group. */
function grouped(text: string, sizes: readonly number[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [i, size] of sizes.entries()) {
    const to = i === sizes.length - 1 ? text.length : from + size;
    if (from < text.length) parts.push(text.slice(from, to));
    from = to;
  }
  return parts.join("-");
}

/**
 * What templates reveal of the number, in the strictest reading: a full hash counts as the number, as all
 * numbers can be tried.
 */
export function whatIsSent(templates: readonly string[]): Sends {
  const used = templates.flatMap((template) => [...template.matchAll(PLACEHOLDER)]);
  const aboutIt = used.filter(([, name = ""]) => ABOUT_THE_NUMBER.includes(name));
  if (aboutIt.length === 0) return "nothing";
  const hidden = aboutIt.every(([, , filters = ""]) => {
    const [, digits = "99"] = /\|(?:sha1|md5)(?:\|upper)?\|take:(\d+)/.exec(filters) ?? [];
    return Number(digits) <= MOST_HEX_DIGITS;
  });
  return hidden ? "hash-prefix" : "number";
}
