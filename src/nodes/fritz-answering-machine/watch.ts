/**
 * Watches for new messages: checks after a call that a machine answered, after an outage, and periodically.
 */
import { HOUR_MS, MINUTE_MS, systemClock } from "../../lib/core/clock";
import type { CallEvent } from "../../lib/calls/types";
import { serialize, withTimeout } from "../../lib/core/async";
import { flagOr, textOr } from "../../lib/core/unknown";
import { isMachine } from "../../lib/telephony/phone-codes";
import { NewMessages, type VoiceMessage } from "../../lib/telephony/voice-messages";
import type { FritzConfigNode } from "../fritz-config/fritz-config";
import { deployGate } from "../shared/deploy-gate";
import { guarded } from "../shared/input";
import { toUserError } from "../shared/messages";
import { ownFile } from "../shared/stores";
import type { Message, Node, Runtime } from "../shared/red";
import type { RequestTools } from "../shared/request-node";
import { DEFAULTS, type MachineDef } from "./definition";
import { FetchProgress } from "./progress";

/** Delays of the checks after a call, ms: the box writes the message some time later. */
const LOOKS_MS = [3_000, 6_000, 15_000];
/** Interval of periodic checks, ms: with a working call monitor, and without it. */
const POLL_MS = { reported: HOUR_MS, unreported: 5 * MINUTE_MS };
/** Delay of a retry after a failure, ms. */
const RETRY_MS = MINUTE_MS;
/** Longest wait of a deploy for a running check, ms. */
const CLOSE_PATIENCE_MS = 2_000;

/** Starts the watch; returns a function that checks at once. Ends with the node. */
export function watchMachines(
  RED: Runtime,
  node: Node,
  config: FritzConfigNode,
  def: MachineDef,
  tools: RequestTools,
): () => Promise<number> {
  return new Watch(RED, node, config, def, tools).begin();
}

class Watch {
  private readonly newMessages: NewMessages;
  private readonly timers = new Set<NodeJS.Timeout>();
  private poll: NodeJS.Timeout | undefined;
  private isReported = () => false;
  private isOpen = false;
  private errorReported = false;

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
    private readonly config: FritzConfigNode,
    private readonly def: MachineDef,
    private readonly tools: RequestTools,
  ) {
    this.newMessages = new NewMessages(ownFile(RED, "messages", node.id));
  }

  begin(): () => Promise<number> {
    const { RED, node, config } = this;
    const { monitor, events } = config.register(node);
    this.isReported = () => monitor.state.phase === "connected";
    const gate = deployGate(RED.events);
    const reader = events.join(node.id, (event) => this.onEvent(event));
    const gated = {
      hold: () => {
        this.isOpen = false;
        reader.hold();
      },
      flow: () => {
        this.isOpen = true;
        reader.flow();
        this.checkMachines(0);
      },
    };
    gate.add(gated);
    const stopListening = monitor.listen({ state: ({ phase }) => phase === "connected" && this.checkMachines(0) });
    node.on("close", (_removed: boolean, done: () => void) => {
      this.isOpen = false;
      clearTimeout(this.poll);
      this.timers.forEach(clearTimeout);
      gate.remove(gated);
      reader.leave();
      stopListening();
      config.deregister(node);
      // A message being saved is sent by the node that replaces this one.
      void withTimeout(
        systemClock,
        CLOSE_PATIENCE_MS,
        serialize(this, () => Promise.resolve()),
      ).then(() => done());
    });
    this.plan();
    return () => this.look();
  }

  /** A call that a machine answered has ended: it may have left a message. */
  private onEvent({ event, extension, outcome }: CallEvent): void {
    if (event !== "disconnect" || !(outcome === "machine" || isMachine(extension ?? -1))) return;
    for (const ms of LOOKS_MS) this.checkMachines(ms);
  }

  private checkMachines(ms: number): void {
    if (this.tools.signal.aborted) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.lookQuietly();
    }, ms);
    this.timers.add(timer);
  }

  /** Rarely, since the call monitor triggers most checks. */
  private plan(failed = false): void {
    clearTimeout(this.poll);
    if (this.tools.signal.aborted) return;
    const usual = this.isReported() ? POLL_MS.reported : POLL_MS.unreported;
    this.poll = setTimeout(() => void this.lookQuietly(), failed ? RETRY_MS : usual);
  }

  private async lookQuietly(): Promise<void> {
    let failed = false;
    try {
      await this.look();
      this.errorReported = false;
    } catch (error) {
      failed = true;
      if (!this.errorReported && !this.tools.signal.aborted) this.node.error(toUserError(this.RED, error));
      this.errorReported = true; // once, not with every check
    }
    this.plan(failed);
  }

  /** Runs the checks in sequence. */
  private look(): Promise<number> {
    return serialize(this, async () => {
      if (!this.isOpen) return 0;
      const { RED, tools, def } = this;
      const { machines } = this.config.telephony();
      const messages = await machines.messages(textOr(def.machine, DEFAULTS.machine));
      const progress = new FetchProgress(RED, tools, 1);
      const passed = await this.newMessages.take(
        messages,
        () => this.isOpen,
        (message) => this.prepare(message, progress.percent(1)),
      );
      const fresh = messages.filter((one) => one.new).length;
      tools.done(RED._("fritz-answering-machine.status.new", { count: fresh }), fresh === 0);
      return passed;
    });
  }

  private async prepare(message: VoiceMessage, percent: (done: number) => void): Promise<() => void> {
    const { RED, node, def } = this;
    const sound = flagOr(def.audio, DEFAULTS.audio) ? await this.sound(message, percent) : {};
    const msg: Message = { _msgid: RED.util.generateId(), topic: "message", payload: { ...message }, ...sound };
    return () => guarded(RED, node, () => node.send(msg));
  }

  /** Sends a message even if its sound cannot be loaded. */
  private async sound(message: VoiceMessage, percent: (done: number) => void): Promise<object> {
    try {
      const { bytes, seconds } = await this.config.telephony().machines.sound(message, percent);
      return { audio: bytes, payload: { ...message, durationSeconds: seconds } };
    } catch (error) {
      return { audioError: toUserError(this.RED, error).message };
    }
  }
}
