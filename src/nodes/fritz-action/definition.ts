/** The properties of `fritz-action`, with their defaults. */
import type { Defaults, NodeDef } from "../shared/red";

export interface ActionDef extends NodeDef {
  box?: string;
  service?: string;
  action?: string;
  arguments?: Record<string, unknown> | string;
  write?: boolean;
  parse?: boolean;
}

export const DEFAULTS = {
  service: "X_AVM-DE_OnTel:1",
  action: "GetDeflections",
  arguments: {},
  write: false,
  parse: true,
} satisfies Defaults<ActionDef>;
