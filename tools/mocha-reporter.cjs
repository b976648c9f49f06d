// Mocha's "spec" reporter that also writes its counts and the titles of what failed to the file named by MOCHA_COUNTS. A run without a failure has to end
// by itself; one with a failure is ended, as what the failed test opened may be open still.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

const AFTER_FAILURE_MS = 3000;

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const titles = [];
    runner.on("fail", (test) => titles.push(test.titlePath().join(" > ")));
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      if (failures > 0) setTimeout(() => process.exit(1), AFTER_FAILURE_MS).unref();
      if (process.env.MOCHA_COUNTS) {
        const result = { passed: passes, failed: failures, skipped: pending, titles };
        writeFileSync(process.env.MOCHA_COUNTS, JSON.stringify(result));
      }
    });
  }
};
