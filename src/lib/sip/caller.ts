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

// Whom the agent never hangs up on, whatever a flow decides.

/** Why a call is left ringing in spite of a verdict. */
export type Veto =
  | "withheld"
  | "internal"
  | "emergency"
  | "short"
  | "known-to-box" // the box shows a name of its phonebook
  | "allowed" // on the node's allow list
  | "contact" // found in a phonebook
  | "contacts-unread"; // the phonebooks could not be asked: not known is not "no"

/** A number of fewer digits is one of services, of the house, or none. */
const FEWEST_DIGITS = 6;

export interface VetoRules {
  /** The form in which numbers are compared: "+49301234567". */
  keyOf: (number: string) => string;
  /** By the box's country. */
  isEmergency: (number: string) => boolean;
  isAllowed: (number: string) => boolean;
}

/** The first reason not to hang up on a caller, from the INVITE and the allow list alone. */
export function vetoFor(caller: CallerOfInvite, { keyOf, isEmergency, isAllowed }: VetoRules): Veto | undefined {
  const { number, withheld, internal, knownToBox } = caller;
  if (withheld) return "withheld";
  if (internal || /^[*#]/.test(number)) return "internal";
  if (isEmergency(number) || isEmergency(keyOf(number))) return "emergency";
  if (Math.min(digitsIn(number), digitsIn(keyOf(number))) < FEWEST_DIGITS) return "short";
  if (knownToBox) return "known-to-box";
  return isAllowed(number) ? "allowed" : undefined;
}

/** Whether a number is a contact's, entries of `exceptBook` apart. Rejects if that cannot be found out. */
export type ContactCheck = (number: string, exceptBook?: string) => Promise<boolean>;

/** The reason that the phonebooks give; none without a check. Never rejects. */
export function contactVeto(
  number: string,
  exceptBook: string | undefined,
  isContact: ContactCheck = () => Promise.resolve(false),
): Promise<Veto | undefined> {
  return isContact(number, exceptBook).then(
    (is) => (is ? "contact" : undefined),
    () => "contacts-unread",
  );
}

/** Digits of a number without its international prefix and country code, as far as that is the own one's length. */
const digitsIn = (number: string) => number.replace(/^\+\d\d/, "").replace(/\D/g, "").length;
