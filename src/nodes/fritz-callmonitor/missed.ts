/** What `fritz-callmonitor` sends after a gap: calls that were missed come as events, else a message about the gap itself. */
import { isoAt } from "../../lib/calls/box-time";
import type { Gap, RecoveryUser } from "../../lib/box/recovery-users";
import type { LineCounter } from "../../lib/calls/line-state";
import type { CallEvent } from "../../lib/calls/types";
import { systemCode, FritzError } from "../../lib/core/errors";
import type { FritzConfigNode } from "../fritz-config/fritz-config";
import { sharedText, toUserError } from "../shared/messages";
import { emit, guarded } from "../shared/input";
import type { Node, Runtime } from "../shared/red";

/**
 * The node as a user of its box's recovery. `reportGaps`: not for flows that were made before there were messages of this kind,
 * whose function nodes expect a call in each.
 */
export function recoveryUser(RED: Runtime, node: Node, config: FritzConfigNode, reportGaps: boolean): RecoveryUser {
  const hasLogin = (config.credentials?.password ?? "") !== "";
  return {
    ...(hasLogin && { calls: (query) => config.telephony().calls(query) }),
    gap: (gap) => reportGaps && emit(RED, node, { topic: "gap", payload: toPayload(gap, config) }),
    trouble: (error) =>
      guarded(RED, node, () => {
        const reason = error instanceof FritzError ? toUserError(RED, error).message : systemCode(error);
        node.error(sharedText(RED, "missed.trouble", { reason }), { topic: "recovery" });
      }),
    skipped: (count) => node.log(sharedText(RED, "missed.skipped", { count })),
  };
}

/** Whether a node passes an event on: what the box or a kill took away only if it wants that, or is waiting for this call's end. */
export function isForNode(event: CallEvent, recover: boolean | undefined, heard: LineCounter | undefined): boolean {
  const isLate = event.recovered ?? event.repeated ?? false;
  return !isLate || recover !== false || heard?.has(event.callId) === true;
}

/** Plain JSON that may be retained. */
function toPayload({ fromMs, toMs, reason }: Gap, { label, timeZone }: FritzConfigNode) {
  return { box: label, from: isoAt(fromMs, timeZone), to: isoAt(toMs, timeZone), reason };
}
