/** L1 protocol: the lists that a box gives as XML in a text: its users, what the present one may do, its rules for calls. */
import { childText, descendants, parseXml, type XmlElement } from "./xml";

/** How far a right goes. */
export type Access = "none" | "readonly" | "readwrite";

/** NewX_AVM-DE_UserList -> names, the one who logged in last first. */
export function parseUserList(text: string): string[] {
  if (text.trim() === "") return [];
  const users = descendants(parseXml(text), "Username");
  const isLast = ({ attributes }: XmlElement) => attributes["last_user"] === "1";
  return [...users.filter(isLast), ...users.filter((user) => !isLast(user))]
    .map(({ text: name }) => name.trim())
    .filter((name) => name !== "");
}

/** NewX_AVM-DE_CurrentUserRights (`path` and `access` in turn) -> access by path: BoxAdmin, Phone, Dial, NAS, HomeAuto. */
export function parseRights(text: string): ReadonlyMap<string, Access> {
  const root = parseXml(text);
  const [paths, accesses] = [descendants(root, "path"), descendants(root, "access")];
  return new Map(paths.map(({ text: path }, i) => [path.trim(), accessOf(accesses[i])]));
}

function accessOf(element: XmlElement | undefined): Access {
  const text = element?.text.trim().toLowerCase();
  return text === "readwrite" || text === "readonly" ? text : "none";
}

/** A diversion or call barring rule of the box. */
export interface Deflection {
  enabled: boolean;
  /** fromAll, fromAnonymous, fromNumber, fromPB, ... */
  type: string;
  /** eNoSignal = the caller is rejected. */
  mode: string;
  /** Of fromPB. */
  bookId: number | undefined;
}

/** NewDeflectionList -> the rules. */
export function parseDeflections(text: string): Deflection[] {
  if (text.trim() === "") return [];
  return descendants(parseXml(text), "Item").map((item) => {
    const id = childText(item, "PhonebookID");
    return {
      enabled: childText(item, "Enable") === "1",
      type: childText(item, "Type"),
      mode: childText(item, "Mode"),
      bookId: id === "" ? undefined : Number(id),
    };
  });
}
