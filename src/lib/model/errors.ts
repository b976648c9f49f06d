/** L0 model: failures that a user meets. The code has one sentence in every language; no number and no secret inside. */

export type FritzErrorCode =
  | "replay-input" // the message holds nothing that can be replayed
  | "replay-lines" // some lines were not understood
  | "log-no-file" // no file configured
  | "log-outside" // the message's file is outside the configured folder
  | "log-bad-file" // the message's file is no usable name
  | "log-nothing" // the message holds neither event nor decision
  | "log-full" // no space left
  | "log-denied" // no right to write there
  | "log-folder" // the path is a folder, or a part of it is a file
  | "log-failed" // anything else; `detail` has the system's code
  | "box-refused" // nobody listens on TR-064's port
  | "box-unknown-host" // the name has no address
  | "box-timeout" // no answer in time
  | "box-unreachable" // anything else on the way; `detail` has the system's code
  | "box-tls" // no common language for TLS
  | "box-certificate" // another certificate than the one pinned; `fingerprint` is the new one's
  | "box-login-needed" // the action needs a login and none is configured
  | "box-login" // user or password are wrong
  | "box-busy" // the box says: later
  | "box-reply" // an answer that cannot be used: cut, too large, no XML
  | "box-no-service" // the box has no such service, e.g. no telephony
  | "box-no-action" // unknown action, or access for apps is off
  | "box-arguments" // the box does not accept the values
  | "box-right" // the user lacks a right
  | "box-no-entry" // no such book or entry, or the book is read-only
  | "box-memory" // the box has no room
  | "box-internal" // AVM's 820
  | "box-action-failed" // any other fault; `upnpCode` has its number
  | "box-second-factor" // the box wants a second factor
  | "box-second-factor-blocked"
  | "box-second-factor-busy"
  | "onb-missing" // no file of area codes at the configured path
  | "onb-unreadable" // not a readable file; `detail` has the system's code
  | "onb-line" // a line is not of the authority's format; `line`, and the `column` where it is wrong
  | "onb-incomplete"; // only `count` codes in use: not the whole list

/** A failure with a code for its sentence. The message is for developers; people read the sentence. */
export class FritzError extends Error {
  override readonly name = "FritzError";

  constructor(
    readonly code: FritzErrorCode,
    /** Values for the sentence. */
    readonly values: Readonly<Record<string, string | number>> = {},
    /** Whether the same may work later without anybody's help. */
    readonly retry = false,
  ) {
    super(`${code} ${JSON.stringify(values)}`);
  }
}
