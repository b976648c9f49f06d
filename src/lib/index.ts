/** The pure core for programs without Node-RED: parse, anonymise and listen. */
export type { CallEvent, CallEventName, Direction, Outcome, Party } from "./model/call-event";
export type { LineFailure, LineFault, MonitorLine } from "./model/monitor-line";
export type { MonitorProblem, MonitorProblemCode } from "./model/problems";
export { anonymizeEvent } from "./domain/anonymize-event";
export { anonymizeLine } from "./protocol/anonymize-line";
export { parseLine, type ParsedLine } from "./protocol/call-monitor-line";
export { LineFramer } from "./protocol/line-framer";
export { CallMonitor, type CallMonitorListener, type CallMonitorOptions } from "./services/call-monitor";
export type { SoapValues } from "./protocol/soap";
export { Tr064Client, type Tr064Options } from "./transport/tr064-client";
export { FritzError, type FritzErrorCode } from "./model/errors";
export type { LinkState } from "./services/connection-keeper";
export type { Flag, NumberType } from "./model/caller-info";
export type { DialPlan, NormalizedNumber } from "./model/phone-number";
export { isSameNumber, lookupKeys, normalizeNumber, useAreaCodeFile, type AreaCodeCount } from "./services/numbers";
export { isFake } from "./domain/phone-number/judged";
export { countryName } from "./domain/country-name";
