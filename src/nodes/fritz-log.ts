/** L5 nodes: `fritz-log`, writes events and decisions to a file and passes every message on. */
import { basename } from "node:path";
import { FritzError } from "../lib/model/errors";
import { logDay, logFolder, logPath, type LogTarget } from "../lib/services/log-path";
import { formatLogRecord, type LogFormat, toLogRecord } from "../lib/services/log-record";
import { assertInside, logFiles } from "../lib/transport/log-file";
import { onInput } from "./shared/input";
import { sharedText } from "./shared/messages";
import type { Message, Node, NodeDef, Runtime } from "./shared/red";

interface FritzLogDef extends NodeDef {
  file?: string;
  daily?: boolean;
  anonymize?: boolean;
  format?: LogFormat;
}

export default function (RED: Runtime): void {
  RED.nodes.registerType("fritz-log", function (this: Node, def: FritzLogDef) {
    RED.nodes.createNode(this, def);
    const { fileWorkingDirectory, userDir } = RED.settings;
    const target: LogTarget = {
      base: fileWorkingDirectory ?? userDir ?? process.cwd(),
      file: def.file ?? "",
      daily: def.daily === true,
    };
    const format: LogFormat = def.format === "json" ? "json" : "line";
    const anonymize = def.anonymize !== false;
    const showStatus = statusShower(RED, this);

    onInput(RED, this, async (msg, send) => {
      try {
        showStatus(await write(msg, target, format, anonymize));
      } catch (error) {
        showStatus(undefined, error);
        throw error;
      } finally {
        send(msg); // a full disk must not silence the flow behind
      }
    });
  });
}

async function write(msg: Message, target: LogTarget, format: LogFormat, anonymize: boolean): Promise<string> {
  const nowMs = Date.now();
  const record = toLogRecord(msg);
  const fromMessage = typeof msg.file === "string" ? msg.file.trim() : (msg.file ?? undefined);
  const path = logPath(target, fromMessage, logDay(record.event?.at, nowMs));
  if (fromMessage !== undefined) await assertInside(logFolder(target), path);
  await logFiles.append(path, formatLogRecord(record, format, anonymize, nowMs));
  return path;
}

/** Only what changed: the name of the file that is written, or what is wrong. */
function statusShower(RED: Runtime, node: Node): (path: string | undefined, error?: unknown) => void {
  let shown = "";
  return (path, error) => {
    const text = path !== undefined ? basename(path) : failureText(RED, error);
    if (text === shown) return;
    shown = text;
    node.status(path !== undefined ? { fill: "green", shape: "dot", text } : { fill: "red", shape: "ring", text });
  };
}

function failureText(RED: Runtime, error: unknown): string {
  return error instanceof FritzError ? sharedText(RED, `error.${error.code}`, error.values) : "";
}
