/** Simulator, TR-064: OnTel: the call list, online books, diversions and handsets; phonebooks have a file of their own. */
import { action, type Action, type Args, WRITES } from "../action";
import { UpnpError } from "../soap";
import type { BoxState } from "../state";
import type { Handset } from "../state-types";
import type { Deflection } from "../state-types";
import { element } from "../xml";
import { service } from "./device";
import { BARRING_ACTIONS, BOOK_ACTIONS, ENTRY_ACTIONS } from "./phonebook-actions";

const CALL_LIST: Record<string, Action> = {
  GetCallList: action("", "NewCallListURL", (_, { state, downloadUrl }) => {
    if (state.calls.mode === "unsupported") throw new UpnpError(820);
    return { NewCallListURL: state.calls.mode === "off" ? "" : downloadUrl("/calllist.lua", "") };
  }),
};

/** Index = count + 1 makes a new book. */
function setOnline(args: Args, { books }: BoxState): void {
  const index = args.index("NewIndex");
  const [name, enable] = [args.text("NewName"), args.flag("NewEnable")];
  const [url, serviceId, username] = ["NewUrl", "NewServiceId", "NewUsername"].map((field) => args.text(field));
  const given = { enable, url: url ?? "", serviceId: serviceId ?? "", username: username ?? "" };
  if (index === books.online.length + 1) return void books.addOnline(name, given);
  const book = books.onlineByIndex(index);
  book.name = name;
  Object.assign(book.account ?? {}, given);
}

const ONLINE_BOOKS: Record<string, Action> = {
  GetNumberOfEntries: action("", "NewOnTelNumberOfEntries:ui2", (_, { state }) => ({
    NewOnTelNumberOfEntries: state.books.online.length,
  })),
  GetInfoByIndex: action(
    "NewIndex:ui2",
    "NewEnable:boolean NewStatus NewLastConnect NewUrl NewServiceId NewUsername NewName",
    (args, { state }) => {
      const { name, account } = state.books.onlineByIndex(args.index("NewIndex"));
      return {
        NewEnable: account?.enable ? 1 : 0,
        NewStatus: account?.status ?? 0,
        NewLastConnect: account?.lastConnect ?? "",
        NewUrl: account?.url ?? "",
        NewServiceId: account?.serviceId ?? "",
        NewUsername: account?.username ?? "",
        NewName: name,
      };
    },
  ),
  SetEnableByIndex: action(
    "NewIndex:ui2 NewEnable:boolean",
    "",
    (args, { state }) => {
      const { account } = state.books.onlineByIndex(args.index("NewIndex"));
      if (account) account.enable = args.flag("NewEnable");
    },
    WRITES,
  ),
  SetConfigByIndex: action(
    "NewIndex:ui2 NewEnable:boolean NewUrl NewServiceId NewUsername NewPassword NewName",
    "",
    (args, { state }) => setOnline(args, state),
    WRITES,
  ),
  DeleteByIndex: action(
    "NewIndex:ui2",
    "",
    (args, { state }) => state.books.deleteOnline(args.index("NewIndex")),
    WRITES,
  ),
};

function deflection({ deflections }: BoxState, args: Args): Deflection {
  const found = deflections[args.index("NewDeflectionId")];
  if (!found) throw new UpnpError(713);
  return found;
}

function deflectionItem(one: Deflection, id: number): string {
  const fields: [string, string | number][] = [
    ["DeflectionId", id],
    ["Enable", one.enable ? 1 : 0],
    ["Type", one.type],
    ["Number", one.number],
    ["DeflectionToNumber", one.toNumber],
    ["Mode", one.mode],
    ["Outgoing", one.outgoing],
    ["PhonebookID", one.phonebookId],
  ];
  return `<Item>${fields.map(([name, value]) => element(name, value)).join("")}</Item>`;
}

const DEFLECTIONS: Record<string, Action> = {
  GetNumberOfDeflections: action("", "NewNumberOfDeflections:ui2", (_, { state }) => ({
    NewNumberOfDeflections: state.deflections.length,
  })),
  GetDeflection: action(
    "NewDeflectionId:ui2",
    "NewEnable:boolean NewType NewNumber NewDeflectionToNumber NewMode NewOutgoing NewPhonebookID",
    (args, { state }) => {
      const { enable, type, number, toNumber, mode, outgoing, phonebookId } = deflection(state, args);
      return {
        ...{ NewEnable: enable ? 1 : 0, NewType: type, NewNumber: number, NewDeflectionToNumber: toNumber },
        ...{ NewMode: mode, NewOutgoing: outgoing, NewPhonebookID: phonebookId },
      };
    },
  ),
  GetDeflections: action("", "NewDeflectionList", (_, { state }) => ({
    NewDeflectionList: `<List>${state.deflections.map(deflectionItem).join("")}</List>`,
  })),
  SetDeflectionEnable: action(
    "NewDeflectionId:ui2 NewEnable:boolean",
    "",
    (args, { state }) => void (deflection(state, args).enable = args.flag("NewEnable")),
    WRITES,
  ),
};

function handset({ handsets }: BoxState, args: Args): Handset {
  const id = args.index("NewDectID");
  const found = handsets.find((one) => one.id === id);
  if (!found) throw new UpnpError(501);
  return found;
}

const HANDSETS: Record<string, Action> = {
  GetDECTHandsetList: action("", "NewDectIDList", (_, { state }) => ({
    NewDectIDList: state.handsets.map(({ id }) => id).join(","),
  })),
  GetDECTHandsetInfo: action("NewDectID:ui2", "NewHandsetName NewPhonebookID:ui2", (args, { state }) => {
    const { name, phonebookId } = handset(state, args);
    return { NewHandsetName: name, NewPhonebookID: phonebookId };
  }),
  SetDECTHandsetPhonebook: action(
    "NewDectID:ui2 NewPhonebookID:ui2",
    "",
    (args, { state }) => {
      const id = args.index("NewPhonebookID");
      state.books.byId(id);
      handset(state, args).phonebookId = id;
    },
    WRITES,
  ),
};

/** X_AVM-DE_OnTel:1. */
export const ONTEL = service("X_AVM-DE_OnTel", "x_contact", {
  ...ONLINE_BOOKS,
  ...CALL_LIST,
  ...BOOK_ACTIONS,
  ...ENTRY_ACTIONS,
  ...HANDSETS,
  ...DEFLECTIONS,
  ...BARRING_ACTIONS,
});
