/** The agent's ways to the network, its defaults, and its errors. */
import { randomInt } from "node:crypto";
import { systemClock } from "../core/clock";
import { FritzError, systemCode } from "../core/errors";
import type { Place, OpenLink } from "./link";
import { findPlace } from "./place";
import type { RegistrationState } from "./registration";
import { openTcp, openUdp } from "./sockets";
import { SIP_PORT } from "./values";

/** The ways out; tests put others in their place. */
export interface AgentPorts {
  findPlace: (host: string, port: number, localAddress?: string) => Promise<Place>;
  openUdp: OpenLink;
  openTcp: OpenLink;
}

export const SOCKETS: AgentPorts = { findPlace, openUdp, openTcp };

/** The error of a failed registration. */
export function errorOf(state: Extract<RegistrationState, { kind: "failed" }>, host: string): FritzError {
  switch (state.problem) {
    case "refused":
      return new FritzError("sip-password", {}, false);
    case "status":
      return new FritzError("sip-status", { status: state.status }, true);
    case "no-answer":
      return new FritzError("sip-no-answer", { host }, true);
  }
}

/** The error of a way to the network that did not open. */
export function linkError(error: unknown): FritzError {
  return error instanceof FritzError ? error : new FritzError("sip-unreachable", { detail: systemCode(error) }, true);
}

export const DEFAULTS = {
  ...{ port: SIP_PORT, domain: "fritz.box", expires: 300, localAddress: "", localPort: 0, advertise: "" },
  clock: systemClock,
  random: () => randomInt(1_000_000) / 1_000_000,
};
