/** Keeps the caller info of recent calls for their later events, and the order of the events of one call. */
import { BoundedMap } from "../core/bounded-map";
import type { CallerInfo } from "./types";

/** Upper bound of open and recent calls. */
const MOST_CALLS = 200;

interface CallEntry {
  info?: CallerInfo;
  /** Set until the ring's message is sent. */
  pending?: PendingCall;
}

/** A ring (or outgoing call) whose message is not sent yet. */
export class PendingCall {
  /** Resolves when its message is sent. */
  readonly gone: Promise<void>;
  private finish: () => void = () => undefined;
  private flushed = false;
  private flushNow: () => void = () => undefined;

  constructor(private readonly learn: (info: CallerInfo) => void) {
    this.gone = new Promise((resolve) => (this.finish = resolve));
  }

  /** A later event of the call arrived: the ring must be sent now. */
  flush(): void {
    this.flushed = true;
    this.flushNow();
  }

  /** Sets the callback of `flush`; calls it at once if that was called before. */
  onFlush(run: () => void): void {
    this.flushNow = run;
    if (this.flushed) run();
  }

  /** Stores the caller info for the call's other events. */
  setInfo(info: CallerInfo): void {
    this.learn(info);
  }

  /** The message is sent, or there will be none. */
  done(): void {
    this.finish();
  }
}

/** By `callId`; bounded but for the calls whose ring is not sent yet: after a deploy there may be many at once. */
export class CallOrder {
  private readonly calls = new BoundedMap<string, CallEntry>(MOST_CALLS, ({ pending }) => pending !== undefined);

  /** Begins a call. Every pending call must be `done`. */
  begin(callId: string): PendingCall {
    const call: CallEntry = {};
    const pending = new PendingCall((info) => (call.info = info));
    call.pending = pending;
    void pending.gone.then(() => delete call.pending);
    this.calls.set(callId, call);
    return pending;
  }

  /**
   * The caller info of a call. If its ring still waits for slow sources, it is sent first with the answers so
   * far.
   */
  async recall(callId: string): Promise<CallerInfo | undefined> {
    const call = this.calls.get(callId);
    call?.pending?.flush();
    await call?.pending?.gone;
    return call?.info;
  }
}
