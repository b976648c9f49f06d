/** A Fritz!Box on sockets, for trying flows without a box and for tests. */
export { type BoxOptions, type CallOptions, type SimulatedCall, SimulatedBox, stamp } from "./box";
export { type ListenOptions, MonitorServer } from "./monitor-server";
export { play, type PlayOptions, readLog } from "./play";
