/** Error codes. Each code has one sentence in every language; errors contain no number and no secret. */

export type FritzErrorCode =
  | "replay-input" // the message holds nothing that can be replayed
  | "replay-lines" // some lines were not understood
  | "property-empty" // `property` takes its value from `where`, which has none
  | "property-number" // what `where` holds for `property` is no number from `least` to `most`
  | "property-time" // what `where` holds for `property` is no time of day
  | "log-no-file" // no file configured
  | "log-outside" // the message's file is outside the configured folder
  | "log-foreign" // the message's file is not a log, or not named like one
  | "log-bad-file" // the message's file is no usable name
  | "log-nothing" // the message holds neither event nor decision
  | "log-full" // no space left
  | "log-denied" // no right to write there
  | "log-folder" // the path is a folder, or a part of it is a file
  | "log-failed" // anything else; `detail` has the system's code
  // Lookups at services on the internet. `host` is the service's name, never an address with a number in it.
  | "source-address" // no usable http(s) address
  | "source-private" // the host name resolves to an address in the home network
  | "source-redirect" // redirects to another site, or redirects in a loop
  | "source-unknown-host"
  | "source-unreachable" // `detail` has the system's code
  | "source-tls" // no valid certificate
  | "source-timeout" // no whole answer in time
  | "source-status" // an HTTP status that is no answer, in `detail`
  | "source-reply" // an answer that cannot be used: cut, too large, packed wrongly, not what we know
  | "source-blocked" // the service refuses requests: too many, or a captcha
  | "source-no-key" // the service wants a key, and none is entered
  | "source-key" // the service rejects the key
  | "source-quota" // the service's quota, or the request policy's, is used up
  | "past-calls-many" // more than `most` past calls wait to be looked up
  | "caller-info-input" // the payload is neither a call event nor a number
  | "source-rules" // the rules by which an answer is read take too long or too much
  | "source-descriptor" // `where` in a description something is wrong
  | "source-unknown" // no such source, or it cannot be queried
  | "not-deployed" // the node is not deployed, or was changed since
  | "blocklist-file" // the file cannot be read; `detail` has the system's code
  | "blocklist-content" // there is no number in it
  | "blocklist-loading" // the list is still being downloaded for the first time
  | "source-busy" // the queue of this source is full
  | "box-refused" // connection refused on the TR-064 port
  | "box-unknown-host" // the name has no address
  | "box-public-address" // the name or address leads out of the home network
  | "box-timeout" // no answer in time
  | "box-unreachable" // anything else on the way; `detail` has the system's code
  | "box-tls" // no common TLS version or cipher
  | "box-certificate" // another certificate than the one pinned; `fingerprint` is the new one's
  | "box-login-needed" // the action needs a login and none is configured
  | "box-login" // user or password are wrong
  | "box-busy" // the box is busy and asks to retry later
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
  | "app-user-input" // the administrator's name or password is not typed
  | "app-user-refused" // who logged in may not create a user
  | "app-user-limit" // the box has as many apps as it can
  | "app-user-unconfirmed" // the second factor was not confirmed in time
  | "app-user-kept" // the box said yes, but the new user cannot log in or lacks the right
  | "app-user-gone" // the dialog asks for something that is over
  | "calls-off" // the box keeps no call list
  | "calls-input" // days, max or since of the message cannot be read
  | "contacts-unknown" // whether a number belongs to a contact cannot be told; `reason` is a `ContactsUnknown`
  | "no-books" // the box lists no phonebook at all
  | "book-missing" // no phonebook given
  | "book-unknown" // no phonebook of that name or id
  | "book-ambiguous" // several phonebooks have this name
  | "book-read-only" // an online phonebook: only its server can change it
  | "book-first" // the first phonebook cannot be deleted, only emptied
  | "barring-missing" // the box has no call barring list that can be written
  | "contact-no-object" // the payload is no contact; `position` says which of a list, from 1
  | "contact-no-name"
  | "contact-no-number"
  | "contact-bad-number"
  | "contact-unknown" // no such contact in the book
  | "contact-ambiguous" // several contacts fit
  | "contact-numbers" // more numbers than a contact can hold
  | "contact-kept" // the box confirmed a removal, but the contact is still there
  | "interrupted-list" // the flow was stopped in a list: `done` of `total` were done
  | "interrupted" // the flow was stopped in the middle of a list
  | "contact-dropped" // the box confirmed the write, but the contact is missing
  | "contacts-failed" // some contacts of a list were not written
  | "lookup-input" // the payload holds no number
  | "import-input" // the text to import is of no known format; `detail` says where
  | "import-size" // the text to import is longer than `mb` million characters
  | "format-unknown" // no such export format
  | "operation-unknown" // no such operation
  | "play-input" // number or outcome of a call to be played cannot be read
  | "play-not-deployed" // the node is not deployed, or was changed since
  | "password-elsewhere" // the stored password belongs to another host than the one asked for
  | "key-elsewhere" // the stored key belongs to another address of the source
  | "no-box" // the node has no fritz-config
  | "onb-missing" // no file of area codes at the configured path
  | "onb-unreadable" // not a readable file; `detail` has the system's code
  | "onb-line" // a line is not of the authority's format; `line`, and the `column` where it is wrong
  | "onb-incomplete" // only `count` codes in use: not the whole list
  | "block-input" // the message holds neither call nor caller
  | "block-number" // the message names no number
  | "block-protected" // a number that is always allowed, or cannot be barred
  | "block-calls" // no call list to rehearse with
  | "block-undo" // nothing to undo for this number
  | "block-pattern" // a pattern that is none
  | "store-damaged" // what a node kept is not of its format, and is left unchanged
  | "block-store" // the stored state of fritz-block cannot be read or written
  | "block-state" // the stored state of fritz-block is damaged or of a newer version, and is left unchanged
  | "block-friends" // the contacts are not known, so nothing is written
  | "block-pending" // not written in time; continues in the background
  | "answer-store" // what sources said, or a block list, cannot be kept or read
  | "box-store" // what the box said last cannot be kept or read
  | "hangup-input" // the message holds neither decision nor { action, number }
  | "sip-user-missing" // fritz-hangup has no IP phone
  | "sip-unknown-host" // the registrar's name has no address
  | "sip-unreachable" // no route to the box; `detail` has the system's code
  | "sip-port" // the local port cannot be used; `detail` has the system's code
  | "sip-password" // the box rejects user name or password of the IP phone
  | "sip-no-answer" // the box does not answer on SIP
  | "sip-status" // the box rejects the registration for another reason; `status` is its SIP status
  | "block-rate" // too many new numbers in this hour
  // Acting on the telephone system.
  | "deflection-missing" // no rule is named
  | "deflection-input" // neither on nor off
  | "deflection-unknown" // no rule fits; the box has `count`
  | "deflection-ambiguous" // `count` rules fit
  | "deflection-no-dnd" // no rule that rejects every call
  | "deflection-no-known-only" // no rule that rejects callers who are in no phonebook
  | "deflection-kept" // the box confirmed the change, but the rule is unchanged
  | "deflection-store" // the times of switched rules cannot be read or written
  | "dial-number" // nothing that can be dialled
  | "dial-not-allowed" // a message brings a number that the node does not allow
  | "dial-costly" // premium, service and satellite numbers
  | "dial-emergency" // an emergency number
  | "dial-inside" // ringing is only allowed for the box's own telephones
  | "dial-limit" // `perHour` dials in this hour
  | "dial-store" // the count of dials cannot be read or written
  | "dial-off" // the dialling aid is switched off
  | "dial-phone" // the dialling aid has no such telephone
  | "dial-phone-kept" // the box confirmed the change, but uses another telephone
  | "dial-uncertain" // the connection broke while dialling
  | "machine-unknown" // no such answering machine; the box shows `count`
  | "machine-input" // neither on nor off
  | "machine-kept" // the box confirmed the change, but the machine is unchanged
  | "message-missing" // no message of an answering machine is named
  | "message-unknown" // the message is not there, or not only once
  | "message-kept" // the box confirmed the change, but the message is unchanged
  | "message-audio" // a sound file that cannot be decoded; `detail` has its format
  | "message-store" // which messages were passed on cannot be read or written
  | "action-missing" // service or action is not named
  | "action-unknown" // the service has no such action
  | "action-write" // an action that writes, while the node is read-only
  | "action-argument-missing" // `name` is not given
  | "action-argument-unknown" // the action has no argument of that name
  | "action-arguments" // the arguments are no object
  | "action-value" // `name` is not of its `type`
  | "action-uncertain"; // the connection broke while an action wrote

/** An error with a code. The message is for developers; users see the code's sentence. */
export class FritzError extends Error {
  override readonly name = "FritzError";

  constructor(
    readonly code: FritzErrorCode,
    /** Values for the sentence. */
    readonly values: Readonly<Record<string, string | number>> = {},
    /** Whether a retry without any change may succeed. */
    readonly retry = false,
  ) {
    super(`${code} ${JSON.stringify(values)}`);
  }
}

/** The system's code, e.g. "ECONNREFUSED" or "ENOSPC"; "unknown" for anything that has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}
