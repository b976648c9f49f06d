/** L2 transport: what the system calls a failure. */

/** The system's code, e.g. "ECONNREFUSED" or "ENOSPC"; "unknown" for anything that has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}
