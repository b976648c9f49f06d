/** L3 services: listeners that cannot harm one another. */

/** Calls a listener. What it throws is shown as a warning of the process and takes nothing from the other listeners. */
export function isolated(call: () => void): void {
  try {
    call();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
