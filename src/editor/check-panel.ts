/** "Check my Fritz!Box": one line for each check, with a button for what can be fixed. */
import { headline, type CheckLine, reportLine } from "./check-report";
import { ask, failureText } from "./server";
import { type EditorNode, text } from "./red";

const FIELDS = ["host", "monitorPort", "port", "tlsPort", "fingerprint", "countryCode", "areaCode", "timeZone"];
const ICONS = {
  ok: ["fa-check-circle", "success"],
  warn: ["fa-exclamation-triangle", "warning"],
  fail: ["fa-times-circle", "error"],
  info: ["fa-info-circle", "primary"],
} as const;
/** Delay before the check is repeated after dialling a code, ms. */
const RECHECK_MS = 3_000;

const input = (property: string) => $(`#node-config-input-${property}`);
const written = (property: string) => String(input(property).val() ?? "").trim();
const textOf = (key: string, values = {}) => text(`fritz-config.${key}`, values);

/** The properties in the dialog; a stored password stays on the server. */
export function question(node: EditorNode, more: object = {}): object {
  const settings: Record<string, unknown> = Object.fromEntries(FIELDS.map((property) => [property, written(property)]));
  settings["tls"] = input("tls").prop("checked");
  const credentials = { username: written("username"), password: String(input("password").val() ?? "") };
  return { id: node.id, settings, credentials, ...more };
}

/** The sentence of a line: its own, or the nodes' sentence for the same error. */
function sentence(line: CheckLine, values = line.values ?? {}): string {
  const [kind, rest] = line.text.split(/\.(.*)/);
  const shown = kind === "check" ? textOf(`check.${rest}`, values) : text(`fritz-config.${line.text}`, values);
  return shown.replaceAll(/\b(?:in|dans) fritz-config\b/g, textOf("panel.here")); // the sentence refers to the dialog that is open
}

class CheckPanel {
  private report: string[] = [];

  constructor(private readonly node: EditorNode) {
    $("#fritz-check-run").on("click", () => this.run());
    $("#fritz-check-find").on("click", () => this.find());
    $("#fritz-check-copy").on("click", () =>
      RED.clipboard.copyText(this.report.join("\n"), $("#fritz-check-copy"), textOf("panel.copied")),
    );
  }

  /** Runs the check and shows its lines; then calls `then`. */
  run(): void {
    $("#fritz-check-run").prop("disabled", true);
    $("#fritz-check-run span").text(textOf("panel.running"));
    $("#fritz-check-lines").empty();
    ask<{ lines: CheckLine[] }>("check", question(this.node))
      .then(
        ({ lines }) => this.show(lines),
        (xhr: JQuery.jqXHR) => {
          $("#fritz-check-lines").text(failureText(xhr));
          this.report = [];
        },
      )
      .always(() => {
        $("#fritz-check-run").prop("disabled", false).trigger("focus");
        $("#fritz-check-run span").text(textOf("panel.again"));
        $("#fritz-check-copy").toggle(this.report.length > 0);
      });
  }

  private show(lines: CheckLine[]): void {
    const { state, key, values } = headline(lines);
    const top = $("<div>", { id: "fritz-check-summary", "data-state": state }).css({ "font-weight": "bold" });
    top
      .append(icon(state), " ", $("<span>").text(textOf(`panel.headline.${key}`, values)))
      .appendTo("#fritz-check-lines");
    for (const line of lines) this.showLine(line);
    this.report = lines.map((line) => reportLine(line, sentence));
  }

  private showLine(line: CheckLine): void {
    const row = $("<div>", { class: "fritz-check-line", "data-check": line.id, "data-state": line.state })
      .css({ display: "flex", "align-items": "baseline", gap: "6px", margin: "4px 0" })
      .append(icon(line.state))
      .appendTo("#fritz-check-lines");
    const cell = $("<div>").css({ flex: 1, "overflow-wrap": "anywhere" }).appendTo(row);
    $("<b>")
      .text(`${textOf(`panel.line.${line.id}`)}: `)
      .appendTo(cell);
    $("<span>").text(sentence(line)).appendTo(cell);
    if (line.action === "user") for (const name of line.choices ?? []) this.button(cell, line, name);
    else if (line.action) this.button(cell, line);
    if (line.state !== "ok" && line.link) {
      const address = { href: line.link, target: "_blank", rel: "noopener noreferrer" };
      cell.append(" ", $("<a>", address).text(textOf("panel.open-box")));
    }
  }

  private button(row: JQuery, line: CheckLine, name = ""): void {
    const { action = "" } = line;
    const button = $("<button>", { type: "button", class: "red-ui-button red-ui-button-small" })
      .css({ "margin-left": "8px" })
      .text(textOf(`panel.action.${action}`, { name }))
      .on("click", () => this.mend(line, button, name))
      .appendTo(row);
  }

  private mend(line: CheckLine, button: JQuery, name: string): void {
    if (line.action === "user") {
      input("username").val(name);
      input("password").trigger("focus");
      if (String(input("password").val() ?? "") === "") return; // the password comes next
      return this.run();
    }
    if (line.action === "certificate") {
      input("fingerprint").val(String(line.values?.["fingerprint"] ?? ""));
      return this.run();
    }
    const [route, more] =
      line.action === "dial" ? ["dial-monitor-on", {}] : ["create-book", { book: line.values?.["book"] }];
    button.prop("disabled", true);
    const replaceBy = (said: string) => {
      button.replaceWith($("<span>").text(` ${said}`));
      $("#fritz-check-run").trigger("focus"); // else the focus is lost with the button
    };
    ask(route, question(this.node, more)).then(
      () => {
        replaceBy(textOf(`panel.done.${line.action}`));
        setTimeout(() => $("#fritz-check-run").is(":visible") && this.run(), RECHECK_MS);
      },
      (xhr: JQuery.jqXHR) => replaceBy(failureText(xhr)),
    );
  }

  /** Searches for a box, only on this click; uses and checks the first one found. */
  private find(): void {
    const lines = $("#fritz-check-lines").text(textOf("panel.finding"));
    ask<{ hosts: string[] }>("find-box", { port: Number(written("port")) }).then(
      ({ hosts }) => {
        lines.empty();
        const [first, ...others] = hosts;
        if (first === undefined) return void lines.text(textOf("panel.none-found"));
        if (others.length === 0) {
          input("host").val(first).trigger("change");
          return this.run();
        }
        for (const host of hosts) this.hostButton(lines, host);
      },
      (xhr: JQuery.jqXHR) => void lines.text(failureText(xhr)),
    );
  }

  private hostButton(row: JQuery, host: string): void {
    $("<button>", { type: "button", class: "red-ui-button red-ui-button-small" })
      .css({ "margin-right": "8px" })
      .text(textOf("panel.action.user", { name: host }))
      .on("click", () => {
        input("host").val(host).trigger("change");
        this.run();
      })
      .appendTo(row);
  }
}

function icon(state: CheckLine["state"]): JQuery {
  const [name, color] = ICONS[state];
  return $("<i>", { class: `fa ${name}`, role: "img", "aria-label": textOf(`panel.state.${state}`) }).css({
    color: `var(--red-ui-text-color-${color})`,
    width: "16px",
  });
}

/** Sets up the panel's buttons; gives what runs the check. For `oneditprepare`. */
export function prepareCheck(node: EditorNode): CheckPanel {
  return new CheckPanel(node);
}
