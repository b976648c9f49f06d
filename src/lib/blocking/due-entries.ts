/** Which own entries at the box should go: too old, or of a caller who is protected by now. */
import { DAY_MS } from "../core/clock";
import { isBarrable } from "./barred-number";
import type { BarringQueueParts } from "./barring-session";
import { isListed } from "./rules";
import type { OwnEntry } from "./types";

/** Whether there is one, by its age and the contacts in memory: no request. */
export async function hasDueEntry({ memory, box, clock, options }: BarringQueueParts): Promise<boolean> {
  const oldest = options.days > 0 ? clock.now() - options.days * DAY_MS : -Infinity;
  const isContact = async ({ number }: OwnEntry) =>
    (await box.find(number).catch(() => undefined))?.contacts.some(({ book }) => !isListed(book, options.blockBooks));
  for (const entry of memory.entries) {
    const { key, at } = entry;
    if (Date.parse(at) < oldest || (!key.endsWith("*") && !isBarrable(key)) || (await isContact(entry))) return true;
  }
  return false;
}
