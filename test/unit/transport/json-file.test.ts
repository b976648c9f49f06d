import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonFile } from "../../../src/lib/transport/json-file";

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
    assert.deepEqual(readdirSync(join(folder, "a")), ["b.json"]);
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

  it("puts aside what is no JSON", async () => {
    const path = join(folder, "b.json");
    writeFileSync(path, '{"half');
    await assert.rejects(jsonFile(path).load());
    assert.equal(existsSync(path), false);
    assert.equal(readFileSync(`${path}.broken`, "utf8"), '{"half');
    assert.equal(await jsonFile(path).load(), undefined);
  });

  it("rejects if it cannot write", async () => {
    writeFileSync(join(folder, "file"), "");
    await assert.rejects(jsonFile(join(folder, "file", "b.json")).save(1));
  });
});
