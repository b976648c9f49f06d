/** `fritz-action`: calls any TR-064 action of a box. */
import { flagOr } from "../../lib/core/unknown";
import { readArguments, readText } from "../../lib/telephony/requests";
import { offerPickList, type BoxQuestion } from "../fritz-config/dialog-box";
import { needBox } from "../shared/box";
import type { Message, Node, Runtime } from "../shared/red";
import { onRequest } from "../shared/request-node";
import { type ActionDef, DEFAULTS } from "./definition";

export default function (RED: Runtime): void {
  offerPickList(RED, "services", "fritz-action.write", async (box) => ({ services: await box.actions.services() }));
  offerPickList(RED, "actions", "fritz-action.write", async (box, question: BoxQuestion & { service?: string }) => ({
    actions: await box.actions.actions(String(question.service ?? "")),
  }));
  RED.nodes.registerType("fritz-action", function (this: Node, def: ActionDef) {
    RED.nodes.createNode(this, def);
    onRequest(
      RED,
      this,
      async (msg, send, tools) => {
        const { values, raw } = await needBox(RED, def.box).telephony().actions.run(toRequest(def, msg));
        send({ ...msg, payload: values, raw: { ...raw } });
        tools.done(RED._("fritz-action.status.done"));
      },
      def,
    );
  });
}

/** A message may set everything except the permission to write. */
function toRequest(def: ActionDef, msg: Message) {
  const own = readArguments(def.arguments ?? DEFAULTS.arguments);
  const chosen = msg["action"] !== undefined || msg["service"] !== undefined;
  return {
    service: readText(msg["service"]) || def.service || DEFAULTS.service,
    action: readText(msg["action"]) || def.action || DEFAULTS.action,
    // The node's arguments belong to the node's action.
    defaults: chosen ? {} : own,
    arguments: readArguments(msg["arguments"]),
    payload: msg.payload,
    write: flagOr(def.write, DEFAULTS.write),
    parse: flagOr(def.parse, DEFAULTS.parse),
  };
}
