/** L4 providers: what the number itself tells: country, region and town. Sends nothing. */
import type { SourceFinding } from "../model/source";
import { MANNERS, type Provider } from "./provider";

export const numbers: Provider = {
  profile: {
    id: "numbers",
    label: "Number data",
    sends: "nothing",
    kinds: ["place"],
    group: "numbers",
    trust: 1,
    local: true,
    countries: [],
  },
  manners: MANNERS.local,
  create(_options, { language }) {
    const names = countryNames(language);
    return {
      lookup: ({ number: { country, region, town, areaCode } }) => {
        const known = country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined;
        const place: SourceFinding["place"] = {
          ...(known !== undefined && { country: names.of(known) ?? known, countryCode: known }),
          ...(region !== undefined && { region }),
          ...(town !== undefined && { town }),
          ...(areaCode !== undefined && { areaCode }),
        };
        return Promise.resolve(Object.keys(place).length > 0 ? { place } : null);
      },
    };
  },
};

function countryNames(language: string): Intl.DisplayNames {
  try {
    return new Intl.DisplayNames([language], { type: "region" });
  } catch {
    return new Intl.DisplayNames(["en"], { type: "region" }); // no language tag ("de_DE")
  }
}
