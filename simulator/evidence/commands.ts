/** Evidence: the commands `fritz-simulator record` and `fritz-simulator replay`. */
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { BoxClient } from "./client";
import { collect, listen } from "./collect";
import { ReplayedBox } from "./replay";
import { scrubRecording } from "./scrub";
import { readRecording, type Recording } from "./types";

const RECORD_USAGE = `fritz-simulator record: writes down what a Fritz!Box says, for a report of a fault

  --host H       the box (default fritz.box)
  --port N       TR-064 (default 49000)
  --tls          over TLS; the port is then 49443
  --monitor N    port of the call monitor (default 1012), 0 = leave it out
  --seconds N    listen to the call monitor so long (default 60): make a call meanwhile
  --user U       a user of the box; the password is asked for, or taken from FRITZ_PASSWORD
  --out FILE     default fritz-recording.json
  --yes          save without asking

Numbers, names, serial numbers, addresses and keys are replaced by stand-ins before anything is shown or saved. The box is only read.`;

const RECORD = {
  host: { type: "string", default: "fritz.box" },
  port: { type: "string" },
  tls: { type: "boolean", default: false },
  monitor: { type: "string", default: "1012" },
  seconds: { type: "string", default: "60" },
  user: { type: "string", default: "" },
  out: { type: "string", default: "fritz-recording.json" },
  yes: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Records, scrubs, shows, and saves after confirmation. */
export async function record(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: RECORD });
  if (values.help) return console.log(RECORD_USAGE);
  const { host, tls, user, out } = values;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const password =
      user === "" ? "" : (process.env["FRITZ_PASSWORD"] ?? (await ask.question(`Password of ${user}: `)));
    const client = new BoxClient({ host, tls, user, password, port: Number(values.port ?? (tls ? 49443 : 49000)) });
    const recording = await collect(client, (what) => console.error(`asking ${what}`));
    if (values.monitor !== "0") {
      console.error(`listening to the call monitor for ${values.seconds} s ...`);
      recording.monitor = await listen(
        host,
        Number(values.monitor),
        AbortSignal.timeout(Number(values.seconds) * 1000),
      );
    }
    const text = `${JSON.stringify(scrubRecording(recording), undefined, 2)}\n`;
    console.log(text);
    if (!values.yes && !/^(?:y|j)/i.test(await ask.question(`Save this as ${out}? [y/N] `)))
      return console.error("Nothing was saved.");
    writeFileSync(out, text);
    console.error(`Saved as ${out}. Please look through it once more before you hand it out.`);
  } finally {
    ask.close();
  }
}

const REPLAY_USAGE = `fritz-simulator replay FILE: plays a recording as a box; user fritz1234, password secret

  --host H       address to listen on (default 127.0.0.1)
  --port N       port of the call monitor (default 1012, 0 = any free one)
  --tr064 N      port of TR-064 (default 49000, 0 = any free one)
  --speed N      60 plays an hour in a minute (default 1)`;

const REPLAY = {
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: "1012" },
  tr064: { type: "string", default: "49000" },
  speed: { type: "string", default: "1" },
  help: { type: "boolean", default: false },
} as const;

/** Listens until the process is terminated; the lines begin with the first client of the call monitor. */
export async function replay(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, options: REPLAY, allowPositionals: true });
  if (values.help || positionals[0] === undefined) return console.log(REPLAY_USAGE);
  const recording: Recording = readRecording(readFileSync(positionals[0], "utf8"));
  const box = new ReplayedBox(recording);
  await box.listen({ host: values.host, monitorPort: Number(values.port), port: Number(values.tr064) });
  console.log(`call monitor on ${box.monitor.host}:${box.monitor.port}`);
  console.log(`TR-064 on http://${values.host}:${box.port}`);
  const timer = setInterval(() => {
    if (box.monitor.connections === 0) return;
    clearInterval(timer);
    void box.play(Number(values.speed));
  }, 20);
  const quit = () => {
    clearInterval(timer);
    void box.stop();
  };
  process.once("SIGINT", quit).once("SIGTERM", quit);
}
