/** The agent at one box: a link, a registration, and the calls that ring. It cannot dial: it knows no INVITE of its own. */
import type { Timer } from "../core/clock";
import { safeCall, withTimeout } from "../core/async";
import { backoffMs } from "../core/backoff";
import { AgentLine } from "./agent-line";
import type { AgentListener, AgentState, HangupAgentOptions } from "./agent-types";
import type { IncomingCall } from "./call";
import { EndedCalls } from "./ended-calls";
import type { Link, OpenLink, Place } from "./link";
import type { RegistrationState } from "./registration";
import { PlaceWatch } from "./place";
import { afterElapsed } from "./wake";
import { type AgentPorts, DEFAULTS, errorOf, linkError, SOCKETS } from "./agent-ports";

/** TCP is tried when UDP got no answer for so long, ms. */
const TRY_TCP_MS = 4_000;
/** How long closing waits for the box's answer, ms. */
const CLOSE_MS = 2_000;

/** One IP phone at one box, which can end calls and nothing else. `start` it, `listen`, and `close` it. */
export class HangupAgent {
  private readonly options: Required<HangupAgentOptions>;
  private readonly listeners = new Set<AgentListener>();
  private readonly rings = new Set<IncomingCall>();
  /** The last calls that were answered in order to end them. */
  private readonly ended = new EndedCalls();
  private line: AgentLine | undefined;
  private current: AgentState = { kind: "registering" };
  private timers: Partial<Record<"open" | "tcp", Timer>> = {};
  private readonly watch: PlaceWatch;
  private failures = 0;
  private lastPort = 0;
  private closed = false;

  constructor(
    options: HangupAgentOptions,
    private readonly ports: AgentPorts = SOCKETS,
  ) {
    this.options = { ...DEFAULTS, ...options };
    this.watch = new PlaceWatch(
      this.options.clock,
      () => this.findPlace(),
      (place) => this.moved(place),
    );
  }

  get state(): AgentState {
    return this.current;
  }

  /** Calls that ring now, the newest first. */
  get ringing(): IncomingCall[] {
    return [...this.rings].filter((call) => call.ringing).reverse();
  }

  /** How many records are kept (for tests of leaks). */
  get size(): number {
    return this.rings.size + (this.line?.ua.size ?? 0);
  }

  /**
   * Whether the agent ended a call of this number in the last minute, or at the time that the box's call list gives. Each such
   * call counts once: a second one of the same number was answered by somebody else.
   */
  claimEnded(number: string, listedAtMs?: number): boolean {
    return this.ended.claim(number, this.options.clock.now(), listedAtMs);
  }

  /** Returns how to stop listening. */
  listen(listener: AgentListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  start(): void {
    void this.open("udp");
    this.watch.start();
  }

  /** The box is back after an outage: it has forgotten its bindings. */
  refresh(): void {
    this.line?.registration.register();
  }

  /**
   * Un-registers, waits for calls that were answered to be ended, and closes the sockets. Calls that ring, ring on. Resolves
   * after two seconds at most.
   */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const timer of Object.values(this.timers)) timer.cancel();
    this.watch.stop();
    this.listeners.clear();
    const { line } = this;
    if (!line) return;
    const unregistered = new Promise<void>((resolve) => line.registration.unregister(resolve));
    const answered = [...this.rings].filter((call) => !call.ringing);
    const ended = answered.map((call) => new Promise<void>((resolve) => call.onEnd(() => resolve())));
    await withTimeout(this.options.clock, CLOSE_MS, Promise.all([unregistered, ...ended]));
    this.drop();
  }

  private drop(): void {
    this.line?.close();
    this.line = undefined;
    this.rings.clear();
  }

  private async open(transport: "udp" | "tcp"): Promise<void> {
    const { localPort, clock, random } = this.options;
    this.timers.open?.cancel();
    try {
      const place = await this.findPlace();
      const link = await this.openLink(transport, { place, localPort: localPort || this.lastPort, clock });
      const needless = transport === "tcp" && this.current.kind === "registered";
      if (this.closed || needless) return link.close();
      this.failures = 0;
      this.use(link, place);
    } catch (error) {
      if (this.closed) return;
      if (transport === "tcp" && this.line) return; // UDP goes on
      this.show({ kind: "failed", error: linkError(error) });
      if (transport === "tcp" || this.lastPort !== 0) this.lastPort = 0;
      const waitMs = backoffMs(this.failures++, random());
      this.timers.open = afterElapsed(clock, waitMs, () => void this.open("udp"));
    }
  }

  private openLink(transport: "udp" | "tcp", options: Parameters<OpenLink>[0]): Promise<Link> {
    const open = transport === "tcp" ? this.ports.openTcp : this.ports.openUdp;
    let link: Link | undefined;
    const opened = open(options, {
      message: (message, path) => {
        if (message.kind === "response") this.timers.tcp?.cancel();
        if (link && link === this.line?.link) this.line.ua.receive(message, path);
      },
      lost: () => {
        if (link && link === this.line?.link) this.reopen("udp");
      },
    });
    return opened.then((one) => (link = one));
  }

  private reopen(transport: "udp" | "tcp"): void {
    this.drop();
    this.show({ kind: "registering" });
    void this.open(transport);
  }

  private use(link: Link, place: Place): void {
    this.drop();
    this.lastPort = link.local.port;
    this.line = new AgentLine(link, place, this.options, {
      called: (call) => this.called(call),
      registration: (state) => this.registrationIs(state, link),
    });
    this.line.registration.register();
    if (link.transport === "udp") this.timers.tcp = this.options.clock.after(TRY_TCP_MS, () => void this.open("tcp"));
  }

  private registrationIs(state: RegistrationState, link: Link): void {
    const { user, host } = this.options;
    switch (state.kind) {
      case "registering":
        return this.show(state);
      case "registered":
        return this.show({ kind: "registered", user, transport: link.transport });
      case "failed":
        if (state.problem === "no-answer" && link.transport === "tcp") return this.reopen("udp");
        if (state.problem === "no-answer") void this.open("tcp");
        this.show({ kind: "failed", error: errorOf(state, host) });
    }
  }

  private called(call: IncomingCall): void {
    this.rings.add(call);
    call.onAnswer(() => this.ended.add(call.caller.number, this.options.clock.now()));
    call.onEnd(() => this.rings.delete(call));
    for (const { call: notify } of this.listeners) safeCall(() => notify?.(call));
  }

  private show(state: AgentState): void {
    this.current = state;
    for (const { state: notify } of this.listeners) safeCall(() => notify?.(state));
  }

  /** Another address of the box or of this computer needs new sockets and a new registration. */
  private moved(place: Place): void {
    if (this.line?.isElsewhere(place) && this.rings.size === 0) this.reopen("udp");
  }

  private findPlace(): Promise<Place> {
    const { host, port, localAddress } = this.options;
    return this.ports.findPlace(host, port, localAddress);
  }
}
