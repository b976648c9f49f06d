/**
 * After each gap compares what was reported of a box's calls with its call list, and reports what was missed, once. An end that was
 * estimated, or whose beginning was not heard, waits a moment for what the list says of it.
 */
import { isoAt } from "../calls/box-time";
import { compareCallList, type Missed, settleMissed } from "../calls/compare-call-list";
import { recoveredEvents } from "../calls/recovered-event";
import type { LinkState } from "../calls/reconnecting-connection";
import { forgetCall, noteGap, type ReportedCall, ReportedCalls, wallMinute } from "../calls/reported-calls";
import type { CallEvent } from "../calls/types";
import { withTimeout } from "../core/async";
import type { Store } from "../core/store";
import { GapWatch } from "./gap-watch";
import { HOLD_MS, JustReported, TimedEnds, SentEnds } from "./sent-ends";
import { OVER_MS, OverWatch, ListSchedule } from "./list-schedule";
import { LIMITS, type RecoveryParts, type RecoveryUser, RecoveryUsers } from "./recovery-users";
import { loadState, type RecoveryState, StateWriter } from "./recovery-state";

/** Stands between the call monitor of one box and the readers of its events. */
export class CallRecovery {
  private readonly users: RecoveryUsers;
  private readonly held: TimedEnds;
  private readonly sent: SentEnds;
  private readonly gaps: GapWatch;
  private readonly justReported: JustReported;
  private readonly over: OverWatch;
  private readonly schedule: ListSchedule;
  private readonly writer: StateWriter | undefined;
  private readonly reported = new ReportedCalls();
  private stopped = false;

  constructor(private readonly parts: RecoveryParts) {
    const { clock, monitor, publish, store } = parts;
    this.users = new RecoveryUsers(clock);
    this.held = new TimedEnds(clock, HOLD_MS, (event) => this.release(event));
    this.sent = new SentEnds(clock, publish, () => this.writer?.noteSoon());
    this.over = new OverWatch(clock);
    this.gaps = new GapWatch(clock, (gap) => this.users.gap(gap));
    this.justReported = new JustReported(clock);
    this.schedule = new ListSchedule(clock, () => this.compare(), {
      trouble: (error) => this.users.trouble(error),
      failing: () => this.gaps.listFails(),
    });
    const failed = (error: unknown) => this.users.trouble(error);
    this.writer = store && new StateWriter(store, clock, () => this.state, failed);
    monitor.listen({ state: (state) => this.link(state) });
  }

  /** Starts the monitor, with what was kept and the calls in progress; resolves then. */
  async start(): Promise<void> {
    const { store, monitor } = this.parts;
    if (store) await this.load(store);
    if (!this.stopped) monitor.start();
  }

  private async load(store: Store): Promise<void> {
    const kept = await loadState(store);
    if (this.stopped || kept.aliveMs === undefined) return;
    this.gaps.restarted(kept.aliveMs);
    this.reported.memory = noteGap(kept.memory);
    this.parts.monitor.restore(kept.open);
    for (const event of kept.held) this.hold(event);
    this.sent.restore(kept.sent);
  }

  /** A node comes; returns what takes it away again. */
  use(user: RecoveryUser): () => void {
    this.users.add(user);
    if (user.calls) {
      this.schedule.reset();
      this.schedule.ask(LIMITS.afterGapMs.slice(0, 1));
    }
    return () => {
      this.users.remove(user);
      // Flows that are stopped in order have handled what they got.
      if (this.users.count === 0) this.sent.clear();
      if (this.users.areThere) void this.writer?.note(this.state); // the program may end before the file is saved
      void this.save();
    };
  }

  /** Takes the next event of the monitor: reports it, or holds it. */
  take(event: CallEvent): void {
    if (!this.users.areThere) {
      if (!this.reported.isBlank) this.forget();
      return this.parts.publish(event);
    }
    if (event.event === "disconnect") this.over.forget(event.callId);
    const isUnsure = event.event === "disconnect" && (event.estimated ?? event.partial ?? false);
    if (isUnsure && this.reader) {
      this.note(this.hold(event));
      this.schedule.ask(LIMITS.afterEndMs);
    } else this.reportNow(event);
  }

  /** See `CallMonitorOptions`. Without the list no more will be known, and the calls end at once. */
  get doubtMs(): number {
    return this.reader ? LIMITS.doubtMs : 0;
  }

  stop(): void {
    this.stopped = true;
    this.schedule.stop();
    this.held.stop();
    this.sent.stop();
    this.writer?.stop();
    this.parts.monitor.stop();
  }

  /** Reads the call list, if that is of use now. */
  private get reader(): RecoveryUser["calls"] {
    return this.schedule.isUseful ? this.users.calls : undefined;
  }

  private link(state: LinkState): void {
    this.reported.memory = noteGap(this.reported.memory);
    if (!this.gaps.link(state)) return;
    if (this.reader) this.schedule.ask(LIMITS.afterGapMs);
    else this.gaps.withoutList();
    void this.save();
  }

  private hold(event: CallEvent): ReportedCall {
    this.held.add(event);
    return this.reported.noteEvent(event, true);
  }

  /** The list says nothing of it: reported as the lines have it. */
  private release(event: CallEvent): void {
    if (!this.justReported.takes(event)) return this.reportNow(event);
    // Its entry is done with: as one that was reported it would be taken for a later entry.
    this.reported.memory = forgetCall(this.reported.memory, event.callId);
    if (this.users.areThere) void this.writer?.note(this.state);
  }

  private async compare(): Promise<void> {
    const { clock, monitor, timeZone } = this.parts;
    const list = await this.reader?.({ days: LIMITS.days, names: false });
    if (!list || this.stopped) return;
    const sinceMin = wallMinute(isoAt(clock.now(), timeZone)) - LIMITS.days * 24 * 60;
    const found = compareCallList(this.reported.memory, list, { sinceMin, most: LIMITS.most });
    this.gaps.listRead(!this.reported.memory.bookmark);
    this.reported.memory = found.memory;
    monitor.confirm(found.running, clock.now() + LIMITS.runningMs);
    this.users.skipped(found.skipped);
    const over = this.over.reallyOver(found.over);
    if (over.length < found.over.length) this.schedule.ask([OVER_MS + 100]);
    await this.report([...found.missed, ...over]);
  }

  /** Noted and kept first: a kill in between does not lose it, since what was sent last is sent again. */
  private report(missed: Missed[]): Promise<void> {
    const { clock, monitor, newId, timeZone } = this.parts;
    const events = recoveredEvents(missed, { box: monitor.box, newId, timeZone });
    for (const { callId } of events) {
      this.held.remove(callId);
      this.over.forget(callId);
      monitor.forget(callId);
    }
    this.reported.memory = settleMissed(this.reported.memory, missed);
    this.justReported.add(events);
    const keep = () => this.writer && withTimeout(clock, LIMITS.saveMs, this.writer.note(this.state));
    return this.sent.sendKept(events, keep);
  }

  private forget(): void {
    this.reported.forget();
    this.sent.clear();
    this.writer?.forget();
  }

  private save(): Promise<void> {
    return (this.users.areThere && this.writer?.save()) || Promise.resolve();
  }

  private reportNow(event: CallEvent): void {
    const call = this.reported.noteEvent(event);
    this.sent.send(event);
    this.note(call, event.event === "disconnect" ? event : undefined);
  }

  /** Notes a call that was reported or held, the end that was sent, and what goes on. */
  private note(call: ReportedCall, end?: CallEvent): void {
    if (!this.users.areThere) return;
    void this.writer?.note(Object.assign(this.ongoing, { call, end }));
  }

  private get state(): RecoveryState {
    return { ...this.ongoing, memory: this.reported.memory, sent: this.sent.events };
  }

  private get ongoing() {
    return { open: this.parts.monitor.tracked, held: this.held.events, aliveMs: this.parts.clock.now() };
  }
}
