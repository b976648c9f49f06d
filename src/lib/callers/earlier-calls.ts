/** What the box's call list says of earlier calls with a number. Answers from memory; the list is read in the background. */
import { HOUR_MS, type Clock, type Timer } from "../core/clock";
import { yieldingly } from "../core/async";
import type { Call } from "../calls/types";
import type { EarlierCallsInfo } from "./types";

/** The box writes a call into its list after its end. */
const AFTER_CALL_MS = 10_000;
/** The list is read again after this time at the latest, when it is asked for. */
const OLD_MS = HOUR_MS;
/** More than a box keeps. */
const MOST_CALLS = 5_000;

/** The list of one box. */
export class EarlierCalls {
  private byNumber: ReadonlyMap<string, EarlierCallsInfo> | undefined;
  private readMs = -Infinity;
  private reading = false;
  private timer: Timer | undefined;
  private closed = false;

  constructor(
    private readonly list: () => Promise<readonly Call[]>,
    private readonly clock: Clock,
  ) {}

  /** Undefined for a number that has none, and as long as the list is not known. Never waits. */
  of(number: string, e164?: string): EarlierCallsInfo | undefined {
    if (this.clock.now() - this.readMs > OLD_MS) this.refreshIn(0);
    const found = this.byNumber?.get(e164 ?? number);
    return found && structuredClone(found);
  }

  /** Reads the list soon, as a call has ended. */
  callEnded(): void {
    this.refreshIn(AFTER_CALL_MS);
  }

  /** Reads the list for the first call. */
  prepare(): void {
    this.refreshIn(0);
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  private refreshIn(ms: number): void {
    if (this.closed || this.timer || this.reading) return;
    this.timer = this.clock.after(ms, () => {
      this.timer = undefined;
      void this.refresh();
    });
  }

  private async refresh(): Promise<void> {
    this.reading = true;
    this.readMs = this.clock.now(); // also after a failure: the box is not asked at every ring
    try {
      const calls = (await this.list()).slice(0, MOST_CALLS);
      const found = new Map<string, EarlierCallsInfo>();
      await yieldingly(calls, (call) => count(found, call));
      this.byNumber = found;
    } catch {
      // The list of before is still useful.
    } finally {
      this.reading = false;
    }
  }
}

/** Calls come newest first; those still going on do not count. */
function count(found: Map<string, EarlierCallsInfo>, { kind, at, caller, called }: Call): void {
  if (kind === "active" || kind === "active-outgoing") return;
  const { number, e164 } = kind === "outgoing" ? called : caller;
  const key = e164 ?? number;
  if (key === "") return;
  const known = found.get(key) ?? { incoming: 0, answered: 0, outgoing: 0, last: { at, kind } };
  if (kind === "outgoing") known.outgoing++;
  else known.incoming++;
  if (kind === "answered") known.answered++;
  found.set(key, known);
}
