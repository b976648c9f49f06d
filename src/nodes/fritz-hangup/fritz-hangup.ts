/**
 * `fritz-hangup`: ends a ringing call by SIP if the message says block. Its IP phone belongs to the box, not
 * to the node.
 */
import { FritzError } from "../../lib/core/errors";
import { systemClock } from "../../lib/core/clock";
import { Feed } from "../../lib/calls/event-feed";
import type { Telephony } from "../../lib/box/telephony";
import { parsePattern } from "../../lib/numbers/index";
import type { HangupAgent } from "../../lib/sip/agent";
import { Hangups } from "../../lib/sip/hangups";
import type { PastHangups } from "../../lib/sip/reports";
import { boxOf } from "../shared/box";
import { reportConfigError } from "../shared/config-error";
import { deployGate } from "../shared/deploy-gate";
import { guarded, keepOverDeploys, onInput } from "../shared/input";
import { sharedText, toUserError } from "../shared/messages";
import type { Node, Runtime } from "../shared/red";
import { clockTime } from "../shared/status";
import type { FritzHangupDef } from "./definition";
import { type HangupCredentials, type HangupOptions, readHangupOptions, numberRules } from "./options";
import { HangupStatus } from "./status";
import { readVerdict } from "./verdict";

type HangupNode = Node & { credentials?: HangupCredentials };

export default function (RED: Runtime): void {
  RED.nodes.registerType<HangupNode, FritzHangupDef, object, HangupCredentials>(
    "fritz-hangup",
    function (this: HangupNode, def: FritzHangupDef) {
      RED.nodes.createNode(this, def);
      const options = readHangupOptions(def, this.credentials ?? {});
      const status = new HangupStatus(RED, this, options.dryRun);
      const config = boxOf(RED, def.box);
      const problem = !config ? "no-box" : options.phone.user === "" ? "no-phone" : undefined;
      if (problem) status.unused(problem);
      const hangups = problem ? undefined : start(RED, this, def.box ?? "", options, status);
      onInput(RED, this, (msg) => {
        const verdict = readVerdict(msg);
        if (!hangups) throw new FritzError(problem === "no-box" ? "no-box" : "sip-user-missing");
        if (verdict) hangups.decide(verdict);
        return Promise.resolve();
      });
    },
    { credentials: { sipUsername: { type: "text" }, sipPassword: { type: "password" } } },
  );
}

function start(
  RED: Runtime,
  node: Node,
  boxId: string,
  options: HangupOptions,
  status: HangupStatus,
): Hangups | undefined {
  const config = boxOf(RED, boxId);
  if (!config) return undefined;
  for (const [i, text] of options.allowPatterns.entries()) {
    if (parsePattern(text)) continue;
    reportConfigError(RED, node, sharedText(RED, "error.block-pattern", { list: "allowPatterns", position: i + 1 }));
  }
  const handle = config.hangupAgent(options.phone);
  const emit = reporter(RED, node);
  const stopListening = reportState(RED, node, handle.value, status, emit);
  const hasLogin = (config.credentials?.password ?? "") !== "";
  const hangups = new Hangups({
    agent: handle.value,
    clock: systemClock,
    past: keepOverDeploys(RED, node, "hangups", (): PastHangups => ({ times: [] })),
    ...numberRules(options, () => config.telephony().knownPlan),
    ...(hasLogin && { isContact: (number: string, except?: string) => isContact(config.telephony(), number, except) }),
    ...options,
    onIncoming: (report) => emit(() => node.send([{ topic: report.event, payload: { ...report } }, null])),
    onResult: (report) =>
      emit(() => {
        status.done(report, clockTime());
        if (report.because === "per-hour") node.warn(sharedText(RED, "hangups-per-hour", { most: options.perHour }));
        node.send([null, { topic: report.event, payload: { ...report } }]);
      }),
  });
  node.on("close", (removed: boolean, done: () => void) => {
    hangups.close();
    stopListening();
    handle.release(removed);
    done();
  });
  return hangups;
}

/** Messages during a deploy wait until the next nodes exist. */
function reporter(RED: Runtime, node: Node): (send: () => void) => void {
  const feed = new Feed<() => void>(systemClock);
  const reader = feed.join(node.id, (send) => guarded(RED, node, send));
  const gate = deployGate(RED.events);
  gate.add(reader);
  node.on("close", () => {
    gate.remove(reader);
    reader.leave();
  });
  return (send) => feed.publish(send);
}

/** Shows the registration of the IP phone; reports a failure to the Catch nodes once, not at each attempt. */
function reportState(
  RED: Runtime,
  node: Node,
  agent: HangupAgent,
  status: HangupStatus,
  emit: (send: () => void) => void,
): () => void {
  let reportedCode = "";
  const report = (state: HangupAgent["state"]) => {
    guarded(RED, node, () => status.agentIs(state));
    const code = state.kind === "failed" ? state.error.code : "";
    if (state.kind === "failed" && code !== reportedCode) emit(() => node.error(toUserError(RED, state.error), {}));
    if (state.kind !== "registering") reportedCode = code;
  };
  report(agent.state);
  return agent.listen({ state: report });
}

/** An entry of the book that the block rests on, or one for spam, is no contact. Rejects if it is unknown. */
async function isContact(telephony: Telephony, number: string, exceptBook = ""): Promise<boolean> {
  const { contacts, unknown } = await telephony.find(number);
  const known = contacts.filter(({ book, name }) => book !== exceptBook && !/^\W{0,3}spam\b/i.test(name));
  if (known.length === 0 && unknown !== undefined) throw new Error("it is unknown whether the number is a contact");
  return known.length > 0;
}
