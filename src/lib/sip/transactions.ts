/** SIP transactions (RFC 3261 §17, RFC 6026): what is repeated, for how long, and what a repetition gets. */
import type { Clock, Timer } from "../core/clock";
import { type SipRequest, type SipResponse, type Header, headerOf } from "./message";
import { addressOf, cseqOf, SIP_PORT, topVia, valuesOf } from "./values";

// What distinguishes requests: the keys of transactions, and what a request asks for that is not supported.

/** What matches a request to its server transaction (§17.2.3); ACK and CANCEL have the key of their INVITE. */
export function transactionKeyOf(request: SipRequest): string {
  const via = topVia(request);
  const branch = via?.params.get("branch") ?? "";
  const sentBy = `${via?.host}:${via?.port ?? SIP_PORT}`;
  if (branch.startsWith("z9hG4bK") && branch.length > 7) return `${branch} ${sentBy}`;
  const from = addressOf(request, "from")?.params.get("tag") ?? "";
  return ["old", headerOf(request, "call-id"), from, cseqOf(request)?.number, sentBy, branch].join(" ");
}

/** What an INVITE has in common with the same one that came by another path (§8.2.2.2). */
export function identityOf(request: SipRequest): string {
  return [headerOf(request, "call-id"), addressOf(request, "from")?.params.get("tag"), cseqOf(request)?.number].join(
    " ",
  );
}

/** The Unsupported header for what a request requires; no extension is supported (§8.2.2.3). */
export function unsupportedIn(request: SipRequest): Header | undefined {
  const required = valuesOf(request, "require").filter((word) => /^[\w.!%*+`'~-]+$/.test(word));
  return required.length > 0 ? ["unsupported", required.slice(0, 10).join(", ")] : undefined;
}

/** Estimate of a round trip, ms. */
const T1 = 500;
/** Longest pause between two repetitions, ms. */
const T2 = 4_000;
/** How long a message may linger in the network, ms. */
const T4 = 5_000;
/** Timers B, F, H, J and L, ms. */
export const GIVE_UP_MS = 64 * T1;

/** The way to one peer. */
export interface Path {
  /** TCP repeats by itself. */
  readonly reliable: boolean;
  readonly address: string;
  readonly port: number;
  /** Sends a message; its loss is not reported. */
  send(message: SipRequest | SipResponse): void;
}

/** Runs `again` after T1, then at doubling pauses up to T2, and `gaveUp` once after 64·T1. */
export function repeat(clock: Clock, again: () => void, gaveUp: () => void): Timer {
  let pause = T1;
  let next: Timer;
  const step = () => {
    again();
    pause = Math.min(2 * pause, T2);
    next = clock.after(pause, step);
  };
  next = clock.after(pause, step);
  const end = clock.after(GIVE_UP_MS, () => {
    next.cancel();
    gaveUp();
  });
  return {
    cancel: () => {
      next.cancel();
      end.cancel();
    },
  };
}

const nothing = () => undefined;

/** A request of ours that is no INVITE: timers E, F and K. */
export class ClientTransaction {
  private timer: Timer;
  private readonly lingerMs: number;
  private waiting = true;

  constructor(
    request: SipRequest,
    path: Path,
    private readonly clock: Clock,
    /** Called once: with the final response, or without when there was none in time. */
    private readonly answered: (response: SipResponse | undefined) => void,
    /** Called once, when late responses need no longer be absorbed. */
    private readonly ended: () => void,
  ) {
    this.lingerMs = path.reliable ? 0 : T4;
    const again = path.reliable ? nothing : () => path.send(request);
    this.timer = repeat(clock, again, () => this.finish(undefined));
    path.send(request);
  }

  receive(response: SipResponse): void {
    if (response.status >= 200) this.finish(response);
  }

  /** Forgets it; `answered` is not called any more. */
  close(): void {
    this.timer.cancel();
    this.waiting = false;
    this.ended();
  }

  private finish(response: SipResponse | undefined): void {
    if (!this.waiting) return;
    this.waiting = false;
    this.timer.cancel();
    if (response && this.lingerMs > 0) this.timer = this.clock.after(this.lingerMs, this.ended);
    else this.ended();
    this.answered(response);
  }
}

/** The last answer to an INVITE and its repetitions: timers G, H, I and L. A 200 is repeated by the dialog, not here. */
export class InviteTransaction {
  private last: SipResponse | undefined;
  private timer: Timer | undefined;
  private state: "proceeding" | "completed" | "confirmed" | "accepted" | "ended" = "proceeding";

  constructor(
    private readonly path: Path,
    private readonly clock: Clock,
    private readonly ended: () => void,
  ) {}

  /** Sends an answer. After the first final one only further 200s of the same call are sent. */
  respond(response: SipResponse): void {
    const success = response.status >= 200 && response.status < 300;
    if (this.state !== "proceeding" && !(this.state === "accepted" && success)) return;
    this.last = response;
    this.path.send(response);
    if (response.status < 200 || this.state === "accepted") return;
    if (success) {
      this.state = "accepted";
      this.timer = this.clock.after(GIVE_UP_MS, () => this.end());
    } else {
      this.state = "completed";
      this.timer = repeat(this.clock, this.path.reliable ? nothing : () => this.again(), () => this.end());
    }
  }

  /** The INVITE came once more: the last answer is sent again. */
  again(): void {
    if (this.last && (this.state === "proceeding" || this.state === "completed" || this.state === "accepted")) {
      this.path.send(this.last);
    }
  }

  /** The ACK of a refusal; that of a 200 belongs to the dialog. */
  acknowledged(): void {
    if (this.state !== "completed") return;
    this.state = "confirmed";
    this.timer?.cancel();
    if (this.path.reliable) this.end();
    else this.timer = this.clock.after(T4, () => this.end());
  }

  /** Whether no final answer was given yet. */
  get open(): boolean {
    return this.state === "proceeding";
  }

  /** Forgets it at once. */
  close(): void {
    this.timer?.cancel();
    this.state = "ended";
  }

  private end(): void {
    this.close();
    this.ended();
  }
}
