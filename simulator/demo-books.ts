/** Simulator: phonebooks for trying things out: the parties of the recorded day, an online book, and one for spam. */
import type { SimulatedBox } from "./box";

/** Fills the books of a new box, and lets it reject the callers of the one for spam. */
export function fillForDemo({ tr064: { state } }: SimulatedBox): void {
  const book = state.books.named("Telefonbuch");
  book.add("Anna Beispiel", { number: "01755290xxx", type: "mobile" });
  book.add("Meier & Söhne", { number: "07191 732xxx", type: "work" });
  book.add("Karl Muster", "07191952xxx", "952xxx", { number: "+49 171 123456", type: "mobile" });
  state.books.addLocal("Spam").add("Gewinnspiel", "0900*");
  const rule = { enable: true, type: "fromPB", number: "", toNumber: "", mode: "eNoSignal", outgoing: "" };
  state.deflections = [{ ...rule, phonebookId: state.books.idOf(state.books.named("Spam")) }];
  state.books.addOnline("Google").add("Online Person", "030 1234567");
}
