/** `fritz-dial`: rings the box's telephones, dials a number, hangs up a dialled call. */
import { SECOND_MS, systemClock } from "../../lib/core/clock";
import type { Telephony } from "../../lib/box/telephony";
import { FritzError } from "../../lib/core/errors";
import { DialLimit } from "../../lib/telephony/dial-rules";
import { offerPickList } from "../fritz-config/dialog-box";
import { needBox } from "../shared/box";
import { ownFile } from "../shared/stores";
import type { Message, Node, Runtime } from "../shared/red";
import { onRequest, type RequestTools } from "../shared/request-node";
import type { DialDef } from "./definition";
import { type DialOrder, readDialOrder } from "./order";

export default function (RED: Runtime): void {
  offerPickList(RED, "phones", "fritz-dial.write", async (box) => {
    const [phones, current] = [await box.dialling.phones(), await box.dialling.phone().catch(() => "")];
    return { phones, current, names: await box.names.all().catch(() => []) };
  });
  RED.nodes.registerType("fritz-dial", function (this: Node, def: DialDef) {
    RED.nodes.createNode(this, def);
    const limit = new DialLimit(ownFile(RED, "dial", this.id), systemClock);
    // Not in sequence: a hangup must reach a running ring.
    const options = { box: def.box, serial: false };
    onRequest(RED, this, (msg, send, tools) => answer(RED, def, limit, msg, send, tools), options);
  });
}

async function answer(
  RED: Runtime,
  def: DialDef,
  limit: DialLimit,
  msg: Message,
  send: (msg: Message) => void,
  tools: RequestTools,
): Promise<void> {
  const box = needBox(RED, def.box).telephony();
  const order = await readDialOrder(def, msg, box);
  const reply = (more: object) => send({ ...msg, payload: { operation: order.operation, ...more } });
  if (order.operation === "hangup") {
    await box.dialling.hangup();
    reply({ stopped: true });
    return tools.done(RED._("fritz-dial.status.hungup"));
  }
  await limit.use(order.perHour);
  const phone = order.phone === "" ? await box.dialling.phone().catch(() => "") : await box.dialling.use(order.phone);
  if (order.operation === "dial") {
    await box.dialling.dial(order.number);
    reply({ number: order.number, phone });
    return tools.done(RED._("fritz-dial.status.dialled"));
  }
  const end = await ring(RED, box, order, tools);
  if (tools.signal.aborted) throw new FritzError("interrupted");
  reply({ number: order.number, phone, seconds: order.seconds, stopped: true, because: end });
  if (end !== "next") tools.done(RED._("fritz-dial.status.rung"));
}

/** Shows the remaining seconds. */
async function ring(RED: Runtime, box: Telephony, order: DialOrder, tools: RequestTools): Promise<string> {
  let left = order.seconds;
  const show = () => tools.progress(RED._("fritz-dial.status.ringing", { seconds: Math.max(0, left--) }));
  let timer: NodeJS.Timeout | undefined;
  const started = () => {
    show();
    timer = setInterval(show, SECOND_MS);
  };
  try {
    return await box.dialling.ringFor(order.number, order.seconds, started, tools.signal);
  } finally {
    clearInterval(timer);
  }
}
