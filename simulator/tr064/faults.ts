/** Simulator, TR-064: faults on demand. */

/**
 * 503: refused, not done · reset-before / reset-after: the connection breaks off before or after the action was done ·
 * truncate: half the body, then the end · no-close-notify: whole body without length, no good-bye of TLS ·
 * oversize: a body that goes on and on · slow: the body dribbles · garbage: bytes that are no XML ·
 * wrong-type: a page for people instead of the answer · drop-write: says yes and forgets it.
 */
export type FaultKind =
  | "503"
  | "reset-before"
  | "reset-after"
  | "truncate"
  | "no-close-notify"
  | "oversize"
  | "slow"
  | "garbage"
  | "wrong-type"
  | "drop-write";

/** What is to fail next. */
export interface FaultOrder {
  kind: FaultKind;
  /** Action or path (a text must be equal to the action, or to the path with or without query); left out = anything. */
  match?: string | RegExp;
  /** How often; default 1. */
  times?: number;
  /** "authorized" (default): only requests that are let in; "any": also the one that only fetches a challenge. */
  when?: "authorized" | "any";
  /** oversize: how many bytes more; default 64 MiB. */
  bytes?: number;
  /** slow: how long the body takes; default 1000. */
  ms?: number;
}

/** A fault that is due. */
export type Fault = Required<Pick<FaultOrder, "kind" | "bytes" | "ms">>;

/** The list of faults to come; the first that matches is due. */
export class Faults {
  private orders: Required<FaultOrder>[] = [];

  /** How many are still to come. */
  get pending(): number {
    return this.orders.reduce((sum, { times }) => sum + times, 0);
  }

  add(order: FaultOrder): void {
    this.orders.push({ match: /^/, times: 1, when: "authorized", bytes: 64 * 1024 * 1024, ms: 1000, ...order });
  }

  clear(): void {
    this.orders = [];
  }

  /** Takes the fault that is due for this request off the list. */
  take(when: "authorized" | "any", path: string, action: string | undefined): Fault | undefined {
    const names = [path, path.replace(/\?.*/s, ""), ...(action === undefined ? [] : [action])];
    const order = this.orders.find(
      (one) =>
        one.when === when &&
        names.some((name) => (typeof one.match === "string" ? one.match === name : name.search(one.match) >= 0)),
    );
    if (!order) return undefined;
    order.times--;
    this.orders = this.orders.filter(({ times }) => times > 0);
    return { kind: order.kind, bytes: order.bytes, ms: order.ms };
  }
}
