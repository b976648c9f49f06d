/** Summary of a `fritz-block` as configured in the dialog: sentences as keys of its catalogue. Pure. */
import type { Scores } from "./block-flow";

// Presets of the rules of `fritz-block`. Pure.

/** The rules that a preset sets; lists and quiet hours are not changed. */
export interface PresetRules {
  minScore: number;
  minReports: number;
  blockFake: boolean;
  blockAnonymous: boolean;
  repeatCalls: number;
}

export const PRESETS = {
  careful: { minScore: 9, minReports: 10, blockFake: true, blockAnonymous: false, repeatCalls: 0 },
  recommended: { minScore: 7, minReports: 3, blockFake: true, blockAnonymous: false, repeatCalls: 0 },
  strict: { minScore: 6, minReports: 1, blockFake: true, blockAnonymous: true, repeatCalls: 3 },
} as const satisfies Record<string, PresetRules>;

export type PresetName = keyof typeof PRESETS;

/** The preset that matches the rules, or "own". Numbers may be texts, as fields hold them. */
export function presetOf(rules: { readonly [rule in keyof PresetRules]: unknown }): PresetName | "own" {
  const names = Object.keys(PRESETS) as PresetName[];
  const isSame = (name: PresetName) =>
    Object.entries(PRESETS[name]).every(([rule, value]) => String(rules[rule as keyof PresetRules]) === String(value));
  return names.find(isSame) ?? "own";
}

/** A number, or where it comes from at run time: "flow.name". */
export type Amount = number | string;

/** Whether a rule that is off at 0 may apply. */
export const isOn = (amount: Amount): boolean => typeof amount === "string" || amount > 0;

/** The dialog's fields, and facts about the flow around the node. */
export interface BlockForm {
  hasBox: boolean;
  /**
   * Whether a source with scores is queried before this node; "unwired": there is no caller info before it,
   * "no-key": the source lacks its key.
   */
  scores: Scores;
  score: Amount;
  reports: Amount;
  books: readonly string[];
  patterns: readonly string[];
  names: readonly string[];
  /** Own numbers for which the rules hold. */
  numbers: readonly string[];
  foreign: "pass" | "all" | "only" | "but";
  countries: string;
  blockAnonymous: boolean;
  blockFake: boolean;
  calls: Amount;
  minutes: Amount;
  seconds: number;
  from: string;
  to: string;
  days: string;
  vipOnly: boolean;
  action: string;
  book: string;
  dryRun: boolean;
}

/** A sentence: its key under `say`, and its values. */
export interface Sentence {
  key: string;
  values?: Record<string, string | number>;
}

/** Which calls are allowed or blocked, and what is done then; first of all what prevents any blocking. */
export function sentences(form: BlockForm): Sentence[] {
  if (!form.hasBox) return [{ key: "no-box" }, ...rules(form), outcome(form)];
  const blocked = rules(form);
  return [
    { key: "pass" },
    ...(blocked.length === 0 ? [nothing(form)] : blocked),
    ...scoreHint(form, blocked),
    outcome(form),
  ];
}

function rules(form: BlockForm): Sentence[] {
  const { score, reports, books, patterns, calls, minutes, seconds, from, to } = form;
  const said: Sentence[] = [];
  if (books.length > 0) said.push({ key: "books", values: { books: some(books) } });
  if (patterns.length > 0) said.push({ key: "patterns", values: { patterns: some(patterns) } });
  if (form.names.length > 0) said.push({ key: "names", values: { names: some(form.names) } });
  if (isOn(score) && form.scores === "yes") said.push({ key: "score", values: { score, reports } });
  if (form.foreign !== "pass") said.push({ key: FOREIGN[form.foreign], values: { list: form.countries || "…" } });
  if (form.blockAnonymous) said.push({ key: "anonymous" });
  if (form.blockFake) said.push({ key: "fake" });
  if (isOn(calls)) said.push({ key: "repeated", values: { calls, minutes, seconds } });
  const isQuiet = from !== "" && to !== "";
  if (isQuiet) said.push({ key: form.vipOnly ? "quiet-vip" : "quiet", values: { from, to } });
  if (isQuiet && form.days !== "") said.push({ key: form.days === "weekend" ? "days-weekend" : "days-workdays" });
  if (said.length > 0 && form.numbers.length > 0)
    said.push({ key: "numbers", values: { numbers: some(form.numbers) } });
  return said;
}

const FOREIGN = { all: "foreign", only: "foreign-only", but: "foreign-but" } as const;
/** A list in a sentence. */
const MOST = 3;
const some = (list: readonly string[]) => list.slice(0, MOST).join(", ") + (list.length > MOST ? ", …" : "");

function nothing({ score, scores }: BlockForm): Sentence {
  if (isOn(score) && scores === "no-key") return { key: "scores-no-key" };
  return { key: isOn(score) ? "nothing-scores" : "nothing" };
}

const HINTS = { no: "scores-off", "no-key": "scores-no-key", unwired: "scores-unwired" } as const;

/** A score rule that cannot apply. */
function scoreHint({ score, scores }: BlockForm, blocked: readonly Sentence[]): Sentence[] {
  if (!isOn(score) || scores === "yes" || blocked.length === 0) return [];
  return [{ key: HINTS[scores] }];
}

function outcome({ dryRun, action, book }: BlockForm): Sentence {
  if (dryRun) return { key: "dry-run" };
  if (action === "phonebook") return { key: "phonebook", values: { book } };
  return { key: action === "barring" ? "barring" : "decide" };
}
