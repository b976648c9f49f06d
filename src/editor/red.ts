/** Types of the parts of Node-RED's editor that the scripts use; `RED` is its global. */

/** Values of a sentence. */
export type TextValues = Record<string, string | number>;

/** A property of a registered type. */
export interface PropertyDefinition {
  value: unknown;
  type?: string;
}

/** A node in the editor, with the properties of its flow. */
export interface EditorNode {
  id: string;
  type: string;
  z?: string;
  changed?: boolean;
  dirty?: boolean;
  credentials?: Record<string, string>;
  users?: EditorNode[];
  _def: { category?: string; defaults: Record<string, PropertyDefinition> };
  /** A text of the node's own catalogue. */
  _(key: string, values?: TextValues): string;
  [property: string]: unknown;
}

interface Tray {
  title: string;
  value: string;
  requireValid: boolean;
  complete(text: string): void;
}

interface EditorRed {
  _(key: string, values?: TextValues): string;
  events: { on(event: string, listener: (node: EditorNode) => void): void };
  settings: { context?: { stores?: string[] } };
  nodes: {
    node(id: string): EditorNode | null;
    eachNode(visit: (node: EditorNode) => void): void;
    eachConfig(visit: (node: EditorNode) => void): void;
    updateConfigNodeUsers?(node: EditorNode, options: { action: "add" | "remove" }): void;
    dirty(set: boolean): void;
    getAllUpstreamNodes(node: EditorNode): EditorNode[];
  };
  editor: { validateNode(node: EditorNode): boolean; editJSON(tray: Tray): void };
  view: { redraw(): void };
  notify(text: string, type: "success" | "warning" | "error", fixed?: boolean, timeoutMs?: number): void;
  tabs: {
    create(options: { id: string; onchange(tab: { id: string }): void }): {
      addTab(tab: { id: string; label: string; iconClass?: string }): void;
      activateTab(id: string): void;
    };
  };
  clipboard: { copyText(text: string, beside: JQuery, message: string): void };
  fritzCalls: unknown;
}

interface AutoComplete {
  minLength: number;
  search(typed: string, done: (found: { value: string; label: JQuery }[]) => void): void;
}

declare global {
  const RED: EditorRed;
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- jQuery's own parameter
  interface JQuery<TElement = HTMLElement> {
    autoComplete(options: AutoComplete): this;
  }
}

/** A text of one of the package's catalogues; `key` begins with the node's type: "fritz-config.error.no-box". */
export function text(key: string, values?: TextValues): string {
  const [type = ""] = key.split(".");
  return RED._(`node-red-contrib-fritz-calls/${type}:${key}`, values);
}

/** The code of the server's error and its values. */
export interface Failure {
  code?: string;
  values?: TextValues;
}
