/** L1 domain: the box's clock, which shows local time without zone or summer-time mark -> an instant with offset. */

export interface BoxTime {
  /** ISO 8601 with offset, e.g. "2020-06-16T12:25:42+02:00". */
  at: string;
  /** The same instant in milliseconds since 1970. */
  ms: number;
}

/** Turns "2020-06-16T12:25:42" into an instant. `near` (ms) settles the hour that exists twice in autumn. */
export type ReadBoxTime = (localTime: string, near?: number) => BoxTime;

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Whether the platform knows an IANA zone such as "Europe/Berlin". */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/**
 * A reader for one time zone (IANA name; "" = the host's). In the hour that comes twice in autumn the instant nearest to
 * `near` is taken, without `near` the first; a time that spring leaves out is read with the offset that was in force before.
 */
export function boxTimeReader(timeZone: string): ReadBoxTime {
  const offsetAt = offsetFinder(timeZone);
  let part = "";
  let offsets: number[] = [];
  return (localTime, near) => {
    const asUtc = Date.parse(`${localTime}Z`);
    // Clocks are changed at full and half hours: within ten minutes the answer is the same.
    if (localTime.slice(0, 15) !== part) {
      part = localTime.slice(0, 15);
      offsets = possibleOffsets(asUtc, offsetAt);
    }
    const instants = offsets.map((offset) => ({ offset, ms: asUtc - offset * MINUTE }));
    const distance = (ms: number) => (near === undefined ? ms : Math.abs(ms - near));
    const best = instants.reduce((a, b) => (distance(b.ms) < distance(a.ms) ? b : a));
    return { at: `${localTime}${formatOffset(best.offset)}`, ms: best.ms };
  };
}

/** The offsets (minutes east of UTC) under which this wall-clock time exists: one, in autumn's double hour two. */
function possibleOffsets(asUtc: number, offsetAt: (ms: number) => number): number[] {
  const before = offsetAt(asUtc - DAY);
  const candidates = [...new Set([before, offsetAt(asUtc + DAY)])];
  const real = candidates.filter((offset) => offsetAt(asUtc - offset * MINUTE) === offset);
  return real.length > 0 ? real : [before];
}

function offsetFinder(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    ...(timeZone !== "" && { timeZone }),
    timeZoneName: "longOffset",
  });
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
