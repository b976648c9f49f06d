/** Types of Node-RED's runtime that @types/node-red lacks or has outdated. */
import type { EventEmitter } from "node:events";
import type { Node, NodeAPI, NodeAPISettingsWithData, NodeDef, NodeMessage } from "node-red";

export type { Node, NodeDef };

export type Runtime = NodeAPI<
  NodeAPISettingsWithData & { lang?: string; userDir?: string; fileWorkingDirectory?: string }
> & { events: EventEmitter };

export type Message = NodeMessage & Record<string, unknown>;

/** The default of each property of a node but `name` and `box`; the form has the same ones. */
export type Defaults<Def> = Required<Omit<Def, keyof NodeDef | "box">>;

/** Called exactly once; an error goes to the Catch nodes. */
export type Done = (error?: Error) => void;
/** A message for one output, a list with one for each of several. */
export type Outgoing = Message | (Message | null)[];
export type Send = (msg: Outgoing) => void;
