/** The properties of `fritz-log`, with their defaults. */
import { USER_FOLDER } from "../shared/stores";
import type { LogFormat } from "../../lib/log/record";
import type { Defaults, NodeDef } from "../shared/red";

export interface LogDef extends NodeDef {
  file?: string;
  fileType?: string;
  daily?: boolean;
  anonymize?: boolean;
  format?: LogFormat;
}

export const DEFAULTS = {
  ...{ file: `${USER_FOLDER}/calls.log`, fileType: "str", daily: false, anonymize: true, format: "line" as const },
} satisfies Defaults<LogDef>;
