/** Simulator, web: a request to a simulated service, and its answer. */
import type { KnownCaller } from "./callers";

/** What comes in, with the site's own prefix cut off the path. */
export interface SiteRequest {
  method: string;
  /** Without query. */
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  callers: readonly KnownCaller[];
}

export interface SiteReply {
  status?: number;
  type?: string;
  body: string;
}

/** Undefined: there is nothing at that path. */
export type Site = (request: SiteRequest) => SiteReply | undefined;

/** Text for the inside of an element. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** An answer in JSON. */
export const json = (value: unknown, status = 200): SiteReply => ({
  ...{ status, type: "application/json", body: JSON.stringify(value) },
});
