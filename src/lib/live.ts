/** `node-red-contrib-fritz-calls/box`: what talks to a Fritz!Box or to services: call monitor, TR-064, phonebooks, sources, SIP. */
export type { MonitorProblem, MonitorProblemCode } from "./calls/connection";
export { CallMonitor, type CallMonitorListener, type CallMonitorOptions } from "./calls/call-monitor";
export type { SoapValues } from "./tr064/soap";
export { Tr064Client } from "./tr064/client";
export type { Tr064Options } from "./tr064/client-options";
export type { LinkState } from "./calls/reconnecting-connection";
export { Phonebooks } from "./phonebook/phonebooks";
export type { PhonebooksOptions } from "./phonebook/phonebooks-options";
export { Telephony, type TelephonyOptions } from "./box/telephony";
export type { Descriptor } from "./callers/described/descriptor";
export type { CallerSource, SourceAnswer, SourceFinding, SourceProfile } from "./callers/source";
export { CallerInfoService, type CallerInfoOptions } from "./callers/caller-info";
/** `SourceGuards` is its former name. @deprecated */
export { CircuitBreakers, CircuitBreakers as SourceGuards } from "./callers/circuit-breakers";
export { buildSources, defaultEntries, offeredSources, type SourceEntry } from "./callers/sources/index";
export { webFetch } from "./web/fetch";
export { HangupAgent } from "./sip/agent";
export type { AgentListener, AgentState, HangupAgentOptions } from "./sip/agent-types";
export type { IncomingCall } from "./sip/call";
export type { CallEnd } from "./sip/call-types";
export { Hangups } from "./sip/hangups";
export type { HangupsOptions } from "./sip/reports";
export type { HangupReport, IncomingReport, Verdict } from "./sip/reports";
