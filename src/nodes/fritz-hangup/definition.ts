/** The properties of `fritz-hangup`, with their defaults. */
import { SIP_PORT } from "../../lib/sip/values";
import type { Defaults, NodeDef } from "../shared/red";

export interface FritzHangupDef extends NodeDef {
  box?: string;
  numbers?: readonly string[] | string;
  delayMs?: number | string;
  allowPatterns?: readonly string[];
  perHour?: number | string;
  port?: number | string;
  registrarPort?: number | string;
  advertise?: string;
  dryRun?: boolean;
}

export const DEFAULTS = {
  ...{ numbers: [], delayMs: 200, allowPatterns: [], perHour: 20, port: 0, registrarPort: SIP_PORT },
  ...{ advertise: "", dryRun: true },
} satisfies Defaults<FritzHangupDef>;
