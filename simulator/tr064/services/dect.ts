/** Simulator, TR-064: X_AVM-DE_Dect: the handsets at the box's DECT base. */
import { action, type Values } from "../action";
import { UpnpError } from "../soap";
import type { Handset } from "../state-types";
import { service } from "./device";

const ENTRY = "NewID NewActive:boolean NewName NewModel NewUpdateAvailable:boolean NewUpdateSuccessful NewUpdateInfo";

function values({ id, name }: Handset): Values {
  return {
    ...{ NewID: id, NewActive: 1, NewName: name, NewModel: "0x05", NewUpdateAvailable: 0 },
    ...{ NewUpdateSuccessful: "unknown", NewUpdateInfo: "" },
  };
}

/** The service. */
export const DECT = service("X_AVM-DE_Dect", "x_dect", {
  GetNumberOfDectEntries: action("", "NewNumberOfEntries:ui2", (_, { state }) => ({
    NewNumberOfEntries: state.handsets.length,
  })),
  GetGenericDectEntry: action("NewIndex:ui2", ENTRY, (args, { state }) => {
    const found = state.handsets[args.index("NewIndex")];
    if (!found) throw new UpnpError(713);
    return values(found);
  }),
  GetSpecificDectEntry: action("NewID", ENTRY.replace("NewID ", ""), (args, { state }) => {
    const found = state.handsets.find(({ id }) => String(id) === args.text("NewID"));
    if (!found) throw new UpnpError(714);
    return Object.fromEntries(Object.entries(values(found)).filter(([name]) => name !== "NewID"));
  }),
});
