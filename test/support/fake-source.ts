/** Test support: sources and ways to the web that do what a test says. */
import type { NormalizedNumber } from "../../src/lib/numbers/index";
import type { CallerSource, SourceAnswer } from "../../src/lib/callers/source";
import type { Fetch, WebReply, WebRequest } from "../../src/lib/web/types";

type Lookup = CallerSource["lookup"];

/** A source that answers as it is told; unless told otherwise it is outside, quick, and keeps nothing. */
export function fakeSource(
  id: string,
  answer: SourceAnswer | Error | Lookup,
  over: Partial<CallerSource> = {},
): CallerSource & { asked: string[] } {
  const asked: string[] = [];
  const { policy, ...rest } = over;
  return {
    ...{ id, key: id, label: id, sends: "number" as const, kinds: ["name", "score"] as const, group: id, trust: 1 },
    ...{ local: false, countries: [] },
    ...rest,
    policy: { timeoutMs: 8_000, minIntervalMs: 0, hitMs: 0, missMs: 0, ...policy },
    asked,
    lookup: (query, signal) => {
      asked.push(query.number.e164 ?? query.written);
      if (typeof answer === "function") return answer(query, signal);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

/** Answers requests from a list of (part of an address -> reply); writes down all of them. */
export class FakeWeb {
  readonly requests: WebRequest[] = [];

  constructor(private readonly replies: Record<string, Partial<WebReply> | Error> = {}) {}

  readonly fetch: Fetch = (request) => {
    this.requests.push(request);
    const found = Object.entries(this.replies).find(([part]) => request.url.includes(part))?.[1];
    if (found instanceof Error) return Promise.reject(found);
    return Promise.resolve({ status: found ? 200 : 404, type: "application/json", text: "", ...found });
  };
}

/** A sound number of Berlin, from the block reserved for films, or what the test wants. */
export function number(e164: string | null = "+493023125042", over: Partial<NormalizedNumber> = {}): NormalizedNumber {
  return { e164, type: "landline", flags: [], country: "DE", areaCode: "30", town: "Berlin", ...over };
}

/** The question for a number. */
export const query = (e164 = "+493023125042") => ({
  written: e164.replace(/^\+49/, "0"),
  number: number(e164),
  plan: { countryCode: "49" },
});
