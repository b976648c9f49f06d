/** The dialog of `fritz-caller-info`: the list of sources, and further settings. */
import { keysOf } from "./block-flow";
import { isBox } from "./box";
import { fillDefaults, folded, saveNumbers } from "./form";
import { type EditorNode } from "./red";
import { ask, failureText, notifyFailure } from "./server";
import { itemsOf, listElement, missingKey, type OfferedSource, type SourceEntry, toSave } from "./source-groups";
import { addSource, fillList, makeList } from "./source-list";
import { editDescription, readFile, SKELETON } from "./source-own";
import { typed } from "./typed";

/** For `oneditprepare`. */
export function prepare(node: EditorNode): void {
  fillDefaults(node);
  makeList(node);
  fillStores(node);
  typed(node, "deadlineMs", "num", node._("fritz-caller-info.label.deadlineMs"));
  folded($("#fritz-info-details-heading"), $("#fritz-info-details"));
  $("#fritz-source-new").on("click", () => editDescription(node, structuredClone(SKELETON), addSource));
  $("#fritz-source-import").on("click", () => $("#fritz-source-file").trigger("click"));
  $("#fritz-source-file").on("change", function (this: HTMLInputElement) {
    readFile(node, this.files?.[0], addSource);
    this.value = "";
  });
  $("#fritz-source-forget").on("click", () => {
    ask("forget-callers", { id: node.id }).then(
      () => RED.notify(node._("fritz-caller-info.note.forgotten"), "success"),
      notifyFailure,
    );
  });
  ask<{ sources: OfferedSource[] }>("sources", {}).then(
    ({ sources }) => {
      fillList(node, sources);
      showHealth(node);
    },
    (xhr: JQuery.jqXHR) => {
      fillList(node, []);
      notifyFailure(xhr);
    },
  );
}

/** For `oneditsave`. */
export function save(node: EditorNode): void {
  node["providers"] = toSave(itemsOf().map(({ entry }) => entry));
  saveNumbers(node);
}

/** Whether the node has the box that its sources need. */
export function needsBox(node: EditorNode, box: unknown): boolean {
  const entries = Array.isArray(node["providers"]) ? (node["providers"] as SourceEntry[]) : [];
  const usesBook = entries.some((entry) => entry?.id === "phonebook" && entry.enabled !== false);
  return usesBook && !isBox(box);
}

/** An enabled source without its key; undefined also while the keys are not known. */
export function withoutKey(node: EditorNode, providers: unknown): string | undefined {
  return missingKey(providers, keysOf(node));
}

interface Health {
  id: string;
  state: string;
  unready?: string;
  hits: number;
  misses: number;
  failures: number;
  code?: string;
}

function showHealth(node: EditorNode): void {
  void ask<{ health: Health[] }>("source-health", { id: node.id }).then(({ health }) => {
    for (const { id, state, unready, hits, misses, failures, ...failure } of health) {
      const heads = listElement().find(".fritz-source-head").toArray();
      const place = $(heads.filter((head) => $(head).attr("data-source") === id)).find(".fritz-source-health");
      if (unready) place.text(node._(`fritz-caller-info.unready.${unready}`));
      else if (state !== "unused") {
        const summary = node._(`fritz-caller-info.health.${state}`, { hits, misses, failures });
        place.text(summary).attr("title", failure.code ? failureText({ responseJSON: failure }) : summary);
      }
    }
  });
}

function fillStores(node: EditorNode): void {
  const select = $("#node-input-cacheStore");
  const { stores = [] } = RED.settings.context ?? {};
  $("<option>", { value: "" }).text(node._("fritz-caller-info.store.default")).appendTo(select);
  const set = typeof node["cacheStore"] === "string" ? node["cacheStore"] : "";
  const all = set !== "" && !stores.includes(set) ? [...stores, set] : stores;
  for (const store of all) $("<option>", { value: store }).text(store).appendTo(select);
  select.val(set);
}
