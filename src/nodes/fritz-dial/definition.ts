/** The properties of `fritz-dial`, with their defaults. */
import type { Defaults, NodeDef } from "../shared/red";

/** Older flows and environment variables bring texts and gaps. */
export interface DialDef extends NodeDef {
  box?: string;
  operation?: string;
  number?: string | number;
  phone?: string;
  seconds?: number | string;
  allowed?: readonly string[] | string;
  perHour?: number | string;
}

export const DEFAULTS = {
  ...{ operation: "ring", number: "", phone: "", seconds: 20, allowed: [], perHour: 10 },
} satisfies Defaults<DialDef>;

/** What is set, without what Node-RED needs. */
export type DialSettings = Omit<DialDef, keyof NodeDef | "box">;
