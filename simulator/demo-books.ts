/** Simulator: demo phonebooks: the parties of the recorded day, an online book, and one for spam. */
import type { SimulatedBox } from "./box";

/** The IP telephone of `fritz-hangup`. */
export const DEMO_PHONE = { name: "Anrufwächter", username: "anrufwaechter", password: "Beispiel1234" };

/** IP telephones of the household, which ring. */
export const DEMO_PHONES = [
  { name: "Küche", username: "kitchen", password: "Beispiel1234" },
  { name: "Flur", username: "hallway", password: "Beispiel1234" },
];

/** Fills the books of a new box, and adds a rule that rejects callers in the spam book. */
export function fillForDemo({ tr064: { state } }: SimulatedBox): void {
  const book = state.books.named("Telefonbuch");
  book.add("Anna Beispiel", { number: "01713920012", type: "mobile" });
  book.add("Erika Muster", { number: "03023125001", type: "home" });
  book.add("Karl Muster", { number: "03023125052", type: "home" }, { number: "+49 171 3920013", type: "mobile" });
  book.add("Oma Erna", { number: "089 99998010", type: "home" });
  book.add("Müller & Söhne", { number: "07191 732123", type: "work" });
  state.books.addLocal("Spam").add("Gewinnspiel", "0900*");
  const rule = { enable: true, type: "fromPB", number: "", toNumber: "", mode: "eNoSignal", outgoing: "" };
  state.deflections = [{ ...rule, phonebookId: state.books.idOf(state.books.named("Spam")) }];
  state.books.addOnline("Google").add("Online Person", "030 1234567");
}
