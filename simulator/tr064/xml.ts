/** Simulator, TR-064: XML by hand: escaping, and a strict reader for what clients send. */

/** The document is not well-formed; a box answers such a request with UPnP error 502. */
export class XmlError extends Error {}

/** An element with its place in the source, so that it can be kept as it was written. */
export interface XmlElement {
  /** Without prefix. */
  local: string;
  /** "" = none. */
  namespace: string;
  /** By name as written, with prefix; values resolved. */
  attributes: Record<string, string>;
  children: XmlElement[];
  /** Own text, entities and CDATA resolved, comments left out. */
  text: string;
  /** Where `<name` starts and where `</name>` has ended. */
  start: number;
  end: number;
  /** What is between start tag and end tag. */
  innerStart: number;
  innerEnd: number;
}

type Scope = Record<string, string>;
interface Tag {
  name: string;
  attributes: Record<string, string>;
  closed: boolean;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
// These are the characters that XML 1.0 forbids.
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
const NAME = /[\p{L}_][\p{L}\p{N}\p{M}_.-]*(?::[\p{L}_][\p{L}\p{N}\p{M}_.-]*)?/uy;
// Without a blank between two attributes: a widespread client sends it so, and boxes take it.
const ATTRIBUTE = /\s*([\p{L}_][\p{L}\p{N}_.-]*(?::[\p{L}_][\p{L}\p{N}_.-]*)?)\s*=\s*("[^"<]*"|'[^'<]*')/uy;
const DEEPEST = 60;
const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

/** Text for an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : c === ">" ? "&gt;" : "&quot;"));
}

/** The text behind the entities of XML; what means nothing stays as it is. */
export function unescapeXml(text: string): string {
  return text.replace(/&[^;&\s]{1,10};/g, (entity) => {
    try {
      return resolve(entity);
    } catch {
      return entity;
    }
  });
}

/** `<name>text</name>`, the text escaped. */
export function element(name: string, text: string | number): string {
  return `<${name}>${escapeXml(String(text))}</${name}>`;
}

/** Resolves the five entities of XML and character references; others are an error. */
function resolve(text: string): string {
  return text.replace(/&([^;&\s]*;?)/g, (_, entity: string) => {
    const name = entity.endsWith(";") ? entity.slice(0, -1) : "";
    const digits = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i.exec(name);
    if (!digits) {
      if (Object.hasOwn(ENTITIES, name)) return ENTITIES[name] ?? "";
      throw new XmlError(`&${entity} means nothing`);
    }
    const code = digits[1] === undefined ? Number(digits[2]) : parseInt(digits[1], 16);
    const legal = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    if (!legal || FORBIDDEN.test(String.fromCodePoint(code))) throw new XmlError(`&${entity} is no character`);
    return String.fromCodePoint(code);
  });
}

/** Reads a document; offsets count in `source`. Throws `XmlError`. */
export function parseXml(source: string): XmlElement {
  if (FORBIDDEN.test(source)) throw new XmlError("a character that XML forbids");
  return new Reader(source).document();
}

class Reader {
  private at: number;

  constructor(private readonly source: string) {
    this.at = source.startsWith("\ufeff") ? 1 : 0;
    const declaration = /^\ufeff?<\?xml\s[^>]*\?>/.exec(source);
    if (declaration) this.at = declaration[0].length;
  }

  document(): XmlElement {
    this.skipAround();
    if (this.source[this.at] !== "<") throw new XmlError("no element");
    const root = this.element({ "": "", xml: XML_NAMESPACE }, 1);
    this.skipAround();
    if (this.at < this.source.length) throw new XmlError("text after the end");
    return root;
  }

  /** White space, comments and processing instructions before and after the root. No DOCTYPE. */
  private skipAround(): void {
    for (;;) {
      const space = /\s*/y;
      space.lastIndex = this.at;
      space.exec(this.source);
      this.at = space.lastIndex;
      if (!this.skipAside()) return;
    }
  }

  private skipAside(): boolean {
    for (const [open, close] of [
      ["<!--", "-->"],
      ["<?", "?>"],
    ] as const) {
      if (!this.source.startsWith(open, this.at)) continue;
      this.upTo(close, this.at + open.length);
      return true;
    }
    return false;
  }

  /** The text up to `mark`; the reader stands behind the mark then. */
  private upTo(mark: string, from: number): string {
    const end = this.source.indexOf(mark, from);
    if (end < 0) throw new XmlError(`${mark} is missing`);
    this.at = end + mark.length;
    return this.source.slice(from, end);
  }

  private element(outer: Scope, depth: number): XmlElement {
    if (depth > DEEPEST) throw new XmlError("nested too deep");
    const start = this.at;
    const { name, attributes, closed } = this.startTag();
    const scope = { ...outer };
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "xmlns") scope[""] = value;
      else if (key.startsWith("xmlns:")) scope[key.slice(6)] = value;
    }
    for (const key of Object.keys(attributes)) if (!key.startsWith("xmlns:")) namespaceOf(key, scope);
    const local = name.slice(name.indexOf(":") + 1);
    const found: XmlElement = {
      ...{ local, namespace: namespaceOf(name, scope), attributes, children: [], text: "", start },
      ...{ end: this.at, innerStart: this.at, innerEnd: this.at },
    };
    if (closed) return found;
    this.content(found, scope, depth);
    found.innerEnd = this.at;
    if (this.upTo(">", this.at + 2).trimEnd() !== name) throw new XmlError(`</${name}> is missing`);
    found.end = this.at;
    return found;
  }

  private startTag(): Tag {
    const name = this.match(NAME, this.at + 1)?.[0];
    if (name === undefined) throw new XmlError("a tag without a name");
    const attributes: Record<string, string> = {};
    for (let found = this.match(ATTRIBUTE, this.at); found; found = this.match(ATTRIBUTE, this.at)) {
      const [, key = "", quoted = ""] = found;
      if (Object.hasOwn(attributes, key)) throw new XmlError(`attribute ${key} twice`);
      attributes[key] = resolve(quoted.slice(1, -1));
    }
    const end = this.match(/\s*(\/?)>/y, this.at);
    if (!end) throw new XmlError(`the tag ${name} does not end`);
    return { name, attributes, closed: end[1] === "/" };
  }

  private match(pattern: RegExp, from: number): RegExpExecArray | undefined {
    pattern.lastIndex = from;
    const found = pattern.exec(this.source);
    if (found) this.at = pattern.lastIndex;
    return found ?? undefined;
  }

  /** Everything up to the end tag. */
  private content(into: XmlElement, scope: Scope, depth: number): void {
    for (;;) {
      const next = this.source.indexOf("<", this.at);
      if (next < 0) throw new XmlError("the end is missing");
      const text = this.source.slice(this.at, next);
      if (text.includes("]]>")) throw new XmlError("]]> in text");
      into.text += resolve(text);
      this.at = next;
      if (this.source.startsWith("</", next)) return;
      if (this.source.startsWith("<![CDATA[", next)) into.text += this.upTo("]]>", next + 9);
      else if (!this.skipAside()) into.children.push(this.element(scope, depth + 1));
    }
  }
}

function namespaceOf(name: string, scope: Scope): string {
  const colon = name.indexOf(":");
  const prefix = colon < 0 ? "" : name.slice(0, colon);
  const namespace = Object.hasOwn(scope, prefix) ? scope[prefix] : undefined;
  if (namespace === undefined) throw new XmlError(`prefix ${prefix} is not declared`);
  return namespace;
}
