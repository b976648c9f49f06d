/** `fritz-answering-machine`: sends new messages, returns sound, marks and deletes, switches machines. */
import type { Telephony } from "../../lib/box/telephony";
import { FritzError } from "../../lib/core/errors";
import type { MessageReference } from "../../lib/telephony/answering-machines";
import { needOnOff, readOnOff, readReferences, readText } from "../../lib/telephony/requests";
import { offerPickList } from "../fritz-config/dialog-box";
import { boxOf, needBox } from "../shared/box";
import type { Message, Node, Runtime } from "../shared/red";
import { onRequest, type RequestTools } from "../shared/request-node";
import { DEFAULTS, type MachineDef } from "./definition";
import { FetchProgress } from "./progress";
import { watchMachines } from "./watch";

const OPERATIONS = ["new", "messages", "audio", "read", "delete", "machines", "set"] as const;

export default function (RED: Runtime): void {
  offerPickList(RED, "machines", "fritz-answering-machine.write", async (box) => ({
    machines: await box.machines.machines(),
  }));
  RED.nodes.registerType("fritz-answering-machine", function (this: Node, def: MachineDef) {
    RED.nodes.createNode(this, def);
    const isStart = (def.operation || DEFAULTS.operation) === "new";
    const config = boxOf(RED, def.box);
    let look: (() => Promise<number>) | undefined;
    const tools = onRequest(
      RED,
      this,
      async (msg, send, more) => {
        const operation = OPERATIONS.find((one) => one === (msg["operation"] ?? (def.operation || DEFAULTS.operation)));
        if (!operation) throw new FritzError("operation-unknown", { operations: OPERATIONS.join(", ") });
        const box = needBox(RED, def.box).telephony();
        if (operation === "new") return void (await look?.());
        await RUNS[operation]({ RED, def, msg, send, box, tools: more });
      },
      def,
    );
    if (isStart && config) look = watchMachines(RED, this, config, def, tools);
  });
}

interface Request {
  RED: Runtime;
  def: MachineDef;
  msg: Message;
  send: (msg: Message) => void;
  box: Telephony;
  tools: RequestTools;
}

const machineOf = ({ def, msg }: Request) => readText(msg["machine"]) ?? readText(def.machine) ?? DEFAULTS.machine;

const RUNS: Readonly<Record<Exclude<(typeof OPERATIONS)[number], "new">, (request: Request) => Promise<void>>> = {
  async machines({ RED, msg, send, box, tools }) {
    const machines = await box.machines.counted();
    send({ ...msg, payload: machines.map((one) => ({ ...one })) });
    const fresh = machines.reduce((sum, one) => sum + one.new, 0);
    tools.done(RED._("fritz-answering-machine.status.new", { count: fresh }), fresh === 0);
  },
  async messages(request) {
    const { RED, msg, send, box, tools } = request;
    const messages = await box.machines.messages(machineOf(request));
    send({ ...msg, payload: messages });
    tools.done(RED._("fritz-answering-machine.status.messages", { count: messages.length }), messages.length === 0);
  },
  async audio(request) {
    const { RED, msg, send, box, tools } = request;
    const references = readReferences(msg.payload, machineOf(request), msg["index"]);
    await forEach(request, references, async (reference, percent) => {
      const message = await box.machines.locate(reference);
      const { bytes, seconds } = await box.machines.sound(message, percent);
      send({ ...msg, payload: bytes, message: { ...message, durationSeconds: seconds } });
    });
    tools.done(RED._("fritz-answering-machine.status.audio", { count: references.length }));
  },
  async read(request) {
    const heard = readOnOff(request.msg["read"]) ?? true;
    const done = await change(request, (reference) => request.box.machines.mark(reference, heard));
    const { RED, tools } = request;
    tools.done(RED._("fritz-answering-machine.status.read", { count: done }));
  },
  async delete(request) {
    const done = await change(request, (reference) => request.box.machines.delete(reference));
    const { RED, tools } = request;
    tools.done(RED._("fritz-answering-machine.status.deleted", { count: done }));
  },
  async set(request) {
    const { RED, def, msg, send, box, tools } = request;
    const enabled = needOnOff("machine", msg["enabled"], msg.payload, def.enabled ?? DEFAULTS.enabled);
    const machine = await box.machines.set(machineOf(request), enabled);
    send({ ...msg, payload: { ...machine } });
    const text = enabled ? RED._("fritz-answering-machine.status.on") : RED._("fritz-answering-machine.status.off");
    tools.done(text, !enabled);
  },
};

/** One message for one reference, a list for a list. */
async function change(request: Request, work: (reference: MessageReference) => Promise<object>): Promise<number> {
  const { msg, send } = request;
  const references = readReferences(msg.payload, machineOf(request), msg["index"]);
  const done: object[] = [];
  try {
    await forEach(request, references, async (reference) => void done.push(await work(reference)));
  } finally {
    const [first] = done;
    if (first && !request.tools.signal.aborted) send({ ...msg, payload: Array.isArray(msg.payload) ? done : first });
  }
  return done.length;
}

/** Ends between two messages when the node closes, and says how many are done. */
async function forEach(
  { RED, tools }: Request,
  references: readonly MessageReference[],
  work: (reference: MessageReference, percent: (done: number) => void) => Promise<void>,
): Promise<void> {
  const total = references.length;
  const progress = new FetchProgress(RED, tools, total);
  for (const [i, reference] of references.entries()) {
    if (tools.signal.aborted) throw new FritzError("interrupted-list", { done: i, total });
    progress.item(i + 1);
    await work(reference, progress.percent(i + 1));
  }
}
