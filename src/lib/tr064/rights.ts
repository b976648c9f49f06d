/** Parses the lists of a box's users and of the current user's rights, XML in a text. */
import { descendants, parseXml, type XmlElement } from "../core/xml";

/** Level of a right. */
export type Access = "none" | "readonly" | "readwrite";

/** NewX_AVM-DE_UserList -> names, the last login first. */
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
