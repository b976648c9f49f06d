/** L1 domain: is what comes out of a store an answer of a source? Stores are files that people can change. */
import type { SourceAnswer } from "../model/source";
import { both, type Check, either, numberIn, oneOf, shape, tableOf, text } from "./shape-check";

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

/** Contacts are never kept, so they are no answer here. */
export function isSoundAnswer(value: unknown): value is SourceAnswer {
  return ANSWER(value, "") === undefined;
}
