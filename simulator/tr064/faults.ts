/** Simulator, TR-064: faults on demand. */

/** What can go wrong, and how. */
export const FAULT_KINDS = {
  "503": "refused, not done",
  "reset-before": "the connection breaks off before the action is done",
  "reset-after": "the connection breaks off after the action is done",
  truncate: "half the body, then the end",
  "no-close-notify": "whole body without length, no good-bye of TLS",
  oversize: "n bytes more than there should be",
  slow: "the body takes n ms",
  trickle: "the body comes byte by byte, each after n ms",
  garbage: "bytes that are no XML",
  "wrong-type": "a page for people instead of the answer",
  xhtml: "a page that is well-formed XML instead of the answer",
  empty: "empty values, or a document of which only the root is there",
  half: "only the first half of the list",
  refuse: "not done; UPnP error n, e.g. 606 (no right) or 713 (no such index)",
  upgrade: "HTTP 101, and nothing more",
  "drop-write": "says yes and forgets it",
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

/** A fault to inject. */
export interface FaultOrder {
  kind: FaultKind;
  /**
   * Action, action with its first argument ("GetPhonebook(1)"), or path (a text must be equal to one of them, or to the path
   * without query); left out = anything.
   */
  match?: string | RegExp;
  /** How often; default 1. */
  times?: number;
  /**
   * "authorized" (default): only authorized requests; "any": also the request that only fetches a challenge.
   */
  when?: "authorized" | "any";
  /** oversize: how many bytes more; default 64 MiB. */
  bytes?: number;
  /** slow: how long the body takes; trickle: from byte to byte; default 1000. */
  ms?: number;
  /** refuse: the UPnP error; default 606. */
  code?: number;
}

/** A fault to apply. */
export type Fault = Required<Pick<FaultOrder, "kind" | "bytes" | "ms" | "code">>;

/** The faults to inject; the first match is applied. */
export class Faults {
  private orders: Required<FaultOrder>[] = [];

  /** Number of faults left. */
  get pending(): number {
    return this.orders.reduce((sum, { times }) => sum + times, 0);
  }

  add(order: FaultOrder): void {
    const usual = { match: /^/, times: 1, when: "authorized", bytes: 64 * 1024 * 1024, ms: 1000, code: 606 } as const;
    this.orders.push({ ...usual, ...order });
  }

  clear(): void {
    this.orders = [];
  }

  /** Takes the fault that is due for this request off the list. `names` are what a match may mean. */
  take(when: "authorized" | "any", names: readonly string[]): Fault | undefined {
    const order = this.orders.find(
      (one) =>
        one.when === when &&
        names.some((name) => (typeof one.match === "string" ? one.match === name : name.search(one.match) >= 0)),
    );
    if (!order) return undefined;
    order.times--;
    this.orders = this.orders.filter(({ times }) => times > 0);
    const { kind, bytes, ms, code } = order;
    return { kind, bytes, ms, code };
  }
}
