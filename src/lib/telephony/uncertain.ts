/** Writes whose answer may be lost: then only reading back shows what the box did. */
import { FritzError, type FritzErrorCode } from "../core/errors";

const BROKEN: readonly FritzErrorCode[] = ["box-unreachable", "box-timeout", "box-reply"];

/** Whether the connection broke while the box may have been at work. */
export function isBroken(error: unknown): error is FritzError {
  return error instanceof FritzError && BROKEN.includes(error.code);
}

/** Rejects if the box refused; resolves to the failure after which the result is unknown. */
export async function uncertain(work: () => Promise<unknown>): Promise<FritzError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof FritzError && error.retry) return error;
    throw error;
  }
}
