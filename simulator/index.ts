/** A Fritz!Box on sockets, for trying flows without a box and for tests. */
export { type BoxOptions, type CallOptions, type SimulatedCall, SimulatedBox, stamp } from "./box";
export { type ListenOptions, MonitorServer } from "./monitor-server";
export { play, type PlayOptions, readLog } from "./play";
export type { BookShelf } from "./tr064/book-shelf";
export type { CallEntry, CallFilter, CallList, CallType } from "./tr064/call-list";
export { CERTIFICATES, type KeyPair } from "./tr064/certificates";
export type { DigestGate } from "./tr064/digest";
export type { FaultKind, FaultOrder } from "./tr064/faults";
export { type Account, BARRING_ID, type Contact, type ContactNumber, contactXml, Phonebook } from "./tr064/phonebooks";
export type { SecondFactor } from "./tr064/second-factor";
export { type LoggedRequest, type Tr064ListenOptions, Tr064Server } from "./tr064/server";
export type { Access, BoxState, BoxUser, Deflection, Handset, Model, OwnNumber, Place, Rights } from "./tr064/state";
export { DEMO_CALLERS, type KnownCaller } from "./web/callers";
export { SEARCHCH_KEY, TELLOWS_KEY } from "./web/apis";
export type { WebFault } from "./web/faults";
export { FORMERLY_LISTED, OWN_LISTS, PHONEBLOCK_TOKEN } from "./web/phoneblock";
export { type WebRequestSeen, WebServices } from "./web/server";
