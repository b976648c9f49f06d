/** Simulator, TR-064: OnTel's actions on phonebooks and on the list of barred numbers. */
import { action, type Action, type Args, WRITES } from "../action";
import { BARRING_ID, type Contact, numbersOf, renderContact } from "../phonebooks";
import { UpnpError } from "../soap";
import type { BoxState } from "../state";

const PROLOG = '<?xml version="1.0" encoding="utf-8"?>';
const entryData = (contact: Contact) => ({ NewPhonebookEntryData: PROLOG + renderContact(contact) });
const bookUrl = (id: number) => `pbid=${id}`;

/** An entry's index empty = as with a unique id: new, or a change of the one that the XML names. */
function setEntry(args: Args, { books }: BoxState): void {
  const book = books.writable(args.index("NewPhonebookID"));
  const data = args.text("NewPhonebookEntryData");
  if (args.text("NewPhonebookEntryID").trim() === "") book.write(data);
  else book.writeAt(args.index("NewPhonebookEntryID"), data);
}

/** The actions on whole books. */
export const BOOK_ACTIONS: Record<string, Action> = {
  GetPhonebookList: action("", "NewPhonebookList", (_, { state }) => ({
    NewPhonebookList: [...state.books.all.keys()].join(","),
  })),
  GetPhonebook: action(
    "NewPhonebookID:ui2",
    "NewPhonebookURL NewPhonebookName NewPhonebookExtraID",
    (args, { state, downloadUrl }) => {
      const id = args.index("NewPhonebookID");
      const { name, extraId } = state.books.byId(id, 713);
      const url = downloadUrl("/phonebook.lua", bookUrl(id));
      return { NewPhonebookURL: url, NewPhonebookName: name, NewPhonebookExtraID: extraId };
    },
  ),
  AddPhonebook: action(
    "NewPhonebookExtraID? NewPhonebookName",
    "",
    (args, { state }) => void state.books.addLocal(args.text("NewPhonebookName"), args.text("NewPhonebookExtraID")),
    WRITES,
  ),
  DeletePhonebook: action(
    "NewPhonebookID:ui2 NewPhonebookExtraID?",
    "",
    (args, { state }) => state.books.delete(args.index("NewPhonebookID")),
    WRITES,
  ),
};

/** The actions on single contacts. */
export const ENTRY_ACTIONS: Record<string, Action> = {
  GetPhonebookEntry: action("NewPhonebookID:ui2 NewPhonebookEntryID:ui4", "NewPhonebookEntryData", (args, { state }) =>
    entryData(state.books.byId(args.index("NewPhonebookID")).byIndex(args.index("NewPhonebookEntryID"))),
  ),
  GetPhonebookEntryUID: action(
    "NewPhonebookID:ui2 NewPhonebookEntryUniqueID:ui4",
    "NewPhonebookEntryData",
    (args, { state }) =>
      entryData(state.books.byId(args.index("NewPhonebookID")).byUniqueId(args.index("NewPhonebookEntryUniqueID"))),
  ),
  SetPhonebookEntry: action(
    "NewPhonebookID:ui2 NewPhonebookEntryID:ui4 NewPhonebookEntryData",
    "",
    (args, { state }) => setEntry(args, state),
    WRITES,
  ),
  SetPhonebookEntryUID: action(
    "NewPhonebookID:ui2 NewPhonebookEntryData",
    "NewPhonebookEntryUniqueID:ui4",
    (args, { state }) => {
      const book = state.books.writable(args.index("NewPhonebookID"));
      return { NewPhonebookEntryUniqueID: book.write(args.text("NewPhonebookEntryData")) };
    },
    WRITES,
  ),
  DeletePhonebookEntry: action(
    "NewPhonebookID:ui2 NewPhonebookEntryID:ui4",
    "",
    (args, { state }) => {
      const book = state.books.writable(args.index("NewPhonebookID"));
      book.remove(book.byIndex(args.index("NewPhonebookEntryID")));
    },
    WRITES,
  ),
  DeletePhonebookEntryUID: action(
    "NewPhonebookID:ui2 NewPhonebookEntryUniqueID:ui4",
    "",
    (args, { state }) => {
      const book = state.books.writable(args.index("NewPhonebookID"));
      book.remove(book.byUniqueId(args.index("NewPhonebookEntryUniqueID")));
    },
    WRITES,
  ),
};

/** 714 = the number is known, but not barred; 713 = nowhere. */
function barredByNumber(state: BoxState, number: string): Contact {
  const wanted = state.normalize(number);
  const has = (contact: Contact) => numbersOf(contact).some((one) => state.normalize(one) === wanted);
  const found = state.books.barring.contacts.find(has);
  if (found) return found;
  throw new UpnpError(state.books.all.some((book) => book.contacts.some(has)) ? 714 : 713);
}

/** The actions on the list of barred numbers. */
export const BARRING_ACTIONS: Record<string, Action> = {
  GetCallBarringList: action("", "NewPhonebookURL", (_, { downloadUrl }) => ({
    NewPhonebookURL: downloadUrl("/phonebook.lua", bookUrl(BARRING_ID)),
  })),
  GetCallBarringEntry: action("NewPhonebookEntryID:ui4", "NewPhonebookEntryData", (args, { state }) =>
    entryData(state.books.barring.byIndex(args.index("NewPhonebookEntryID"))),
  ),
  GetCallBarringEntryByNum: action("NewNumber", "NewPhonebookEntryData", (args, { state }) =>
    entryData(barredByNumber(state, args.text("NewNumber"))),
  ),
  SetCallBarringEntry: action(
    "NewPhonebookEntryData",
    "NewPhonebookEntryUniqueID:ui4",
    (args, { state }) => ({
      NewPhonebookEntryUniqueID: state.books.barring.write(args.text("NewPhonebookEntryData")),
    }),
    WRITES,
  ),
  DeleteCallBarringEntryUID: action(
    "NewPhonebookEntryUniqueID:ui4",
    "",
    (args, { state: { books } }) =>
      books.barring.remove(books.barring.byUniqueId(args.index("NewPhonebookEntryUniqueID"))),
    WRITES,
  ),
};
