/** L0 model: what `fritz-block` decided, as `fritz-log` writes it. Plain JSON only. */

export interface Decision {
  verdict: "allow" | "block";
  /** A code: "allow-book", "pattern", "block-book", "spam-score", "foreign", "anonymous", ... */
  because: string;
  /** One sentence for a person, in the server's language. */
  explanation: string;
  /** Which rule, with its threshold and the value met. */
  rule?: string;
  action: "none" | "dry-run" | "added" | "already-there" | "failed";
  book?: string;
  error?: string;
}
