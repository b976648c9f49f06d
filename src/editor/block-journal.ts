/** The journal tab of `fritz-block`: the last decisions with their reasons, and buttons to correct them. */
import type { Decision } from "../lib/blocking/types";
import { ask, failureText } from "./server";
import type { EditorNode } from "./red";

/** A line of the journal as the node returns it, newest first. */
export interface JournalLine {
  at?: string;
  what?: string;
  number?: string;
  name?: string;
  explanation?: string;
  error?: string;
  campaign?: { range: string; numbers: number; since: string };
}

type Operation = "false-alarm" | "undo" | "block";

/** Most lines shown. */
const MOST = 50;
/** Interval of the questions how far a rehearsal with scores is, ms. */
const PROGRESS_MS = 1_000;

/** The buttons of a line: only what can still be done. Pure. */
export function buttonsOf({ what, number = "" }: JournalLine): Operation[] {
  if (number === "") return [];
  if (what === "allowed" || what === "revoked") return ["block"];
  if (what === "blocked" || what === "hungup") return ["false-alarm"];
  return what === "added" || what === "barred" ? ["false-alarm", "undo"] : [];
}

class Journal {
  constructor(private readonly node: EditorNode) {
    $("#fritz-journal-reload").on("click", () => this.load());
    $("#fritz-journal-try").on("click", () => this.tryNumber());
    $("#fritz-journal-rehearse").on("click", () => this.rehearse());
  }

  private textOf(key: string, values: Record<string, string | number> = {}): string {
    return this.node._(`fritz-block.journal.${key}`, values);
  }

  private order<T>(operation: string, more: object = {}): JQuery.jqXHR<T> {
    return ask<T>("block-order", { id: this.node.id, operation, ...more });
  }

  load(): void {
    this.order<{ payload: JournalLine[] }>("journal").then(
      ({ payload }) => this.show(payload),
      (xhr: JQuery.jqXHR) => void $("#fritz-journal-lines").text(failureText(xhr)),
    );
  }

  private show(journal: readonly JournalLine[]): void {
    const place = $("#fritz-journal-lines").empty();
    if (journal.length === 0) place.text(this.textOf("empty"));
    for (const line of journal.slice(0, MOST)) this.addLine(place, line);
  }

  private addLine(place: JQuery, line: JournalLine): void {
    const { at = "", what = "", number = "", name = "", explanation = "", error = "", campaign } = line;
    const row = $("<div>", { class: "fritz-journal-line", "data-what": what }).appendTo(place);
    const who = callerOf(name, number) || this.textOf("withheld");
    $("<b>")
      .text(`${at.slice(0, 16).replace("T", " ")} ${who}`)
      .appendTo(row);
    const reason = [explanation || this.textOf(`what.${what}`), error].filter((part) => part !== "").join(" ");
    $("<div>").text(reason).appendTo(row);
    if (campaign)
      $("<div>")
        .text(this.textOf("campaign", { ...campaign, since: campaign.since.slice(0, 10) }))
        .appendTo(row);
    for (const operation of buttonsOf(line)) {
      $("<button>", { type: "button", class: "red-ui-button red-ui-button-small" })
        .text(this.textOf(`button.${operation}`))
        .on("click", () => this.mend(row, operation, number))
        .appendTo(row);
    }
  }

  private mend(row: JQuery, operation: Operation, number: string): void {
    const result = $("<span>", { role: "status" }).text(" …");
    row.find("button").remove();
    row.append(result);
    this.order(operation, { payload: number }).then(
      () => void result.text(this.textOf(`done.${operation}`)),
      (xhr: JQuery.jqXHR) => void result.text(failureText(xhr)),
    );
  }

  private tryNumber(): void {
    const result = $("#fritz-journal-answer").text(" …");
    const number = String($("#fritz-journal-number").val() ?? "").trim();
    this.order<{ payload: Decision }>("try", { payload: number }).then(
      ({ payload: { verdict, explanation } }) => {
        const answer = verdict === "block" ? this.textOf("would-block") : this.textOf("would-allow");
        result.text(`${answer} ${explanation}`);
      },
      (xhr: JQuery.jqXHR) => void result.text(failureText(xhr)),
    );
  }

  /** Rehearses the deployed rules with the calls of the last 30 days. */
  private rehearse(): void {
    const withScores = $("#fritz-journal-scores").is(":checked");
    const place = $("#fritz-journal-rehearsal").text(" …");
    if (withScores) return this.follow(place, "scores");
    this.order<{ payload: Rehearsal }>("rehearse").then(
      ({ payload }) => this.showRehearsal(place, payload),
      (xhr: JQuery.jqXHR) => void place.text(failureText(xhr)),
    );
  }

  /** Shows how far the sources are asked, with a button that ends it, until the result is there or the dialog is closed. */
  private follow(place: JQuery, operation: "scores" | "scores-progress" | "scores-cancel"): void {
    this.order<{ done: number; total: number; payload?: Rehearsal }>(operation).then(
      ({ done, total, payload }) => {
        if (payload) return this.showRehearsal(place, payload);
        if (place.find("button").length === 0) {
          const cancel = $("<button>", { type: "button", class: "red-ui-button red-ui-button-small" });
          cancel.text(this.textOf("cancel")).on("click", () => this.follow(place, "scores-cancel"));
          place.empty().append($("<span>"), " ", cancel);
        }
        place.find("span").text(this.textOf("progress", { done, total }));
        if (operation === "scores-cancel") return void place.find("button").prop("disabled", true);
        setTimeout(() => place[0]?.isConnected && this.follow(place, "scores-progress"), PROGRESS_MS);
      },
      (xhr: JQuery.jqXHR) => void place.text(failureText(xhr)),
    );
  }

  private showRehearsal(place: JQuery, { incoming, wouldBlock, lookedUp, blocked }: Rehearsal): void {
    const key = lookedUp > 0 ? "rehearsed-scores" : "rehearsed";
    place.empty().append($("<div>").text(this.textOf(key, { incoming, wouldBlock, lookedUp })));
    const table = $("<table>", { class: "fritz-rehearsal" }).appendTo(place);
    for (const { at, number, name = "", explanation } of blocked.slice(0, MOST)) {
      const row = $("<tr>").appendTo(table);
      const cells = [at.slice(0, 16).replace("T", " "), callerOf(name, number), explanation];
      for (const text of cells) $("<td>").text(text).appendTo(row);
    }
  }
}

/** "Berlin · 03023125042"; an unknown caller's name is the number. */
export const callerOf = (name: string, number: string): string =>
  [...new Set([name, number])].filter((part) => part !== "").join(" · ");

/** The answer of the node's operation "rehearse". */
interface Rehearsal {
  incoming: number;
  wouldBlock: number;
  lookedUp: number;
  blocked: { at: string; number: string; name?: string; explanation: string }[];
}

/** For `oneditprepare`; returns the function to call when the tab is opened. */
export function prepareJournal(node: EditorNode): () => void {
  const journal = new Journal(node);
  return () => journal.load();
}
