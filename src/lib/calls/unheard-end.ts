/** Rules that end an open call whose DISCONNECT was missed. Pure. */
import { remoteParty } from "./types";
import { sameNumber } from "../numbers/index";
import { type OpenCall, toParty } from "./open-call";
import type { MonitorLine } from "./monitor-line";
import type { Clock, Timer } from "../core/clock";

/**
 * Evidence about an open call: a line with the same connection id, the time, or a restart of the box. Times
 * in ms since 1970.
 */
export type Sign =
  | { line: MonitorLine; boxMs: number }
  /** This computer's clock. */
  | { nowMs: number }
  | { restarted: true };

/** Longest ringing time of a network, seconds. The same line within it belongs to the same call. */
const RING_LIMIT_S = 180;
/** An unanswered call ends after this, and a talk that is so much longer than the box says, seconds. */
const DEAD_AFTER_S = 600;
const TALK_TOLERANCE_S = 3_700; // the hour of summer time, and some
/** The same of a call that is in doubt: the id may be of a call that began unheard. */
const DOUBTED_TOLERANCE_S = 5;
const HOUR_S = 3_600;
/**
 * By this computer's clock: a ring, a dialled call (queues may be long) and a talk end after this, seconds.
 */
const LIMITS_S = { ring: RING_LIMIT_S + 20, dial: 3_600, talk: 24 * 3_600 } as const;

/** The reason for an assumed end. */
export type UnheardEnd = "id-reused" | "other-number" | "rang-too-long" | "talked-too-long" | "box-restarted";

/** The first rule that applies gives the reason. */
const RULES = {
  "id-reused": (call, sign) =>
    "line" in sign && (sign.line.event === "ring" || sign.line.event === "call") && !isRepetition(call, sign),
  "rang-too-long": (call, sign) => {
    if (call.connected) return false;
    if ("nowMs" in sign) return sign.nowMs >= limitMs(call);
    return "line" in sign && sign.line.event !== "ring" && secondsSince(call, sign) > DEAD_AFTER_S;
  },
  "other-number": (call, sign) =>
    "line" in sign && sign.line.event === "connect" && !isSameRemote(call, sign.line.remote),
  "box-restarted": (call, sign) =>
    "restarted" in sign || ("nowMs" in sign && sign.nowMs >= (call.doubtedUntilMs ?? Infinity)),
  "talked-too-long": (call, sign) => {
    if (!call.connected) return false;
    if ("nowMs" in sign) return sign.nowMs >= limitMs(call);
    if (!("line" in sign) || sign.line.event !== "disconnect") return false;
    const tooLong = secondsSince(call, sign) - (call.ringSeconds ?? 0) - sign.line.durationSeconds;
    if (call.doubtedUntilMs === undefined) return tooLong > TALK_TOLERANCE_S;
    // At the change of summer time the box's clock jumps by an hour.
    return [-HOUR_S, 0, HOUR_S].every((jump) => Math.abs(tooLong - jump) > DOUBTED_TOLERANCE_S);
  },
} as const satisfies Record<UnheardEnd, (call: OpenCall, sign: Sign) => boolean>;

/**
 * Why the open call must have ended, or undefined if it continues or ends with this line. A reconnect alone
 * is no evidence.
 */
export function unheardEnd(call: OpenCall, sign: Sign): UnheardEnd | undefined {
  return REASONS.find((reason) => RULES[reason](call, sign));
}

const REASONS = Object.keys(RULES) as UnheardEnd[];

/** When a call reaches its time limit, by this computer's clock. */
function limitMs({ connected, direction, arrivedMs = Infinity }: OpenCall): number {
  const seconds = connected ? LIMITS_S.talk : direction === "incoming" ? LIMITS_S.ring : LIMITS_S.dial;
  return arrivedMs + seconds * 1000;
}

/** When a call ends by the clock, if no line comes. */
export const dueMs = (call: OpenCall) => Math.min(limitMs(call), call.doubtedUntilMs ?? Infinity);

const secondsSince = (call: OpenCall, { boxMs }: { boxMs: number }) => (boxMs - call.startedMs) / 1000;

function isRepetition(call: OpenCall, sign: { line: MonitorLine; boxMs: number }): boolean {
  const { line } = sign;
  // A box repeats no line after a restart.
  if (call.connected || call.doubtedUntilMs !== undefined) return false;
  if (line.event !== "ring" && line.event !== "call") return false;
  const direction = line.event === "ring" ? "incoming" : "outgoing";
  const seconds = secondsSince(call, sign);
  return (
    call.direction === direction &&
    call.caller.number === toParty(line.caller, "restricted").number &&
    call.called.number === toParty(line.called, "unavailable").number &&
    seconds >= 0 &&
    seconds <= RING_LIMIT_S
  );
}

/** A CONNECT with another number belongs to another call. */
function isSameRemote(call: OpenCall, written: string): boolean {
  const { number } = toParty(written, "restricted");
  const remote = remoteParty(call).number;
  return number === "" || remote === number || sameNumber(remote, number);
}

// One timer for the earliest of many limits.

/** Set again whenever the limits change. */
export class LimitTimer {
  private current: { timer: Timer; dueMs: number } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly reached: () => void,
  ) {}

  /** `dueMs`: when the earliest limit is reached now; Infinity: there is none. Calls back then, or earlier. */
  set(dueMs: number): void {
    // A timer that runs earlier looks again; without a limit none is left running.
    if (this.current && this.current.dueMs <= dueMs && dueMs !== Infinity) return;
    this.stop();
    if (dueMs === Infinity) return;
    const timer = this.clock.after(Math.max(0, dueMs - this.clock.now()), () => {
      this.current = undefined;
      this.reached();
    });
    this.current = { timer, dueMs };
  }

  stop(): void {
    this.current?.timer.cancel();
    this.current = undefined;
  }
}
