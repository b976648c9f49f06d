/** What the nodes show below themselves. A text of the editor's canvas is short: the whole sentence goes to Catch nodes. */
import { FritzError } from "../../lib/core/errors";
import type { MonitorProblem } from "../../lib/calls/connection";
import { sharedKey, sharedText } from "./messages";
import type { Node, Runtime } from "./red";

/** The longest text of a status, characters. */
export const STATUS_LENGTH = 25;

type Fill = "red" | "green" | "yellow" | "blue" | "grey";

/** A key of the catalogues, which the editor shows as its text. */
const KEY = /(?:^| )(?:[\w-]+\/[\w-]+:)?fritz-[\w-]+\.(?:status|acting|brief)\.[\w.-]+$/;

/** Shows a status: a key, or a text, which is cut at its end if its values (a file name, a count) make it too long. */
export function showStatus(node: Node, fill: Fill, shape: "dot" | "ring", text: string): void {
  failures.get(node)?.delete(node);
  const fits = text.length <= STATUS_LENGTH || KEY.test(text);
  node.status({ fill, shape, text: fits ? text : `${text.slice(0, STATUS_LENGTH - 1).trimEnd()}…` });
}

export interface FailureOptions {
  /** When it began, ms since 1970; now unless given. */
  sinceMs?: number | undefined;
  /** The configuration node of the box: a failure of the box is shown until `boxIsBack`. */
  box?: object | null;
}

/** Shows a failure in red: since when, and what in few words. */
export function showFailure(RED: Runtime, node: Node, error: unknown, { sinceMs, box }: FailureOptions = {}): void {
  showStatus(node, "red", "ring", `${clockTime(sinceMs)} ${briefly(RED, error)}`);
  if (box && error instanceof FritzError && error.code.startsWith("box-")) keepUntilBack(node, box);
}

/** The nodes that show a failure of a box: by the box's configuration node, and each node with the set it is in. */
const failing = new WeakMap<object, Set<Node>>();
const failures = new WeakMap<Node, Set<Node>>();

function keepUntilBack(node: Node, box: object): void {
  const nodes = failing.get(box) ?? new Set();
  failing.set(box, nodes.add(node));
  // A closed node's place may be another one's by now.
  if (!failures.has(node)) node.on("close", () => void failures.get(node)?.delete(node));
  failures.set(node, nodes);
}

/** The box has answered: the nodes that showed its failure turn green. */
export function boxIsBack(box: object): void {
  for (const node of failing.get(box) ?? []) showStatus(node, "green", "dot", sharedKey("acting.back"));
}

/** The failure in at most 19 characters, in the server's language. */
export function briefly(RED: Runtime, error: unknown): string {
  const code = error instanceof FritzError ? error.code : "internal";
  return briefText(RED, code);
}

/** The trouble of a call monitor in at most 19 characters. */
export const brieflyProblem = (RED: Runtime, { code }: MonitorProblem): string => briefText(RED, `problem-${code}`);

/** Code -> its own text, else the one of what it begins with ("box-reply" -> "box"). */
function briefText(RED: Runtime, code: string): string {
  for (let name = code; ; name = name.slice(0, name.lastIndexOf("-"))) {
    const text = sharedText(RED, `brief.${name}`);
    if (!text.endsWith(`.brief.${name}`) || !name.includes("-")) return text;
  }
}

/** "16:04" by this computer's clock; a time of another day as "27.11". */
export function clockTime(ms = Date.now()): string {
  const date = new Date(ms);
  const isToday = date.toDateString() === new Date().toDateString();
  if (isToday) return date.toTimeString().slice(0, 5);
  return `${date.getDate()}.${date.getMonth() + 1}.`;
}
