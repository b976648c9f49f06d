/** Tests a source for the editor: with a given page, or with a request for a test number. */
import { defined } from "../../core/defined";
import { answerOf } from "../described/answer";
import { callingCodeOf, type DialPlan, normalizeNumber, numberForms } from "../../numbers/index";
import type { Descriptor, Entry } from "../described/descriptor";
import { FritzError } from "../../core/errors";
import type { SourceAnswer } from "../source";
import { describedDefinition } from "../described/source";
import { readInThread } from "../described/reader";
import { definitionOf, type SourceEntry } from "./index";
import { buildSource, type SourceTools } from "../source-definition";

/** The test. With a `page` no request is sent. */
export interface Trial {
  entry: SourceEntry;
  number: string;
  page?: string;
}

/** `says`: the finding; `entries`: the fields that the rules of a description have read. */
export interface TrialResult {
  says: "hit" | "unknown" | "blocked" | "strange";
  finding?: SourceAnswer;
  entries?: readonly Entry[];
}

const PATIENCE_MS = 20_000;
const MAX_PAGE_CHARS = 2_000_000;

/** Rejects with a `FritzError`: an error of the description, the number, or the request. */
export async function trySource(
  { entry, number, page }: Trial,
  plan: DialPlan,
  tools: SourceTools,
): Promise<TrialResult> {
  const normalized = normalizeNumber(number, plan);
  if (normalized.e164 === null) throw new FritzError("caller-info-input");
  if (page !== undefined) return tryPage(entry.descriptor, page.slice(0, MAX_PAGE_CHARS), normalized.e164, plan);
  const definition = definitionOf(entry);
  if (!definition) throw new FritzError("source-unknown");
  const source = buildSource(definition, entry, tools);
  if (source.unready === "no-key") throw new FritzError("source-no-key", { host: source.label });
  if (source.unready !== undefined) throw new FritzError("source-unknown");
  const finding = await source.lookup({ written: number, number: normalized, plan }, AbortSignal.timeout(PATIENCE_MS));
  return { says: finding ? "hit" : "unknown", ...(finding && { finding }) };
}

async function tryPage(value: unknown, text: string, e164: string, plan: DialPlan): Promise<TrialResult> {
  describedDefinition(value, "user"); // throws the error of the description
  const descriptor = value as Descriptor;
  const { label, countries = [], response } = descriptor;
  const home = callingCodeOf(e164, countries) ?? plan.countryCode;
  const { type, unknownIf = [], blockedIf = [], each, fields } = response;
  const rules = { unknownIf, blockedIf, fields, ...defined({ each }) };
  const reading = await readInThread(
    { type, text, asked: numberForms(e164, home).nsn, rules },
    { host: label, from: "user" },
  );
  if (reading.says !== "entries") return { says: reading.says };
  const { entries } = reading;
  const finding = answerOf(descriptor, entries, e164, home);
  if (finding === "strange") return { says: "strange", entries };
  return { says: finding ? "hit" : "unknown", entries, ...(finding && { finding }) };
}
