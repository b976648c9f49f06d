/** Schema of a source description. Users write it by hand, so it is checked strictly. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/clock";
import { both, type Check, either, listOf, numberIn, oneOf, shape, tableOf, text } from "../../core/schema";
import { fillTemplate } from "./template";

const TEXT = text(300);
const STATUSES = listOf(numberIn(100, 599));
const LONGEST_MS = HOUR_MS;
/** Duration unit -> ms. */
const UNITS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** The path of the first error, "response.fields.name.regex"; undefined if the description is valid. */
export function faultOfDescriptor(value: unknown): string | undefined {
  return DESCRIPTOR(value, "");
}

/** "30d" in ms. */
export function durationMs(duration: string): number {
  return Number(duration.slice(0, -1)) * (UNITS[duration.slice(-1)] ?? NaN);
}

/** A template with an http or https URL whose host is constant, so DNS never sees the number. */
const url: Check = (value, path) => {
  const fault = template(value, path);
  if (fault !== undefined) return fault;
  const [origin = ""] = /^https?:\/\/[^/?#]+/i.exec(String(value)) ?? [];
  return origin === "" || /[{}@\s]/.test(origin) ? path : undefined;
};

const template: Check = (value, path) => {
  if (typeof value !== "string" || value === "" || value.length > 1000) return path;
  try {
    const filled = fillTemplate(value, {}, () => "", String);
    return /[{}]/.test(filled.replace(/^\s*\{[\s\S]*\}\s*$/, "")) ? path : undefined; // a JSON body has braces of its own
  } catch {
    return path;
  }
};

/** A regular expression that compiles; its run time is limited by the worker. */
const regex: Check = (value, path) => {
  if (TEXT(value, path) !== undefined) return path;
  try {
    new RegExp(value as string, "iu");
    return undefined;
  } catch {
    return path;
  }
};

/** No header that changes how the request itself works. */
const headers: Check = both(tableOf(text(500, /^[\t\x20-\x7e]+$/), 20), (value, path) => {
  const names = Object.keys(value as object);
  const bad = names.find(
    (name) => !/^[\w-]+$/.test(name) || /^(host|content-length|connection|transfer-encoding|cookie)$/i.test(name),
  );
  return bad === undefined ? undefined : `${path}.${bad}`;
});

const duration = text(6, /^\d+[mhd]$/);

const RULE_MEMBERS: Record<string, Check> = {
  "select?": TEXT,
  "attr?": text(60),
  "without?": TEXT,
  "json?": text(300, /^\//),
  "count?": oneOf(true),
  "regex?": regex,
  "group?": numberIn(0, 20),
  "const?": TEXT,
  "join?": (value, path) => listOf(RULE, 5)(value, path),
  "decode?": oneOf("url"),
  "num?": oneOf("int", "de", "en"),
  "map?": tableOf(TEXT),
  "swapComma?": oneOf(true),
};

const RULE: Check = shape(RULE_MEMBERS);
const CONDITION = shape({ ...RULE_MEMBERS, "equals?": text(300), "absent?": oneOf(true) });
const FIELD = either(oneOf(null), listOf(RULE, 10), RULE);

const RISK = numberIn(0, 100);
const SCALE: Check = (value, path) => {
  const { type } = (value ?? {}) as { type?: unknown };
  const members = typeof type === "string" && Object.hasOwn(SCALES, type) ? SCALES[type] : undefined;
  return members ? shape({ type: oneOf(type), ...members })(value, path) : `${path}.type`;
};
const SCALES: Readonly<Record<string, Record<string, Check>>> = {
  linear: { good: numberIn(-1e6, 1e6), bad: numberIn(-1e6, 1e6) },
  map: { values: tableOf(RISK) },
  wilson: { spam: TEXT, legit: TEXT },
  flag: { true: RISK, false: RISK },
  weighted: { weights: tableOf(numberIn(1, 9)) },
};

const DESCRIPTOR = shape({
  id: text(40, /^[a-z0-9][a-z0-9-]*$/),
  "v?": numberIn(0, 1e9),
  label: text(60),
  kind: both(listOf(oneOf("name", "score", "place"), 3), (value, path) =>
    (value as unknown[]).length > 0 ? undefined : path,
  ),
  "countries?": listOf(text(4, /^[1-9]\d*$/)),
  "group?": text(40),
  "trust?": numberIn(0.05, 1),
  request: shape({
    "method?": oneOf("GET", "POST"),
    url,
    "headers?": headers,
    "body?": template,
    "auth?": text(80, /^(none|bearer|header:[\w-]+|query:\w+|md5header:[\w-]+)$/),
    "timeoutMs?": numberIn(100, MINUTE_MS),
    "minIntervalMs?": numberIn(0, LONGEST_MS),
    "perDay?": numberIn(1, 1e6),
    "perMonth?": numberIn(1, 1e6),
    "maxBytes?": numberIn(100, 5_000_000),
    "redirects?": numberIn(0, 10),
  }),
  response: shape({
    type: oneOf("html", "xml", "json", "text"),
    "found?": STATUSES,
    "unknown?": STATUSES,
    "blocked?": STATUSES,
    "unknownIf?": listOf(CONDITION, 20),
    "blockedIf?": listOf(CONDITION, 20),
    "each?": TEXT,
    fields: tableOf(FIELD, 30),
    "requireMatch?": oneOf("exactOrTrunk", "ifListed", null),
  }),
  "scale?": SCALE,
  "cache?": shape({ "hit?": duration, "unknown?": duration }),
  "notice?": shape({ "home?": url, "terms?": url, "seen?": numberIn(2000, 2100) }),
});
