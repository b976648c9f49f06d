// What a listener costs: processor time at rest and under load, and the memory that it keeps.
import { scriptOfCalls } from "./calls.mjs";
import { figure } from "./figures.mjs";
import { BARE } from "./peers.mjs";
import { pause } from "./stats.mjs";

const LOAD_LINES = 1_000;
/** By then a listener that holds what it has just told, in case that it is killed, has let go of it: this package after 2 s. */
const LET_GO_MS = 2_500;

/** Compares listeners in Node-RED with a Node-RED that does nothing (`bare`). */
export async function effort(listening, bare, missing, restMs, runs) {
  const [rest, load, growth] = [0, 1, 2].map(() => Object.fromEntries(listening.map(({ subject }) => [subject, []])));
  const all = [...listening, { subject: BARE, process: bare }];
  rest[BARE] = [];
  for (let run = 0; run <= runs; run++) {
    const resting = await askAll(all, "cpuMs");
    await pause(restMs);
    const rested = await askAll(all, "cpuMs");
    for (const [i, { subject }] of all.entries()) {
      if (run > 0) rest[subject].push(((rested[i] - resting[i]) / restMs) * 60_000); // the first one warms up
    }
    for (const { subject, box, process } of listening) {
      await process.mode();
      const { heapUsed } = await process.ask("memory");
      const cpuMs = await process.ask("cpuMs");
      for (const { line } of scriptOfCalls({ lines: LOAD_LINES, parallel: 2, seed: run })) {
        box.monitor.send(line);
        await pause(1);
      }
      await pause(200);
      const used = (await process.ask("cpuMs")) - cpuMs;
      await pause(LET_GO_MS);
      const kept = (await process.ask("memory")).heapUsed - heapUsed;
      if (run === 0) continue;
      load[subject].push(used);
      growth[subject].push(Math.max(0, kept / 1e3));
    }
  }
  const scale = (unit, how) => ({ unit, better: "less", how });
  return [
    figure(
      "processor time at rest",
      scale(
        "ms a minute",
        `Node-RED's process with an open connection on which nothing is said for ${restMs / 1000} s. ${runs} runs at the same time`,
      ),
      { ...rest, ...missing },
    ),
    figure(
      "processor time for 1,000 lines",
      scale(
        "ms",
        `Node-RED's process, a line a millisecond, with the messages' delivery to a node that counts. ${runs} runs, one after the other`,
      ),
      { ...load, ...missing },
    ),
    figure(
      "memory kept after 1,000 lines",
      scale("kB", `heap ${LET_GO_MS / 1000} s later, after garbage collection, beside before. ${runs} runs`),
      { ...growth, ...missing },
    ),
  ];
}

const askAll = (all, task) => Promise.all(all.map(({ process }) => process.ask(task)));
