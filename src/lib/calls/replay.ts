/** Replays recorded lines through the parser and tracker of live ones; events are marked `replayed`. */
import { DAY_MS } from "../core/clock";
import { randomUUID } from "node:crypto";
import { boxTimeReader, type ReadBoxTime } from "./box-time";
import { NO_CALLS, trackLine, type TrackerState } from "./call-tracker";
import type { CallEvent } from "./types";
import { FritzError } from "../core/errors";
import type { LineFailure } from "./monitor-line";
import { parseLine } from "./parse-line";

// Finds the call-monitor lines in a recorded log, for a replay.

export interface RecordedLine {
  /** Counted from 1 in what was given. */
  number: number;
  text: string;
}

/** Blank, a comment, or a Markdown code fence. */
const NO_LINE = /^(#|```|$)/;
/** Lines of the block log, which may share a file with the events. */
const DECISION = /^[^;]*;(WHITELIST|BLACKLIST|BLOCK|PASS);/;

/**
 * Finds the lines to replay. Skips blank lines, comment lines and lines of a block log; of a log in JSON
 * format (one object a line) the box's line is taken.
 */
export function recordedLines(text: string): RecordedLine[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ number: i + 1, text: rawOf(line.trim()) }))
    .filter(({ text: line }) => !NO_LINE.test(line) && !DECISION.test(line));
}

function rawOf(line: string): string {
  if (!line.startsWith("{")) return line;
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === "object" && entry !== null && "raw" in entry && typeof entry.raw === "string")
      return entry.raw;
    return typeof entry === "object" ? "" : line;
  } catch {
    return line;
  }
}

export interface ReplayResult {
  /** Ends of calls whose DISCONNECT was missed; they precede the line's own event. */
  ended: CallEvent[];
  event?: CallEvent;
  failure?: LineFailure;
  /** The line's number in what was given, from 1. */
  line: number;
}

/**
 * Keeps open calls between inputs, so that a call may be replayed line by line. In the repeated hour in
 * autumn a time is the first possible one that is not before that of the previous line.
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
    if (!parsed.ok) return { ended: [], failure: parsed, line: number };
    const context = { box: this.box, readTime: this.readNear, newId: this.newId, replayed: true } as const;
    const { state, ended, event } = trackLine(this.calls, parsed, context);
    this.calls = state;
    this.lastMs = Date.parse(event.at);
    return { ended, event, line: number };
  }

  private readonly readNear: ReadBoxTime = (localTime) => {
    const first = this.readTime(localTime);
    if (this.lastMs === undefined || first.ms >= this.lastMs) return first;
    const second = this.readTime(localTime, first.ms + DAY_MS); // the later one, if there are two
    return second.ms >= this.lastMs ? second : first;
  };
}

/** Reads the payload of a replay: a line, a text with many, a file's bytes, or a list of lines. */
export function replayInput(payload: unknown): RecordedLine[] {
  if (typeof payload === "string") return recordedLines(payload);
  if (payload instanceof Uint8Array) return recordedLines(new TextDecoder().decode(payload));
  if (Array.isArray(payload) && payload.every((line) => typeof line === "string"))
    return recordedLines(payload.join("\n"));
  throw new FritzError("replay-input");
}
