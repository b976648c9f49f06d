import assert from "node:assert/strict";
import { describeExtension } from "../../../src/lib/calls/monitor-line";

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe("describeExtension", () => {
  for (const [ids, device] of [
    [[0], "FON 1"],
    [[1], "FON 2"],
    [[2], "FON 3"],
    [[3], "Call-through"],
    [[4], "ISDN"],
    [[5], "Fax"],
    [range(10, 15), "DECT"],
    [range(20, 29), "IP phone"],
    [[32, 33, 34, 36, 37], "Data"],
    [range(50, 59), "ISDN"],
    [[99], "Mobile"],
  ] as const) {
    it(`${ids.join(", ")}: ${device}`, () => {
      for (const id of ids) assert.deepEqual(describeExtension(id), { extension: id, device });
    });
  }

  it("6 and 40 to 49 are answering machines", () => {
    for (const extension of [6, ...range(40, 49)])
      assert.deepEqual(describeExtension(extension), { extension, device: "Answering machine", machine: true });
  });

  it("an undocumented id keeps its number and gets no name", () => {
    for (const extension of [7, 9, 30, 39, 60, 98, 100, 12345]) {
      assert.deepEqual(describeExtension(extension), { extension });
    }
  });
});
