/**
 * L4 providers: PhoneBlock by the number itself; works without a key. Sends the number, and PhoneBlock passes it on to seven other
 * sites: `phoneblock` is the better choice for everybody with a key.
 */
import { PHONEBLOCK_URL } from "./phoneblock";
import { rangeOpinion, votesOpinion } from "./phoneblock-votes";
import { LASTING, MANNERS, type Provider } from "./provider";
import { checkStatus, jsonObject, numeric, strange } from "./reply";

const MAX_BYTES = 200_000;

export const phoneblockNumber: Provider = {
  profile: {
    id: "phoneblock-number",
    label: "PhoneBlock (num)",
    sends: "number",
    kinds: ["score"],
    group: "community",
    trust: 0.9,
    local: false,
    countries: [],
    home: "https://phoneblock.net/",
  },
  manners: { ...MANNERS.api, ...LASTING.score },
  create: ({ baseUrl = PHONEBLOCK_URL, allowPrivate = false }, tools) => ({
    lookup: async ({ number }, signal) => {
      const e164 = number.e164 ?? "";
      const host = phoneblockNumber.profile.label;
      const reply = await tools.fetch({
        url: `${baseUrl.replace(/\/$/, "")}/num/00${e164.slice(1)}?format=json`,
        headers: { Accept: "application/json" },
        ...{ maxBytes: MAX_BYTES, redirects: 2, allowPrivate, signal },
      });
      if (checkStatus(reply, host, [404]) === "unknown") return null;
      const info = jsonObject(reply, host);
      if (!Number.isFinite(numeric(info["votes"]))) throw strange(host, "shape");
      // A_LEGITIMATE without votes means that nobody knows the number, not that it is good.
      const opinion =
        votesOpinion(numeric(info["votes"]), info["spamConfidence"], e164) ??
        rangeOpinion(numeric(info["votesWildcard"]), e164);
      return opinion ? { opinion } : null;
    },
  }),
};
