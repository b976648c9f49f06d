/** "A user of its own": creates the box's restricted user, leads through the second factor, and puts the new login into the dialog. */
import { question } from "./check-panel";
import { folded } from "./form";
import { type EditorNode, text } from "./red";
import { ask, failureText } from "./server";

type State =
  | { state: "working" }
  | { state: "confirm"; methods: { button: boolean; code?: string; app: boolean }; seconds: number }
  | { state: "done"; username: string; password: string }
  | { state: "failed"; code: string; values: object };

const ASK_AGAIN_MS = 1_000;
/** Time to read the warning, ms. */
const SHOWN_MS = 30_000;
const textOf = (key: string, values = {}) => text(`fritz-config.user.${key}`, values);
const admin = { name: "#fritz-user-admin", password: "#fritz-user-password" };
const valueOf = (selector: string) => String($(selector).val() ?? "");

/** The names of such users; the box replaces the one of this node when it is created anew. */
const CREATED = /^nodered[a-z]{6}$/;
/** The user of the deployed login, once another one has taken its place at the box. */
let replaced = "";

class AppUserPanel {
  private job = "";

  constructor(
    private readonly node: EditorNode,
    private readonly check: () => void,
  ) {
    $("#fritz-user-create").on("click", () => this.create());
    $("#fritz-user-stop").on("click", () => void ask("app-user-stop", { job: this.job }));
  }

  private create(): void {
    const credentials = { username: valueOf(admin.name).trim(), password: valueOf(admin.password) };
    $(admin.password).val(""); // used once
    this.busy(true);
    this.showSentence(textOf("working"));
    ask<{ job: string }>("app-user", question(this.node, { credentials })).then(
      ({ job }) => {
        this.job = job;
        this.follow();
      },
      (xhr: JQuery.jqXHR) => this.end(failureText(xhr), "fail"),
    );
  }

  private follow(): void {
    ask<State>("app-user-state", { job: this.job }).then(
      (now) => this.show(now),
      (xhr: JQuery.jqXHR) => this.end(failureText(xhr), "fail"),
    );
  }

  private show(now: State): void {
    if (now.state === "failed" && now.code === "interrupted") return this.end(textOf("stopped"), "fail");
    if (now.state === "failed") {
      return this.end(failureText({ responseJSON: { code: now.code, values: now.values } }), "fail");
    }
    if (now.state === "done") {
      const { username: stored = "" } = this.node.credentials ?? {};
      if (RED.nodes.node(this.node.id) && CREATED.test(stored)) replaced = stored;
      $("#node-config-input-username").val(now.username).trigger("change");
      $("#node-config-input-password").val(now.password).trigger("change");
      this.end(textOf("done", { user: now.username }), "ok");
      return this.check();
    }
    if (now.state === "confirm") this.confirm(now.methods, now.seconds);
    if (!$("#fritz-user-said").is(":visible")) return void ask("app-user-stop", { job: this.job }); // the dialog is closed
    setTimeout(() => this.follow(), ASK_AGAIN_MS);
  }

  /** What to do at the box, each way in a line of its own; only the seconds change. */
  private confirm({ button, code, app }: { button: boolean; code?: string; app: boolean }, seconds: number): void {
    const ways = [
      ...(button ? [textOf("button")] : []),
      ...(code === undefined ? [] : [textOf("code", { code })]),
      ...(app && !button && code === undefined ? [textOf("app")] : []),
    ];
    const isNew = $("#fritz-user-said").attr("data-state") !== "confirm";
    const list = $("<ul>").append(ways.map((way) => $("<li>").text(way)));
    $("#fritz-user-said")
      .attr("data-state", "confirm")
      .empty()
      .append($("<div>").text(textOf("confirm", { seconds })), list);
    if (isNew) $("#fritz-user-said")[0]?.scrollIntoView({ block: "nearest" });
  }

  private end(sentence: string, state: "ok" | "fail"): void {
    this.busy(false);
    this.showSentence(sentence, state);
  }

  private showSentence(sentence: string, state = "working"): void {
    $("#fritz-user-said").attr("data-state", state).text(sentence)[0]?.scrollIntoView({ block: "nearest" });
  }

  private busy(busy: boolean): void {
    $("#fritz-user-create").prop("disabled", busy);
    $("#fritz-user-stop").toggle(busy);
  }
}

/** Sets up the section. `check`: runs "Check my Fritz!Box" with the new login. For `oneditprepare`. */
export function prepareAppUser(node: EditorNode, check: () => void): void {
  replaced = "";
  folded($("#fritz-user-heading"), $("#fritz-user"));
  new AppUserPanel(node, check);
}

/** The dialog is left without its new login: says that the deployed one is no user of the box any more. For `oneditcancel`. */
export function cancelled(): void {
  if (replaced !== "") RED.notify(textOf("cancelled", { user: replaced }), "warning", false, SHOWN_MS);
  replaced = "";
}
