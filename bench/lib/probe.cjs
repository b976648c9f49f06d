// In a subject's process: collects what it tells, and answers the bench over the process channel.
"use strict";
const { toRecord } = require("./records.cjs");

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
let mode = { keep: false, tick: false, until: Infinity, subject: "" };
let kept = [];
let count = 0;
let lastMs = 0;

/** The subject has told something. What is kept is a copy of that moment. */
function got(key, told) {
  lastMs = nowMs();
  count++;
  if (mode.keep)
    kept.push({ atMs: lastMs, key, record: mode.subject ? toRecord(mode.subject, told) : structuredClone(told) });
  if (mode.tick) process.send({ tick: lastMs, key, told: mode.tick === "told" ? structuredClone(told) : undefined });
  if (count === mode.until) process.send({ reached: lastMs });
}

const tasks = {
  /** Begins anew: what is to be done with what the subject tells. */
  mode(wanted) {
    mode = { keep: false, tick: false, until: Infinity, subject: "", ...wanted };
    kept = [];
    count = 0;
  },
  take: () => ({ kept: kept.splice(0), count, lastMs }),
  cpuMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  /** Bytes after a garbage collection, and what is open. */
  async memory() {
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      global.gc();
    }
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heapUsed, handles: process.getActiveResourcesInfo() };
  },
};

process.on("message", ({ id, task, args }) => {
  Promise.resolve()
    .then(() => tasks[task](args))
    .then(
      (result) => process.send({ id, result }),
      (error) => process.send({ id, error: String(error?.stack ?? error) }),
    );
});

module.exports = { got, tasks, nowMs };
