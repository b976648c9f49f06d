/** What a number would get now, for the dialog: asks the sources of the caller info before the node, as a call would. */
import type { CallerInfo } from "../../lib/callers/types";
import { FritzError } from "../../lib/core/errors";
import type { CallerInfoNode } from "../fritz-caller-info/admin";
import { toQuestion } from "../fritz-caller-info/question";
import type { Node, Runtime } from "../shared/red";
import { idsBefore } from "./protection";

/** Longer than for a ring, as there is time. */
const DEADLINE_MS = 8_000;

/** The first caller info before the node in the flow. */
export function callerInfoBefore(RED: Runtime, node: Node): CallerInfoNode | undefined {
  const ids = idsBefore(RED, node, "fritz-caller-info") ?? [];
  return ids.map((id) => RED.nodes.getNode(id) as CallerInfoNode | null).find((one) => one !== null) ?? undefined;
}

/** Undefined if there is no caller info before the node. */
export async function lookUpBefore(RED: Runtime, node: Node, number: string): Promise<CallerInfo | undefined> {
  const before = callerInfoBefore(RED, node);
  if (!before) return undefined;
  const home = await before.homeCache.now();
  const about = { number, presentation: "allowed" as const };
  return before.service.ask(toQuestion({ about, direction: "in" }, home), DEADLINE_MS).first;
}

/** A call that comes in now. */
export function callNow(number: unknown): { number: string; at: string; called: string } {
  if (typeof number !== "string" || number.trim() === "") throw new FritzError("block-number");
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return { number: number.trim(), at: `${day}T${two(now.getHours())}:${two(now.getMinutes())}`, called: "" };
}
