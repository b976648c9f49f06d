/** The environment of `fritz-hangup-agent` -> the agent's options; what cannot be used is refused with one sentence. */
import { ipVersion } from "../core/home-network";
import type { HangupAgentOptions } from "./agent-types";
import { hostAndPort, SIP_PORT } from "./values";

/** A setting that cannot be used. */
export class SettingError extends Error {}

export interface CliSettings {
  agent: HangupAgentOptions;
  /** Numbers to hang up on; undefined: none. */
  blocked: RegExp | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the variables. Throws a `SettingError` at the first that cannot be used. */
export function readSettings(env: Environment): CliSettings {
  const textOf = (name: string) => env[name]?.trim() ?? "";
  const whole = (name: string, ifMissing: number, least: number, most: number) => {
    const text = textOf(name);
    const value = text === "" ? ifMissing : Number(text);
    if (/^\d*$/.test(text) && value >= least && value <= most) return value;
    throw new SettingError(`${name} is not a whole number from ${least} to ${most}`);
  };
  const agent = {
    host: hostOf("REGISTRAR", required("REGISTRAR", textOf)),
    port: whole("PORT", SIP_PORT, 1, 65_535),
    domain: hostOf("DOMAIN", textOf("DOMAIN") || "fritz.box"),
    user: required("SIPUSER", textOf),
    password: env["PASSWORD"] ?? "",
    localAddress: addressOf("LOCAL", textOf("LOCAL")),
    localPort: whole("LOCALPORT", 0, 0, 65_535),
    expires: whole("EXPIRES", 300, 1, 86_400),
  };
  return { agent, blocked: patternOf("BLOCK_RE", env["BLOCK_RE"] ?? "") };
}

function required(name: string, textOf: (name: string) => string): string {
  const text = textOf(name);
  if (text === "") throw new SettingError(`${name} is missing`);
  return text;
}

/** A name or an address, an IPv6 address with or without brackets; returned without. */
function hostOf(name: string, text: string): string {
  if (ipVersion(text.replace(/%.*$/, "")) === 6) return text;
  const found = hostAndPort(text);
  if (!found) throw new SettingError(`${name} is not a host name or address`);
  if (found.port !== undefined) throw new SettingError(`${name} has a port in it: set PORT instead`);
  return found.host;
}

function addressOf(name: string, text: string): string {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  if (bare !== "" && ipVersion(bare) === 0) throw new SettingError(`${name} is not an IP address`);
  return bare;
}

function patternOf(name: string, text: string): RegExp | undefined {
  try {
    return text === "" ? undefined : new RegExp(text);
  } catch {
    throw new SettingError(`${name} is not a regular expression`);
  }
}
