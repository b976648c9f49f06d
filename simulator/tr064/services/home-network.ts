/** Simulator, TR-064: the home network, as far as flows usually ask for it: devices, the guest Wi-Fi, the public address. */
import { action, type Values } from "../action";
import { UpnpError } from "../soap";
import { service } from "./device";

/** Devices that a box knows. */
const HOSTS = [
  { name: "notebook", ip: "192.168.178.20", mac: "00:00:5E:00:53:01", active: 1 },
  { name: "printer", ip: "192.168.178.21", mac: "00:00:5E:00:53:02", active: 0 },
];
const HOST_OUT =
  "NewIPAddress NewAddressSource NewLeaseTimeRemaining:i4 NewInterfaceType NewActive:boolean NewHostName";
const ANY = { right: ["config", "app", "phone", "nas", "homeAuto"] } as const;
const CONFIG = { right: ["config"] } as const;

function host(found: (typeof HOSTS)[number] | undefined): Values {
  if (!found) throw new UpnpError(714);
  const { name, ip, active } = found;
  return {
    ...{ NewIPAddress: ip, NewAddressSource: "DHCP", NewLeaseTimeRemaining: 0, NewInterfaceType: "Ethernet" },
    ...{ NewActive: active, NewHostName: name },
  };
}

/** Devices. */
export const HOST_SERVICE = service("Hosts", "hosts", {
  GetHostNumberOfEntries: action(
    "",
    "NewHostNumberOfEntries:ui2",
    () => ({ NewHostNumberOfEntries: HOSTS.length }),
    ANY,
  ),
  GetGenericHostEntry: action(
    "NewIndex:ui2",
    `${HOST_OUT} NewMACAddress`,
    (args) => {
      const found = HOSTS[args.index("NewIndex")];
      if (!found) throw new UpnpError(713);
      return { ...host(found), NewMACAddress: found.mac };
    },
    ANY,
  ),
  GetSpecificHostEntry: action(
    "NewMACAddress",
    HOST_OUT,
    (args) => host(HOSTS.find(({ mac }) => mac === args.text("NewMACAddress").toUpperCase())),
    ANY,
  ),
});

/** The third one is the guest network of boxes with two bands. */
export const GUEST_WLAN = {
  ...service("WLANConfiguration", "wlanconfig3", {
    GetInfo: action(
      "",
      "NewEnable:boolean NewStatus NewChannel:ui1 NewSSID",
      (_, { state: { guestWlan } }) => ({
        ...{ NewEnable: guestWlan ? 1 : 0, NewStatus: guestWlan ? "Up" : "Disabled", NewChannel: 6 },
        NewSSID: "Guests",
      }),
      CONFIG,
    ),
    SetEnable: action("NewEnable:boolean", "", (args, { state }) => void (state.guestWlan = args.flag("NewEnable")), {
      ...CONFIG,
      writes: true,
    }),
  }),
  type: "urn:dslforum-org:service:WLANConfiguration:3",
  id: "urn:WLANConfiguration-com:serviceId:WLANConfiguration3",
};

/** The public address. */
export const WAN_IP = service("WANIPConnection", "wanipconnection1", {
  GetExternalIPAddress: action("", "NewExternalIPAddress", () => ({ NewExternalIPAddress: "203.0.113.7" }), CONFIG),
  GetStatusInfo: action(
    "",
    "NewConnectionStatus NewLastConnectionError NewUptime:ui4",
    (_, { startedAt, state }) => ({
      ...{ NewConnectionStatus: "Connected", NewLastConnectionError: "ERROR_NONE" },
      NewUptime: Math.max(0, Math.floor((state.now().getTime() - startedAt) / 1000)),
    }),
    CONFIG,
  ),
});
