/**
 * Simulator, TR-064: X_VoIP: IP telephones registered at the box, and the box's own accounts at providers.
 */
import { action, type Action, WRITES } from "../action";
import { UpnpError } from "../soap";
import type { BoxState } from "../state";
import type { SipClient } from "../state-types";
import { element } from "../xml";

const FIRST_INTERNAL = 620;
const PREFIX = "NewX_AVM-DE_";
const CLIENT_FIELDS = [
  ...["ClientUsername", "ClientRegistrar", "ClientRegistrarPort", "PhoneName", "ClientId", "OutGoingNumber"],
  ...["InComingNumbers", "ExternalRegistration", "InternalNumber", "DelayedCallNotification"],
] as const;

function fieldsOf(client: SipClient, index: number): Record<(typeof CLIENT_FIELDS)[number], string | number> {
  return {
    ...{ ClientUsername: client.username, ClientRegistrar: "fritz.box", ClientRegistrarPort: 5060 },
    ...{ PhoneName: client.name, ClientId: client.clientId ?? "", OutGoingNumber: client.outgoing ?? "" },
    ...{ InComingNumbers: "", ExternalRegistration: 0, InternalNumber: FIRST_INTERNAL + index },
    DelayedCallNotification: 0,
  };
}

function clientItem(client: SipClient, index: number): string {
  const fields = Object.entries(fieldsOf(client, index)).map(([name, value]) => element(`X_AVM-DE_${name}`, value));
  return `<Item>${element("X_AVM-DE_ClientIndex", index)}${fields.join("")}</Item>`;
}

function accounts({ numbers }: BoxState): string {
  const items = numbers
    .filter(({ type }) => type === "eVoIP")
    .map(
      ({ number, index }) =>
        `<Item>${element("VoIPAccountIndex", index)}${element("VoIPRegistrar", "sip.example")}${element("VoIPNumber", number)}${element("VoIPUsername", number)}${element("VoIPStatus", "registered")}</Item>`,
    );
  return `<List>${items.join("")}</List>`;
}

/** Actions for IP telephones; a real box has more of them. */
export const SIP_CLIENT_ACTIONS: Record<string, Action> = {
  "X_AVM-DE_GetNumberOfClients": action("", `${PREFIX}NumberOfClients:ui2`, (_, { state }) => ({
    [`${PREFIX}NumberOfClients`]: state.sipClients.length,
  })),
  "X_AVM-DE_GetClient3": action(
    `${PREFIX}ClientIndex:ui2`,
    CLIENT_FIELDS.map((name) => PREFIX + name).join(" "),
    (args, { state }) => {
      const index = args.index(`${PREFIX}ClientIndex`);
      const client = state.sipClients[index];
      if (!client) throw new UpnpError(713);
      return Object.fromEntries(Object.entries(fieldsOf(client, index)).map(([name, value]) => [PREFIX + name, value]));
    },
  ),
  "X_AVM-DE_GetClients": action("", `${PREFIX}ClientList`, (_, { state }) => ({
    [`${PREFIX}ClientList`]: `<List>${state.sipClients.map(clientItem).join("")}</List>`,
  })),
  "X_AVM-DE_DeleteClient": action(
    `${PREFIX}ClientIndex:ui2`,
    "",
    (args, { state }) => {
      const index = args.index(`${PREFIX}ClientIndex`);
      if (!state.sipClients[index]) throw new UpnpError(713);
      state.sipClients.splice(index, 1);
    },
    { ...WRITES, protected: true },
  ),
  "X_AVM-DE_GetVoIPAccounts": action("", "NewX_AVM-DE_VoIPAccountList", (_, { state }) => ({
    "NewX_AVM-DE_VoIPAccountList": accounts(state),
  })),
};
