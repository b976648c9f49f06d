/** `fritz-log`: writes events and decisions to a file and passes every message on. */
import { basename } from "node:path";
import { isOfTheLine } from "../../lib/calls/line-state";
import { flagOr } from "../../lib/core/unknown";
import { logDay, logFolder, logPath, type LogTarget } from "../../lib/log/path";
import { formatLogRecord, LOG_FORMATS, type LogFormat, toLogRecord } from "../../lib/log/record";
import { assertInside, assertLog, logFiles } from "../../lib/log/file";
import { onInput } from "../shared/input";
import type { Message, Node, Runtime } from "../shared/red";
import { briefly, showFailure, showStatus } from "../shared/status";
import { isFromOutside, typedValue } from "../shared/typed";
import { DEFAULTS, type LogDef } from "./definition";

export default function (RED: Runtime): void {
  RED.nodes.registerType("fritz-log", function (this: Node, def: LogDef) {
    RED.nodes.createNode(this, def);
    const { fileWorkingDirectory, userDir } = RED.settings;
    const base = fileWorkingDirectory ?? userDir ?? process.cwd();
    const daily = flagOr(def.daily, DEFAULTS.daily);
    const format = LOG_FORMATS.find((one) => one === def.format) ?? DEFAULTS.format;
    const anonymize = flagOr(def.anonymize, DEFAULTS.anonymize);
    const showStatus = statusShower(RED, this);

    onInput(RED, this, async (msg, send) => {
      if (isOfTheLine(msg)) return send(msg); // no call, nothing to log
      try {
        const { file, fromMessage } = await fileOf(RED, this, def, msg);
        showStatus(await write(msg, { base, daily, file }, fromMessage, format, anonymize));
      } catch (error) {
        showStatus(undefined, error);
        throw error;
      } finally {
        send(msg); // passes the message on even if the disk is full
      }
    });
  });
}

/** The configured file, and the one that the message or a context names, which has to stay in its folder. */
async function fileOf(
  RED: Runtime,
  node: Node,
  def: LogDef,
  msg: Message,
): Promise<{ file: string; fromMessage: unknown }> {
  const own = await typedValue(RED, node, def, "file", msg);
  const isOutside = isFromOutside(def.fileType);
  const given = msg["file"] ?? (isOutside ? own : undefined);
  const fromMessage = typeof given === "string" ? given.trim() : (given ?? undefined);
  return { file: isOutside || typeof own !== "string" ? DEFAULTS.file : own, fromMessage };
}

async function write(
  msg: Message,
  target: LogTarget,
  fromMessage: unknown,
  format: LogFormat,
  anonymize: boolean,
): Promise<string> {
  const nowMs = Date.now();
  const record = toLogRecord(msg);
  const path = logPath(target, fromMessage, logDay(record.event?.at, nowMs));
  if (fromMessage !== undefined) {
    await assertInside(logFolder(target), path);
    await assertLog(path);
  }
  await logFiles.append(path, formatLogRecord(record, format, anonymize, nowMs));
  return path;
}

/** Updates the status only on a change: the file's name, or the error. */
function statusShower(RED: Runtime, node: Node): (path: string | undefined, error?: unknown) => void {
  let shown = "";
  return (path, error) => {
    const text = path !== undefined ? basename(path) : briefly(RED, error);
    if (text === shown) return;
    shown = text;
    if (path !== undefined) showStatus(node, "green", "dot", text);
    else showFailure(RED, node, error);
  };
}
