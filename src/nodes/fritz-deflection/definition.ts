/** The properties of `fritz-deflection`, with their defaults. */
import type { Defaults, NodeDef } from "../shared/red";

export interface DeflectionDef extends NodeDef {
  box?: string;
  operation?: string;
  deflection?: string | number;
  enabled?: boolean;
  minutes?: number | string;
}

export const DEFAULTS = {
  ...{ operation: "list", deflection: "", enabled: true, minutes: 0 },
} satisfies Defaults<DeflectionDef>;
