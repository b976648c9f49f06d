/** Rates a number at PhoneBlock in the user's name, and takes the rating back. Sends the number itself. */
import { FritzError } from "../../core/errors";
import { blocked } from "../http-reply";
import { PHONEBLOCK_URL } from "./phoneblock";
import type { Fetch, WebRequest } from "../../web/types";

const HOST = "PhoneBlock";
const MAX_BYTES = 100_000;

/** `spam`: bad, of no certain kind; PhoneBlock also puts it on the user's own block list. `fine`: on the user's white list. */
export type Rating = "spam" | "fine";
const CODES = { spam: "B_MISSED", fine: "A_LEGITIMATE" } as const satisfies Record<Rating, string>;
const LISTS = { spam: "blacklist", fine: "whitelist" } as const satisfies Record<Rating, string>;

/** The account. */
export interface RatingAccount {
  token: string;
  /** "" = phoneblock.net; another one may be in the home network. */
  url: string;
}

/** A number, as it is sent to PhoneBlock. */
interface Rated {
  e164: string;
  rating: Rating;
}

/** Rejects with a `FritzError` if the rating was not taken. PhoneBlock keeps one for each number and account. */
export async function rateAtPhoneBlock(ask: Fetch, account: RatingAccount, rated: Rated, signal: AbortSignal) {
  const body = JSON.stringify({ phone: rated.e164, rating: CODES[rated.rating] });
  const { status, retryAfterMs } = await ask({
    ...request(account, "/rate", signal),
    method: "POST",
    headers: { Accept: "text/plain, application/json", "Content-Type": "application/json" },
    body,
  });
  judge(status, retryAfterMs);
}

/**
 * Takes the number off the user's own list, and with it the user's rating out of PhoneBlock's counts (its
 * `PersonalizationServlet`). Resolves also if the number is not on the list.
 */
export async function withdrawAtPhoneBlock(ask: Fetch, account: RatingAccount, rated: Rated, signal: AbortSignal) {
  const path = `/${LISTS[rated.rating]}/00${rated.e164.slice(1)}`;
  const { status, retryAfterMs } = await ask({ ...request(account, path, signal), method: "DELETE" });
  if (status !== 404) judge(status, retryAfterMs);
}

function request({ token, url }: RatingAccount, path: string, signal: AbortSignal): WebRequest {
  if (token === "") throw new FritzError("source-key", { host: HOST });
  return {
    url: `${(url || PHONEBLOCK_URL).replace(/\/$/, "")}${path}`,
    secrets: { Authorization: `Bearer ${token}` },
    ...{ maxBytes: MAX_BYTES, allowPrivate: url !== "", signal },
  };
}

function judge(status: number, retryAfterMs: number | undefined): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403) throw new FritzError("source-key", { host: HOST });
  if (status === 429 || status === 503) throw blocked(HOST, retryAfterMs);
  throw new FritzError("source-status", { host: HOST, detail: status }, status >= 500);
}
