/** Pick lists: suggest the box's values in a text field that accepts any other text, too. */
import { ask, boxQuestion } from "./server";

/** Marks a field with a list; grey, for light and dark themes. */
const ARROW =
  "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='8' height='5'%3E%3Cpath fill='%23888' d='M0 0h8L4 5z'/%3E%3C/svg%3E\")";

/** The names of the box's phonebooks. */
export const bookNames = (found: { books: { name: string }[] }): string[] => found.books.map(({ name }) => name);

/** A suggestion: the value of the field, and the text shown. */
export type Offer = string | { value: string; text: string };

/** The search of a list: what was typed, and where the found ones go. */
type Search = (typed: string, done: (found: { value: string; label: JQuery }[]) => void) => void;

/**
 * Suggestions of the box: `toValues` converts the answer of `route` to texts, or values with another text;
 * `more` extends the request. Requested once for each box and `more`.
 */
export function offers<T>(
  route: string,
  toValues: (found: T) => Offer[],
  more: () => object = () => ({}),
): { search: Search; showAll: () => void } {
  let asked: JQuery.Promise<Offer[]> | undefined;
  let askedFor = "";
  let all = false;
  const values = (): JQuery.Promise<Offer[]> => {
    const [boxId, added] = [String($("#node-input-box").val() ?? ""), more()];
    const wanted = boxId + JSON.stringify(added);
    if (asked && wanted === askedFor) return asked;
    askedFor = wanted;
    const question = boxQuestion(boxId);
    if (!question) return $.Deferred<Offer[]>().resolve([]).promise();
    asked = ask<T>(route, { ...question, ...added }).then(toValues, () => {
      asked = undefined; // the next request may succeed
      return $.Deferred<Offer[]>().resolve([]).promise();
    });
    return asked;
  };
  const search: Search = (typed, done) => {
    void values().then((found) => {
      const part = all ? "" : typed.trim().toLowerCase();
      all = false;
      const offered = found.map((offer) => (typeof offer === "string" ? { value: offer, text: offer } : offer));
      const fitting = offered.filter(({ value, text }) => `${value} ${text}`.toLowerCase().includes(part));
      done(fitting.map(({ value, text }) => ({ value, label: $("<span>").text(text) })));
    });
  };
  // The current value is the selection, not a filter.
  return { search, showAll: () => (all = true) };
}

/** Opens a list of `offers` below `input` on a click, on the arrow-down key and while typing. */
export function pick<T>(
  input: JQuery | string,
  route: string,
  toValues: (found: T) => Offer[],
  more: () => object = () => ({}),
): void {
  const { search, showAll } = offers(route, toValues, more);
  // Looks the field up again: a dialog is built anew each time it is opened.
  const field = typeof input === "string" ? $(input) : input;
  field.autoComplete({ minLength: 0, search });
  field
    .attr("aria-haspopup", "listbox")
    .css({ background: `${ARROW} no-repeat right 8px center`, "padding-right": "22px" });
  field.on("click", () => {
    showAll();
    field.trigger("keyup");
  });
}
