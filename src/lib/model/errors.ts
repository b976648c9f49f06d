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
  | "log-failed"; // anything else; `detail` has the system's code

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
