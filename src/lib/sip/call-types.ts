/** How a call ends, and what it needs of its user agent. */
import type { Clock } from "../core/clock";
import type { Local } from "./dialog";
import type { SipRequest, SipResponse } from "./message";
import type { MediaAddress } from "./sdp";
import type { InviteTransaction, Path } from "./transactions";

/**
 * How a call ended: `hungup` by us, `cancelled` elsewhere, `released` by 480 or at its Expires, `failed` after our 200,
 * `lost` with the connection to the box.
 */
export type CallEnd =
  { how: "hungup" | "cancelled" | "released" | "lost" } | { how: "failed"; because: "no-ack" | "no-answer" };

export interface CallParts {
  clock: Clock;
  path: Path;
  transaction: InviteTransaction;
  /** Our To tag. */
  tag: string;
  local: Local;
  media: MediaAddress;
  newBranch: () => string;
  /** Sends a request of ours; `answered` gets its final response, or none after 32 s. */
  request: (request: SipRequest, answered: (response: SipResponse | undefined) => void) => void;
  /** The call is over, and nothing more is to come: its record can go. */
  forget: () => void;
}
