/** L4 providers: tries a source for the person who sets it up: with a page that is at hand, or for real with a test number. */
import { answerOf } from "../domain/described-answer";
import { callingCodeOf, numberForms } from "../domain/number-forms";
import type { Descriptor, Entry } from "../model/descriptor";
import { FritzError } from "../model/errors";
import type { DialPlan } from "../model/phone-number";
import type { SourceAnswer } from "../model/source";
import { normalizeNumber } from "../services/numbers";
import { describedProvider } from "./described/described";
import { readInThread } from "./described/read-answer";
import { providerOf, type SourceEntry } from "./index";
import { buildSource, type SourceTools } from "./provider";

/** What is tried. With a `page` nobody is asked. */
export interface Trial {
  entry: SourceEntry;
  number: string;
  page?: string;
}

/** `says`: what the answer is as a whole; `entries`: what the rules of a description have read. */
export interface TrialResult {
  says: "hit" | "unknown" | "blocked" | "strange";
  finding?: SourceAnswer;
  entries?: readonly Entry[];
}

const PATIENCE_MS = 20_000;
const MAX_PAGE_CHARS = 2_000_000;

/** Rejects with a `FritzError`: what is wrong with the description, the number, or the way to the service. */
export async function trySource(
  { entry, number, page }: Trial,
  plan: DialPlan,
  tools: SourceTools,
): Promise<TrialResult> {
  const normalized = normalizeNumber(number, plan);
  if (normalized.e164 === null) throw new FritzError("caller-info-input");
  if (page !== undefined) return tryPage(entry.descriptor, page.slice(0, MAX_PAGE_CHARS), normalized.e164, plan);
  const provider = providerOf(entry);
  if (!provider) throw new FritzError("source-unknown");
  const source = buildSource(provider, entry, tools);
  if (source.unready === "no-key") throw new FritzError("source-key", { host: source.label });
  if (source.unready !== undefined) throw new FritzError("source-unknown");
  const finding = await source.lookup({ written: number, number: normalized, plan }, AbortSignal.timeout(PATIENCE_MS));
  return { says: finding ? "hit" : "unknown", ...(finding && { finding }) };
}

async function tryPage(value: unknown, text: string, e164: string, plan: DialPlan): Promise<TrialResult> {
  describedProvider(value); // says what is wrong with it
  const descriptor = value as Descriptor;
  const { label, countries = [], response } = descriptor;
  const home = callingCodeOf(e164, countries) ?? plan.countryCode;
  const { type, unknownIf = [], blockedIf = [], each, fields } = response;
  const rules = { unknownIf, blockedIf, fields, ...(each !== undefined && { each }) };
  const reading = await readInThread({ type, text, asked: numberForms(e164, home).nsn, rules }, label);
  if (reading.says !== "entries") return { says: reading.says };
  const { entries } = reading;
  const finding = answerOf(descriptor, entries, e164, home);
  if (finding === "strange") return { says: "strange", entries };
  return { says: finding ? "hit" : "unknown", entries, ...(finding && { finding }) };
}
