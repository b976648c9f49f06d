import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonFile } from "../../../src/lib/core/json-file";

describe("jsonFile", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "json-file-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gives back what was saved last, from a file that only its owner can read", async () => {
    const path = join(folder, "a", "b.json");
    assert.equal(await jsonFile(path).load(), undefined);
    await jsonFile(path).save({ n: 1 });
    await jsonFile(path).save({ n: 2, text: "Ä" });
    assert.deepEqual(await jsonFile(path).load(), { n: 2, text: "Ä" });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(folder, "a")), ["b.json", "b.json.copy"]);
    assert.equal(statSync(`${path}.copy`).mode & 0o777, 0o600);
  });

  it("a draft that a crash left does no harm", async () => {
    const path = join(folder, "b.json");
    await jsonFile(path).save(1);
    writeFileSync(`${path}.new`, '{"half', { mode: 0o644 });
    assert.equal(await jsonFile(path).load(), 1);
    await jsonFile(path).save(2);
    assert.equal(await jsonFile(path).load(), 2);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  for (const damage of ["", '{"half', "\0\0\0\0"]) {
    it(`takes the copy in place of a file with ${JSON.stringify(damage)}, and keeps that`, async () => {
      const path = join(folder, "b.json");
      await jsonFile(path).save({ allowed: 1 });
      writeFileSync(path, damage);
      assert.deepEqual(await jsonFile(path).load(), { allowed: 1 });
      assert.equal(readFileSync(`${path}.broken`, "utf8"), damage);
      assert.deepEqual(await jsonFile(path).load(), { allowed: 1 });
    });

    it(`rejects and touches nothing if the copy has ${JSON.stringify(damage)}, too`, async () => {
      const path = join(folder, "b.json");
      writeFileSync(path, damage);
      for (const withCopy of [false, true]) {
        if (withCopy) writeFileSync(`${path}.copy`, damage);
        await assert.rejects(jsonFile(path).load());
        await assert.rejects(jsonFile(path).load());
        assert.equal(readFileSync(path, "utf8"), damage);
      }
    });
  }

  it("rejects what may not be read, or is a folder, also with a good copy", async () => {
    const path = join(folder, "b.json");
    await jsonFile(path).save(1);
    rmSync(path);
    assert.equal(await jsonFile(path).load(), 1, "the file is gone");
    mkdirSync(path);
    await assert.rejects(jsonFile(path).load());
    assert.equal(existsSync(path), true);
  });

  it("a write that fails leaves the last good value, and no draft", async () => {
    const path = join(folder, "b.json");
    await jsonFile(path).save(1);
    await assert.rejects(
      jsonFile(path).save({
        toJSON: () => {
          throw new Error("x");
        },
      }),
    );
    mkdirSync(`${path}.new`);
    await assert.rejects(jsonFile(path).save(2));
    assert.equal(await jsonFile(path).load(), 1);
  });

  it("rejects if it cannot write", async () => {
    writeFileSync(join(folder, "file"), "");
    await assert.rejects(jsonFile(join(folder, "file", "b.json")).save(1));
  });
});
