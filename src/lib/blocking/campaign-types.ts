/** Types: a campaign, as a decision and the journal hold it. Plain JSON. */

/** Many neighbouring numbers that called within days: a hint. */
export interface Campaign {
  /** A pattern of them all: "+4930231250*". */
  range: string;
  numbers: number;
  /** ISO 8601: the first of these calls. */
  since: string;
}
