/** L5 nodes: the types of Node-RED's runtime that the nodes use, where @types/node-red is silent or out of date. */
import type { EventEmitter } from "node:events";
import type { Node, NodeAPI, NodeAPISettingsWithData, NodeDef, NodeMessage } from "node-red";

export type { Node, NodeDef };

export type Runtime = NodeAPI<
  NodeAPISettingsWithData & { lang?: string; userDir?: string; fileWorkingDirectory?: string }
> & { events: EventEmitter };

export type Message = NodeMessage & Record<string, unknown>;

/** Calls back exactly once; with an error the Catch nodes get it. */
export type Done = (error?: Error) => void;
export type Send = (msg: Message | (Message | null)[]) => void;
