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
  // Who is calling: services outside the house. `host` is the service's name, never an address with a number in it.
  | "source-address" // no usable http(s) address
  | "source-private" // the name leads into the house
  | "source-redirect" // it points at another site, or in circles
  | "source-unknown-host"
  | "source-unreachable" // `detail` has the system's code
  | "source-tls" // no valid certificate
  | "source-timeout" // no whole answer in time
  | "source-status" // an HTTP status that is no answer, in `detail`
  | "source-reply" // an answer that cannot be used: cut, too large, packed wrongly, not what we know
  | "source-blocked" // the service turns us away: too many questions, captcha
  | "source-key" // it does not accept the key
  | "source-quota" // the number of questions that it allows, or that politeness allows, is used up
  | "caller-info-input" // the payload is neither a call event nor a number
  | "source-rules" // the rules by which an answer is read take too long or too much
  | "source-descriptor" // `where` in a description something is wrong
  | "source-unknown" // there is no such source, or it cannot be asked
  | "not-deployed" // the node is not deployed, or was changed since
  | "blocklist-file" // the file cannot be read; `detail` has the system's code
  | "blocklist-content" // there is no number in it
  | "blocklist-loading" // the list was never there yet, and is on its way
  | "source-busy" // too many questions are waiting for it
  | "box-refused" // nobody listens on TR-064's port
  | "box-unknown-host" // the name has no address
  | "box-public-address" // the name or address leads out of the home network
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
  | "calls-off" // the box keeps no call list
  | "calls-input" // days, max or since of the message cannot be read
  | "book-missing" // no phonebook given
  | "book-unknown" // no phonebook of that name or id
  | "book-ambiguous" // several phonebooks have that name
  | "book-read-only" // an online phonebook: only its server writes it
  | "book-first" // the first phonebook cannot be deleted, only emptied
  | "barring-missing" // the box has no call barring list that can be written
  | "contact-no-object" // the payload is no contact; `position` says which of a list, from 1
  | "contact-no-name"
  | "contact-no-number"
  | "contact-bad-number"
  | "contact-unknown" // no such contact in the book
  | "contact-ambiguous" // several contacts fit
  | "contact-numbers" // more numbers than a contact can hold
  | "contact-kept" // the box said yes to a removal, but the contact is still there
  | "interrupted" // the flow was stopped in the middle of a list
  | "contact-dropped" // the box said yes, but the contact is not there
  | "contacts-failed" // some contacts of a list were not written
  | "lookup-input" // the payload holds no number
  | "import-input" // the text to import is of no known format; `detail` says where
  | "format-unknown" // no such export format
  | "operation-unknown" // no such operation
  | "play-input" // number or outcome of a call to be played cannot be read
  | "play-not-deployed" // the node is not deployed, or was changed since
  | "no-box" // the node has no fritz-config
  | "onb-missing" // no file of area codes at the configured path
  | "onb-unreadable" // not a readable file; `detail` has the system's code
  | "onb-line" // a line is not of the authority's format; `line`, and the `column` where it is wrong
  | "onb-incomplete" // only `count` codes in use: not the whole list
  | "block-input" // the message holds neither call nor caller
  | "block-number" // the message names no number
  | "block-calls" // no call list to rehearse with
  | "block-undo" // nothing to undo for this number
  | "block-pattern" // a pattern that is none
  | "block-store" // the memory of fritz-block cannot be read or written
  | "block-pending" // not written in time; goes on in the background
  | "block-rate"; // too many new numbers in this hour

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
