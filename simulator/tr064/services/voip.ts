/** Simulator, TR-064: X_VoIP: location, own numbers, and the dialling aid. */
import { action, type Action, type ActionContext, type Args, WRITES } from "../action";
import { UpnpError } from "../soap";
import type { BoxState } from "../state";
import type { OwnNumber } from "../state-types";
import { element } from "../xml";
import { service } from "./device";
import { SIP_CLIENT_ACTIONS } from "./sip-clients";

/** Digits, five at most, may be empty. */
function code(args: Args, name: string): string {
  const text = args.text(name);
  if (!/^\d{0,5}$/.test(text)) throw new UpnpError(600);
  return text;
}

const PLACE: Record<string, Action> = {
  "X_AVM-DE_GetVoIPCommonCountryCode": action(
    "",
    "NewX_AVM-DE_LKZ NewX_AVM-DE_LKZPrefix",
    (_, { state: { place } }) => ({
      "NewX_AVM-DE_LKZ": place.countryCode,
      "NewX_AVM-DE_LKZPrefix": place.countryPrefix,
    }),
  ),
  "X_AVM-DE_SetVoIPCommonCountryCode": action(
    "NewX_AVM-DE_LKZ NewX_AVM-DE_LKZPrefix",
    "",
    (args, { state: { place } }) => {
      const [countryCode, countryPrefix] = [code(args, "NewX_AVM-DE_LKZ"), code(args, "NewX_AVM-DE_LKZPrefix")];
      Object.assign(place, { countryCode, countryPrefix });
    },
    WRITES,
  ),
  "X_AVM-DE_GetVoIPCommonAreaCode": action("", "NewX_AVM-DE_OKZ NewX_AVM-DE_OKZPrefix", (_, { state: { place } }) => ({
    "NewX_AVM-DE_OKZ": place.areaCode,
    "NewX_AVM-DE_OKZPrefix": place.areaPrefix,
  })),
  "X_AVM-DE_SetVoIPCommonAreaCode": action(
    "NewX_AVM-DE_OKZ NewX_AVM-DE_OKZPrefix",
    "",
    (args, { state: { place } }) => {
      const [areaCode, areaPrefix] = [code(args, "NewX_AVM-DE_OKZ"), code(args, "NewX_AVM-DE_OKZPrefix")];
      Object.assign(place, { areaCode, areaPrefix });
    },
    WRITES,
  ),
  GetVoIPCommonCountryCode: action("", "NewVoIPCountryCode", (_, { state }) => ({
    NewVoIPCountryCode: state.place.countryCode,
  })),
  GetVoIPCommonAreaCode: action("", "NewVoIPAreaCode", (_, { state }) => ({ NewVoIPAreaCode: state.place.areaCode })),
};

function numberItem({ number, type, index, name }: OwnNumber): string {
  const fields = [element("Number", number), element("Type", type), element("Index", index), element("Name", name)];
  return `<Item>${fields.join("")}</Item>`;
}

const NUMBERS: Record<string, Action> = {
  "X_AVM-DE_GetNumbers": action("", "NewNumberList", (_, { state }) => ({
    NewNumberList: `<List>${state.numbers.map(numberItem).join("")}</List>`,
  })),
  "X_AVM-DE_GetNumberOfNumbers": action("", "NewNumberOfNumbers:ui4", (_, { state }) => ({
    NewNumberOfNumbers: state.numbers.length,
  })),
  GetExistingVoIPNumbers: action("", "NewExistingVoIPNumbers:ui2", (_, { state }) => ({
    NewExistingVoIPNumbers: state.numbers.filter(({ type }) => type === "eVoIP").length,
  })),
  "X_AVM-DE_GetVoIPStatus": action(
    "NewVoIPAccountIndex:ui2",
    "NewX_AVM-DE_VoIPStatus",
    (args, { state }) => {
      const index = args.index("NewVoIPAccountIndex");
      if (!state.numbers.some((one) => one.type === "eVoIP" && one.index === index)) throw new UpnpError(713);
      return { "NewX_AVM-DE_VoIPStatus": "registered" };
    },
    { right: ["app", "phone"] },
  ),
};

function phonePort(args: Args, { phones }: BoxState): string {
  const phone = phones[args.index("NewIndex") - 1];
  if (phone === undefined) throw new UpnpError(713);
  return phone;
}

function setDialPhone(args: Args, state: BoxState): void {
  const phone = args.text("NewX_AVM-DE_PhoneName");
  if (phone !== "" && !state.phones.includes(phone)) throw new UpnpError(600);
  state.dialPhone = phone;
}

async function dial(args: Args, { state, hooks }: ActionContext): Promise<void> {
  const number = args.text("NewX_AVM-DE_PhoneNumber").trim();
  if (state.anonymousLogin) throw new UpnpError(606);
  if (state.dialPhone === "") throw new UpnpError(501);
  if (!/^[\d+*#]+$/.test(number)) throw new UpnpError(600);
  await hooks.dial(number);
}

const DIALLING = { right: ["dial"], writes: true } as const;

const DIAL_AID: Record<string, Action> = {
  "X_AVM-DE_GetPhonePort": action("NewIndex:ui2", "NewX_AVM-DE_PhoneName", (args, { state }) => ({
    "NewX_AVM-DE_PhoneName": phonePort(args, state),
  })),
  "X_AVM-DE_DialGetConfig": action("", "NewX_AVM-DE_PhoneName", (_, { state }) => ({
    "NewX_AVM-DE_PhoneName": state.dialPhone,
  })),
  "X_AVM-DE_DialSetConfig": action("NewX_AVM-DE_PhoneName", "", (args, { state }) => setDialPhone(args, state), {
    writes: true,
    protected: true,
  }),
  "X_AVM-DE_DialNumber": action("NewX_AVM-DE_PhoneNumber", "", dial, DIALLING),
  "X_AVM-DE_DialHangup": action("", "", (_, { hooks }) => hooks.hangUp(), DIALLING),
};

/** X_VoIP:1. */
export const VOIP = service("X_VoIP", "x_voip", { ...NUMBERS, ...PLACE, ...SIP_CLIENT_ACTIONS, ...DIAL_AID });
