/** Parses XML from a box into a plain tree, with limits on size, depth and entities. */
import type { XMLParser } from "fast-xml-parser";

export interface XmlElement {
  /** Without namespace prefix. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  /** All text directly inside, entities resolved, as it stands there. */
  text: string;
}

/** Characters; a phonebook of 10,000 contacts has about 6 million. */
export const MAX_XML_CHARS = 32 * 1024 * 1024;
const MAX_DEPTH = 32;

/** The document is no XML that a box would send: broken, cut, too deep, too large, or with a document type. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

const TEXT = "#text";
const ATTRIBUTES = ":@";
/** What fast-xml-parser gives with `preserveOrder`: one object a node, its name the only key beside the attributes. */
type RawNode = Record<string, unknown> & { ":@"?: Record<string, string> };

let parser: XMLParser | undefined;

/** Loaded with the first answer of a box: not on the way of a start. */
function load() {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- at once, but not before it is needed
  const library = require("fast-xml-parser") as typeof import("fast-xml-parser");
  parser ??= new library.XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    htmlEntities: true, // else numeric ones stay as they are; a document's own are refused below
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: MAX_DEPTH,
  });
  return { parser, validator: library.XMLValidator };
}

/** The root element of a complete document; anything else is an `XmlError`, never half a tree. */
export function parseXml(text: string): XmlElement {
  if (text.length > MAX_XML_CHARS) throw new XmlError("too large");
  refuseDocumentType(text);
  const { parser, validator } = load();
  const valid = validator.validate(text.trim());
  if (valid !== true) throw new XmlError(valid.err.code);
  let nodes: RawNode[];
  try {
    nodes = parser.parse(text.trim()) as RawNode[];
  } catch (error) {
    throw new XmlError(error instanceof Error ? error.name : "broken");
  }
  const [root, ...others] = nodes.map(toElement).filter((element) => element !== undefined);
  if (!root || others.length > 0) throw new XmlError("no single root");
  return root;
}

/** Rejects a document type: its entities could expand without bound. */
export function refuseDocumentType(text: string): void {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new XmlError("document type");
}

/**
 * Whether the text ends as its first element must, for a body whose end the connection did not show. Cheap, whatever the size; the
 * reader of the document sees the rest.
 */
export function isCompleteXml(text: string): boolean {
  const [, root] = /<([^\s<>!?/]{1,100})/.exec(text.slice(0, 10_000)) ?? [];
  const [, last] = /<\/([^\s<>/]{1,100})\s{0,10}>$/.exec(text.slice(-200).trimEnd()) ?? [];
  return root !== undefined && root === last;
}

function toElement(node: RawNode): XmlElement | undefined {
  const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
  if (name === undefined || name === TEXT) return undefined;
  const inside = node[name] as RawNode[];
  return {
    name: name.replace(/^.*:/, ""),
    attributes: { ...node[ATTRIBUTES] },
    children: inside.map(toElement).filter((child) => child !== undefined),
    text: inside.map((child) => (typeof child[TEXT] === "string" ? child[TEXT] : "")).join(""),
  };
}

/** The first child of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name);
}

/** The trimmed text of the first child of that name; "" if there is none. */
export function childText(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text.trim() ?? "";
}

/** All elements of that name below, in document order. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((candidate) => [
    ...(candidate.name === name ? [candidate] : []),
    ...descendants(candidate, name),
  ]);
}

/** The element as text again; space between child elements is not kept. */
export function renderXml({ name, attributes, children, text }: XmlElement): string {
  const head = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeXml(value)}"`)].join(" ");
  const inside = (children.length > 0 ? escapeXml(text.trim()) : escapeXml(text)) + children.map(renderXml).join("");
  return inside === "" ? `<${head} />` : `<${head}>${inside}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for the inside of an element or attribute. Characters that XML cannot hold at all are dropped. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}
