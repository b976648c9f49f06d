/** Converts the box's local time, which has no zone and no summer-time mark, to an instant with offset. */
import { DAY_MS, MINUTE_MS } from "../core/clock";

export interface BoxTime {
  /** ISO 8601 with offset, e.g. "2020-06-16T12:25:42+02:00". */
  at: string;
  /** The same instant in milliseconds since 1970. */
  ms: number;
}

/**
 * Converts "2020-06-16T12:25:42" to an instant. `near` (ms) selects one of the two instants of the repeated
 * hour in autumn.
 */
export type ReadBoxTime = (localTime: string, near?: number) => BoxTime;

/** Whether the platform knows an IANA time zone such as "Europe/Berlin". */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/**
 * Creates a reader for one time zone (IANA name; "" = the host's). In the repeated hour in autumn the instant
 * nearest to `near` is taken, without `near` the first one; a time that spring skips is read with the offset
 * before the change.
 */
export function boxTimeReader(timeZone: string): ReadBoxTime {
  const offsetAt = offsetFinder(timeZone);
  let part = "";
  let offsets: { minutes: number; text: string }[] = [];
  return (localTime, near) => {
    const asUtc = Date.parse(`${localTime}Z`);
    // Clocks change at full and half hours: within ten minutes the result is the same.
    if (!localTime.startsWith(part) || part === "") {
      part = localTime.slice(0, 15);
      offsets = possibleOffsets(asUtc, offsetAt).map((minutes) => ({ minutes, text: formatOffset(minutes) }));
    }
    const distance = (ms: number) => (near === undefined ? ms : Math.abs(ms - near));
    let best: BoxTime | undefined;
    for (const { minutes, text } of offsets) {
      const ms = asUtc - minutes * MINUTE_MS;
      if (!best || distance(ms) < distance(best.ms)) best = { at: localTime + text, ms };
    }
    return best ?? { at: `${localTime}${formatOffset(0)}`, ms: asUtc };
  };
}

/** The offsets (minutes east of UTC) under which this wall-clock time exists: one, in autumn's double hour two. */
function possibleOffsets(asUtc: number, offsetAt: (ms: number) => number): number[] {
  const before = offsetAt(asUtc - DAY_MS);
  const candidates = [...new Set([before, offsetAt(asUtc + DAY_MS)])];
  const real = candidates.filter((offset) => offsetAt(asUtc - offset * MINUTE_MS) === offset);
  return real.length > 0 ? real : [before];
}

/** Minutes east of UTC at an instant. The host's zone needs no `Intl`, whose first use takes 8 MB and as long as this package's start. */
function offsetFinder(timeZone: string): (ms: number) => number {
  if (timeZone === "") return (ms) => -new Date(ms).getTimezoneOffset();
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (ms) => {
    const name = format.formatToParts(ms).find((part) => part.type === "timeZoneName")?.value ?? "";
    const match = /([+-])(\d\d):(\d\d)/.exec(name);
    if (!match) return 0; // "GMT"
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    return match[1] === "-" ? -minutes : minutes;
  };
}

function formatOffset(minutes: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}

/** An instant (ms since 1970) as the box stamps it: local time of a zone ("" = the host's), "24.11.26 08:30:00". */
export function boxStamp(ms: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    ...(timeZone !== "" && { timeZone }),
    ...{ day: "2-digit", month: "2-digit", year: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
    hourCycle: "h23",
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${part["day"]}.${part["month"]}.${part["year"]} ${part["hour"]}:${part["minute"]}:${part["second"]}`;
}

/** An instant (ms since 1970) as ISO 8601 with the offset of a zone ("" = the host's), to the second. */
export function isoAt(ms: number, timeZone: string): string {
  const offset = offsetFinder(timeZone)(ms);
  return `${new Date(ms + offset * MINUTE_MS).toISOString().slice(0, 19)}${formatOffset(offset)}`;
}
