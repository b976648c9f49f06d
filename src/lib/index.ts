/** The pure core for programs without Node-RED: listen, parse, anonymise, and talk to the phonebooks. */
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
export type { Call, CallKind } from "./model/call";
export type { BookInfo, Contact, ContactNumber, FoundContact, WriteReport } from "./model/contact";
export type { DialPlan } from "./model/phone-number";
export type { Found, WriteOptions } from "./model/telephony";
export { Phonebooks, type PhonebooksOptions } from "./services/phonebooks/phonebooks";
export { Telephony, type TelephonyOptions } from "./services/telephony";
