/** Definition of a kind of source, and how a source is built from it. */
import { defined } from "../core/defined";
import { DAY_MS, HOUR_MS } from "../core/clock";
import { createHash } from "node:crypto";
import type { CallerSource, RequestPolicy, SourceProfile } from "./source";
import type { ContactFinder } from "../phonebook/types";
import type { Store } from "../core/store";
import type { Fetch } from "../web/types";

/** The secrets of the node, by the names of its credentials. */
export type Secrets = Readonly<Record<string, string>>;

/** A user's options of a source. All optional; invalid values fall back to the default. */
export interface SourceOptions {
  /** Another server with the same interface, e.g. for tests. */
  baseUrl?: string;
  /** Allows a server in the home network. */
  allowPrivate?: boolean;
  /** Another User-Agent, for sites that refuse programs. */
  userAgent?: string;
  /** Time between two requests, at least; `gapMs`: its former name, in saved flows. */
  minIntervalMs?: number;
  gapMs?: number;
  timeoutMs?: number;
  [option: string]: unknown;
}

/** Dependencies of sources. */
export interface SourceTools {
  fetch: Fetch;
  secrets: Secrets;
  /** The phonebooks, or why there are none. */
  finder: ContactFinder | "no-box" | "no-login";
  /** Identifies the box, for the keys of its sources. */
  boxKey: string;
  /** A language tag, for names of countries. */
  language: string;
  /** Resolves a path that a user wrote. */
  resolve(path: string): string;
  /** The value of an option whose type says that it is kept elsewhere: in a context or the environment. */
  find?(written: string, type: unknown): Promise<string>;
  /** Opens a store for lists; never for call data. */
  keep(name: string): Store;
}

/** A kind of source. */
export interface SourceDefinition {
  profile: SourceProfile;
  /** Increased when answers are read in another way. */
  version?: number;
  policy: RequestPolicy;
  /** The credential that it needs or accepts. */
  secret?: { name: string; required: boolean };
  /** Creates the lookup; `unready`: why it cannot work as configured, `group`: the group as configured. */
  create(
    options: SourceOptions,
    tools: SourceTools,
  ): Pick<CallerSource, "lookup"> & { unready?: string; group?: string };
}

/** Builds one source of the list. */
export function buildSource(definition: SourceDefinition, options: SourceOptions, tools: SourceTools): CallerSource {
  const { profile, version, policy, secret } = definition;
  const value = secret === undefined ? "" : (tools.secrets[secret.name] ?? "");
  const { lookup, unready, group } = definition.create(options, tools);
  const why = unready ?? (secret?.required === true && value === "" ? "no-key" : undefined);
  return {
    ...profile,
    ...defined({ group }),
    policy: { ...policy, ...overrides(options) },
    key: digest([profile.id, version, options, value, profile.local ? tools.boxKey : ""]),
    lookup,
    ...defined({ unready: why }),
  };
}

function overrides({ gapMs, minIntervalMs = gapMs, timeoutMs }: SourceOptions): Partial<RequestPolicy> {
  const usable = (ms: unknown): ms is number => typeof ms === "number" && ms >= 0 && ms <= 600_000;
  return { ...(usable(minIntervalMs) && { minIntervalMs }), ...(usable(timeoutMs) && { timeoutMs }) };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}

/**
 * How long answers are cached: names for a month, scores for a day; short for unknown numbers, as spam waves
 * are reported while they run.
 */
export const CACHE_TIMES = {
  name: { hitMs: 30 * DAY_MS, missMs: 7 * DAY_MS },
  score: { hitMs: DAY_MS, missMs: HOUR_MS },
  /** Answers of local sources are not cached. */
  none: { hitMs: 0, missMs: 0 },
};

/** Request policies by kind of source. */
export const POLICIES = {
  local: { timeoutMs: 30_000, minIntervalMs: 0, ...CACHE_TIMES.none },
  api: { timeoutMs: 8_000, minIntervalMs: 500 },
  page: { timeoutMs: 10_000, minIntervalMs: 4_000, perDay: 50 },
};
