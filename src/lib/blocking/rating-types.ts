/** Types: what the user has said of a number, for a community. Plain JSON. */

/** Without `sent` it waits. */
export interface NumberRating {
  number: string;
  rating: "spam" | "fine";
  /** ISO 8601. */
  at: string;
  e164?: string;
  sent?: true;
}
