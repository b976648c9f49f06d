// Mocha's "spec" reporter that also writes its counts, the titles of what failed and what to run again to the file named by
// MOCHA_COUNTS. A run without a failure has to end by itself; one with a failure is ended, as what the failed test opened may
// be open still.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

const escaped = (title) => title.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const AFTER_FAILURE_MS = 3000;

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const titles = [];
    /** By the outermost suite, as the tests of one may build on each other: what fails is run again with all of it. */
    const suites = new Map();
    const count = (test, what) => {
      const [title] = test.titlePath();
      const counts = suites.get(title) ?? { title, passed: 0, skipped: 0, failed: 0 };
      counts[what]++;
      suites.set(title, counts);
    };
    runner.on("pass", (test) => count(test, "passed"));
    runner.on("pending", (test) => count(test, "skipped"));
    runner.on("fail", (test) => {
      titles.push(test.titlePath().join(" > "));
      count(test, "failed");
    });
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      if (failures > 0) setTimeout(() => process.exit(1), AFTER_FAILURE_MS).unref();
      if (process.env.MOCHA_COUNTS) {
        const again = [...suites.values()].filter(({ failed }) => failed > 0);
        const sum = (what) => again.reduce((total, counts) => total + counts[what], 0);
        const grep = again.map(({ title }) => `^${escaped(title)} `).join("|");
        const result = { passed: passes, failed: failures, skipped: pending, titles };
        result.again = { passed: sum("passed"), skipped: sum("skipped"), grep };
        writeFileSync(process.env.MOCHA_COUNTS, JSON.stringify(result));
      }
    });
  }
};
