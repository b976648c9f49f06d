// How long a line takes from the box's write to the listener.
import { scriptOfCalls } from "./calls.mjs";
import { figure } from "./figures.mjs";
import { nowMs, percentile, randomFrom, shuffled } from "./stats.mjs";

/** Median and 99th percentile for each listener. */
export async function latencies(listening, missing, what, lines, runs) {
  const [medians, tails] = [0, 1].map(() => Object.fromEntries(listening.map(({ subject }) => [subject, []])));
  for (const { process } of listening) await process.mode({ tick: true });
  const random = randomFrom(lines);
  for (let run = 0; run <= runs; run++) {
    const times = listening.map(() => []);
    for (const { line } of scriptOfCalls({ lines, parallel: 1, seed: run })) {
      for (const [i, { box, process }] of shuffled([...listening.entries()], random)) {
        const sent = nowMs();
        const heard = new Promise((resolve) => (process.onTick = resolve));
        box.monitor.send(line);
        times[i].push(((await heard).tick - sent) * 1000);
      }
    }
    for (const [i, { subject }] of listening.entries()) {
      if (run === 0) continue; // warm-up
      medians[subject].push(percentile(times[i], 0.5));
      tails[subject].push(percentile(times[i], 0.99));
    }
  }
  const how =
    `one line at a time on a connection that is open, the listeners in turn, in an order by chance; from the write of the box to the arrival in the ` +
    `listening process. ${lines} lines a run, ${runs} runs, one to warm up`;
  const scale = { unit: "µs", better: "less", how };
  return [
    figure(`${what}, median`, scale, { ...medians, ...missing }),
    figure(`${what}, 99 %`, scale, { ...tails, ...missing }),
  ];
}
