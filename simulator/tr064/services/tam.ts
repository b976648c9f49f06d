/** Simulator, TR-064: X_AVM-DE_TAM: answering machines and their messages. */
import { action, WRITES } from "../action";
import { UpnpError } from "../soap";
import { service } from "./device";

const INFO = [
  ...["NewEnable:boolean", "NewName", "NewTAMRunning:boolean", "NewStick:ui2", "NewStatus:ui2", "NewCapacity:ui4"],
  ...["NewMode", "NewRingSeconds:ui2", "NewPhoneNumbers"],
].join(" ");

const LAST_INDEX = 4;

/** The service; the right is that of the telephone. */
export const TAM = service(
  "X_AVM-DE_TAM",
  "x_tam",
  {
    GetInfo: action("NewIndex:ui2", INFO, (args, { state: { tam } }) => {
      const { enable, name, mode, ringSeconds, phoneNumbers } = tam.machine(args.index("NewIndex"));
      return {
        ...{ NewEnable: enable ? 1 : 0, NewName: name, NewTAMRunning: tam.slots.some((one) => one.enable) ? 1 : 0 },
        ...{ NewStick: tam.stick, NewStatus: 0, NewCapacity: tam.capacity },
        ...{ NewMode: mode, NewRingSeconds: ringSeconds, NewPhoneNumbers: phoneNumbers },
      };
    }),
    SetEnable: action(
      "NewIndex:ui2 NewEnable:boolean",
      "",
      (args, { state: { tam } }) => {
        const machine = tam.machine(args.index("NewIndex"));
        machine.enable = args.flag("NewEnable");
        if (machine.enable) machine.display = true;
      },
      WRITES,
    ),
    GetMessageList: action("NewIndex:ui2", "NewURL", (args, { state: { tam }, downloadUrl }) => {
      const index = args.index("NewIndex");
      tam.machine(index);
      return { NewURL: downloadUrl("/tamcalllist.lua", `tamindex=${index}`) };
    }),
    MarkMessage: action(
      "NewIndex:ui2 NewMessageIndex:ui2 NewMarkedAsRead:boolean?",
      "",
      (args, { state: { tam } }) => {
        const message = tam.message(args.index("NewIndex"), args.index("NewMessageIndex"));
        message.isNew = args.text("NewMarkedAsRead") !== "" && !args.flag("NewMarkedAsRead");
      },
      WRITES,
    ),
    DeleteMessage: action(
      "NewIndex:ui2 NewMessageIndex:ui2",
      "",
      (args, { state: { tam } }) => tam.delete(tam.message(args.index("NewIndex"), args.index("NewMessageIndex"))),
      WRITES,
    ),
    GetList: action(
      "",
      "NewTAMList",
      (_, { state: { tam } }) => {
        if (tam.slots.length === 0) throw new UpnpError(820);
        return { NewTAMList: tam.listXml() };
      },
      { right: ["app", "phone"] },
    ),
  },
  {
    Index: { range: [0, LAST_INDEX, 1] },
    Mode: { allowed: ["play_announcement", "record_message", "timeprofile"] },
    RingSeconds: { range: [0, 255, 1] },
    MarkedAsRead: { ifMissing: "1" },
  },
);
