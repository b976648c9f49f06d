/** Country, region and town from the number itself. Sends nothing. */
import { defined } from "../../core/defined";
import { countryName } from "../../numbers/index";
import type { SourceFinding } from "../source";
import { POLICIES, type SourceDefinition } from "../source-definition";

export const numbers: SourceDefinition = {
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
  policy: POLICIES.local,
  create: (_options, { language }) => ({
    lookup: ({ number: { country: code, region, town, areaCode, e164 } }) => {
      const country = code === undefined ? undefined : countryName(code, language, e164 ?? "");
      const place: SourceFinding["place"] = {
        ...defined({ country }),
        ...(code !== undefined && code !== "001" && { countryCode: code }),
        ...defined({ region, town, areaCode }),
      };
      return Promise.resolve(Object.keys(place).length > 0 ? { place } : null);
    },
  }),
};
