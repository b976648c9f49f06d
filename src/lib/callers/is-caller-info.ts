/** What a value of unknown origin must have to be taken for what `fritz-caller-info` adds. */
import { propertiesOf } from "../core/unknown";
import type { CallerInfo } from "./types";

/** Whether it is a caller info, as far as one needs to know. */
export function isCallerInfo(value: unknown): value is CallerInfo {
  const { number, display, sources } = propertiesOf(value);
  return typeof number === "string" && typeof display === "string" && Array.isArray(sources);
}
