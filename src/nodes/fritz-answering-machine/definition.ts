/** The properties of `fritz-answering-machine`, with their defaults; older flows and environment variables bring gaps. */
import type { Defaults, NodeDef } from "../shared/red";

export interface MachineDef extends NodeDef {
  box?: string;
  operation?: string;
  machine?: string | number;
  audio?: boolean;
  enabled?: boolean;
}

export const DEFAULTS = { operation: "new", machine: "", audio: true, enabled: true } satisfies Defaults<MachineDef>;
