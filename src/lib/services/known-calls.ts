/** L3 services: what was said of the callers of the last calls, for their later events, which never overtake the ring. */
import type { CallerInfo } from "../model/caller-info";

/** Calls that are going on at the same time, and those just ended. */
const MOST_CALLS = 200;

interface KnownCall {
  info?: CallerInfo;
  /** The ring is not answered yet. */
  turn?: CallTurn;
}

/** A ring (or dialled call) on its way through the node. */
export class CallTurn {
  /** Settles when its message has gone. */
  readonly gone: Promise<void>;
  private finish: () => void = () => undefined;
  private hurried = false;
  private whenHurried: () => void = () => undefined;

  constructor(private readonly learn: (info: CallerInfo) => void) {
    this.gone = new Promise((resolve) => (this.finish = resolve));
  }

  /** The call has gone on: whoever answers should come to an end. */
  hurry(): void {
    this.hurried = true;
    this.whenHurried();
  }

  /** Runs when the call has gone on, at once if it has already. */
  onHurry(run: () => void): void {
    this.whenHurried = run;
    if (this.hurried) run();
  }

  /** What is known of the caller, for the call's other events. */
  knows(info: CallerInfo): void {
    this.learn(info);
  }

  /** The message has gone, or there will be none. */
  done(): void {
    this.finish();
  }
}

/** By `callId`; the oldest are forgotten. */
export class KnownCalls {
  private readonly calls = new Map<string, KnownCall>();

  /** A call is asked about. Every turn must be `done`. */
  begin(callId: string): CallTurn {
    const call: KnownCall = {};
    const turn = new CallTurn((info) => (call.info = info));
    call.turn = turn;
    void turn.gone.then(() => delete call.turn);
    this.put(callId, call);
    return turn;
  }

  /** What is known of a call. If its ring is still held by slow sources it goes first, with what they have said so far. */
  async recall(callId: string): Promise<CallerInfo | undefined> {
    const call = this.calls.get(callId);
    call?.turn?.hurry();
    await call?.turn?.gone;
    return call?.info;
  }

  private put(callId: string, call: KnownCall): void {
    this.calls.delete(callId);
    this.calls.set(callId, call);
    for (const oldest of this.calls.keys()) {
      if (this.calls.size <= MOST_CALLS) return;
      this.calls.delete(oldest);
    }
  }
}
