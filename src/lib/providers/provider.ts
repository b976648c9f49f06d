/** L4 providers: what every source file offers to the list, and what it is built with. */
import { createHash } from "node:crypto";
import type { CallerSource, Fetch, SourceManners, SourceProfile, Store } from "../model/source";
import type { ContactFinder } from "../model/telephony";

/** The secrets of the node, by the names of its credentials. */
export type Secrets = Readonly<Record<string, string>>;

/** How the user set a source. All optional; what is wrong falls back to the default. */
export interface SourceOptions {
  /** Another server of the same kind, e.g. for tests. */
  baseUrl?: string;
  /** That server may be inside the house. */
  allowPrivate?: boolean;
  /** Introduces itself as something else, where a site refuses programs. */
  userAgent?: string;
  gapMs?: number;
  timeoutMs?: number;
  [option: string]: unknown;
}

/** What sources are built with. */
export interface SourceTools {
  fetch: Fetch;
  secrets: Secrets;
  /** The phonebooks, or why there are none. */
  finder: ContactFinder | "no-box" | "no-login";
  /** Tells the box's sources from those of another box. */
  boxKey: string;
  /** For the names of countries: a language tag. */
  language: string;
  /** Where a path that a user wrote leads. */
  resolve(path: string): string;
  /** Keeps lists over restarts; nothing about calls. */
  keep(name: string): Store;
}

/** A kind of source. */
export interface Provider {
  profile: SourceProfile;
  /** Counts up when it reads answers otherwise than before. */
  version?: number;
  manners: SourceManners;
  /** The credential that it needs or may have. */
  secret?: { name: string; required: boolean };
  /** Makes its look-up; `unready` says why it cannot work as it is configured, `group` whom it copies as configured. */
  create(
    options: SourceOptions,
    tools: SourceTools,
  ): Pick<CallerSource, "lookup"> & { unready?: string; group?: string };
}

/** Builds one source of the list. */
export function buildSource(provider: Provider, options: SourceOptions, tools: SourceTools): CallerSource {
  const { profile, version, manners, secret } = provider;
  const value = secret === undefined ? "" : (tools.secrets[secret.name] ?? "");
  const { lookup, unready, group } = provider.create(options, tools);
  const why = unready ?? (secret?.required === true && value === "" ? "no-key" : undefined);
  return {
    ...profile,
    ...(group !== undefined && { group }),
    manners: { ...manners, ...overrides(options) },
    key: digest([profile.id, version, options, value, profile.local ? tools.boxKey : ""]),
    lookup,
    ...(why !== undefined && { unready: why }),
  };
}

function overrides({ gapMs, timeoutMs }: SourceOptions): Partial<SourceManners> {
  const usable = (ms: unknown): ms is number => typeof ms === "number" && ms >= 0 && ms <= 600_000;
  return { ...(usable(gapMs) && { gapMs }), ...(usable(timeoutMs) && { timeoutMs }) };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long answers stay true: a name for a month, a score for a day; a wave of spam enters the lists while it runs. */
export const LASTING = {
  name: { hitMs: 30 * DAY_MS, missMs: 7 * DAY_MS },
  score: { hitMs: DAY_MS, missMs: HOUR_MS },
  /** Answers from memory are not kept a second time. */
  none: { hitMs: 0, missMs: 0 },
};

/** Manners by what stands behind a source. */
export const MANNERS = {
  local: { timeoutMs: 30_000, gapMs: 0, ...LASTING.none },
  api: { timeoutMs: 8_000, gapMs: 500 },
  page: { timeoutMs: 10_000, gapMs: 4_000, perDay: 50 },
};
