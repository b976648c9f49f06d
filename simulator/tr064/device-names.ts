/** Simulator, TR-064: the name of the telephone behind an extension, as the call list shows it. */
import type { BoxState } from "./state";

/** Undefined where the box has no such telephone. DECT handsets stand in the order of their internal numbers. */
export function deviceOf(state: BoxState, extension: number | undefined): string | undefined {
  if (extension === undefined) return undefined;
  const [tens, unit] = [Math.floor(extension / 10), extension % 10];
  if (tens === 0) return state.phones.find((phone) => phone.startsWith(`FON${unit + 1}: `))?.slice("FON1: ".length);
  if (tens === 1) return state.handsets[unit]?.name;
  if (tens === 2) return state.sipClients[unit]?.name;
  return tens === 4 ? state.tam.slots[unit]?.name || undefined : undefined;
}
