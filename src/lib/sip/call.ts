/** One call that rings at the agent: it is left ringing, ended (200, ACK, BYE), or given up later (480); RFC 3261 §13.3, §15. */
import type { Timer } from "../core/clock";
import type { CallEnd, CallParts } from "./call-types";
import { type CallerOfInvite, readCaller } from "./caller";
import { ALLOW, byeFor, contactOf, recordRoutes } from "./dialog";
import { type Header, headerOf, type SipRequest, type SipResponse } from "./message";
import { answerSdp } from "./sdp";
import { answerTo } from "./serialize";
import { type InviteTransaction, repeat } from "./transactions";
import { addressOf, cseqOf, secondsOf } from "./values";

/** No network rings longer, ms. */
const RING_LIMIT_MS = 180_000;

/** A ringing INVITE and its dialog, up to the end of the call. */
export class IncomingCall {
  readonly sipCallId: string;
  readonly caller: CallerOfInvite;
  /** When the INVITE came, ms of the clock. */
  readonly arrivedMs: number;
  /** When our 200 and our BYE were sent. */
  answeredMs: number | undefined;
  byeMs: number | undefined;
  /** How it ended; undefined as long as it did not. */
  end: CallEnd | undefined;
  private phase: "ringing" | "answered" | "over" = "ringing";
  private timer: Timer;
  /** CSeq of the INVITE whose 200 waits for its ACK. */
  private openCseq: number | undefined;
  private readonly listeners: ((end: CallEnd) => void)[] = [];
  private answered: () => void = () => undefined;

  constructor(
    private readonly invite: SipRequest,
    private readonly parts: CallParts,
  ) {
    this.sipCallId = headerOf(invite, "call-id") ?? "";
    this.caller = readCaller(invite);
    this.arrivedMs = parts.clock.now();
    this.respond(100);
    this.respond(180);
    const expiresMs = Math.max(1, secondsOf(invite, "expires") ?? Infinity) * 1000;
    this.timer = parts.clock.after(Math.min(expiresMs, RING_LIMIT_MS), () => this.refuse(487, { how: "released" }));
  }

  /** Our To tag. */
  get tag(): string {
    return this.parts.tag;
  }

  /** Whether it rings and no final answer was sent. */
  get ringing(): boolean {
    return this.phase === "ringing";
  }

  /** Calls back once, when the call has ended; at once if it has already. */
  onEnd(listener: (end: CallEnd) => void): void {
    if (this.end) listener(this.end);
    else this.listeners.push(listener);
  }

  /** Calls back when the call is answered in order to end it. One listener. */
  onAnswer(listener: () => void): void {
    this.answered = listener;
  }

  /** Answers in order to hang up after the ACK. False if it rings no more, or if there is no common codec. */
  hangUp(): boolean {
    const body = this.ringing ? answerSdp(this.invite.body, this.parts.media) : undefined;
    if (body === undefined) return false;
    this.phase = "answered";
    this.timer.cancel();
    this.answeredMs = this.parts.clock.now();
    this.accept(this.invite, this.parts.transaction, body);
    this.answered();
    return true;
  }

  /** Gives it up without ending it: 480, or 488 where it could not have been answered. The other phones ring on. */
  release(): void {
    const answerable = answerSdp(this.invite.body, this.parts.media) !== undefined;
    this.refuse(answerable ? 480 : 488, { how: "released" });
  }

  /** The box takes it back: answered elsewhere, or the caller gave up. After our 200 it comes too late (§9.2). */
  cancelled(): void {
    this.refuse(487, { how: "cancelled" });
  }

  /** Whether a request belongs to this dialog. */
  owns(request: SipRequest): boolean {
    const [from, to] = [addressOf(request, "from"), addressOf(request, "to")];
    return (
      headerOf(request, "call-id") === this.sipCallId &&
      to?.params.get("tag") === this.parts.tag &&
      from?.params.get("tag") === addressOf(this.invite, "from")?.params.get("tag")
    );
  }

  /** The ACK of our 200: now the BYE is allowed (§15). */
  acknowledged(ack: SipRequest): void {
    if (this.phase === "answered" && cseqOf(ack)?.number === this.openCseq) this.sendBye({ how: "hungup" });
  }

  /** A BYE from the box; returns the status of its answer. */
  bye(): number {
    if (this.phase === "over" && this.byeMs === undefined) return 481;
    if (this.phase === "ringing") this.refuse(487, { how: "cancelled" });
    else if (this.byeMs === undefined) {
      this.close();
      this.finish({ how: "hungup" });
      this.parts.forget();
    }
    return 200;
  }

  /** A new INVITE or UPDATE inside the dialog, e.g. hold: the same session once more. False: there is none. */
  reoffered(request: SipRequest, transaction: InviteTransaction): boolean {
    const body = this.phase === "answered" ? answerSdp(request.body, this.parts.media) : undefined;
    if (body === undefined) return false;
    this.accept(request, transaction, body);
    return true;
  }

  /** An UPDATE inside the dialog: the answer's body; undefined if there is no session to change. */
  updated(request: SipRequest): string | undefined {
    if (this.phase !== "answered") return undefined;
    return request.body === "" ? "" : answerSdp(request.body, this.parts.media);
  }

  /** The connection to the box is gone; what rings, rings on at the other phones. */
  lost(): void {
    this.close();
    this.finish({ how: "lost" });
  }

  private close(): void {
    this.timer.cancel();
    this.phase = "over";
  }

  private respond(status: number): void {
    this.parts.transaction.respond(this.answer(this.invite, status, ""));
  }

  private answer(request: SipRequest, status: number, body: string): SipResponse {
    const { path, tag, local } = this.parts;
    const opens = status > 100 && status < 300;
    const headers: Header[] = opens ? [...recordRoutes(request), ["contact", contactOf(local)], ALLOW] : [];
    if (body !== "") headers.push(["content-type", "application/sdp"]);
    return answerTo(request, path, status, { ...(status > 100 && { tag }), headers, body });
  }

  /** Sends a 200, and repeats it until the ACK comes; without one the call is ended after 64·T1 (§13.3.1.4). */
  private accept(request: SipRequest, transaction: InviteTransaction, body: string): void {
    const response = this.answer(request, 200, body);
    this.openCseq = cseqOf(request)?.number;
    this.timer.cancel();
    this.timer = repeat(
      this.parts.clock,
      () => transaction.respond(response),
      () => this.sendBye({ how: "failed", because: "no-ack" }),
    );
    transaction.respond(response);
  }

  private refuse(status: number, end: CallEnd): void {
    if (!this.ringing) return;
    this.close();
    this.respond(status);
    this.finish(end);
    this.parts.forget();
  }

  private sendBye(end: CallEnd): void {
    const { tag, local, newBranch, clock, request, forget } = this.parts;
    this.close();
    this.byeMs = clock.now();
    request(byeFor(this.invite, { tag, local, branch: newBranch() }), (response) => {
      this.finish(response || end.how === "failed" ? end : { how: "failed", because: "no-answer" });
      forget();
    });
  }

  private finish(end: CallEnd): void {
    if (this.end) return;
    this.end = end;
    for (const listener of this.listeners.splice(0)) listener(end);
  }
}
