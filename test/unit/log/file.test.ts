import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import fsPromises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import { FritzError } from "../../../src/lib/core/errors";
import { LogFiles } from "../../../src/lib/log/file";

const failsWith = (code: string, retry: boolean) => (error: unknown) =>
  error instanceof FritzError && error.code === code && error.retry === retry;

describe("LogFiles", () => {
  let folder = "";
  let files: LogFiles;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fritz-log-"));
    files = new LogFiles();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const lines = (path: string) => readFileSync(path, "utf8").split("\n").slice(0, -1);
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`);

  it("appends lines with their ends", async () => {
    const path = join(folder, "calls.log");
    await files.append(path, "one");
    await files.append(path, "zwölf € 😀");
    assert.equal(readFileSync(path, "utf8"), "one\nzwölf € 😀\n");
  });

  it("appends to what is there", async () => {
    const path = join(folder, "calls.log");
    writeFileSync(path, "before\n");
    await files.append(path, "after");
    assert.deepEqual(lines(path), ["before", "after"]);
  });

  it("thousands at a time: in order, whole, each once", async () => {
    const path = join(folder, "calls.log");
    const all = numbered(5000);
    await Promise.all(all.map((line) => files.append(path, line)));
    assert.deepEqual(lines(path), all);
  });

  it("long lines are not torn apart either", async () => {
    const path = join(folder, "calls.log");
    const all = numbered(40).map((line) => line.repeat(5000));
    await Promise.all(all.map((line) => files.append(path, line)));
    assert.deepEqual(lines(path), all);
  });

  it("a line is in the file when its promise is kept", async () => {
    const path = join(folder, "calls.log");
    const seen = await Promise.all(
      numbered(500).map((line) =>
        files.append(path, line).then(() => readFileSync(path, "utf8").includes(`${line}\n`)),
      ),
    );
    assert.equal(seen.includes(false), false);
  });

  it("writers of several files do not wait for each other, nor mix", async () => {
    const all = numbered(500);
    const paths = ["a.log", "b.log", "c.log"].map((name) => join(folder, name));
    await Promise.all(paths.flatMap((path) => all.map((line) => files.append(path, `${path} ${line}`))));
    for (const path of paths)
      assert.deepEqual(
        lines(path),
        all.map((line) => `${path} ${line}`),
      );
  });

  it("makes missing folders, and both for the owner only", async () => {
    const path = join(folder, "a", "b", "calls.log");
    await files.append(path, "one");
    assert.deepEqual(lines(path), ["one"]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, "a", "b")).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, "a")).mode & 0o777, 0o700);
  });

  it("leaves the rights of a file that is there", async () => {
    const path = join(folder, "calls.log");
    writeFileSync(path, "");
    chmodSync(path, 0o640);
    await files.append(path, "one");
    assert.equal(statSync(path).mode & 0o777, 0o640);
  });

  it("a file or folder that was deleted or moved in between is made anew", async () => {
    const path = join(folder, "sub", "calls.log");
    await files.append(path, "one");
    renameSync(path, join(folder, "old.log"));
    await files.append(path, "two");
    rmSync(join(folder, "sub"), { recursive: true });
    await files.append(path, "three");
    assert.deepEqual(lines(join(folder, "old.log")), ["one"]);
    assert.deepEqual(lines(path), ["three"]);
  });

  it("a folder is no file", async () => {
    await assert.rejects(files.append(folder, "one"), failsWith("log-folder", false));
  });

  it("a file is no folder", async () => {
    const path = join(folder, "calls.log");
    writeFileSync(path, "");
    await assert.rejects(files.append(join(path, "x.log"), "one"), failsWith("log-folder", false));
    await assert.rejects(files.append(join(path, "a", "b", "x.log"), "one"), failsWith("log-folder", false));
  });

  it("a name that the system refuses", async () => {
    const errors = await Promise.all(
      ["x".repeat(300), "a\u0000b"].map((name) =>
        files.append(join(folder, name), "one").catch((error: unknown) => error),
      ),
    );
    for (const error of errors) assert.ok(error instanceof FritzError && error.code === "log-failed", String(error));
  });

  it("no right to write there", async function () {
    if (process.getuid?.() === 0) return this.skip(); // root may write everywhere
    chmodSync(folder, 0o500);
    await assert.rejects(files.append(join(folder, "calls.log"), "one"), failsWith("log-denied", false));
    chmodSync(folder, 0o700);
  });

  describe("a full disk", () => {
    before(function () {
      if (!existsSync("/dev/full")) this.skip();
    });

    it("each line that is not written says so", async () => {
      const results = await Promise.allSettled(numbered(100).map((line) => files.append("/dev/full", line)));
      for (const result of results) {
        if (result.status === "fulfilled") assert.fail("nothing can be written there");
        assert.ok(failsWith("log-full", true)(result.reason), String(result.reason));
      }
    });

    it("disturbs no other file, and later lines are tried again", async () => {
      const path = join(folder, "calls.log");
      const [full, good] = await Promise.allSettled([files.append("/dev/full", "one"), files.append(path, "one")]);
      assert.deepEqual([full?.status, good?.status], ["rejected", "fulfilled"]);
      await assert.rejects(files.append("/dev/full", "two"), failsWith("log-full", true));
    });
  });

  for (const [errno, code, retry] of [
    ["EACCES", "log-denied", false],
    ["EPERM", "log-denied", false],
    ["EROFS", "log-denied", false],
    ["ENOSPC", "log-full", true],
    ["EDQUOT", "log-full", true],
    ["EIO", "log-failed", true],
  ] as const) {
    it(`the system's ${errno}: ${code}`, async () => {
      const fail = () => Promise.reject(Object.assign(new Error("no"), { code: errno }));
      const fake = mock.method(fsPromises, "open", fail);
      try {
        await assert.rejects(files.append(join(folder, "calls.log"), "one"), failsWith(code, retry));
      } finally {
        fake.mock.restore();
      }
    });
  }

  it("a disk that fills up in the middle of a line: whole lines count, the torn one gets an end of its own", async () => {
    const path = join(folder, "calls.log");
    let room = 25;
    const { open } = fsPromises;
    const fake = mock.method(fsPromises, "open", async (...args: Parameters<typeof open>) => {
      const file = await open(...args);
      const write = async (bytes: Buffer, from: number) => {
        const part = bytes.subarray(from, from + room);
        if (part.length === 0) throw Object.assign(new Error("full"), { code: "ENOSPC" });
        room -= part.length;
        return file.write(part);
      };
      return { write, close: () => file.close() };
    });
    try {
      const all = ["a", "b", "c", "d"].map((char) => char.repeat(9));
      const results = await Promise.allSettled(all.map((line) => files.append(path, line)));
      assert.deepEqual(
        results.map(({ status }) => status),
        ["fulfilled", "fulfilled", "rejected", "rejected"],
      );
      await assert.rejects(files.append(path, "e"), failsWith("log-full", true));
      room = Infinity;
      await files.append(path, "next");
      await files.append(path, "and next");
    } finally {
      fake.mock.restore();
    }
    assert.deepEqual(lines(path), ["aaaaaaaaa", "bbbbbbbbb", "ccccc", "next", "and next"]);
  });

  it("a failure is for its lines only: once the cause is gone, writing goes on", async () => {
    const path = join(folder, "calls.log");
    mkdirSync(path);
    await assert.rejects(files.append(path, "one"), failsWith("log-folder", false));
    rmSync(path, { recursive: true });
    await files.append(path, "two");
    assert.deepEqual(lines(path), ["two"]);
  });
});
