/** How test files are dealt out to jobs. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../support/node-red-server";

interface Dealing {
  SECONDS: Record<string, number>;
  longestFirst<T>(all: T[]): T[];
  heaps(files: string[], number: number): string[][];
}

describe("test files", () => {
  let dealing: Dealing;
  before(async () => {
    dealing = (await import(pathToFileURL(join(root, "tools/heaps.mjs")).href)) as Dealing;
  });
  const files = readdirSync(__dirname)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join("test/tools", name));

  it("come into one heap each, all of them", () => {
    const dealt = dealing.heaps(files, 2);
    assert.equal(dealt.length, 2);
    assert.deepEqual(dealt.flat().sort(), [...files].sort());
    for (const heap of dealt) assert.ok(heap.length > 0);
  });

  it("are no more heaps than files", () => assert.equal(dealing.heaps(files.slice(0, 1), 3).length, 1));

  it("that take long are dealt out first, and the shorter ones beside them", () => {
    const [long = "", ...shorter] = dealing.longestFirst(Object.keys(dealing.SECONDS));
    const [first, second] = dealing.heaps([...shorter, long], 2);
    assert.equal(first?.[0], long);
    assert.equal(second?.[0], shorter[0]);
  });

  it("of which the time is written down are there", () => {
    for (const file of Object.keys(dealing.SECONDS)) assert.ok(existsSync(join(root, file)), file);
  });

  it("make jobs, of which the longest begins first", () => {
    const [short, long, named] = [{ files: files.slice(0, 1) }, { files }, { seconds: 9999 }];
    assert.deepEqual(dealing.longestFirst<object>([short, named, long]), [named, long, short]);
  });
});
