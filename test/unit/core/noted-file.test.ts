import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notedFile } from "../../../src/lib/core/noted-file";

/** The value is a list of numbers, a change adds one. */
const add = (value: unknown, changes: unknown[]) => [...((value as number[] | undefined) ?? []), ...changes];

describe("notedFile", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "noted-file-"));
    path = join(folder, "a", "b.json");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const open = () => notedFile(path, add);
  const note = (store: ReturnType<typeof open>, change: unknown) => store.note(change);

  it("gives what was saved with what was noted since, also to the next one", async () => {
    const first = open();
    assert.equal(await first.load(), undefined);
    await note(first, 1);
    assert.deepEqual(await open().load(), [1]);
    await first.save([1]);
    assert.deepEqual(await open().load(), [1]);
    const second = open();
    assert.deepEqual(await second.load(), [1]);
    await Promise.all([note(second, 2), note(second, 3)]);
    assert.deepEqual(await open().load(), [1, 2, 3]);
    await second.save([1, 2, 3]);
    assert.equal(statSync(`${path}.changes`).size, 0);
    await note(second, 4);
    assert.deepEqual(await open().load(), [1, 2, 3, 4]);
    assert.equal(statSync(`${path}.changes`).mode & 0o777, 0o600);
  });

  it("puts on the disk what was noted, says when it is much, and keeps what comes meanwhile", async () => {
    const store = open();
    assert.equal(await store.sync(), false);
    await note(store, 1);
    const [isLong] = await Promise.all([store.sync(), store.save([1]), note(store, 2)]);
    assert.equal(isLong, false);
    assert.deepEqual(await open().load(), [1, 2]);
    for (let i = 0; i < 300; i++) await note(store, "x".repeat(1_000));
    assert.equal(await store.sync(), true);
    await store.save([]);
    assert.equal(await store.sync(), false);
    const next = open();
    await note(store, 3);
    assert.deepEqual(await next.load(), [3]);
    await next.save([3]);
    assert.equal(statSync(`${path}.changes`).size, 0, "also what an earlier process noted");
  });

  it("keeps what was noted while it saved", async () => {
    const store = open();
    await note(store, 1);
    const saved = store.save([1]);
    await note(store, 2);
    await saved;
    assert.deepEqual(await open().load(), [1, 2]);
  });

  it("a line that a kill cut off is no change, and does not spoil the next one", async () => {
    const store = open();
    await note(store, 1);
    appendFileSync(`${path}.changes`, '{"count":2,"chan');
    const next = open();
    assert.deepEqual(await next.load(), [1]);
    await note(next, 3);
    assert.deepEqual(await open().load(), [1, 3]);
  });

  it("takes the saved value if the changes are damaged", async () => {
    const store = open();
    await store.save([1]);
    writeFileSync(`${path}.changes`, "\0\0\0");
    assert.deepEqual(await open().load(), [1]);
  });

  it("the changes stay bounded while they go on, and none is lost", async () => {
    const store = open();
    const text = "x".repeat(1_000);
    let most = 0;
    const all: string[] = [];
    for (let round = 0; round < 20; round++) {
      const saving = store.save([...all]);
      for (let i = 0; i < 50; i++) {
        all.push(`${text}${round} ${i}`);
        await note(store, all.at(-1));
      }
      await saving;
      most = Math.max(most, statSync(`${path}.changes`).size);
      assert.deepEqual(await open().load(), all);
    }
    assert.ok(most < 400_000, String(most));
    assert.deepEqual(readdirSync(join(folder, "a")), ["b.json", "b.json.changes", "b.json.copy"]);
  });

  it("rejects where the folder cannot be written, and notes again when it can", async () => {
    writeFileSync(join(folder, "a"), "in the way");
    const store = open();
    await assert.rejects(note(store, 1));
    rmSync(join(folder, "a"));
    await note(store, 2);
    assert.deepEqual(await open().load(), [2]);
    assert.match(readFileSync(`${path}.changes`, "utf8"), /^\n\{"count":2,"change":2\}\n$/);
  });
});
