// Mocha's "spec" reporter that also writes its counts and what failed to the file named by MOCHA_COUNTS: `titles` for people,
// `patterns` for mocha's --grep (of a hook its whole suite, as the suite's tests did not run). A run without a failure has to
// end by itself; one with a failure is ended, as what the failed test opened may be open still.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

const escaped = (title) => title.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const AFTER_FAILURE_MS = 3000;

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const titles = [];
    const patterns = [];
    runner.on("fail", (test) => {
      titles.push(test.titlePath().join(" > "));
      patterns.push(test.type === "hook" ? `^${escaped(test.parent.fullTitle())} ` : `^${escaped(test.fullTitle())}$`);
    });
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      if (failures > 0) setTimeout(() => process.exit(1), AFTER_FAILURE_MS).unref();
      if (process.env.MOCHA_COUNTS) {
        const result = { passed: passes, failed: failures, skipped: pending, titles, patterns };
        writeFileSync(process.env.MOCHA_COUNTS, JSON.stringify(result));
      }
    });
  }
};
