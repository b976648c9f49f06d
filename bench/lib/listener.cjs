// A process that listens with one subject's library, as its own documentation shows: node listener.cjs <subject>.
"use strict";
const { join } = require("node:path");
const probe = require("./probe.cjs");

const LISTEN = {
  "this package": async ({ key, host, port }) => {
    const { CallMonitor } = require(join(__dirname, "..", "..", "dist", "lib"));
    const monitor = new CallMonitor({ host, port });
    monitor.listen({
      event: (event) => probe.got(key, event),
      outage: () => probe.got(`${key} lost`, {}),
    });
    monitor.start();
  },
  "fritz-callmonitor": async ({ key, host, port }) => {
    const { CallMonitor } = await import("fritz-callmonitor");
    const monitor = new CallMonitor(host, port);
    monitor.on("phone", (event) => probe.got(key, event));
    for (const end of ["close", "end", "timeout", "error"]) monitor.on(end, () => probe.got(`${key} lost`, {}));
    monitor.connect();
  },
};

probe.tasks.listen = LISTEN[process.argv[2]];
