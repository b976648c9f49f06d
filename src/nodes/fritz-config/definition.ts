/** The properties of `fritz-config`, deployed or as they stand in the dialog, with their defaults. */
import { MONITOR_PORT } from "../../lib/calls/call-monitor";
import { TR064_TLS_PORT } from "../../lib/tr064/client-options";
import { TR064_PORT } from "../../lib/tr064/client-options";

/** As Node-RED stores them; older flows and environment variables bring texts and gaps. */
export interface BoxSettings {
  name?: string;
  host?: string;
  monitorPort?: number | string;
  port?: number | string;
  tlsPort?: number | string;
  tls?: boolean;
  fingerprint?: string;
  countryCode?: string;
  areaCode?: string;
  areaCodeFile?: string;
  timeZone?: string;
}

/** `""`: the certificate is accepted and shown, codes are asked from the box, the time zone is the host's. */
export const DEFAULTS = {
  ...{ host: "fritz.box", monitorPort: MONITOR_PORT, port: TR064_PORT, tlsPort: TR064_TLS_PORT, tls: true },
  ...{ fingerprint: "", countryCode: "", areaCode: "", areaCodeFile: "", timeZone: "" },
} satisfies Required<Omit<BoxSettings, "name">>;
