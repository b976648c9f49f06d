/** The readiness line in the dialog of `fritz-block`: requirements of the protection, and which are met. */
import { type BlockForm, isOn } from "./block-summary";
import type { CheckLine } from "./check-report";
import { ask, boxQuestion } from "./server";
import { valueOf } from "./form";
import type { EditorNode } from "./red";

export type Mark = "ok" | "no" | "unknown";
export interface Need {
  id: "box" | "contacts" | "scores" | "rule" | "barring";
  mark: Mark;
}

/** The state of each requirement from a check of the box; unknown without an answer. Pure. */
export function needs(form: BlockForm, lines: readonly CheckLine[] | undefined): Need[] {
  const line = (id: string): Mark => {
    const found = lines?.find((one) => one.id === id);
    if (!found) return "unknown";
    return found.state === "ok" ? "ok" : "no";
  };
  const box: Mark = !form.hasBox
    ? "no"
    : lines
      ? line("box") === "ok" && line("login") === "ok"
        ? "ok"
        : "no"
      : "unknown";
  const contacts: Mark = box === "no" ? "no" : line("phonebooks");
  const all: Need[] = [
    { id: "box", mark: box },
    { id: "contacts", mark: contacts },
    ...(isOn(form.score) ? [{ id: "scores", mark: form.scores === "yes" ? "ok" : "no" } as const] : []),
  ];
  const canBar = lines?.find(({ canBar: known }) => known !== undefined)?.canBar;
  const barring: Mark = box === "no" || canBar === false ? "no" : canBar ? "ok" : "unknown";
  if (form.action === "barring") return [...all, { id: "barring", mark: barring }];
  return form.action === "phonebook" ? [...all, { id: "rule", mark: box === "no" ? "no" : line("rule") }] : all;
}

const SIGNS: Record<Mark, string> = { ok: "✓", no: "✗", unknown: "–" };

export class Readiness {
  private asked = "";
  private lines: readonly CheckLine[] | undefined;

  /** `lacksBarring`: called when the chosen box turns out to have no call barring list. */
  constructor(
    private readonly node: EditorNode,
    private readonly lacksBarring: () => void,
  ) {}

  /** Shows the state, and asks the box once for each box and target book. */
  update(form: BlockForm): void {
    this.show(form);
    const boxId = valueOf("box");
    const books = form.action === "phonebook" && form.book !== "" ? [form.book] : [];
    const wanted = JSON.stringify([boxId, books]);
    if (wanted === this.asked) return;
    this.asked = wanted;
    this.lines = undefined;
    const question = boxQuestion(boxId);
    if (!question) return;
    ask<{ lines: CheckLine[] }>("check", { ...question, targetBooks: books }).then(
      ({ lines }) => {
        if (wanted !== this.asked) return;
        this.lines = lines;
        this.show(form);
        if (lines.some(({ canBar }) => canBar === false)) this.lacksBarring();
      },
      () => undefined, // state unknown
    );
  }

  private show(form: BlockForm): void {
    const place = $("#fritz-block-ready").empty();
    for (const { id, mark } of needs(form, this.lines)) {
      const said = `${this.node._(`fritz-block.ready.${id}`)} ${SIGNS[mark]}`;
      $("<span>", { "data-need": id, "data-mark": mark })
        .css({ "margin-right": "12px", "white-space": "nowrap" })
        .attr("title", this.node._(`fritz-block.ready.${mark}`))
        .text(said)
        .appendTo(place);
    }
  }
}
