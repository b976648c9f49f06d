/** Whatever is kept survives a process that is killed while it writes, a full disk, and damage: the last good copy is read. */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockMemory } from "../../src/lib/blocking/state";
import { jsonFile } from "../../src/lib/core/json-file";
import { systemClock } from "../../src/lib/core/clock";
import { BookMemory } from "../../src/lib/phonebook/stored-books";
import { DialLimit } from "../../src/lib/telephony/dial-rules";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { root } from "../support/node-red-server";
import { until } from "../support/wait";

const KILLS = 50;
const STORES = ["block", "books", "answers", "messages", "deflections", "dial", "home"];

/** The number that a store was last given, as far as its value tells. */
const LAST: Record<string, (value: never) => number> = {
  block: ({ allowed }: { allowed: { number: string }[] }) => Number(allowed[0]?.number),
  books: ({ atMs, books }: { atMs: number; books: { contacts: unknown[] }[] }) =>
    books[0]?.contacts.length === 200 ? atMs : -1,
  answers: ({ entries }: { entries: unknown[] }) => entries.length,
  messages: ({ seen }: { seen: string[] }) => Number(seen.at(-1)),
  deflections: ({ pending }: { pending: { untilMs: number }[] }) =>
    Math.round(((pending[0]?.untilMs ?? 0) - Date.now()) / 60_000),
  dial: ({ times }: { times: number[] }) => times.length,
  home: ({ plan }: { plan: { areaCode: string } }) => Number(plan.areaCode),
};

const unexpected = (error: unknown) => assert.fail(String(error));

describe("stores", function () {
  this.timeout(300_000);
  let folder: string;
  const programs = mkdtempSync(join(tmpdir(), "store-writer-"));
  const writer = join(programs, "store-writer.cjs");
  before(() => writeFileSync(writer, compiled("store-writer.ts")));
  after(() => rmSync(programs, { recursive: true, force: true }));
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "stores-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it(`keep what they have said to keep when the process is killed ${KILLS} times in the middle of a write`, async () => {
    const kept = new Map<string, number>();
    let killedInWrite = 0;
    for (let kill = 0; kill < KILLS || (killedInWrite === 0 && kill < 10 * KILLS); kill++) {
      const child = spawn(process.execPath, [writer, folder, String(Math.max(0, ...kept.values()))]);
      await killAfter(child, kept, (kill * 37) % 160);
      killedInWrite += readdirSync(folder).some((name) => name.endsWith(".new")) ? 1 : 0;
      for (const name of STORES) {
        const value = await jsonFile(join(folder, `${name}.json`)).load();
        if (value === undefined) assert.equal(kept.get(name), undefined, name);
        else
          assert.ok(LAST[name]?.(value as never) ?? -1 >= (kept.get(name) ?? 0), `${name}: ${JSON.stringify(value)}`);
      }
    }
    assert.equal(kept.size, STORES.length, "all were written");
    assert.ok(killedInWrite > 0, "some were killed between draft and rename");
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".broken")),
      [],
    );
  });

  it("keep the last good copy on a full disk, tell it, and write again when there is room", async function () {
    if (!mounted(folder)) this.skip();
    try {
      const file = (name: string) => jsonFile(join(folder, "fritz-calls", `${name}.json`));
      const troubles: unknown[] = [];
      const block = await BlockMemory.open(file("block"), (error) => troubles.push(error));
      const books = new BookMemory(file("books"), (error) => troubles.push(error));
      const limit = new DialLimit(file("dial"), systemClock);
      const reading = (atMs: number) => ({ atMs, plan: { countryCode: "49" }, readings: [], gone: new Map() });
      const allow = async (key: string) => {
        block.change({ allowed: [{ key, number: key, at: "" }] });
        await block.saved();
      };
      await allow("+491");
      await books.save(reading(1));
      await limit.use(10);
      assert.deepEqual(troubles, []);
      fill(folder);
      await allow("+492");
      await books.save(reading(2));
      await assert.rejects(limit.use(10), { code: "dial-store" });
      assert.deepEqual(
        troubles.map((error) => (error as { code?: string }).code),
        ["ENOSPC", "ENOSPC"],
      );
      assert.deepEqual((await BlockMemory.open(file("block"), unexpected)).allowed[0]?.key, "+491");
      assert.equal((await books.load())?.atMs, 1);
      assert.deepEqual(
        readdirSync(join(folder, "fritz-calls")).filter((name) => name.endsWith(".new")),
        [],
        "no draft takes the last room",
      );
      rmSync(join(folder, "filler"));
      await allow("+493");
      await books.save(reading(3));
      await limit.use(10);
      assert.deepEqual((await BlockMemory.open(file("block"), unexpected)).allowed[0]?.key, "+493");
      assert.equal((await books.load())?.atMs, 3);
    } finally {
      execFileSync("umount", [folder]);
    }
  });

  it("read the copy in place of a damaged file, and say so when both are damaged", async () => {
    const child = spawn(process.execPath, [writer, folder, "0"]);
    const kept = new Map<string, number>();
    await killAfter(child, kept, 300, () => STORES.every((name) => (kept.get(name) ?? 0) >= 3));
    for (const name of STORES) {
      const path = join(folder, `${name}.json`);
      const good = readFileSync(path);
      for (const damage of [Buffer.alloc(0), good.subarray(0, good.length >> 1), Buffer.alloc(good.length)]) {
        writeFileSync(path, damage);
        assert.ok((LAST[name]?.((await jsonFile(path).load()) as never) ?? -1) >= 1, name);
        writeFileSync(path, damage);
        const copy = readFileSync(`${path}.copy`);
        writeFileSync(`${path}.copy`, damage);
        await assert.rejects(jsonFile(path).load(), SyntaxError);
        writeFileSync(`${path}.copy`, copy);
      }
    }
  });
});

/** Takes down what the process says to have kept, and kills it some time after it began to write. */
async function killAfter(
  child: ChildProcess,
  kept: Map<string, number>,
  ms: number,
  enough = () => true,
): Promise<void> {
  let [text, errors, ready, ended] = ["", "", false, false];
  child.stderr?.on("data", (data) => (errors += String(data)));
  child.stdout?.on("data", (data) => {
    text += String(data);
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const [name = "", n = ""] = line.split(" ");
      if (line === "ready") ready = true;
      else kept.set(name, Number(n));
    }
  });
  child.on("close", () => (ended = true));
  try {
    await until("the writing process", () => (ready && enough()) || ended);
    assert.equal(errors, "");
    await new Promise((resolve) => setTimeout(resolve, ms));
  } finally {
    child.kill("SIGKILL");
  }
  await until("its end", () => ended);
  assert.equal(errors, "");
}

/** A program of test/support that runs the built library: it starts in no time. */
function compiled(file: string): string {
  const text = readFileSync(join(root, "test/support", file), "utf8");
  const { outputText } = transpileModule(text, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  return outputText.replaceAll("../../src/", `${root}/dist/`);
}

/** A tiny disk of its own; only where the test may mount one. */
function mounted(folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function fill(folder: string): void {
  for (let bytes = 128 * 1024; bytes > 0; bytes -= 1024) {
    try {
      writeFileSync(join(folder, "filler"), Buffer.alloc(bytes));
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOSPC") throw error;
    }
  }
}
