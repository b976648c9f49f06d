/** Test support: the same suite on both Node-REDs; one that is not there is skipped with a clear word. */
import { type NodeRedVersion, nodeRedAt } from "./node-red-server";

export function onEachNodeRed(suite: (version: NodeRedVersion) => void): void {
  for (const version of ["4.1", "5.0"] as const) {
    const { missing } = nodeRedAt(version);
    describe(`Node-RED ${version}`, () => {
      if (missing === undefined) suite(version);
      else it.skip(`is not installed (${missing})`);
    });
  }
}
