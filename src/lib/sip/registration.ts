/** Keeps the agent registered at the box (RFC 3261 §10): refresh at half the time, back off, never hammer a refused password. */
import { backoffMs } from "../core/backoff";
import type { Clock, Timer } from "../core/clock";
import type { Credentials } from "../tr064/digest";
import type { Local } from "./dialog";
import { SipLogin, grantedSeconds, registerRequest, registrarUri } from "./register";
import type { Header, SipRequest, SipResponse } from "./message";
import { secondsOf } from "./values";
import { afterElapsed } from "./wake";

/** Pause after a refused password, ms: whether a box locks out is not known. */
const REFUSED_PAUSE_MS = 600_000;
/** Longest time between two refreshes, ms: a box that was restarted has forgotten its bindings. */
const LONGEST_REFRESH_MS = 1_800_000;
const LONGEST_RETRY_AFTER_S = 3_600;
const MOST_EXPIRES_S = 7_200;
/** Challenges that are answered in one attempt. */
const MOST_ANSWERS = 3;

export type RegistrationProblem = "refused" | "no-answer" | "status";

export type RegistrationState =
  | { kind: "registering" }
  | { kind: "registered"; untilMs: number }
  /** `status`: what the registrar said instead, 0 if nothing. */
  | { kind: "failed"; problem: RegistrationProblem; status: number; retryAtMs: number };

export interface RegistrationOptions {
  clock: Clock;
  /** 0..1, for the back-off. */
  random: () => number;
  newToken: () => string;
  local: () => Local;
  credentials: Credentials;
  /** The registrar's domain, e.g. "fritz.box". */
  domain: string;
  /** Seconds asked for. */
  expires: number;
  /** Sends a request to the registrar; `answered` gets the final response, or none after 32 s. */
  send: (request: SipRequest, answered: (response: SipResponse | undefined) => void) => void;
  onState: (state: RegistrationState) => void;
}

/** One binding at one registrar, from the first REGISTER to the last. */
export class Registration {
  private readonly callId: string;
  private readonly fromTag: string;
  private readonly login: SipLogin;
  private cseq = 0;
  private failures = 0;
  private timer: Timer | undefined;
  private expires: number;
  /** Counts the attempts: answers to an older one are ignored. */
  private attempts = 0;
  private registeredUntilMs = 0;
  private pausedUntilMs = 0;
  /** No state was reported yet. A retry does not hide why the last attempt failed. */
  private isNew = true;
  /** A request is under way: the binding may exist already. */
  private asking = false;

  constructor(private readonly options: RegistrationOptions) {
    this.callId = options.newToken();
    this.fromTag = options.newToken();
    this.login = new SipLogin(options.credentials);
    this.expires = options.expires;
  }

  /** Registers now, e.g. because the box is back; not during the pause after a refused password. */
  register(): void {
    if (this.options.clock.now() < this.pausedUntilMs) return;
    this.timer?.cancel();
    if (this.isNew) this.options.onState({ kind: "registering" });
    this.isNew = false;
    this.attempt(++this.attempts, this.expires, (response) => this.finished(response));
  }

  /** Removes the own binding, and only that (never `Contact: *`). Calls back when the box has answered, or at once. */
  unregister(done: () => void): void {
    this.timer?.cancel();
    const mayBeBound = this.bound || this.asking;
    this.registeredUntilMs = 0;
    const attempt = ++this.attempts;
    if (mayBeBound) this.attempt(attempt, 0, done);
    else done();
  }

  /** Forgets everything; nothing is sent. */
  close(): void {
    this.attempts++;
    this.timer?.cancel();
  }

  private get bound(): boolean {
    return this.options.clock.now() < this.registeredUntilMs;
  }

  /** One attempt: as many requests as the registrar's challenges need. */
  private attempt(attempt: number, expires: number, done: (response: SipResponse | undefined) => void): void {
    let answers = 0;
    let answeredNonce: string | undefined;
    this.asking = true;
    const go = (authorization: readonly Header[]) => {
      this.options.send(this.build(expires, authorization), (response) => {
        if (attempt !== this.attempts) return;
        const challenge = response && this.login.challengeOf(response);
        const again = challenge && answers < MOST_ANSWERS && (answeredNonce === undefined || challenge.stale);
        if (!challenge || !again) {
          this.asking = false;
          return done(response);
        }
        answers++;
        answeredNonce = challenge.nonce;
        go([this.login.answer(response.status, challenge, "REGISTER", registrarUri(this.options.domain))]);
      });
    };
    go([]);
  }

  private build(expires: number, authorization: readonly Header[]): SipRequest {
    const { callId, fromTag } = this;
    const { local, newToken, credentials, domain } = this.options;
    const parts = { user: credentials.user, domain, local: local(), branch: newToken(), callId, fromTag };
    return registerRequest({ ...parts, cseq: ++this.cseq, expires }, authorization);
  }

  private finished(response: SipResponse | undefined): void {
    const status = response?.status ?? 0;
    if (response && status >= 200 && status < 300) return this.succeeded(response);
    const least = response && status === 423 ? secondsOf(response, "min-expires") : undefined;
    if (least !== undefined && least > this.expires && least <= MOST_EXPIRES_S && this.failures < 3) {
      this.failures++;
      this.expires = least;
      return this.register();
    }
    if (status === 401 || status === 407 || status === 403 || status === 404) return this.refused(status);
    const asked = response && secondsOf(response, "retry-after");
    const waitMs =
      asked === undefined
        ? backoffMs(this.failures, this.options.random())
        : Math.min(Math.max(asked, 1), LONGEST_RETRY_AFTER_S) * 1000;
    this.failures++;
    this.failed(status === 0 ? "no-answer" : "status", status, waitMs);
  }

  private succeeded(response: SipResponse): void {
    const { clock, onState } = this.options;
    const granted = grantedSeconds(response, this.options.local()) ?? this.expires;
    const untilMs = clock.now() + granted * 1000;
    this.failures = 0;
    this.registeredUntilMs = untilMs;
    onState({ kind: "registered", untilMs });
    const waitMs = Math.max(1_000, Math.min(granted * 500, LONGEST_REFRESH_MS));
    this.timer = afterElapsed(clock, waitMs, () => this.register());
  }

  /** The phone or its password is not the box's. Another attempt later, in case that is put right at the box. */
  private refused(status: number): void {
    this.registeredUntilMs = 0;
    this.pausedUntilMs = this.options.clock.now() + REFUSED_PAUSE_MS;
    this.failed("refused", status, REFUSED_PAUSE_MS);
  }

  /** A refresh that failed is no outage as long as the binding lives. */
  private failed(problem: RegistrationProblem, status: number, waitMs: number): void {
    const { clock, onState } = this.options;
    const retryAtMs = clock.now() + waitMs;
    if (!this.bound) onState({ kind: "failed", problem, status, retryAtMs });
    this.timer = afterElapsed(clock, waitMs, () => this.register());
  }
}
