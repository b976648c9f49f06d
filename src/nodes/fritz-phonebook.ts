/** L5 nodes: `fritz-phonebook`, reads and writes phonebooks, the call barring list and the call list of a box. */
import type { WriteReport } from "../lib/model/contact";
import { FritzError } from "../lib/model/errors";
import { oneAtATime } from "../lib/services/one-at-a-time";
import { type PhonebookRequest, readOperation, runOperation } from "../lib/services/phonebook-operation";
import { within } from "../lib/services/within";
import { systemClock } from "../lib/transport/system-clock";
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
/** A deploy waits for a write that is going on, but not for a box that does not answer, ms. */
const CLOSE_PATIENCE_MS = 3_000;

export default function (RED: Runtime): void {
  RED.nodes.registerType("fritz-phonebook", function (this: Node, def: FritzPhonebookDef) {
    RED.nodes.createNode(this, def);
    const closing = new AbortController();
    // One message after the other: they leave in the order in which they came.
    onInput(RED, this, (msg, send) => oneAtATime(this, () => answer(RED, this, def, msg, send, closing.signal)));
    this.on("close", (_removed: boolean, done: () => void) => {
      closing.abort();
      const allDone = oneAtATime(this, () => Promise.resolve());
      void within(systemClock, CLOSE_PATIENCE_MS, allDone).then(done);
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
    if (signal.aborted) throw new FritzError("interrupted");
    const request = toRequest(def, msg);
    request.write = { ...request.write, signal, progress: (done, total) => status.progress(done, total) };
    const { payload, report, staleSince } = await runOperation(needBox(RED, def.box).telephony(), request);
    if (signal.aborted) throw new FritzError("interrupted"); // whoever is wired behind may be gone, too
    send({ ...msg, payload: report ? reportPayload(RED, report) : payload, ...(staleSince && { staleSince }) });
    status.done(request.operation, payload, report, staleSince);
    if (report) tell(RED, node, report);
  } catch (error) {
    const isTold = error instanceof FritzError && error.code === "contacts-failed";
    if (!isTold && !signal.aborted) status.failed(error); // the status may be another node's by now
    throw error;
  }
}

/** What of a report is more than an answer: a warning, and an error for the Catch nodes. */
function tell(RED: Runtime, node: Node, report: WriteReport): void {
  const failed = report.failed.length;
  if (report.nearLimit) node.warn(nearLimitText(RED, report.nearLimit));
  if (failed > 0) throw new FritzError("contacts-failed", { failed, total: failed + doneCount(report) });
}

/** What the message says counts more than what the node is set to. */
function toRequest(def: FritzPhonebookDef, msg: Message): PhonebookRequest {
  const { book, action, format, days, max, since, limit, refresh } = msg;
  const most = Number(limit ?? def.limit ?? "");
  const operation = readOperation(msg["operation"] ?? (def.operation || "lookup"));
  return {
    operation,
    book: typeof book === "string" || typeof book === "number" ? String(book).trim() : (def.book?.trim() ?? ""),
    payload: msg.payload,
    // The node's format is that of an export; an import recognises its own.
    ...{ action, format: format ?? (operation === "export" ? def.format : undefined), days, max, since },
    refresh: refresh === true,
    write: { dryRun: isDryRun(msg["dryRun"] ?? def.dryRun), ...(most > 0 && { limit: most }) },
  };
}

/** Whoever says anything but no wants nothing written. */
function isDryRun(given: unknown): boolean {
  return typeof given === "string" ? !/^(|false|0|no|off)$/i.test(given) : Boolean(given);
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
