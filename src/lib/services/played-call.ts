/** L3 services: a made-up call to try a flow with: the lines that a box would send, each with its time. */
import { boxStamp } from "../domain/box-time";
import { FritzError } from "../model/errors";

/** How the call ends; the last two are dialled in the house. */
export const PLAYED_OUTCOMES = ["answered", "missed", "machine", "rejected", "outgoing", "unreached"] as const;
export type PlayedOutcome = (typeof PLAYED_OUTCOMES)[number];

/** A line and when it is due after the first, ms. */
export interface PlayedLine {
  afterMs: number;
  line: string;
}

/** A small number of the box's is never so high: a played call meets no replayed one. */
const CONNECTION_ID = 90;
const [HANDSET, MACHINE] = [11, 40];
const [RINGS_MS, TALKS_MS] = [2_000, 3_000];

/** Reads what the editor sends: the other side's number ("" = withheld) and the outcome. */
export function readPlayedCall(number: unknown, outcome: unknown): { number: string; outcome: PlayedOutcome } {
  const known = PLAYED_OUTCOMES.find((one) => one === outcome);
  const text = typeof number === "string" ? number.replace(/[\s/().-]/g, "") : "";
  if (!known || !/^\+?[\d*#]{0,30}$/.test(text)) throw new FritzError("play-input");
  return { number: text, outcome: known };
}

/** The lines of one call that begins at `startMs`; `own` is the number in the house, `timeZone` the box's ("" = the host's). */
export function playedCall(
  { number, outcome }: { number: string; outcome: PlayedOutcome },
  own: string,
  startMs: number,
  timeZone: string,
): PlayedLine[] {
  const id = CONNECTION_ID;
  const dialled = outcome === "outgoing" || outcome === "unreached";
  const first = dialled ? `CALL;${id};${HANDSET};${own};${number};SIP0;` : `RING;${id};${number};${own};SIP0;`;
  const at = (afterMs: number, fields: string): PlayedLine => ({
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
