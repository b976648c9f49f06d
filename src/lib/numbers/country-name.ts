/** Names of countries in any language, and of what has a calling code without being a country. */

/** Codes of the ITU that belong to no country, by calling code. */
const WITHOUT_COUNTRY: Readonly<Record<string, { de: string; en: string }>> = {
  800: { de: "Internationale Freecall-Nummer", en: "International freephone" },
  808: { de: "Internationale Service-Nummer", en: "International shared cost" },
  870: { de: "Satellitentelefon (Inmarsat)", en: "Satellite phone (Inmarsat)" },
  878: { de: "Persönliche Rufnummer (weltweit)", en: "Universal personal number" },
  881: { de: "Satellitentelefon", en: "Satellite phone" },
  882: { de: "Internationales Netz", en: "International network" },
  883: { de: "Internationales Netz", en: "International network" },
  888: { de: "Vereinte Nationen (Katastrophenhilfe)", en: "United Nations (disaster relief)" },
  979: { de: "Internationale Premium-Nummer", en: "International premium rate" },
};
/** Their full names are unusable as labels: "Sonderverwaltungsregion Hongkong". */
const SHORT_NAMES: readonly string[] = ["HK", "MO", "PS"];

const names = new Map<string, Intl.DisplayNames>();

/**
 * The name of an ISO 3166 region ("DE") in a language ("de", "en-US"; English if it is none); for "001" of what the number's
 * calling code stands for. Undefined if there is no such region.
 */
export function countryName(region: string, language: string, e164 = ""): string | undefined {
  if (region === "001") {
    const label = WITHOUT_COUNTRY[e164.slice(1, 4)];
    return language.toLowerCase().startsWith("de") ? label?.de : label?.en;
  }
  if (!/^[A-Z]{2}$/.test(region)) return undefined;
  return namesIn(language, SHORT_NAMES.includes(region) ? "short" : "long").of(region);
}

/** The first construction takes some 25 ms, so each is made once, when it is needed. */
function namesIn(language: string, style: "long" | "short"): Intl.DisplayNames {
  const key = `${language} ${style}`;
  const made = names.get(key) ?? displayNames(language, style);
  names.set(key, made);
  return made;
}

function displayNames(language: string, style: "long" | "short"): Intl.DisplayNames {
  const options = { type: "region", style, fallback: "none" } as const;
  try {
    return new Intl.DisplayNames([language, "en"], options);
  } catch {
    return new Intl.DisplayNames(["en"], options); // not a language tag
  }
}
