/** Runs one change of a phonebook with the options of its box. */
import { systemClock } from "../core/clock";
import { defined } from "../core/defined";
import { type DialPlan, numberKey } from "../numbers/index";
import type { KeyOf, OpenBook } from "./entries";
import type { PhonebooksOptions, PhonebookWriteOptions } from "./phonebooks-options";
import type { Contact, WriteReport } from "./types";
import type { Plan } from "./write-plan";
import { BookWriter } from "./writer";

/** What is written, and where. */
export interface BookChange {
  open: (keyOf: KeyOf) => Promise<OpenBook>;
  plan: Plan;
  /** Checks the contacts: in the change's turn, so that no later request overtakes a long list. */
  contacts: () => Promise<readonly Contact[]>;
}

/** Resolves to the report; rejects if nothing could be written. `given` overrides the options of the box. */
export async function runChange(
  { open, plan, contacts }: BookChange,
  dialPlan: () => Promise<DialPlan>,
  { clock = systemClock, patienceMs, limit: usual }: PhonebooksOptions,
  { limit = usual, ...given }: PhonebookWriteOptions = {},
): Promise<WriteReport> {
  const checked = await contacts();
  // With each opening: the area code of a box that was unreachable is known later.
  const openNow = async () => {
    const home = await dialPlan();
    return open((written) => numberKey(written, home));
  };
  return new BookWriter(openNow, plan, checked, { ...given, clock, ...defined({ patienceMs, limit }) }).run();
}
