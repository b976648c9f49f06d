/** L1 domain: what to show or say of a caller. Never empty. */
import type { CallerInfo } from "../model/caller-info";

/** The name, else the place, else the number, else "Anonymous". A country is worth showing only for a call from abroad. */
export function displayText({ name, place, number, type }: Omit<CallerInfo, "display">): string {
  const where = place?.town ?? place?.region ?? (type === "foreign" ? place?.country : undefined);
  return [name, where, number].map((text) => text?.trim() ?? "").find((text) => text !== "") ?? "Anonymous";
}
