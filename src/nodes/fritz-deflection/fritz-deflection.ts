/** `fritz-deflection`: lists and switches the box's diversions and call barrings, also for a limited time. */
import { defined } from "../../lib/core/defined";
import { systemClock } from "../../lib/core/clock";
import { FritzError } from "../../lib/core/errors";
import { DeflectionTimer, MOST_MINUTES } from "../../lib/telephony/deflection-timer";
import type { NamedRule } from "../../lib/telephony/deflections";
import { needOnOff, readCount, readText } from "../../lib/telephony/requests";
import { offerPickList } from "../fritz-config/dialog-box";
import type { FritzConfigNode } from "../fritz-config/fritz-config";
import { boxOf, needBox } from "../shared/box";
import { reportConfigError } from "../shared/config-error";
import { toUserError } from "../shared/messages";
import { ownFile } from "../shared/stores";
import type { Message, Node, Runtime } from "../shared/red";
import { onRequest, type RequestTools } from "../shared/request-node";
import { DEFAULTS, type DeflectionDef } from "./definition";
import { type RuleWords, ruleSentence } from "../../lib/telephony/deflection-words";

/** "Calls from 0900* are rejected." */
export function ruleText(RED: Runtime, rule: RuleWords): string {
  return ruleSentence(rule, (key, values) => RED._(`fritz-deflection.${key}`, values));
}

const OPERATIONS = ["list", "set"];

export default function (RED: Runtime): void {
  offerPickList(RED, "deflections", "fritz-deflection.write", async (box) => ({
    deflections: await box.deflections.list(),
  }));
  RED.nodes.registerType("fritz-deflection", function (this: Node, def: DeflectionDef) {
    RED.nodes.createNode(this, def);
    const tools = onRequest(RED, this, (msg, send, more) => answer(RED, def, msg, send, more), def);
    const config = boxOf(RED, def.box);
    if (config) startTimer(RED, this, config, tools);
  });
}

async function answer(
  RED: Runtime,
  def: DeflectionDef,
  msg: Message,
  send: (msg: Message) => void,
  tools: RequestTools,
): Promise<void> {
  const config = needBox(RED, def.box);
  const operation = msg["operation"] ?? (def.operation || DEFAULTS.operation);
  const { deflections } = config.telephony();
  if (operation === "list") {
    const rules = await deflections.list();
    send({ ...msg, payload: rules.map((rule) => toPayload(RED, config, rule)) });
    return showOn(RED, tools, rules);
  }
  if (operation !== "set") throw new FritzError("operation-unknown", { operations: OPERATIONS.join(", ") });
  const wanted = readText(msg["deflection"]) || readText(def.deflection) || DEFAULTS.deflection;
  const enabled = needOnOff("deflection", msg["enabled"], msg.payload, def.enabled ?? DEFAULTS.enabled);
  const minutes = readCount(msg["minutes"], readCount(def.minutes, DEFAULTS.minutes, MOST_MINUTES), MOST_MINUTES);
  const { rule } = await timerOf(RED, config).set(wanted, enabled, minutes);
  send({ ...msg, payload: toPayload(RED, config, rule) });
  tools.done(enabled ? RED._("fritz-deflection.status.on") : RED._("fritz-deflection.status.off"), !enabled);
}

/** Plain JSON; with `until` if the rule is set back automatically. */
function toPayload(RED: Runtime, config: FritzConfigNode, rule: NamedRule): object {
  const { id, name, type, mode, number, target, book, enabled, key } = rule;
  const endMs = timerOf(RED, config).endOf(key);
  return {
    ...{ id, name, type, mode },
    ...(number !== "" && { number }),
    ...(target !== "" && { target }),
    ...defined({ book }),
    ...{ enabled, text: ruleText(RED, rule) },
    ...(endMs !== undefined && { until: new Date(endMs).toISOString() }),
  };
}

function showOn(RED: Runtime, tools: RequestTools, rules: readonly NamedRule[]): void {
  const count = rules.filter(({ enabled }) => enabled).length;
  tools.done(RED._("fritz-deflection.status.count", { count, total: rules.length }), count === 0);
}

/** One timer for a box: its rules are shared by all nodes. */
const timers = new WeakMap<FritzConfigNode, DeflectionTimer>();

function timerOf(RED: Runtime, config: FritzConfigNode): DeflectionTimer {
  let timer = timers.get(config);
  if (!timer) {
    timer = new DeflectionTimer({
      deflections: {
        set: (...given) => config.telephony().deflections.set(...given),
        byKey: (key) => config.telephony().deflections.byKey(key),
        write: (rule, enabled) => config.telephony().deflections.write(rule, enabled),
      },
      store: ownFile(RED, "deflections", config.id),
      clock: systemClock,
      onEnd: (ending, rule) =>
        config.log(RED._(`fritz-deflection.ended.${ending}`, { text: rule ? ruleText(RED, rule) : "" })),
      onError: (error) => config.warn(toUserError(RED, error).message),
    });
    timers.set(config, timer);
    const mine = timer;
    config.on("close", () => mine.close());
  }
  return timer;
}

/** Continues timed switches from before a restart, and shows the enabled rules. */
function startTimer(RED: Runtime, node: Node, config: FritzConfigNode, tools: RequestTools): void {
  timerOf(RED, config)
    .start()
    .catch((error: unknown) => reportConfigError(RED, node, toUserError(RED, error).message));
  if ((config.credentials?.password ?? "") === "") return;
  config
    .telephony()
    .deflections.list()
    .then((rules) => showOn(RED, tools, rules))
    .catch(() => undefined); // the first message reports the error
}
