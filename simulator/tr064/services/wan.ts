/** Simulator, TR-064 and UPnP: state of the Internet connection. */
import { action, OPEN, type Action, type Service, type Values } from "../action";
import { service } from "./device";

const LINK: Values = {
  ...{ NewWANAccessType: "DSL", NewLayer1UpstreamMaxBitRate: 40_000_000, NewLayer1DownstreamMaxBitRate: 100_000_000 },
  NewPhysicalLinkStatus: "Up",
};
const LINK_OUT =
  "NewWANAccessType NewLayer1UpstreamMaxBitRate:ui4 NewLayer1DownstreamMaxBitRate:ui4 NewPhysicalLinkStatus";
const STATUS_OUT = "NewConnectionStatus NewLastConnectionError NewUptime:ui4";
const COUNTS = "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0";
const DATE_OUT = [
  ...["NewTotalNumberSyncGroups:ui4", "NewSyncGroupName", "NewSyncGroupMode", "Newmax_ds:ui4", "Newmax_us:ui4"],
  ...["Newds_current_bps", "Newus_current_bps"],
].join(" ");

const link = (options: { right: Action["right"] }) => action("", LINK_OUT, () => LINK, options);

/** `WANCommonInterfaceConfig:1` of TR-064. */
export const WAN: Service = service("WANCommonInterfaceConfig", "wancommonifconfig1", {
  GetCommonLinkProperties: link({ right: ["config", "app"] }),
  "X_AVM-DE_GetOnlineMonitor": action(
    "NewSyncGroupIndex:ui4",
    DATE_OUT,
    () => ({
      ...{ NewTotalNumberSyncGroups: 1, NewSyncGroupName: "sync_dsl", NewSyncGroupMode: "VDSL" },
      ...{ Newmax_ds: 12_500_000, Newmax_us: 5_000_000, Newds_current_bps: COUNTS, Newus_current_bps: COUNTS },
    }),
    { right: ["config"] },
  ),
});

/** A service of the description for UPnP clients: needs no login. */
function igd(name: string, id: string, path: string, actions: Record<string, Action>): Service {
  return {
    ...service(name, path, actions),
    type: `urn:schemas-upnp-org:service:${name}:1`,
    id: `urn:upnp-org:serviceId:${id}`,
    control: `/igdupnp/control/${path}`,
    scpd: `/${path}.xml`,
  };
}

/** `WANCommonIFC1` and `WANIPConn1`. */
export const IGD_SERVICES: Service[] = [
  igd("WANCommonInterfaceConfig", "WANCommonIFC1", "WANCommonIFC1", {
    GetCommonLinkProperties: link({ right: "open" }),
    GetAddonInfos: action(
      "",
      "NewByteSendRate:ui4 NewByteReceiveRate:ui4 NewX_AVM_DE_TotalBytesSent64 NewX_AVM_DE_TotalBytesReceived64",
      () => ({
        ...{ NewByteSendRate: 1200, NewByteReceiveRate: 34_000 },
        ...{ NewX_AVM_DE_TotalBytesSent64: "5000000000", NewX_AVM_DE_TotalBytesReceived64: "70000000000" },
      }),
      OPEN,
    ),
  }),
  igd("WANIPConnection", "WANIPConn1", "WANIPConn1", {
    GetStatusInfo: action(
      "",
      STATUS_OUT,
      (_, { startedAt, state }) => ({
        ...{ NewConnectionStatus: "Connected", NewLastConnectionError: "ERROR_NONE" },
        NewUptime: Math.max(0, Math.floor((state.now().getTime() - startedAt) / 1000)),
      }),
      OPEN,
    ),
    GetExternalIPAddress: action("", "NewExternalIPAddress", () => ({ NewExternalIPAddress: "203.0.113.7" }), OPEN),
    X_AVM_DE_GetExternalIPv6Address: action(
      "",
      "NewExternalIPv6Address NewPrefixLength:ui1",
      () => ({ NewExternalIPv6Address: "2001:db8::7", NewPrefixLength: 64 }),
      OPEN,
    ),
  }),
];
