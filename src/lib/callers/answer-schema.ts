/** Schema of a source's stored answer: stores are files that users can edit. */
import type { SourceAnswer } from "./source";
import { both, type Check, either, numberIn, oneOf, shape, tableOf, text } from "../core/schema";

const WORDS = text(500);
const LINK = text(2_000, /^https?:\/\//);
const whole: Check = (value, path) => (Number.isInteger(value) ? undefined : path);

const ANSWER = either(
  oneOf(null),
  shape({
    "name?": shape({ text: WORDS, rank: oneOf("directory", "trunk", "details", "label") }),
    "place?": tableOf(WORDS, 5),
    "opinion?": shape({
      risk: numberIn(0, 100),
      reports: both(whole, numberIn(1, 1e9)),
      "link?": LINK,
      "own?": oneOf(true),
    }),
  }),
);

/** Contacts are never stored, so they are invalid here. */
export function isSourceAnswer(value: unknown): value is SourceAnswer {
  return ANSWER(value, "") === undefined;
}
