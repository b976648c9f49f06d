/**
 * PhoneBlock by check-prefix. Sends three hash prefixes of 16 bits, each of which matches thousands of
 * numbers; the answer is searched for the caller here. Needs the user's API key.
 */
import { DAY_MS } from "../../core/clock";
import { createHash } from "node:crypto";
import { FritzError } from "../../core/errors";
import type { Opinion, SourceAnswer } from "../source";
import { ownOpinion, rangeOpinion, votesOpinion } from "./phoneblock-votes";
import {
  CACHE_TIMES,
  POLICIES,
  type SourceDefinition,
  type SourceOptions,
  type SourceTools,
} from "../source-definition";
import { checkStatus, jsonObject, numeric, strange } from "../http-reply";
import type { WebRequest } from "../../web/types";

export const PHONEBLOCK_URL = "https://phoneblock.net/phoneblock/api";
const HEX_DIGITS = 4;
const MAX_BYTES = 1_000_000;
/** Personal wildcards ("+4490*") are not in the hashes; their list is requested once a day. */
const WILDCARDS_MS = DAY_MS;

export const phoneblock: SourceDefinition = {
  profile: {
    id: "phoneblock",
    label: "PhoneBlock",
    sends: "hash-prefix",
    kinds: ["score"],
    group: "community",
    trust: 0.9,
    local: false,
    countries: [],
    home: "https://phoneblock.net/",
  },
  policy: { ...POLICIES.api, ...CACHE_TIMES.score },
  secret: { name: "phoneblockToken", required: true },
  create: (options, tools) => {
    const client = new PhoneBlockClient(options, tools);
    return { lookup: ({ number }, signal) => client.lookup(number.e164 ?? "", signal) };
  },
};

class PhoneBlockClient {
  private readonly host: string;
  private wildcards: { at: number; prefixes: Promise<readonly string[]> } | undefined;

  constructor(
    private readonly options: SourceOptions,
    private readonly tools: SourceTools,
  ) {
    this.host = phoneblock.profile.label;
  }

  async lookup(e164: string, signal: AbortSignal): Promise<SourceAnswer> {
    const [prefixes, bucket] = await Promise.all([this.ownWildcards(signal), this.bucket(e164, signal)]);
    const opinion = judge(e164, bucket, prefixes);
    if (opinion && !opinion.own && this.options["reportCalls"] === true) this.report(e164);
    return opinion ? { opinion } : null;
  }

  private async bucket(e164: string, signal: AbortSignal): Promise<Bucket> {
    const [sha1, prefix10, prefix100] = [e164, e164.slice(0, -1), e164.slice(0, -2)].map(hashPrefix);
    const body = await this.get(
      `/check-prefix?sha1=${sha1}&prefix10=${prefix10}&prefix100=${prefix100}&format=json`,
      signal,
    );
    const lists = [body["numbers"] ?? [], body["range10"] ?? [], body["range100"] ?? []];
    if (!lists.every((list) => Array.isArray(list)) || body["numbers"] === undefined) throw strange(this.host, "shape");
    const [numbers = [], range10 = [], range100 = []] = lists as Row[][];
    return { numbers, range10, range100 };
  }

  private ownWildcards(signal: AbortSignal): Promise<readonly string[]> {
    const now = Date.now();
    if (!this.wildcards || now - this.wildcards.at > WILDCARDS_MS) {
      const prefixes = this.get("/blacklist", signal).then(wildcardsIn, (error: unknown) => {
        this.wildcards = undefined; // the next call tries again
        if (error instanceof FritzError && error.code === "source-key") throw error;
        return [];
      });
      this.wildcards = { at: now, prefixes };
    }
    return this.wildcards.prefixes;
  }

  /** Reports in the background that a known spammer has called again. */
  private report(e164: string): void {
    const signal = AbortSignal.timeout(this.reportMs);
    this.tools.fetch({ ...this.request(`/report-call/00${e164.slice(1)}`, signal), method: "POST", body: "" }).then(
      () => undefined,
      () => undefined,
    );
  }

  private readonly reportMs = 10_000;

  private async get(path: string, signal: AbortSignal): Promise<Record<string, unknown>> {
    const reply = await this.tools.fetch(this.request(path, signal));
    // A 403 always concerns the key here.
    if (reply.status === 403) throw new FritzError("source-key", { host: this.host });
    checkStatus(reply, this.host);
    return jsonObject(reply, this.host);
  }

  private request(path: string, signal: AbortSignal): WebRequest {
    const { baseUrl = PHONEBLOCK_URL, allowPrivate = false } = this.options;
    return {
      url: `${baseUrl.replace(/\/$/, "")}${path}`,
      headers: { Accept: "application/json" },
      secrets: { Authorization: `Bearer ${this.tools.secrets["phoneblockToken"] ?? ""}` },
      ...{ maxBytes: MAX_BYTES, redirects: 2, allowPrivate, signal },
    };
  }
}

type Row = Record<string, unknown> | null;

interface Bucket {
  numbers: readonly Row[];
  range10: readonly Row[];
  range100: readonly Row[];
}

function hashPrefix(text: string): string {
  return createHash("sha1").update(text).digest("hex").slice(0, HEX_DIGITS).toUpperCase();
}

function wildcardsIn(body: Record<string, unknown>): readonly string[] {
  const rows = Array.isArray(body["numbers"]) ? (body["numbers"] as Row[]) : [];
  return rows
    .filter((row) => row?.["wildcard"] === true && typeof row["phone"] === "string")
    .map((row) => String(row?.["phone"]).replace(/\*$/, ""))
    .filter((prefix) => /^\+\d{1,14}$/.test(prefix));
}

/**
 * Own lists first, then the votes for exactly this number, then those for its neighbours. Other numbers of
 * the bucket are ignored.
 */
function judge(e164: string, bucket: Bucket, wildcards: readonly string[]): Opinion | undefined {
  const rows = bucket.numbers.filter((row) => row?.["phone"] === e164);
  if (rows.some((row) => row?.["whiteListed"] === true)) return ownOpinion(true, e164);
  const blocked = rows.some((row) => row?.["blackListed"] === true);
  if (blocked || wildcards.some((prefix) => e164.startsWith(prefix))) return ownOpinion(false, e164);
  const [mine] = rows;
  return (
    votesOpinion(numeric(mine?.["votes"]), mine?.["spamConfidence"], e164) ??
    rangeOpinion(rangeVotes(e164, bucket), e164)
  );
}

/** Like PhoneBlock's own clients: a hundred counts from three bad numbers on, a ten from four. */
function rangeVotes(e164: string, { range10, range100 }: Bucket): number {
  const [ten, hundred] = [[range10, e164.slice(0, -1)] as const, [range100, e164.slice(0, -2)] as const].map(
    ([rows, prefix]) => {
      const row = rows.find((candidate) => candidate?.["prefix"] === prefix);
      return { votes: numeric(row?.["votes"]) || 0, count: numeric(row?.["cnt"]) || 0 };
    },
  );
  if (!ten || !hundred) return 0;
  if (hundred.count >= 3) return hundred.votes + (ten.count < 4 ? ten.votes : 0);
  return ten.count >= 4 ? ten.votes : 0;
}
