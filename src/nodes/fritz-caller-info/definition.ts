/** The properties of `fritz-caller-info`, with their defaults. */
import { defaultEntries, type SourceEntry } from "../../lib/callers/sources/index";
import type { Defaults, NodeDef } from "../shared/red";

export interface CallerInfoDef extends NodeDef {
  box?: string;
  providers?: SourceEntry[];
  deadlineMs?: number | string;
  deadlineMsType?: string;
  outgoing?: boolean;
  image?: boolean;
  cacheStore?: string;
  earlier?: boolean;
}

export const DEFAULTS = {
  ...{
    providers: defaultEntries(),
    deadlineMs: 4_000,
    deadlineMsType: "num",
    outgoing: true,
    image: false,
    cacheStore: "",
  },
  earlier: false,
} satisfies Defaults<CallerInfoDef>;
