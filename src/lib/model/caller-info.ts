/** L0 model: who is calling, as `fritz-caller-info` says it and `fritz-log` writes it. Plain JSON only. */

export type NumberType =
  | "landline"
  | "mobile"
  | "nomadic"
  | "freephone"
  | "shared-cost"
  | "premium"
  | "mass"
  | "personal"
  | "pager"
  | "vpn"
  | "online"
  | "short"
  | "foreign"
  | "internal"
  | "code"
  | "sip"
  | "prefix"
  | "anonymous"
  | "invalid";

/** A reason to distrust the number itself. */
export type Flag =
  | "unknown-area-code"
  | "unknown-country"
  | "too-short"
  | "too-long"
  | "subscriber-zero"
  | "veiled-mobile"
  | "illegal-cli"
  | "emergency-cli"
  | "missing-zero"
  | "missing-plus"
  | "reserved-range"
  | "fictional"
  | "call-by-call"
  | "lookalike-area-code";

export interface SourceReport {
  id: string;
  status: "hit" | "miss" | "skipped" | "failed";
  /** Milliseconds that it took. */
  ms?: number;
  because?: string;
  error?: string;
  cached?: boolean;
}

export interface CallerInfo {
  number: string;
  e164?: string;
  /** Never empty: name, else place, else the number, else "Anonymous". */
  display: string;
  type: NumberType;
  flags: Flag[];
  name?: string;
  place?: { country?: string; countryCode?: string; region?: string; town?: string; areaCode?: string };
  contact?: { book: string; bookId: number; name: string; vip: boolean; numberType?: string; imageUrl?: string };
  /** Score: 1 good .. 5 neutral .. 9 bad. */
  spam?: { score: number; reports: number; source: string; link?: string };
  sources: SourceReport[];
  /** False: the deadline cut a source off. */
  complete: boolean;
}
