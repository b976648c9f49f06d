/** Test support: a flow as version 0.2.0 saved it, with each of its nodes and all their properties. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type FlowNode, root } from "./node-red-server";

export const SAVED_FLOW = JSON.parse(
  readFileSync(join(root, "test/fixtures/flow-0.2.0.json"), "utf8"),
) as readonly FlowNode[];
