/** A call to try the flow with, started in the dialog of `fritz-callmonitor`. */
import { readTestCall, testCallLines } from "../../lib/calls/test-call";
import { guarded } from "../shared/input";
import type { Node, Runtime } from "../shared/red";

/** What the editor's "play a call" reaches. */
export interface PlayingNode extends Node {
  playCall(number: unknown, outcome: unknown): void;
}

/** A call to try the flow with goes in like a replay, but in real time. */
export function offerPlay(RED: Runtime, node: PlayingNode, own: string, timeZone: string): void {
  const timers = new Set<NodeJS.Timeout>();
  node.playCall = (number, outcome) => {
    for (const { afterMs, line } of testCallLines(readTestCall(number, outcome), own, Date.now(), timeZone)) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        guarded(RED, node, () => node.receive({ payload: line }));
      }, afterMs);
      timers.add(timer);
    }
  };
  node.on("close", (removed: boolean, done: () => void) => {
    if (removed) timers.forEach(clearTimeout);
    done();
  });
}
