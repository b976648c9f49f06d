/** L3 services: recorded lines through the same parser and tracker as live ones, marked `replayed`. */
import { randomUUID } from "node:crypto";
import { boxTimeReader, type ReadBoxTime } from "../domain/box-time";
import { NO_CALLS, trackLine, type TrackerState } from "../domain/call-tracker";
import type { CallEvent } from "../model/call-event";
import { FritzError } from "../model/errors";
import type { LineFailure } from "../model/monitor-line";
import { parseLine } from "../protocol/call-monitor-line";
import { recordedLines, type RecordedLine } from "../protocol/recorded-lines";

const DAY_MS = 86_400_000;

export interface ReplayResult {
  event?: CallEvent;
  failure?: LineFailure;
  /** The line's number in what was given, from 1. */
  line: number;
}

/**
 * Remembers open calls from one input to the next, so that a call may be fed line by line. In autumn's double hour a stamp is
 * taken as the first possible one that is not before the line in front of it.
 */
export class Replay {
  private calls: TrackerState = NO_CALLS;
  private readonly readTime: ReadBoxTime;
  private lastMs: number | undefined;

  constructor(
    private readonly box: string,
    timeZone: string,
    private readonly newId: () => string = randomUUID,
  ) {
    this.readTime = boxTimeReader(timeZone);
  }

  /** One line. */
  next({ number, text }: RecordedLine): ReplayResult {
    const parsed = parseLine(text);
    if (!parsed.ok) return { failure: parsed, line: number };
    const context = { box: this.box, readTime: this.readNear, newId: this.newId, replayed: true } as const;
    const { state, event } = trackLine(this.calls, parsed, context);
    this.calls = state;
    this.lastMs = Date.parse(event.at);
    return { event, line: number };
  }

  private readonly readNear: ReadBoxTime = (localTime) => {
    const first = this.readTime(localTime);
    if (this.lastMs === undefined || first.ms >= this.lastMs) return first;
    const second = this.readTime(localTime, first.ms + DAY_MS); // the later one, if there are two
    return second.ms >= this.lastMs ? second : first;
  };
}

/** What a message may bring for a replay: a line, a text of many, a file's bytes, or a list of lines. */
export function replayInput(payload: unknown): RecordedLine[] {
  if (typeof payload === "string") return recordedLines(payload);
  if (payload instanceof Uint8Array) return recordedLines(new TextDecoder().decode(payload));
  if (Array.isArray(payload) && payload.every((line) => typeof line === "string"))
    return recordedLines(payload.join("\n"));
  throw new FritzError("replay-input");
}
