/** The committed data are what the tool derives from the packages that are named as their sources. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./support/node-red-server";

/** Written by hand: no package has them. */
const BY_HAND = ["special.csv"];

describe("data", () => {
  it("are derived, and each file is named in SOURCES.md", () => {
    const folder = mkdtempSync(join(tmpdir(), "data-"));
    try {
      const tool = join(root, "tools/build-data.mjs");
      const { status, stderr } = spawnSync(process.execPath, [tool, folder], { encoding: "utf8" });
      assert.equal(status, 0, stderr);
      const committed = readdirSync(join(root, "data")).filter((name) => /\.(csv|jsonl)$/.test(name));
      assert.deepEqual([...readdirSync(folder), ...BY_HAND].sort(), committed.sort());
      const sources = readFileSync(join(root, "data/SOURCES.md"), "utf8");
      for (const name of committed) {
        assert.ok(sources.includes(`| \`${name}\` |`), `${name} has no source`);
        if (BY_HAND.includes(name)) continue;
        const [derived, present] = [folder, join(root, "data")].map((place) => readFileSync(join(place, name), "utf8"));
        assert.ok(derived === present, `data/${name} is not what the tool derives: run node tools/build-data.mjs`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
