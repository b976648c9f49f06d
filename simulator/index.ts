/** A Fritz!Box on sockets, for trying flows without a box and for tests. */
export { type BoxOptions, type CallOptions, SimulatedBox, stamp } from "./box";
export { type ListenOptions, MonitorServer } from "./monitor-server";
export { play, type PlayOptions, readLog } from "./play";
export type { AnsweringMachines, Machine, NewMessage, VoiceMessage } from "./tr064/answering-machines";
export type { Leg } from "./sip/leg";
export { SipServer } from "./sip/server";
export { Telephone, type TelephoneOptions, type TelephoneState } from "./sip/telephone";
export type { BoxPhonebooks } from "./tr064/box-phonebooks";
export type { CallEntry, CallFilter, CallList, CallType } from "./tr064/call-list";
export { CERTIFICATES, type KeyPair } from "./tr064/certificates";
export type { DigestGate } from "./tr064/digest";
export type { FaultKind, FaultOrder } from "./tr064/faults";
export { type Account, BARRING_ID, type Contact, type ContactNumber, contactXml, Phonebook } from "./tr064/phonebooks";
export { recording, type SoundFormat } from "./tr064/recordings";
export type { SecondFactor } from "./tr064/second-factor";
export type { SimulatedCall } from "./call-record";
export type { LoggedRequest, Tr064ListenOptions } from "./tr064/incoming";
export { Tr064Server } from "./tr064/server";
export type {
  Access,
  BoxUser,
  Deflection,
  Handset,
  Model,
  OwnNumber,
  Place,
  Rights,
  SipClient,
} from "./tr064/state-types";
export type { BoxState } from "./tr064/state";
export { DEMO_CALLERS, type KnownCaller } from "./web/callers";
export { SEARCHCH_KEY, TELLOWS_KEY } from "./web/apis";
export type { WebFault } from "./web/faults";
export { FORMERLY_LISTED, OWN_LISTS, PHONEBLOCK_TOKEN } from "./web/phoneblock";
export { type WebRequestSeen, WebServices } from "./web/server";
export { ReplayedBox } from "./evidence/replay";
export { scrubRecording } from "./evidence/scrub";
export { type RecordedCall, type Recording, readRecording } from "./evidence/types";
