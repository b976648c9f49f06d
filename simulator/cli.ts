#!/usr/bin/env node
/** Simulator: the command `fritz-simulator`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { SimulatedBox } from "./box";
import { runCommand } from "./commands";
import { DEMO_PHONE, fillForDemo } from "./demo-books";
import { record, replay } from "./evidence/commands";
import { play, readLog } from "./play";
import { SEARCHCH_KEY, TELLOWS_KEY } from "./web/apis";
import { PHONEBLOCK_TOKEN } from "./web/phoneblock";

const USAGE = `fritz-simulator: a Fritz!Box's call monitor without a Fritz!Box

  --port N       port of the call monitor (default 1012, 0 = any free one)
  --host H       address to listen on (default 127.0.0.1)
  --tr064 N      also TR-064 on this port (a real box: 49000); user fritz1234, password secret
  --tls N        TR-064 over TLS (a real box: 49443)
  --same-scheme  addresses of documents have the scheme of the request; else TLS where there is TLS
  --sip N        also a registrar for IP telephones (a real box: 5060); user anrufwaechter, password Beispiel1234
  --web N        also PhoneBlock, tellows, directories and the like, each at http://host:N/<id of the source>
  --play FILE    plays a recorded log; "day" is the one that comes with the package
  --speed N      60 plays an hour in a minute (default 1)
  --pause S      longest pause between two lines in seconds
  --now          stamps the lines with the present time
  --loop         plays again and again
  --help

fritz-simulator record writes down what a real box says, without what is private; fritz-simulator replay FILE plays that as a box.
Each has --help.

Type "help" at the prompt for calls and faults.`;

const DAY = join(__dirname, "recorded-day.log");

const OPTIONS = {
  port: { type: "string", default: "1012" },
  host: { type: "string", default: "127.0.0.1" },
  tr064: { type: "string" },
  tls: { type: "string" },
  "same-scheme": { type: "boolean", default: false },
  sip: { type: "string" },
  web: { type: "string" },
  play: { type: "string" },
  speed: { type: "string", default: "1" },
  pause: { type: "string", default: "Infinity" },
  now: { type: "boolean", default: false },
  loop: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command === "record") return record(rest);
  if (command === "replay") return replay(rest);
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) return console.log(USAGE);
  const lines =
    values.play === undefined ? [] : readLog(readFileSync(values.play === "day" ? DAY : values.play, "utf8"));
  const box = new SimulatedBox();
  await box.monitor.listen({ port: Number(values.port), host: values.host });
  console.log(`call monitor on ${box.monitor.host}:${box.monitor.port}`);
  box.tr064.state.schemeOfRequest = values["same-scheme"];
  await startTr064(box, values.host, values.tr064, values.tls);
  await startSip(box, values.host, values.sip);
  await startWeb(box, values.host, values.web);
  const stop = new AbortController();
  const quit = () => {
    stop.abort();
    prompt.close();
    process.stdin.destroy(); // an open pipe would keep the process alive
    void box.monitor.stop();
    void box.tr064.stop();
    void box.web.stop();
    void box.sip.stop();
  };
  const prompt = createInterface({ input: process.stdin });
  prompt.on("line", (typed) => {
    if (typed.trim() === "quit") return quit();
    void runCommand(box, typed).then((answer) => answer && console.log(answer));
  });
  process.once("SIGINT", quit).once("SIGTERM", quit);
  if (lines.length === 0) return;
  do {
    await play(box.monitor, lines, {
      speed: Number(values.speed),
      longestPauseMs: Number(values.pause) * 1000,
      stamps: values.now ? "now" : "recorded",
      signal: stop.signal,
    });
  } while (values.loop && !stop.signal.aborted && (await breath(stop.signal)));
}

async function startTr064(box: SimulatedBox, host: string, plain?: string, tls?: string): Promise<void> {
  if (plain === undefined && tls === undefined) return;
  fillForDemo(box);
  const { tr064 } = box;
  await tr064.listen({
    host,
    ...(plain === undefined ? {} : { port: Number(plain) }),
    ...(tls === undefined ? {} : { tlsPort: Number(tls) }),
  });
  if (plain !== undefined) console.log(`TR-064 on http://${host}:${tr064.port}`);
  if (tls !== undefined) console.log(`TR-064 on https://${host}:${tr064.tlsPort} fingerprint ${tr064.fingerprint}`);
}

async function startSip(box: SimulatedBox, host: string, port?: string): Promise<void> {
  if (port === undefined) return;
  box.tr064.state.sipClients.push(DEMO_PHONE);
  await box.sip.listen({ host, port: Number(port) });
  console.log(`SIP on udp://${host}:${box.sip.port} user ${DEMO_PHONE.username}, password ${DEMO_PHONE.password}`);
}

async function startWeb(box: SimulatedBox, host: string, port?: string): Promise<void> {
  if (port === undefined) return;
  await box.web.listen({ host, port: Number(port) });
  console.log(`services on http://${host}:${box.web.port}/, keys: ${PHONEBLOCK_TOKEN} ${TELLOWS_KEY} ${SEARCHCH_KEY}`);
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
