/** What a test run comes to: what is run again, and what counts as failed. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  titles: string[];
  again: { passed: number; skipped: number; grep: string };
}
interface Job {
  name: string;
  again?: boolean;
}
interface Again {
  job: Job;
  titles: string[];
  grep?: string;
}
interface Tally {
  readonly failed: number;
  readonly text: string;
  count(job: Job, ok: boolean, counts?: Counts): void;
  takeAgain(): Again[];
  countAgain(first: Again, ok: boolean, counts?: Counts): void;
}
interface Tools {
  Tally: new () => Tally;
  readCounts: (this: void, file: string) => Counts | undefined;
}

const root = join(__dirname, "../..");
const load = async () => (await import(pathToFileURL(join(root, "tools/tally.mjs")).href)) as Tools;
const lastLine = ({ text }: Tally) => text.split("\n").at(-1);
/** `again`: as many of those that passed stand in suites in which something failed. */
const counts = (passed: number, titles: string[] = [], again = 0): Counts => ({
  ...{ passed, failed: titles.length, skipped: 0, titles },
  again: { passed: again, skipped: 0, grep: titles.map((title) => `^${title} `).join("|") },
});
const REAL = { name: "e2e/outage", again: true };

describe("the tally of a test run", () => {
  let tally: Tally;
  beforeEach(async () => (tally = new (await load()).Tally()));

  it("counts what passed and what failed, and names it", () => {
    tally.count({ name: "unit 1" }, true, counts(7));
    tally.count({ name: "properties 1" }, false, counts(2, ["lines > are never lost"]));
    assert.equal(tally.text, "\nFailed:\nproperties 1\n  lines > are never lost\n\n9 passed, 1 failed");
    assert.deepEqual(tally.takeAgain(), []);
  });

  it("runs the suite of what failed with real programs again, and says so when it passes", () => {
    tally.count(REAL, false, counts(5, ["deaf"], 3));
    const [first, ...more] = tally.takeAgain();
    assert.deepEqual(more, []);
    assert.equal(first?.grep, "^deaf ");
    tally.countAgain(first, true, counts(4));
    assert.match(tally.text, /^\nPassed only when run again, alone .*\ne2e\/outage\n {2}deaf\n\n6 passed, 0 failed$/);
  });

  it("fails what is not found when it is run again", () => {
    tally.count(REAL, false, counts(0, ["hook of all"]));
    const [first] = tally.takeAgain();
    assert.ok(first);
    tally.countAgain(first, true, counts(0));
    assert.equal(lastLine(tally), "0 passed, 1 failed");
  });

  it("fails what fails again", () => {
    tally.count(REAL, false, counts(2, ["deaf"]));
    const [first] = tally.takeAgain();
    assert.ok(first);
    tally.countAgain(first, false, counts(0, ["deaf"]));
    assert.equal(lastLine(tally), "2 passed, 1 failed");
  });

  it("runs a whole job again that ended without a result, and fails it if it does so again", () => {
    tally.count(REAL, false);
    const [first] = tally.takeAgain();
    assert.deepEqual(first, { job: REAL, titles: [], grep: undefined });
    tally.countAgain(first, false);
    assert.equal(lastLine(tally), "0 passed, 1 failed");
  });

  it("fails a run whose tests passed but whose program did not end well", () => {
    tally.count({ name: "unit 1" }, false, counts(3));
    assert.equal(lastLine(tally), "3 passed, 1 failed");
  });

  it("runs nothing again when much failed: that is no accident", () => {
    tally.count(REAL, false, counts(2, ["a", "b", "c"]));
    tally.count({ ...REAL, name: "e2e/block" }, false, counts(1, ["d", "e", "f"]));
    assert.deepEqual(tally.takeAgain(), []);
    assert.equal(lastLine(tally), "3 passed, 6 failed");
  });
});

describe("mocha's reporter", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "tally-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const spec = `const { writeFileSync, existsSync } = require("node:fs");
    const flag = process.env.FLAG;
    describe("a (b)", () => {
      it("stands", () => {});
      it("falls", () => { if (!existsSync(flag)) throw new Error("first"); });
      it("is skipped");
    });
    describe("hook?", () => {
      before(() => { if (!existsSync(flag)) { writeFileSync(flag, ""); throw new Error("first"); } });
      it("waits for the hook", () => {});
    });
    describe("other", () => it("stands", () => {}));`;

  /** Runs the spec; resolves with whether the program ended well. */
  const mocha = (file: string, more: string[]) =>
    new Promise<boolean>((resolve) => {
      const env = { ...process.env, MOCHA_COUNTS: join(folder, "counts.json"), FLAG: join(folder, "flag") };
      const reporter = join(root, "tools/mocha-reporter.cjs");
      const args = [
        join(root, "node_modules/mocha/bin/mocha.js"),
        "--no-config",
        "--reporter",
        reporter,
        ...more,
        file,
      ];
      execFile(process.execPath, args, { env, cwd: tmpdir() }, (error) => resolve(error === null));
    });

  it("says how to run the suites again in which something failed, and what they came to", async () => {
    const { readCounts } = await load();
    const file = join(folder, "spec.cjs");
    writeFileSync(file, spec);
    assert.equal(await mocha(file, []), false);
    const first = readCounts(join(folder, "counts.json"));
    assert.ok(first);
    assert.deepEqual([first.passed, first.failed, first.skipped], [2, 2, 1]);
    assert.deepEqual(first.again, { passed: 1, skipped: 1, grep: "^a \\(b\\) |^hook\\? " });
    assert.equal(await mocha(file, ["--grep", first.again.grep]), true);
    const second = readCounts(join(folder, "counts.json"));
    assert.deepEqual([second?.passed, second?.failed, second?.skipped], [3, 0, 1]);
  });

  it("nothing is read from a run that left no counts", async () => {
    assert.equal((await load()).readCounts(join(folder, "none.json")), undefined);
  });
});
