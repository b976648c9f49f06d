/** Simulator, TR-064: answers that are whole to look at and lack something: all of the content, or the second half of a list. */
import type { Reply } from "./reply";
import { escapeXml, unescapeXml } from "./xml";

const OUT_VALUE = /<(New[\w-]*)>([^<]*)<\/\1>/g;
const LIST_ITEM = /<(contact|Call|Message|Item)\b[^]*?<\/\1>\s*/g;

/** A SOAP reply with empty values; a document of which only the root is left, as a box sends it that is starting. */
export function emptied(reply: Reply): Reply {
  const text = textOf(reply);
  if (isSoap(text)) return { ...reply, body: text.replace(OUT_VALUE, "<$1></$1>") };
  const [declaration = ""] = /^(<\?xml[^>]*\?>\s*)?/.exec(text) ?? [];
  const root = /<([A-Za-z_][\w.-]*)/.exec(text.slice(declaration.length))?.[1] ?? "root";
  return { ...reply, body: `${declaration}<${root}></${root}>` };
}

/** The same with the first half of the list only: of ids in a SOAP reply, of items in a document. */
export function halved(reply: Reply): Reply {
  const text = textOf(reply);
  const value = (escaped: string) => {
    const plain = unescapeXml(escaped);
    const half = plain.includes("<") ? halfOfItems(plain) : firstHalf(plain.split(",")).join(",");
    return escapeXml(half);
  };
  const body = isSoap(text)
    ? text.replace(OUT_VALUE, (_, name: string, escaped: string) => `<${name}>${value(escaped)}</${name}>`)
    : halfOfItems(text);
  return { ...reply, body };
}

const textOf = ({ body }: Reply) => (typeof body === "string" ? body : Buffer.from(body).toString("utf8"));
const isSoap = (text: string) => text.includes("<s:Envelope");
const firstHalf = <T>(list: T[]) => (list.length > 1 ? list.slice(0, list.length >> 1) : list);

function halfOfItems(document: string): string {
  const total = document.match(LIST_ITEM)?.length ?? 0;
  let count = 0;
  return document.replace(LIST_ITEM, (item) => (count++ < total >> 1 ? item : ""));
}
