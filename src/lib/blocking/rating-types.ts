/** Types: what the user has said of a number, for a community. Plain JSON. */

export type Opinion = "spam" | "fine";

/** Without `sent` it waits. */
export interface NumberRating {
  number: string;
  /** `none` withdraws what was sent before. */
  rating: Opinion | "none";
  /** ISO 8601. */
  at: string;
  /** Set from the first attempt on: the community may know it. */
  e164?: string;
  sent?: true;
  /** Of `none`: the opinion that is withdrawn. */
  was?: Opinion;
}
