/** L5 nodes: `fritz-phonebook`, reads and writes phonebooks, the call barring list and the call list of a box. */
import type { WriteReport } from "../lib/model/contact";
import { FritzError } from "../lib/model/errors";
import { type PhonebookRequest, readOperation, runOperation } from "../lib/services/phonebook-operation";
import { needBox } from "./shared/box-of";
import { onInput } from "./shared/input";
import { sharedText, toUserError } from "./shared/messages";
import type { Message, Node, NodeDef, Runtime } from "./shared/red";

interface FritzPhonebookDef extends NodeDef {
  box?: string;
  operation?: string;
  book?: string;
  format?: string;
  limit?: number | string;
  dryRun?: boolean;
}

/** A status for each contact of a thousand would only keep the editor busy, ms. */
const PROGRESS_PAUSE_MS = 250;

export default function (RED: Runtime): void {
  RED.nodes.registerType("fritz-phonebook", function (this: Node, def: FritzPhonebookDef) {
    RED.nodes.createNode(this, def);
    const closing = new AbortController();
    let turn: Promise<void> = Promise.resolve();
    onInput(RED, this, (msg, send) => {
      // One message after the other: they leave in the order in which they came.
      const mine = turn.then(() => answer(RED, this, def, msg, send, closing.signal));
      turn = mine.catch(() => undefined);
      return mine;
    });
    this.on("close", (_removed: boolean, done: () => void) => {
      closing.abort();
      void turn.then(done);
    });
  });
}

async function answer(
  RED: Runtime,
  node: Node,
  def: FritzPhonebookDef,
  msg: Message,
  send: (msg: Message) => void,
  signal: AbortSignal,
): Promise<void> {
  const status = new PhonebookStatus(RED, node);
  try {
    const request = toRequest(def, msg);
    request.write = { ...request.write, signal, progress: (done, total) => status.progress(done, total) };
    const { payload, report, staleSince } = await runOperation(needBox(RED, def.box).telephony(), request);
    send({ ...msg, payload: report ? reportPayload(RED, report) : payload, ...(staleSince && { staleSince }) });
    if (report?.nearLimit) node.warn(nearLimitText(RED, report.nearLimit));
    status.done(request.operation, payload, report, staleSince);
    const failed = report?.failed.length ?? 0;
    if (report && failed > 0) throw new FritzError("contacts-failed", { failed, total: failed + doneCount(report) });
  } catch (error) {
    status.failed(error);
    throw error;
  }
}

/** What the message says counts more than what the node is set to. */
function toRequest(def: FritzPhonebookDef, msg: Message): PhonebookRequest {
  const { operation, book, action, format, days, max, since, dryRun, limit, refresh } = msg;
  const most = Number(limit ?? def.limit ?? "");
  return {
    operation: readOperation(operation ?? def.operation),
    book: typeof book === "string" || typeof book === "number" ? String(book).trim() : (def.book?.trim() ?? ""),
    payload: msg.payload,
    ...{ action, format: format ?? def.format, days, max, since },
    refresh: refresh === true,
    write: { dryRun: typeof dryRun === "boolean" ? dryRun : def.dryRun === true, ...(most > 0 && { limit: most }) },
  };
}

function nearLimitText(RED: Runtime, { count, limit }: { count: number; limit: number }): string {
  return sharedText(RED, "near-limit", { count, limit });
}

const doneCount = ({ added, updated, removed, alreadyThere }: WriteReport) => added + updated + removed + alreadyThere;

/** The report as plain JSON, each failure with its sentence. */
function reportPayload(
  RED: Runtime,
  { added, updated, removed, alreadyThere, failed }: WriteReport,
): WriteReport<string> {
  const sentences = failed.map(({ contact, error }) => ({ contact, error: toUserError(RED, error).message }));
  return { added, updated, removed, alreadyThere, failed: sentences };
}

class PhonebookStatus {
  private shownMs = 0;

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
  ) {}

  progress(done: number, total: number): void {
    if (total < 2 || Date.now() - this.shownMs < PROGRESS_PAUSE_MS) return;
    this.shownMs = Date.now();
    const { RED } = this;
    this.node.status({
      fill: "blue",
      shape: "dot",
      text: RED._("fritz-phonebook.status.progress", { done, total }),
    });
  }

  done(operation: string, payload: unknown, report: WriteReport | undefined, staleSince: string | undefined): void {
    const { RED } = this;
    const { failed = [] } = report ?? {};
    const count = report ? doneCount(report) : Array.isArray(payload) ? payload.length : 1;
    const text = staleSince
      ? RED._("fritz-phonebook.status.stale")
      : RED._(`fritz-phonebook.status.done.${operation}`, { count });
    const fill = staleSince || failed.length > 0 ? "yellow" : "green";
    this.node.status({ fill, shape: "dot", text });
  }

  failed(error: unknown): void {
    this.node.status({ fill: "red", shape: "ring", text: toUserError(this.RED, error).message });
  }
}
