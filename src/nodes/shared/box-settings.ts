/** L5 nodes: the properties of `fritz-config`, deployed or as they stand in the dialog -> what the services need. */
import { isTimeZone } from "../../lib/domain/box-time";
import { cleanHost, MONITOR_PORT } from "../../lib/services/call-monitor";
import type { TelephonyOptions } from "../../lib/services/telephony";
import { TR064_PORT, TR064_TLS_PORT } from "../../lib/transport/tr064-client";

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

export interface BoxCredentials {
  username?: string;
  password?: string;
}

/** The way to the call monitor; a time zone that does not exist counts as none. */
export function monitorOptions({ host, monitorPort, timeZone = "" }: BoxSettings) {
  return {
    host: cleanHost(String(host ?? "")),
    port: portOf(monitorPort, MONITOR_PORT),
    timeZone: timeZone.trim() === "" || isTimeZone(timeZone.trim()) ? timeZone.trim() : "",
  };
}

/** The way to TR-064. */
export function telephonyOptions(settings: BoxSettings, { username, password }: BoxCredentials): TelephonyOptions {
  const [port, tlsPort] = [portOf(settings.port, TR064_PORT), portOf(settings.tlsPort, TR064_TLS_PORT)];
  const isStandard = port === TR064_PORT && tlsPort === TR064_TLS_PORT;
  const { host, timeZone } = monitorOptions(settings);
  return {
    host,
    port,
    // A box that uses other ports than usual says so itself.
    ...(!isStandard && { tlsPort }),
    tls: settings.tls !== false,
    fingerprint: settings.fingerprint?.trim() ?? "",
    username: username?.trim() ?? "",
    password: password ?? "",
    countryCode: settings.countryCode ?? "",
    areaCode: settings.areaCode ?? "",
    timeZone,
  };
}

function portOf(given: number | string | undefined, usual: number): number {
  return given === undefined || given === "" ? usual : Number(given);
}
