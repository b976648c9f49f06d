/** The display text of a caller. */
import type { CallerInfo } from "./types";

/**
 * The name, else the place, else kind and operator ("Mobile · Telekom"), else the number, else "Anonymous". A country is only
 * shown for a call from abroad.
 */
export function displayText({ name, place, kind, operator, number, type }: Omit<CallerInfo, "display">): string {
  const where = place?.town ?? place?.region ?? (type === "foreign" ? place?.country : undefined);
  const what = kind !== undefined && operator !== undefined ? `${kind} · ${operator}` : kind;
  return [name, where, what, number].map((text) => text?.trim() ?? "").find((text) => text !== "") ?? "Anonymous";
}
