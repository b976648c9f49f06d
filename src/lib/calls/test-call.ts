/** Lines of a test call, each with its time, as a box would send them. */
import { boxStamp } from "./box-time";
import { FritzError } from "../core/errors";

/** The outcome; the last two are outgoing calls. */
export const TEST_OUTCOMES = ["answered", "missed", "machine", "rejected", "outgoing", "unreached"] as const;
export type TestOutcome = (typeof TEST_OUTCOMES)[number];

/** A line and its time after the first one, ms. */
export interface TimedLine {
  afterMs: number;
  line: string;
}

/** A box never uses so high an id, so a test call does not collide with a replayed one. */
const CONNECTION_ID = 90;
const [HANDSET, MACHINE] = [11, 40];
const [RINGS_MS, TALKS_MS] = [2_000, 3_000];

/** Reads the editor's request: the remote number ("" = withheld) and the outcome. */
export function readTestCall(number: unknown, outcome: unknown): { number: string; outcome: TestOutcome } {
  const known = TEST_OUTCOMES.find((one) => one === outcome);
  const text = typeof number === "string" ? number.replace(/[\s/().-]/g, "") : "";
  if (!known || !/^\+?[\d*#]{0,30}$/.test(text)) throw new FritzError("play-input");
  return { number: text, outcome: known };
}

/**
 * Returns the lines of one call that begins at `startMs`; `own` is the own number, `timeZone` the box's ("" =
 * the host's).
 */
export function testCallLines(
  { number, outcome }: { number: string; outcome: TestOutcome },
  own: string,
  startMs: number,
  timeZone: string,
): TimedLine[] {
  const id = CONNECTION_ID;
  const dialled = outcome === "outgoing" || outcome === "unreached";
  const first = dialled ? `CALL;${id};${HANDSET};${own};${number};SIP0;` : `RING;${id};${number};${own};SIP0;`;
  const at = (afterMs: number, fields: string): TimedLine => ({
    afterMs,
    line: `${boxStamp(startMs + afterMs, timeZone)};${fields}`,
  });
  if (outcome === "rejected") return [at(0, first), at(0, `DISCONNECT;${id};0;`)];
  if (outcome === "missed" || outcome === "unreached") return [at(0, first), at(RINGS_MS, `DISCONNECT;${id};0;`)];
  const extension = outcome === "machine" ? MACHINE : HANDSET;
  return [
    at(0, first),
    at(RINGS_MS, `CONNECT;${id};${extension};${number};`),
    at(RINGS_MS + TALKS_MS, `DISCONNECT;${id};${TALKS_MS / 1000};`),
  ];
}
