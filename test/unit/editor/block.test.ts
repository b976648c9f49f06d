/** What the dialog of `fritz-block` concludes: scores before the node, its sentences, its presets, readiness, and the journal's buttons. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { givesScores, scoresBefore } from "../../../src/editor/block-flow";
import { buttonsOf, callerOf } from "../../../src/editor/block-journal";
import { PRESETS, presetOf, type BlockForm, sentences } from "../../../src/editor/block-summary";
import { needs } from "../../../src/editor/block-readiness";
import type { CheckLine } from "../../../src/editor/check-report";
import type { EditorNode } from "../../../src/editor/red";
import type { JournalEntry } from "../../../src/lib/blocking/types";

const node = (over: object): EditorNode => ({
  id: "n",
  type: "fritz-caller-info",
  _def: { defaults: {} },
  _: String,
  ...over,
});
const FORM: BlockForm = {
  ...{
    hasBox: true,
    scores: "yes",
    score: 7,
    reports: 3,
    books: [],
    patterns: [],
    ...{ names: [], numbers: [], days: "" },
    foreign: "pass",
    countries: "",
  },
  ...{ blockAnonymous: false, blockFake: false, calls: 0, minutes: 60, seconds: 10, from: "", to: "", vipOnly: false },
  ...{ action: "barring", book: "Spam", dryRun: true },
};

describe("givesScores", () => {
  it("only of a source that is on and can give one", () => {
    assert.equal(givesScores([{ id: "phoneblock", enabled: true }]), true);
    assert.equal(givesScores([{ id: "phoneblock", enabled: false }]), false);
    assert.equal(givesScores([{ id: "phonebook" }, null]), false);
    assert.equal(givesScores([{ id: "blocklist" }]), false, "a block list without a list");
    assert.equal(givesScores([{ id: "blocklist", file: "list.csv" }]), true);
    assert.equal(givesScores([{ id: "mine", descriptor: { kind: ["name"] } }]), false);
    assert.equal(givesScores([{ id: "mine", descriptor: { kind: ["name", "score"] } }]), true);
    assert.equal(givesScores(undefined), false);
  });

  it("knows each described source of the package: by its list, what the description says", () => {
    const folder = join(__dirname, "../../../data/sources");
    const described = readdirSync(folder).map(
      (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as { id: string; kind: string[] },
    );
    assert.ok(described.length > 10);
    for (const { id, kind } of described) {
      assert.equal(givesScores([{ id, enabled: true }]), kind.includes("score"), id);
    }
  });
});

describe("scoresBefore", () => {
  const before = (...infos: object[]) => scoresBefore(node({}), () => infos.map(node));

  it("over all caller infos before the node", () => {
    assert.equal(before(), "unwired");
    assert.equal(before({ type: "fritz-callmonitor" }), "unwired");
    assert.equal(before({ providers: [{ id: "phonebook" }] }), "no");
    assert.equal(before({ providers: [{ id: "phonebook" }] }, { providers: [{ id: "werruft" }] }), "yes");
  });

  it("says that a key is missing once the keys are known", () => {
    const providers = [{ id: "phoneblock", enabled: true }];
    assert.equal(before({ providers }), "yes", "not known yet");
    assert.equal(before({ providers, credentials: {} }), "no-key");
    assert.equal(before({ providers, credentials: { has_phoneblockToken: true } }), "yes");
    assert.equal(before({ providers: [...providers, { id: "werruft" }], credentials: {} }), "yes");
  });
});

describe("sentences", () => {
  const keys = (over: Partial<BlockForm>) => sentences({ ...FORM, ...over }).map(({ key }) => key);

  it("begin with what prevents any blocking", () => {
    assert.deepEqual(keys({ hasBox: false }), ["no-box", "score", "dry-run"]);
    assert.deepEqual(keys({ scores: "no" }), ["pass", "nothing-scores", "dry-run"]);
    assert.deepEqual(keys({ scores: "no-key" }), ["pass", "scores-no-key", "dry-run"]);
    assert.deepEqual(keys({ score: 0 }), ["pass", "nothing", "dry-run"]);
  });

  it("say of a score beside other rules why it cannot apply", () => {
    const hint = (scores: BlockForm["scores"]) => keys({ scores, blockFake: true })[2];
    assert.equal(hint("no"), "scores-off");
    assert.equal(hint("no-key"), "scores-no-key");
    assert.equal(hint("unwired"), "scores-unwired");
  });

  it("name what is blocked, and what then happens", () => {
    const all = { books: ["A", "B", "C", "D"], patterns: ["0900*"], foreign: "only" as const, countries: "AT" };
    const said = sentences({ ...FORM, ...all, from: "22:00", to: "07:00", dryRun: false, action: "phonebook" });
    assert.deepEqual(
      said.map(({ key }) => key),
      ["pass", "books", "patterns", "score", "foreign-only", "quiet", "phonebook"],
    );
    assert.deepEqual(said[1]?.values, { books: "A, B, C, …" });
    const more = { names: ["*Ad*"], numbers: ["732123"], from: "22:00", to: "07:00", days: "weekend" };
    assert.deepEqual(keys(more), ["pass", "names", "score", "quiet", "days-weekend", "numbers", "dry-run"]);
    assert.deepEqual(keys({ numbers: ["732123"], score: 0 }), ["pass", "nothing", "dry-run"]);
    assert.deepEqual(keys({ dryRun: false, action: "decide" }).at(-1), "decide");
    assert.deepEqual(keys({ dryRun: false }).at(-1), "barring");
  });
});

describe("presets", () => {
  it("are known again by their rules, also from fields, which hold texts", () => {
    for (const [name, rules] of Object.entries(PRESETS)) {
      assert.equal(presetOf(rules), name);
      assert.equal(presetOf({ ...rules, minScore: String(rules.minScore) }), name);
    }
    assert.equal(presetOf({ ...PRESETS.strict, minReports: 2 }), "own");
  });
});

describe("needs", () => {
  const line = (id: string, state: CheckLine["state"]): CheckLine => ({ id, state, text: "check.x" });
  const marks = (over: Partial<BlockForm>, lines?: CheckLine[]) =>
    Object.fromEntries(needs({ ...FORM, ...over }, lines).map(({ id, mark }) => [id, mark]));

  it("are not known before the box has answered, and missing without a box", () => {
    assert.deepEqual(marks({}), { box: "unknown", contacts: "unknown", scores: "ok", barring: "unknown" });
    assert.deepEqual(marks({ hasBox: false, scores: "no-key" }), {
      box: "no",
      contacts: "no",
      scores: "no",
      barring: "no",
    });
  });

  it("leave the scores out where no rule asks for them", () => {
    assert.equal(marks({ score: 0, scores: "no" })["scores"], undefined);
  });

  it("follow the lines of the check; the rule counts for a phonebook only", () => {
    const lines = [line("box", "ok"), line("login", "ok"), line("phonebooks", "ok"), line("rule", "warn")];
    assert.deepEqual(marks({ action: "decide" }, lines), { box: "ok", contacts: "ok", scores: "ok" });
    assert.deepEqual(marks({ action: "phonebook" }, lines), { box: "ok", contacts: "ok", scores: "ok", rule: "no" });
    assert.equal(marks({}, [line("box", "ok"), line("login", "info")])["box"], "no");
  });

  it("say whether the box has call blocks, if they are the target", () => {
    const barring = (canBar?: boolean) =>
      marks({ action: "barring" }, [
        line("box", "ok"),
        line("login", "ok"),
        { ...line("rule", "ok"), ...(canBar !== undefined && { canBar }) },
      ])["barring"];
    assert.deepEqual([barring(true), barring(false), barring()], ["ok", "no", "unknown"]);
  });
});

describe("the caller of a line", () => {
  it("is name and number, each once", () => {
    assert.equal(callerOf("Berlin", "0301"), "Berlin · 0301");
    assert.equal(callerOf("0301", "0301"), "0301");
    assert.equal(callerOf("", ""), "");
  });
});

describe("the journal's buttons", () => {
  it("offer only what can still be done", () => {
    const buttons = (what: JournalEntry["what"], number = "0301") => buttonsOf({ what, number }).join();
    assert.equal(buttons("allowed"), "block");
    assert.equal(buttons("revoked"), "block");
    assert.equal(buttons("blocked"), "false-alarm");
    assert.equal(buttons("hungup"), "false-alarm");
    assert.equal(buttons("added"), "false-alarm,undo");
    for (const past of ["removed", "spared", "expired", "rotated", "failed", "false-alarm"] as const) {
      assert.equal(buttons(past), "", past);
    }
    assert.equal(buttons("blocked", ""), "", "withheld: there is no number to let through");
  });
});
