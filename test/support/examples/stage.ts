/** Test support: what the test of one example gets. */
import type { SimulatedBox, WebServices } from "../../../simulator";
import type { FlowNode, NodeRedServer } from "../node-red-server";

export interface Stage {
  box: SimulatedBox;
  /** The services outside the house. */
  web: WebServices;
  server: NodeRedServer;
  /** The port of the MQTT broker; 0 = none. */
  brokerPort: number;
  /** Clicks the inject node of that name. */
  click: (name: string) => Promise<void>;
  /** What the debug nodes have printed since the deploy. */
  printed: () => string;
  /** Waits until the debug nodes have said it. */
  prints: (wanted: RegExp) => Promise<void>;
  /** Deploys the example once more, with variables of its tab and changed nodes; waits for the call monitor. */
  deployWith: (env: Record<string, string>, change?: (node: FlowNode) => FlowNode) => Promise<void>;
  /** Deploys the example beside another one. */
  deployAlso: (others: FlowNode[]) => Promise<void>;
}

export type Act = (stage: Stage) => Promise<void>;

/** The token of the fake bot, in the environment of the examples' Node-RED. */
export const BOT_TOKEN = "4711:Beispiel_Token";
