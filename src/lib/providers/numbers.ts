/** L4 providers: what the number itself tells: country, region and town. Sends nothing. */
import { countryName } from "../domain/country-name";
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
  create: (_options, { language }) => ({
    lookup: ({ number: { country: code, region, town, areaCode, e164 } }) => {
      const country = code === undefined ? undefined : countryName(code, language, e164 ?? "");
      const place: SourceFinding["place"] = {
        ...(country !== undefined && { country }),
        ...(code !== undefined && code !== "001" && { countryCode: code }),
        ...(region !== undefined && { region }),
        ...(town !== undefined && { town }),
        ...(areaCode !== undefined && { areaCode }),
      };
      return Promise.resolve(Object.keys(place).length > 0 ? { place } : null);
    },
  }),
};
