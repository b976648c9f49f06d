/** Order and headings of the sources of `fritz-caller-info`. Pure. */
import { whatIsSent } from "../lib/callers/described/template";

export type Sends = "nothing" | "hash-prefix" | "number";

/** One entry of the node's property `providers`. */
export interface SourceEntry {
  id: string;
  enabled?: boolean;
  descriptor?: unknown;
  keySlot?: number;
  [option: string]: unknown;
}

/** A source of the package, as the server offers it. */
export interface OfferedSource {
  id: string;
  label: string;
  sends: Sends;
  local: boolean;
  kinds: string[];
  home?: string;
  seen?: number;
  secret?: { name: string; required: boolean };
}

export interface SourceItem {
  entry: SourceEntry;
  source?: OfferedSource;
  /** Redraws the head after a change of the description. */
  redraw?: () => void;
  shownSlot?: number;
}

/** A row of the list. */
export type Row = { heading: Sends | "chosen" } | SourceItem;

const ORDER: readonly Sends[] = ["nothing", "hash-prefix", "number"];

/** What a source sends; for a description in the same strict reading as on the server. */
export function sendsOf({ entry, source }: SourceItem): Sends {
  if (source) return source.sends;
  const { url = "", body = "", headers = {} } = requestOf(entry.descriptor);
  return whatIsSent([url, body, ...Object.values(headers)].filter((text) => typeof text === "string"));
}

function requestOf(descriptor: unknown): { url?: string; body?: string; headers?: Record<string, string> } {
  const { request } = (descriptor ?? {}) as { request?: object };
  return request ?? {};
}

/**
 * The node's entries in their order, then the other offered ones, disabled: in groups by what they send.
 * Entries in a user-defined order come first, as they are queried.
 */
export function arrange(entries: readonly SourceEntry[], offered: readonly OfferedSource[]): Row[] {
  const toItem = (entry: SourceEntry): SourceItem => {
    const source = entry.descriptor === undefined ? offered.find(({ id }) => id === entry.id) : undefined;
    return source ? { entry, source } : { entry };
  };
  const chosen = entries.map(toItem);
  const rest = offered
    .filter(({ id }) => !entries.some((entry) => entry.id === id))
    .map(({ id }) => toItem({ id, enabled: false }));
  const ranks = chosen.map((item) => ORDER.indexOf(sendsOf(item)));
  const isGrouped = ranks.every((rank, i) => i === 0 || rank >= (ranks[i - 1] ?? 0));
  const grouped = isGrouped ? [...chosen, ...rest] : rest;
  const first: Row[] = isGrouped ? [] : [{ heading: "chosen" }, ...chosen];
  return [...first, ...ORDER.flatMap((sends) => groupOf(sends, grouped))];
}

function groupOf(sends: Sends, items: readonly SourceItem[]): Row[] {
  const members = items.filter((item) => sendsOf(item) === sends);
  return members.length === 0 ? [] : [{ heading: sends }, ...members];
}

const isWorthSaving = (entry: SourceEntry): boolean => entry.enabled !== false || Object.keys(entry).length > 2;

/** The entries to save: enabled ones, changed ones, and the user's own; options by their present names. */
export const toSave = (entries: readonly SourceEntry[]): SourceEntry[] => entries.filter(isWorthSaving).map(renamed);

function renamed({ gapMs, ...entry }: SourceEntry): SourceEntry {
  return gapMs === undefined ? entry : { ...entry, minIntervalMs: entry["minIntervalMs"] ?? gapMs };
}

/** Sources of the package that require a key. */
export const KEYS: Readonly<Record<string, string>> = {
  phoneblock: "phoneblockToken",
  tellows: "tellowsKey",
  searchch: "searchchKey",
};

/** The enabled source whose key is missing: `has` returns the stored or typed keys, if known. */
export function missingKey(entries: unknown, has: ((key: string) => boolean) | undefined): string | undefined {
  if (!Array.isArray(entries) || !has) return undefined;
  const found = (entries as (SourceEntry | null)[]).find((entry) => {
    const key = KEYS[entry?.id ?? ""];
    return entry !== null && entry.enabled !== false && key !== undefined && !has(key);
  });
  return found?.id;
}

// The rows of the list of sources.

export const listElement = (): JQuery => $("#node-input-providers-list");

/** The sources in the order of the rows, without headings. */
export function itemsOf(): SourceItem[] {
  const rows = listElement().editableList("items").toArray();
  return rows.map((row) => $(row).data("data") as Row).flatMap((row) => ("heading" in row ? [] : [row]));
}
