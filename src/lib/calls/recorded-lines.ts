/** Finds the call-monitor lines in a recorded log, for a replay. */

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
