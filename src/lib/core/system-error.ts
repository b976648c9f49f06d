/** Error codes of the operating system. */

/** The system's code, e.g. "ECONNREFUSED" or "ENOSPC"; "unknown" for anything that has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}
