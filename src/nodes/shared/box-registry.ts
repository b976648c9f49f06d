/** L5 nodes: all boxes of this process: configurations of the same box share its connections, also over a deploy. */
import { Boxes } from "../../lib/services/box";

/** The one registry. */
export const boxes = new Boxes();
