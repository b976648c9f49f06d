/** The dialog of `fritz-config`: folded details, and "Check my Fritz!Box". */
import { cancelled, prepareAppUser } from "./app-user";
import { prepareCheck } from "./check-panel";
import { fillDefaults, folded, saveNumbers } from "./form";
import type { EditorNode } from "./red";

const PREFIX = "node-config-input-";
const PORTS = ["monitorPort", "port", "tlsPort"];
/** Properties in the folded details: most boxes need none of them. */
const DETAILS = [...PORTS, "timeZone", "fingerprint", "countryCode", "areaCode", "areaCodeFile"];

/** For `oneditprepare`. */
export function prepare(node: EditorNode): void {
  fillDefaults(node, PREFIX);
  const isSpecial = DETAILS.some((property) => {
    const usual = node._def.defaults[property]?.value;
    return node[property] !== undefined && `${node[property] as string}` !== `${usual as string}`;
  });
  folded($("#fritz-config-details-heading"), $("#fritz-config-details"), isSpecial || node["tls"] === false);
  const check = prepareCheck(node);
  prepareAppUser(node, () => check.run());
}

/** For `oneditsave`. */
export function save(node: EditorNode): void {
  saveNumbers(node, PREFIX);
}

/** For `oneditcancel`. */
export const cancel = cancelled;
