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
  service: "",
  action: "",
  arguments: {},
  write: false,
  parse: true,
} satisfies Defaults<ActionDef>;
