/** Who calls, as the box's INVITE says it. All of it comes from outside: a name is text, never more. */
import type { SipRequest } from "./message";
import { addressOf, parseUri } from "./values";

export interface CallerOfInvite {
  /** As it is delivered, "" if withheld. */
  number: string;
  /** The display name: that of an entry in the box's phonebook, "" if there is none. */
  name: string;
  /** The own number that was called. */
  called?: string;
  withheld: boolean;
  /** A call from inside the house, or from a door station. */
  internal: boolean;
  /** The box shows a name: it is in one of its phonebooks. */
  knownToBox: boolean;
}

/** Placeholder names without a person (RFC 3323, RFC 4575, practice of networks). */
const WITHHELD = /^(anonymous|unknown|unavailable|restricted|private|withheld)?$/i;
const MOST_CHARS = 64;

/** Reads From and P-Called-Party-ID. A From that cannot be read is a withheld number. */
export function readCaller(invite: SipRequest): CallerOfInvite {
  const from = addressOf(invite, "from");
  const uri = parseUri(from?.uri ?? "");
  const user = (uri?.user ?? "").slice(0, MOST_CHARS);
  const called = parseUri(addressOf(invite, "p-called-party-id")?.uri ?? "")?.user.slice(0, MOST_CHARS);
  const withheld = WITHHELD.test(user) || uri?.host === "anonymous.invalid";
  const name = (from?.name ?? "").slice(0, MOST_CHARS);
  return {
    number: withheld ? "" : user,
    name,
    ...(called !== undefined && called !== "" && { called }),
    withheld,
    internal: user.startsWith("*") || called?.startsWith("*") === true,
    knownToBox: isName(name),
  };
}

/** A name of the phonebook; a number in its place, or an entry like "[Spam] 0301234" of barred callers, is none. */
function isName(name: string): boolean {
  return /[^\d\s+()/*#.-]/.test(name) && !/^\W{0,3}spam\b/i.test(name) && !WITHHELD.test(name);
}
