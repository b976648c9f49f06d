/** Selects the Fritz!Box of a node automatically if there is exactly one. */
import type { EditorNode } from "./red";

const BOX = "fritz-config";

/** The ids of the boxes available to a node: those of all flows and of its own. */
function boxesFor(node: EditorNode): string[] {
  const found: string[] = [];
  RED.nodes.eachConfig(({ type, id, z }) => {
    if (type === BOX && (!z || z === node.z)) found.push(id);
  });
  return found;
}

/** A new node takes the box if there is exactly one. For `onadd` of a type with a property `box`. */
export function takeOnlyBox(node: EditorNode): void {
  const [only, ...others] = boxesFor(node);
  if (!node["box"] && only !== undefined && others.length === 0) node["box"] = only;
}

/** Whether `value` is the id of an existing box; `${NAME}` of a subflow counts. */
export function isBox(value: unknown): boolean {
  if (typeof value !== "string" || value === "" || value === "_ADD_") return false;
  return /^\$\{.+\}$/.test(value) || RED.nodes.node(value)?.type === BOX;
}

/**
 * Imported and dragged nodes take the only box, also types whose form has no `onadd`. Nodes that existed
 * before the first box take it once its dialog and theirs are closed.
 */
export function offerFirstBox(): void {
  let isLoaded = false;
  let isNew = false;
  RED.events.on("flows:loaded", () => (isLoaded = true));
  RED.events.on("nodes:add", (node) => {
    if (!isLoaded) return;
    if (node.type === BOX) isNew = true;
    else setTimeout(() => adopt(node), 0); // the import may contain its box after it
  });
  RED.events.on("editor:close", () => {
    if (isNew) RED.nodes.eachNode(adopt);
    if (isNew) RED.view.redraw();
    isNew = false;
  });
}

function adopt(node: EditorNode): void {
  const { box } = node._def.defaults ?? {};
  if (box?.type !== BOX || node["box"]) return;
  takeOnlyBox(node);
  if (!node["box"]) return;
  RED.nodes.updateConfigNodeUsers?.(node, { action: "add" });
  node.changed = true;
  node.dirty = true;
  RED.editor.validateNode(node);
  RED.nodes.dirty(true);
}
