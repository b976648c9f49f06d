/** `fritz-phonebook`: reads and writes phonebooks, the call barring list and the call list of a box. */
import { defined } from "../../lib/core/defined";
import type { WriteReport } from "../../lib/phonebook/types";
import { FritzError } from "../../lib/core/errors";
import { flagOr } from "../../lib/core/unknown";
import { serialize, withTimeout, yieldingly } from "../../lib/core/async";
import { type PhonebookRequest, readOperation, runOperation } from "./operations";
import { systemClock } from "../../lib/core/clock";
import { boxOf, needBox } from "../shared/box";
import { onInput } from "../shared/input";
import { sharedText, toUserError } from "../shared/messages";
import type { Message, Node, Runtime } from "../shared/red";
import { boxIsBack, showFailure, showStatus } from "../shared/status";
import { typedValue } from "../shared/typed";
import { DEFAULTS, type PhonebookDef } from "./definition";

/** Minimum interval between progress updates, ms. */
const PROGRESS_PAUSE_MS = 250;
/** Longest wait of a deploy for a running write, ms. */
const CLOSE_PATIENCE_MS = 3_000;

export default function (RED: Runtime): void {
  RED.nodes.registerType("fritz-phonebook", function (this: Node, def: PhonebookDef) {
    RED.nodes.createNode(this, def);
    const closing = new AbortController();
    // In sequence, so that messages keep their order.
    onInput(RED, this, (msg, send) => serialize(this, () => answer(RED, this, def, msg, send, closing.signal)));
    this.on("close", (_removed: boolean, done: () => void) => {
      closing.abort();
      const allDone = serialize(this, () => Promise.resolve());
      void withTimeout(systemClock, CLOSE_PATIENCE_MS, allDone).then(done);
    });
  });
}

async function answer(
  RED: Runtime,
  node: Node,
  def: PhonebookDef,
  msg: Message,
  send: (msg: Message) => void,
  signal: AbortSignal,
): Promise<void> {
  const status = new PhonebookStatus(RED, node, boxOf(RED, def.box));
  try {
    if (signal.aborted) throw new FritzError("interrupted");
    const request = await toRequest(RED, node, def, msg);
    request.write = { ...request.write, signal, progress: (done, total) => status.progress(done, total) };
    const { payload, report, staleSince, contactsUnknown } = await runOperation(
      needBox(RED, def.box).telephony(),
      request,
    );
    const answered = report ? await reportPayload(RED, report) : payload;
    if (signal.aborted) throw new FritzError("interrupted"); // the next nodes may be gone, too
    const isDry = request.write.dryRun === true && (report !== undefined || /Book$/.test(request.operation));
    send({
      ...{ ...msg, payload: answered },
      ...(isDry && { dryRun: true }),
      ...defined({ staleSince, contactsUnknown }),
    });
    status.done(isDry ? "dry-run" : request.operation, payload, report, staleSince);
    if (!staleSince) status.boxAnswered();
    if (report) notify(RED, node, report);
  } catch (error) {
    const isReported = error instanceof FritzError && error.code === "contacts-failed";
    if (!isReported && !signal.aborted) status.failed(error); // another node may own this status by now
    throw error;
  }
}

/** Warning and error of a report, for the Catch nodes. */
function notify(RED: Runtime, node: Node, report: WriteReport): void {
  const failed = report.failed.length;
  if (report.nearLimit) node.warn(nearLimitText(RED, report.nearLimit));
  if (failed > 0) throw new FritzError("contacts-failed", { failed, total: failed + doneCount(report) });
}

/** Properties of the message override those of the node. */
async function toRequest(RED: Runtime, node: Node, def: PhonebookDef, msg: Message): Promise<PhonebookRequest> {
  const { action, format, days, max, since, refresh, mode, kind, internal } = msg;
  const own = (property: "book" | "limit") => typedValue(RED, node, def, property, msg);
  const most = Number(msg["limit"] ?? (await own("limit")) ?? DEFAULTS.limit);
  const book = isName(msg["book"]) ? msg["book"] : await own("book");
  const operation = readOperation(msg["operation"] ?? (def.operation || DEFAULTS.operation));
  return {
    operation,
    book: isName(book) ? String(book).trim() : DEFAULTS.book,
    payload: msg.payload,
    // The node's format is for exports; an import detects its own.
    ...{
      action,
      format: format ?? (operation === "export" ? (def.format ?? DEFAULTS.format) : undefined),
      days,
      max,
      since,
      mode,
      kind: kind ?? def.kind ?? DEFAULTS.kind,
    },
    internal: flagOr(internal, flagOr(def.internal, DEFAULTS.internal)),
    refresh: refresh === true,
    write: { dryRun: isDryRun(msg["dryRun"] ?? def.dryRun ?? DEFAULTS.dryRun), ...(most > 0 && { limit: most }) },
  };
}

/** A name or an id. */
const isName = (book: unknown): book is string | number => typeof book === "string" || typeof book === "number";

/** Every value but an explicit "no" means a dry run. */
function isDryRun(given: unknown): boolean {
  return typeof given === "string" ? !/^(|false|0|no|off)$/i.test(given) : Boolean(given);
}

function nearLimitText(RED: Runtime, { count, limit }: { count: number; limit: number }): string {
  return sharedText(RED, "near-limit", { count, limit });
}

const doneCount = ({ added, updated, removed, alreadyThere }: WriteReport) => added + updated + removed + alreadyThere;

/** The report as plain JSON, each failure with its sentence. Yields: a bad file may have a hundred thousand of them. */
async function reportPayload(
  RED: Runtime,
  { added, updated, removed, alreadyThere, failed, merged }: WriteReport,
): Promise<WriteReport<string>> {
  const sentences: WriteReport<string>["failed"] = [];
  await yieldingly(failed, ({ contact, error }) => sentences.push({ contact, error: toUserError(RED, error).message }));
  return { added, updated, removed, alreadyThere, failed: sentences, ...defined({ merged }) };
}

class PhonebookStatus {
  private shownMs = 0;

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
    private readonly box: object | null,
  ) {}

  progress(done: number, total: number): void {
    if (total < 2 || Date.now() - this.shownMs < PROGRESS_PAUSE_MS) return;
    this.shownMs = Date.now();
    const { RED } = this;
    showStatus(this.node, "blue", "dot", RED._("fritz-phonebook.status.progress", { done, total }));
  }

  done(operation: string, payload: unknown, report: WriteReport | undefined, staleSince: string | undefined): void {
    const { RED } = this;
    const { failed = [] } = report ?? {};
    const count = report ? doneCount(report) : Array.isArray(payload) ? payload.length : 1;
    const text = staleSince
      ? RED._("fritz-phonebook.status.stale")
      : RED._(`fritz-phonebook.status.done.${operation}`, { count });
    const isDry = operation === "dry-run";
    const fill = staleSince || failed.length > 0 ? "yellow" : isDry ? "blue" : "green";
    showStatus(this.node, fill, isDry ? "ring" : "dot", text);
  }

  boxAnswered(): void {
    if (this.box) boxIsBack(this.box);
  }

  failed(error: unknown): void {
    showFailure(this.RED, this.node, error, { box: this.box });
  }
}
