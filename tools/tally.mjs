// What the jobs of a test run came to: counts, the names of what failed, and what is to be run again, alone.
import { readFileSync } from "node:fs";

/** More failures than this are no accident of a busy machine: nothing is run again. */
const MOST_AGAIN = 5;

/**
 * The counts that `mocha-reporter.cjs` wrote, or undefined if the run ended without them (ended at its limit, crashed);
 * `again`: the outermost suites in which something failed, their counts and what chooses them.
 * @returns {{ passed: number, failed: number, skipped: number, titles: string[],
 *   again: { passed: number, skipped: number, grep: string } } | undefined}
 */
export function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;
  #failures = [];
  #again = [];
  #steadied = [];

  add({ passed = 0, failed = 0, skipped = 0 }) {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
  }

  fail(name, titles = []) {
    this.failed += Math.max(1, titles.length);
    this.#failures.push([name, ...titles].join("\n  "));
  }

  /**
   * Counts a run of mocha. What failed of a job with `again` (real programs, which a busy machine holds up) is kept for
   * another run; all other failures are final: a property's counterexample and a wrong sum are found once and are true.
   * @param job `{ name, files, again }`
   * @param ok whether the program ended well
   * @param counts of `readCounts`
   */
  count(job, ok, counts) {
    const { passed = 0, skipped = 0, titles = [], again } = counts ?? {};
    if (ok || !job.again) this.add({ passed, skipped });
    if (ok) return;
    if (!job.again) return this.fail(job.name, titles);
    const whole = counts === undefined || titles.length === 0;
    if (!whole) this.add({ passed: passed - again.passed, skipped: skipped - again.skipped });
    this.#again.push({ job, titles, grep: whole ? undefined : again.grep });
  }

  /** What is to be run again: `{ job, titles, grep }`, `grep` undefined for the whole job. Fails it all if it is too much. */
  takeAgain() {
    const again = this.#again;
    this.#again = [];
    const number = again.reduce((sum, { titles }) => sum + Math.max(1, titles.length), 0);
    if (number <= MOST_AGAIN) return again;
    for (const { job, titles } of again) this.fail(job.name, titles);
    return [];
  }

  /** Counts the second run of what `takeAgain` gave. */
  countAgain({ job, titles }, ok, counts) {
    this.add({ passed: counts?.passed, skipped: counts?.skipped });
    if (ok && counts?.passed > 0) this.#steadied.push([job.name, ...titles].join("\n  "));
    else this.fail(job.name, counts?.titles ?? titles);
  }

  /** The end of what a run prints; its last line is `N passed, N failed` or `N passed, N failed, N skipped`. */
  get text() {
    const steadied = this.#steadied.length > 0 && `Passed only when run again, alone (a race to be found):`;
    return [
      ...(steadied ? ["", steadied, ...this.#steadied] : []),
      ...(this.#failures.length > 0 ? ["", "Failed:", ...this.#failures] : []),
      "",
      `${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ""}`,
    ].join("\n");
  }
}
