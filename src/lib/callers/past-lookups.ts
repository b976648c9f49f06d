/**
 * Looks up the callers of past calls, one after the other, as they have time. Messages that wait are kept over deploys and restarts
 * with what is known so far.
 */
import { FritzError } from "../core/errors";
import { propertiesOf } from "../core/unknown";
import { isListedCall, type Call } from "../calls/types";
import { isCallerInfo, type CallerInfo } from "./types";
import type { Clock, Timer } from "../core/clock";
import type { Store } from "../core/store";

/** More calls than a box keeps (about 400), several times. */
const MOST_CALLS = 5_000;
/** Delay of a write, ms: flash memory wears out. */
const WRITE_AFTER_MS = 2_000;
const FORMAT = 1;

/** A message whose payload is a call of the box's list, or a list of them. */
export type PastMessage = Record<string, unknown>;

interface Job {
  msg: PastMessage;
  /** By `keyOf`. */
  infos: Record<string, CallerInfo>;
}

/** What the node of the moment does for the lookups. */
export interface PastHandlers {
  /** Undefined: it was stopped. Null: such a call is not looked up. Never rejects. */
  ask(call: Call, stopped: AbortSignal): Promise<CallerInfo | null | undefined>;
  /** The message with what was found; `cancelled`: not all of its calls were looked up. */
  answer(msg: PastMessage, cancelled: boolean): void;
  /** How many numbers of the first message are looked up. */
  progress(done: number, total: number): void;
}

/** The calls in a payload; [] if it is none, and no list with one. */
export function listedCallsIn(payload: unknown): Call[] {
  return (Array.isArray(payload) ? (payload as unknown[]) : [payload]).filter(isListedCall);
}

/** The queue of one node. */
export class PastLookups {
  private jobs: Job[] = [];
  private handlers: PastHandlers | undefined;
  private running = false;
  private cancelling = new AbortController();
  private writing: Timer | undefined;
  private saving: Promise<void> = Promise.resolve();
  private readonly loaded: Promise<void>;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    this.loaded = store.load().then(
      (value) => void (this.jobs = [...jobsIn(value), ...this.jobs]),
      () => undefined, // the next write reports the error
    );
  }

  /** A node starts, or takes over at a deploy: it goes on with what waits. */
  attach(handlers: PastHandlers): void {
    this.handlers = handlers;
    void this.run();
  }

  /** The node is closed. `removed`: it has no successor, and what waits is dropped. */
  async detach(handlers: PastHandlers, removed: boolean): Promise<void> {
    if (this.handlers === handlers) this.handlers = undefined;
    if (removed && this.jobs.length > 0) {
      this.jobs = [];
      this.changed();
    }
    await this.flush();
  }

  /** Queues a message. Throws `past-calls-many` if too much waits. */
  add(msg: PastMessage): void {
    const waiting = this.jobs.reduce((sum, job) => sum + listedCallsIn(job.msg["payload"]).length, 0);
    const calls = listedCallsIn(msg["payload"]).length;
    if (waiting + calls > MOST_CALLS) throw new FritzError("past-calls-many", { most: MOST_CALLS });
    this.jobs.push({ msg, infos: {} });
    this.changed();
    void this.run();
  }

  /** Answers all that waits with what is known so far. Returns how many messages that are. */
  cancel(): number {
    const count = this.jobs.length;
    this.cancelling.abort();
    this.cancelling = new AbortController();
    for (const job of this.jobs.splice(0)) this.answer(job, true);
    if (count > 0) this.changed();
    return count;
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    await this.loaded;
    for (;;) {
      const { handlers } = this;
      const [job] = this.jobs;
      if (!job || !handlers) break;
      const done = await this.finish(job);
      if (this.jobs[0] !== job) continue; // cancelled
      if (done) {
        this.jobs.shift();
        this.answer(job, false);
        this.changed();
      } else if (this.handlers === handlers) break; // else its successor goes on
    }
    this.running = false;
  }

  /** False if it was stopped. */
  private async finish({ msg, infos }: Job): Promise<boolean> {
    const { signal } = this.cancelling;
    const wanted = new Map(listedCallsIn(msg["payload"]).map((call) => [keyOf(call), call]));
    let done = 0;
    for (const [key, call] of wanted) {
      if (!infos[key]) {
        const info = await this.handlers?.ask(call, signal);
        if (info === undefined || signal.aborted) return false;
        if (info) {
          infos[key] = info;
          this.changed();
        }
      }
      this.handlers?.progress(++done, wanted.size);
    }
    return true;
  }

  private answer({ msg, infos }: Job, cancelled: boolean): void {
    const withInfo = (value: unknown): unknown => {
      const info = isListedCall(value) ? infos[keyOf(value)] : undefined;
      return info ? { ...propertiesOf(value), callerInfo: structuredClone(info) } : value;
    };
    const { payload } = msg;
    if (Array.isArray(payload)) {
      return this.handlers?.answer({ ...msg, payload: (payload as unknown[]).map(withInfo) }, cancelled);
    }
    const info = infos[keyOf(payload as Call)];
    this.handlers?.answer({ ...msg, ...(info && { callerInfo: structuredClone(info) }) }, cancelled);
  }

  private changed(): void {
    this.writing ??= this.clock.after(WRITE_AFTER_MS, () => void this.flush());
  }

  /** Writes pending changes; the store reports its failures itself. */
  private async flush(): Promise<void> {
    if (this.writing) {
      this.writing.cancel();
      this.writing = undefined;
      const kept = { format: FORMAT, jobs: this.jobs.map(({ msg, infos }) => ({ msg: plain(msg), infos })) };
      this.saving = this.saving.then(() => this.store.save(kept)).catch(() => undefined);
    }
    await this.saving;
  }
}

const isOutgoing = ({ kind }: Call) => kind.includes("outgoing");

/** The same number dialled and calling is not written alike. */
const keyOf = (call: Call) => (isOutgoing(call) ? `out ${call.called.number}` : `in ${call.caller.number}`);

/** What of a message can be kept: not the request of a web server, for instance. */
function plain(msg: PastMessage): PastMessage {
  const entries = Object.entries(msg).flatMap(([name, value]) => {
    try {
      const text = name === "req" || name === "res" ? undefined : JSON.stringify(value);
      return text === undefined ? [] : [[name, JSON.parse(text) as unknown] as const];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(entries);
}

function jobsIn(value: unknown): Job[] {
  const { format, jobs } = propertiesOf(value);
  if (format !== FORMAT || !Array.isArray(jobs)) return [];
  return (jobs as unknown[]).flatMap((job) => {
    const { msg, infos } = propertiesOf(job);
    const sound = Object.entries(propertiesOf(infos)).filter((entry): entry is [string, CallerInfo] =>
      isCallerInfo(entry[1]),
    );
    const given = propertiesOf(msg);
    return listedCallsIn(given["payload"]).length > 0 ? [{ msg: given, infos: Object.fromEntries(sound) }] : [];
  });
}
