/** Requests of the dialogs to the server. Relative URLs, so that the editor's root and login apply. */
import { type EditorNode, type Failure, text } from "./red";

/** A box as a dialog refers to it. */
export interface BoxQuestion {
  id: string;
  settings: Record<string, unknown>;
  credentials: Record<string, string | undefined>;
}

/** POST fritz-calls/<route>; rejects with the request, for `failureText`. */
export function ask<T = unknown>(route: string, question: object): JQuery.jqXHR<T> {
  return $.ajax({
    url: `fritz-calls/${route}`,
    type: "POST",
    contentType: "application/json",
    data: JSON.stringify(question),
  }) as JQuery.jqXHR<T>;
}

/** The sentence of a failed request. */
export function failureText(xhr: { responseJSON?: unknown; status?: number }): string {
  const { code = "internal", values } = (xhr.responseJSON ?? {}) as Failure;
  return text(`fritz-config.error.${code}`, values ?? { detail: xhr.status ?? 0 });
}

/** Shows the sentence of a failed request. */
export function notifyFailure(xhr: JQuery.jqXHR): void {
  RED.notify(failureText(xhr), "error");
}

/** Refers to a configuration node, deployed or not; its stored password stays on the server. */
export function boxQuestion(boxId: string): BoxQuestion | undefined {
  const box: EditorNode | null = RED.nodes.node(boxId);
  if (!box) return undefined;
  const settings = Object.fromEntries(Object.keys(box._def.defaults).map((property) => [property, box[property]]));
  const { username, password } = box.credentials ?? {};
  return { id: box.id, settings, credentials: { username, password } };
}
