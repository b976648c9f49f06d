/** Reads the properties of `fritz-config`, deployed or from its dialog. */
import { isTimeZone } from "../../lib/calls/box-time";
import { cleanHost } from "../../lib/calls/connection";
import type { TelephonyOptions } from "../../lib/box/telephony";
import { flagOr, textOr } from "../../lib/core/unknown";
import { type BoxSettings, DEFAULTS } from "./definition";

export interface BoxCredentials {
  username?: string;
  password?: string;
}

/** Options of the call monitor; an invalid time zone counts as none. */
export function monitorOptions({ host, monitorPort, timeZone }: BoxSettings) {
  const zone = textOf(timeZone);
  return {
    host: cleanHost(textOf(host ?? DEFAULTS.host)),
    port: portOf(monitorPort, DEFAULTS.monitorPort),
    timeZone: zone === "" || isTimeZone(zone) ? zone : "",
  };
}

/** Options of the TR-064 client. */
export function telephonyOptions(settings: BoxSettings, { username, password }: BoxCredentials): TelephonyOptions {
  const [port, tlsPort] = [portOf(settings.port, DEFAULTS.port), portOf(settings.tlsPort, DEFAULTS.tlsPort)];
  const isStandard = port === DEFAULTS.port && tlsPort === DEFAULTS.tlsPort;
  const { host, timeZone } = monitorOptions(settings);
  return {
    host,
    port,
    // A box with non-default ports reports them itself.
    ...(!isStandard && { tlsPort }),
    tls: flagOr(settings.tls, DEFAULTS.tls),
    fingerprint: textOf(settings.fingerprint),
    username: textOf(username),
    password: String(password ?? ""),
    countryCode: textOf(settings.countryCode),
    areaCode: textOf(settings.areaCode),
    timeZone,
  };
}

/** A property as text: imported flows and environment variables may contain numbers. */
export const textOf = (value: unknown) => textOr(value, "");

/** An invalid port counts as not set. */
function portOf(given: unknown, usual: number): number {
  const port = Number(textOf(given) || usual);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : usual;
}
