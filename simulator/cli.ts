#!/usr/bin/env node
/** Simulator: the command `fritz-simulator`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { SimulatedBox } from "./box";
import { runCommand } from "./commands";
import { play, readLog } from "./play";

const USAGE = `fritz-simulator: a Fritz!Box's call monitor without a Fritz!Box

  --port N       port of the call monitor (default 1012, 0 = any free one)
  --host H       address to listen on (default 127.0.0.1)
  --play FILE    plays a recorded log; "day" is the one that comes with the package
  --speed N      60 plays an hour in a minute (default 1)
  --pause S      longest pause between two lines in seconds
  --now          stamps the lines with the present time
  --loop         plays again and again
  --help

Type "help" at the prompt for calls and faults.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "1012" },
      host: { type: "string", default: "127.0.0.1" },
      play: { type: "string" },
      speed: { type: "string", default: "1" },
      pause: { type: "string", default: "Infinity" },
      now: { type: "boolean", default: false },
      loop: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const box = new SimulatedBox();
  await box.monitor.listen({ port: Number(values.port), host: values.host });
  console.log(`call monitor on ${box.monitor.host}:${box.monitor.port}`);
  const stop = new AbortController();
  const quit = () => {
    stop.abort();
    prompt.close();
    process.stdin.destroy(); // an open pipe would keep the process alive
    void box.monitor.stop();
  };
  const prompt = createInterface({ input: process.stdin });
  prompt.on("line", (typed) => {
    if (typed.trim() === "quit") return quit();
    void runCommand(box, typed).then((answer) => answer && console.log(answer));
  });
  process.once("SIGINT", quit).once("SIGTERM", quit);
  if (values.play === undefined) return;
  const file = values.play === "day" ? join(__dirname, "recorded-day.log") : values.play;
  const lines = readLog(readFileSync(file, "utf8"));
  do {
    await play(box.monitor, lines, {
      speed: Number(values.speed),
      longestPauseMs: Number(values.pause) * 1000,
      stamps: values.now ? "now" : "recorded",
      signal: stop.signal,
    });
  } while (values.loop && !stop.signal.aborted && lines.length > 0 && (await breath(stop.signal)));
}

/** A pause between two rounds, so that a loop of one line does not spin. */
async function breath(signal: AbortSignal): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return !signal.aborted;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
