/** Reads fields of an answer by the rules of a description. Independent of the parser: it works on parts. */
import type { Condition, Descriptor, Entry, FieldRule, OneRule, PageReading } from "./descriptor";

/** An element of a page, or a whole answer. */
export interface Part {
  /** Matching elements inside, in document order; none in JSON and plain text. */
  select(css: string): Part[];
  attribute(name: string): string | undefined;
  text(without?: string): string;
  /** JSON: the texts at a pointer. */
  at(pointer: string): string[];
}

type ResponseRules = Pick<Descriptor["response"], "unknownIf" | "blockedIf" | "each" | "fields">;

/** Upper bound of entries. */
const MOST_ENTRIES = 50;
const MOST_CHARACTERS = 500;

/**
 * Applies the rules of a description to an answer. `asked`: the national digits of the number, with which
 * every written form ends.
 */
export function readAnswer(
  whole: Part,
  { unknownIf = [], blockedIf = [], each, fields }: ResponseRules,
  asked: string,
): PageReading {
  const mentioned = asked !== "" && compact(whole.text()).includes(asked);
  if (blockedIf.some((condition) => holds(whole, condition, mentioned))) return { says: "blocked" };
  if (unknownIf.some((condition) => holds(whole, condition, mentioned))) return { says: "unknown" };
  const parts = each === undefined ? [whole] : whole.select(each).slice(0, MOST_ENTRIES);
  return { says: "entries", entries: parts.map((part) => readEntry(part, fields)) };
}

function readEntry(part: Part, fields: ResponseRules["fields"]): Entry {
  const values = Object.entries(fields).map(
    ([name, rule]) => [name, rule ? readField(part, rule) : undefined] as const,
  );
  return Object.fromEntries(values.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** The result of the first rule that has one. */
function readField(part: Part, rule: FieldRule): string | undefined {
  for (const one of [rule].flat()) {
    const text = readOne(part, one);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Removes separators between the digits of a number. */
const compact = (text: string) => text.replace(/[\s()/.\u2010-\u2015-]|&nbsp;/g, "");

function holds(part: Part, { equals, absent, ...rule }: Condition, mentioned: boolean): boolean {
  const text = isBare(rule) ? part.select(rule.select)[0]?.text() : readOne(part, rule);
  if (absent) return text === undefined && mentioned;
  return equals === undefined ? text !== undefined : text === equals;
}

/** Only a selector: the element's existence is enough, it may be empty. */
const isBare = (rule: OneRule): rule is { select: string } => Object.keys(rule).join() === "select";

function readOne(part: Part, rule: OneRule): string | undefined {
  if (rule.join) {
    const texts = rule.join.map((one) => readOne(part, one)).filter((text) => text !== undefined);
    return texts.length > 0 ? finish(texts.join(" "), rule) : undefined;
  }
  if (rule.const !== undefined) return finish(rule.const, rule);
  const found = places(part, rule);
  if (rule.count) return String(found.filter((text) => matched(text, rule) !== undefined).length);
  const [first] = found;
  const text = first === undefined ? undefined : matched(first, rule);
  return text === undefined ? undefined : finish(text, rule);
}

function places(part: Part, { select, attr, without, json }: OneRule): string[] {
  if (json !== undefined) return part.at(json);
  const parts = select === undefined ? [part] : part.select(select);
  const texts = parts.map((one) => (attr === undefined ? one.text(without) : one.attribute(attr)));
  const values = texts.filter((text) => text !== undefined);
  return select === undefined ? values : values.map((text) => text.replace(/\s+/g, " ").trim()); // as displayed
}

function matched(text: string, { regex, group }: OneRule): string | undefined {
  if (regex === undefined) return text;
  const match = new RegExp(regex, "iu").exec(text);
  if (!match) return undefined;
  return group === undefined ? (match[1] ?? match[0]) : match[group];
}

function finish(found: string, { decode, num, map, swapComma }: OneRule): string | undefined {
  let text = decode === "url" ? decoded(found) : found;
  text = text.replace(/\s+/g, " ").trim().slice(0, MOST_CHARACTERS);
  if (map) return Object.hasOwn(map, text) ? map[text] : undefined;
  if (num) return toNumber(text, num);
  if (swapComma) text = text.replace(/^([^,]+),\s*([^,]+)$/, "$2 $1");
  return text === "" ? undefined : text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function toNumber(text: string, form: "int" | "de" | "en"): string | undefined {
  const [run] = /-?\d[\d.,' ]*/.exec(text) ?? [];
  if (run === undefined) return undefined;
  const bare = run.replace(/[' ]/g, "");
  const plain = {
    int: () => bare.replace(/[.,]/g, ""),
    de: () => bare.replaceAll(".", "").replace(",", "."),
    en: () => bare.replaceAll(",", ""),
  }[form]();
  const value = Number(plain.replace(/\.$/, ""));
  return Number.isFinite(value) ? String(value) : undefined;
}
