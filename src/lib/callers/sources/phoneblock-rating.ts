/** Rates a number at PhoneBlock in the user's name. Sends the number itself. */
import { FritzError } from "../../core/errors";
import { blocked } from "../http-reply";
import { PHONEBLOCK_URL } from "./phoneblock";
import type { Fetch } from "../../web/types";

const HOST = "PhoneBlock";
const MAX_BYTES = 100_000;

/** `spam`: bad, of no certain kind; PhoneBlock also puts it on the user's own block list. `fine`: on the user's white list. */
export type Rating = "spam" | "fine";
const CODES = { spam: "B_MISSED", fine: "A_LEGITIMATE" } as const satisfies Record<Rating, string>;

/** The account. */
export interface RatingAccount {
  token: string;
  /** "" = phoneblock.net; another one may be in the home network. */
  url: string;
}

/** Rejects with a `FritzError` if the rating was not taken. PhoneBlock keeps one for each number and account. */
export async function rateAtPhoneBlock(
  ask: Fetch,
  { token, url }: RatingAccount,
  { e164, rating }: { e164: string; rating: Rating },
  signal: AbortSignal,
): Promise<void> {
  if (token === "") throw new FritzError("source-key", { host: HOST });
  const { status, retryAfterMs } = await ask({
    url: `${(url || PHONEBLOCK_URL).replace(/\/$/, "")}/rate`,
    method: "POST",
    headers: { Accept: "text/plain, application/json", "Content-Type": "application/json" },
    secrets: { Authorization: `Bearer ${token}` },
    body: JSON.stringify({ phone: e164, rating: CODES[rating] }),
    ...{ maxBytes: MAX_BYTES, allowPrivate: url !== "", signal },
  });
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403) throw new FritzError("source-key", { host: HOST });
  if (status === 429 || status === 503) throw blocked(HOST, retryAfterMs);
  throw new FritzError("source-status", { host: HOST, detail: status }, status >= 500);
}
