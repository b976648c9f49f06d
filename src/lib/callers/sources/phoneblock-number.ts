/**
 * PhoneBlock by the number itself, without a key. Sends the number, and PhoneBlock passes it on to seven
 * other sites: with a key `phoneblock` is preferable.
 */
import { PHONEBLOCK_URL } from "./phoneblock";
import { rangeOpinion, votesOpinion } from "./phoneblock-votes";
import { CACHE_TIMES, POLICIES, type SourceDefinition } from "../source-definition";
import { checkStatus, jsonObject, numeric, strange } from "../http-reply";

const MAX_BYTES = 200_000;

export const phoneblockNumber: SourceDefinition = {
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
  policy: { ...POLICIES.api, ...CACHE_TIMES.score },
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
      // A_LEGITIMATE without votes means an unknown number, not a good one.
      const opinion =
        votesOpinion(numeric(info["votes"]), info["spamConfidence"], e164) ??
        rangeOpinion(numeric(info["votesWildcard"]), e164);
      return opinion ? { opinion } : null;
    },
  }),
};
