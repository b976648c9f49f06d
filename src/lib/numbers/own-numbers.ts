/** The dial plan and the own numbers of a box. Its fake is in test/support. */
import type { DialPlan } from "./phone-number";

/** The dial plan and the own numbers of a box. */
export interface OwnNumbers {
  /** From the box, overridden by the configuration. */
  dialPlan(): Promise<DialPlan>;
  /** As entered in the box, mostly without area code. */
  ownNumbers(): Promise<readonly string[]>;
}
