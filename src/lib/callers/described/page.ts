/** Parses an answer into parts for the rules of a description. Runs in the worker thread. */
import { readAnswer, type Part } from "./field-rules";
import type { Descriptor, PageReading } from "./descriptor";

/** A job of the worker. */
export interface PageJob {
  type: Descriptor["response"]["type"];
  text: string;
  /** The digits of the requested number, without calling code and trunk prefix. */
  asked: string;
  rules: Pick<Descriptor["response"], "unknownIf" | "blockedIf" | "each" | "fields">;
}

/** Reads an answer. Rejects if it is not of its type, or a selector is invalid. */
export async function readPage({ type, text, rules, asked }: PageJob): Promise<PageReading> {
  switch (type) {
    case "json":
      return readAnswer(jsonPart(JSON.parse(text), text), rules, asked);
    case "text":
      return readAnswer(textPart(text), rules, asked);
    case "html":
    case "xml":
      return readAnswer(await markupPart(text, type === "xml"), rules, asked);
  }
}

function textPart(text: string): Part {
  return { select: () => [], attribute: () => undefined, text: () => text, at: () => [] };
}

function jsonPart(value: unknown, text: string): Part {
  return { ...textPart(text), at: (pointer) => valuesAt(value, pointer.split("/").slice(1)).flatMap(asText) };
}

/**
 * `*`: all elements of a list; a value that is no list is its only element (XML converted to JSON by others).
 */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  if (step === "*")
    return (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((item) => valuesAt(item, rest));
  if (typeof value !== "object" || value === null) return [];
  const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
  return Object.hasOwn(value, name) ? valuesAt((value as Record<string, unknown>)[name], rest) : [];
}

function asText(value: unknown): string[] {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? [String(value)] : [];
}

/** What markup is read with. */
export const loadParsers = () => Promise.all([import("htmlparser2"), import("css-select")]);

async function markupPart(text: string, xmlMode: boolean): Promise<Part> {
  const [{ parseDocument }, { selectAll }] = await loadParsers();
  type Holder = ReturnType<typeof parseDocument> | ReturnType<typeof parseDocument>["children"][number];
  const find = (css: string, holder: Holder) =>
    selectAll<Holder, Exclude<Holder, { data: string }>>(css, holder, { xmlMode });

  const textOf = (holder: Holder, hidden: readonly Holder[]): string => {
    if (hidden.includes(holder)) return "";
    if ("children" in holder) {
      const isCode = "attribs" in holder && /^(script|style)$/.test(holder.name);
      return isCode ? "" : holder.children.map((child) => textOf(child, hidden)).join("");
    }
    return String(holder.type) === "text" ? holder.data : "";
  };
  const part = (holder: Holder): Part => ({
    select: (css) => find(css, holder).map(part),
    attribute: (name) => ("attribs" in holder ? holder.attribs[name] : undefined),
    text: (without) => textOf(holder, without === undefined ? [] : find(without, holder)),
    at: () => [],
  });
  // Without a selector a rule searches the whole answer, scripts and tags included.
  return { ...part(parseDocument(text, { xmlMode })), text: () => text };
}
