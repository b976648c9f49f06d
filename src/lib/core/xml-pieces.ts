/** Parses a long XML list piece by piece, so that the caller can yield to the event loop in between. */
import { MAX_XML_CHARS, parseXml, refuseDocumentType, type XmlElement, XmlError } from "./xml";

/** Characters parsed at once: some milliseconds. */
const PIECE_CHARS = 4 * 1024;
/** Longest stretch without the end of an element: it is parsed at once. Also of a document with CDATA and the like. */
const MAX_WHOLE_CHARS = 1024 * 1024;
/** Most tags in it: they take longer than text. */
const MAX_WHOLE_TAGS = 5_000;

/** Some of the elements, or at the end, once, the document around them. */
export type Piece =
  { children: readonly XmlElement[]; frame?: undefined } | { frame: XmlElement; children?: undefined };

/**
 * The `child` elements directly inside the first `parent`, some at a time; at last the document without them. Throws an `XmlError`
 * for what is not well-formed; elements that came before the fault must then be dropped.
 */
export function* readInPieces(document: string, parent: string, child: string): Generator<Piece> {
  if (document.length > MAX_XML_CHARS) throw new XmlError("too large");
  refuseDocumentType(document);
  yield NOTHING; // each look through 20 MB takes some 10 ms
  const text = withoutComments(document);
  yield NOTHING;
  if (/<!|.<\?/s.test(text)) {
    if (text.length > MAX_WHOLE_CHARS || text.split("<", MAX_WHOLE_TAGS + 1).length > MAX_WHOLE_TAGS)
      throw new XmlError("too large");
    yield { frame: parseXml(text) };
    return;
  }
  let frame = "";
  for (const { before, children } of split(text, parent, child)) {
    frame += before;
    if (frame.length > MAX_WHOLE_CHARS) throw new XmlError("too large");
    yield { children: children === "" ? [] : parseXml(`<list>${children}</list>`).children };
  }
  yield { frame: parseXml(frame) };
}

const NOTHING: Piece = { children: [] };

/** In CDATA a comment is text. */
function withoutComments(text: string): string {
  if (!text.includes("<!--") || text.includes("<![")) return text;
  let kept = "";
  let from = 0;
  for (let at = text.indexOf("<!--"); at >= 0; at = text.indexOf("<!--", from)) {
    const end = text.indexOf("-->", at + 4);
    if (end < 0) throw new XmlError("cut");
    kept += text.slice(from, at);
    from = end + 3;
  }
  return kept + text.slice(from);
}

/** Only counts tags: well-formedness is checked when the pieces are parsed. */
function* split(text: string, parent: string, child: string): Generator<{ before: string; children: string }> {
  let [depth, parentDepth, childAt, done] = [0, Infinity, -1, 0];
  let [before, children] = ["", ""];
  let [frameTags, childTags] = [0, 0];
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    const end = tagEnd(text, at);
    const closes = text[at + 1] === "/";
    const empty = text[end - 2] === "/" || text[at + 1] === "?";
    if (closes) depth--;
    if (parentDepth === Infinity && !closes && !empty && hasName(text, at, parent)) parentDepth = depth;
    const inside = depth === parentDepth + 1;
    if (inside && !closes && hasName(text, at, child)) childAt = at;
    if (childAt < 0) frameTags++;
    else childTags++;
    if (inside && childAt >= 0 && (closes || empty)) {
      before += text.slice(done, childAt).trimEnd(); // blank lines between the children count for nothing
      children += text.slice(childAt, end);
      [done, childAt, childTags] = [end, -1, 0];
    }
    if (closes && depth === parentDepth) parentDepth = -Infinity; // what follows is not the first parent's
    if (!closes && !empty) depth++;
    at = end;
    if (end - done > MAX_WHOLE_CHARS || Math.max(frameTags, childTags) > MAX_WHOLE_TAGS)
      throw new XmlError("too large");
    if (children.length < PIECE_CHARS) continue;
    yield { before, children };
    [before, children] = ["", ""];
  }
  yield { before: before + text.slice(done), children };
}

/** Behind the `>` that ends the tag; one in an attribute's value does not. */
function tagEnd(text: string, from: number): number {
  let quote = "";
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === ">") return at + 1;
    else if (char === '"' || char === "'") quote = char;
  }
  throw new XmlError("cut");
}

function hasName(text: string, at: number, name: string): boolean {
  return text.startsWith(name, at + 1) && /[\s/>]/.test(text[at + 1 + name.length] ?? "");
}
