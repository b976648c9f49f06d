/** Whom the agent never hangs up on, whatever it is told. */
import type { CallerOfInvite } from "./caller";

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
