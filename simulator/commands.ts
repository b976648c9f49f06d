/** Simulator: the commands of its prompt. */
import { readFileSync } from "node:fs";
import type { SimulatedBox } from "./box";
import type { SimulatedCall } from "./call-record";
import { play, readLog } from "./play";
import { FAULT_KINDS as BOX_FAULTS, type FaultKind } from "./tr064/faults";
import { FAULT_KINDS, readFault } from "./web/faults";
import { WebServices } from "./web/server";

interface Command {
  usage: string;
  help: string;
  run(box: SimulatedBox, args: string[], rest: string): string | void | Promise<string | void>;
}

/** The call with this id, or the latest one. */
function pick(box: SimulatedBox, id: string | undefined): SimulatedCall {
  const call = id === undefined ? box.openCalls.at(-1) : box.openCalls.find((open) => open.id === Number(id));
  if (!call) throw new Error(id === undefined ? "no call is open" : `no open call has the id ${id}`);
  return call;
}

function whole(text: string | undefined, ifMissing: number): number {
  const value = text === undefined ? ifMissing : Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${text} is not a whole number`);
  return value;
}

const withOwn = (own: string | undefined) => (own === undefined ? {} : { own });

const COMMANDS: Record<string, Command> = {
  ring: {
    usage: "ring [caller] [own]",
    help: "a call comes in; without a caller, or with -, the number is withheld",
    run: (box, [caller = "-", own]) => {
      if (caller !== "-" && !/[0-9@]|^anonymous$/.test(caller)) throw new Error(`${caller} is not a number`);
      return `call ${box.ring(caller === "-" ? "" : caller, withOwn(own)).id}`;
    },
  },
  dial: {
    usage: "dial number [extension] [own]",
    help: "somebody in the house dials out",
    run: (box, [number = "", extension, own]) => `call ${box.dial(number, whole(extension, 11), withOwn(own)).id}`,
  },
  answer: {
    usage: "answer [extension] [id]",
    help: "the call is answered (10-15 DECT, 40 answering machine)",
    run: (box, [extension, id]) => box.answer(pick(box, id), whole(extension, 11)),
  },
  speak: {
    usage: "speak [seconds] [machine]",
    help: "an answering machine answers and the caller leaves a message, which is there after hangup",
    run: (box, [seconds, machine]) =>
      box.speak(pick(box, undefined), { seconds: whole(seconds, 3), machine: whole(machine, 0) }),
  },
  ringing: {
    usage: "ringing",
    help: "the callers at whose calls the telephones of the house ring now",
    run: (box) => box.ringingCalls.map(({ remote }) => remote || "-").join(" ") || "silence",
  },
  hangup: { usage: "hangup [id]", help: "the call ends", run: (box, [id]) => box.hangUp(pick(box, id)) },
  bar: {
    usage: "bar number",
    help: "the box rejects this caller from now on",
    run: (box, [number = ""]) => void box.barred.add(number),
  },
  play: {
    usage: "play file [speed]",
    help: "plays a recorded log; speed 60 = an hour in a minute",
    run: async (box, [file = "", speed = "1"]) => {
      const sent = await play(box.monitor, readLog(readFileSync(file, "utf8")), { speed: Number(speed) });
      return `${sent} lines sent`;
    },
  },
  line: { usage: "line text", help: "sends the text as a line", run: (box, _, rest) => box.monitor.send(rest) },
  bytes: {
    usage: "bytes hex",
    help: "sends bytes without line end, e.g. bytes 31 0d 0a",
    run: (box, args) => box.monitor.sendBytes(Buffer.from(args.join(""), "hex")),
  },
  segments: {
    usage: "segments size text",
    help: "sends the text as a line in segments of that many bytes",
    run: (box, [size], rest) => {
      const text = rest.replace(/^\S+\s?/, "");
      return box.monitor.sendSegments(`${text}\r\n`, Math.max(1, whole(size, 1)));
    },
  },
  garbage: {
    usage: "garbage [bytes]",
    help: "sends random bytes and a line end",
    run: (box, [count]) => {
      const bytes = Uint8Array.from({ length: whole(count, 64) }, () => Math.floor(Math.random() * 256));
      box.monitor.sendBytes(Buffer.concat([bytes, Buffer.from("\r\n")]));
    },
  },
  close: { usage: "close", help: "closes all connections in good order", run: (box) => box.monitor.closeAll() },
  reset: { usage: "reset", help: "breaks all connections off", run: (box) => box.monitor.resetAll() },
  refuse: {
    usage: "refuse",
    help: "breaks off and refuses connections, like a box with the call monitor off",
    run: async (box) => {
      box.monitor.resetAll();
      await box.monitor.refuse();
    },
  },
  accept: { usage: "accept", help: "accepts connections again", run: (box) => box.monitor.accept() },
  mute: { usage: "mute", help: "sends nothing from now on, though all looks well", run: (box) => box.monitor.mute() },
  unmute: { usage: "unmute", help: "sends again", run: (box) => box.monitor.mute(false) },
  web: {
    usage: "web [site] [fault] [n]",
    help: "a service outside fails like this from now on, or works again; n: status, ms or bytes; alone it lists all",
    run: ({ web }, [site, kind, n]) => {
      if (site === undefined) return `${WebServices.sites.join(" ")}\nfaults: ${FAULT_KINDS.join(" ")}`;
      if (!WebServices.sites.includes(site)) throw new Error(`no service ${site}`);
      return web.fail(site, kind === undefined ? undefined : readFault(kind, n));
    },
  },
  fault: {
    usage: "fault [kind] [match] [times] [n]",
    help: 'TR-064: what matches ("GetPhonebookList", "GetPhonebook(1)", a path; - = all) fails so often; alone it lists the kinds',
    run: ({ tr064 }, [kind, match = "-", times, n]) => {
      if (kind === undefined)
        return Object.entries(BOX_FAULTS)
          .map((row) => row.join(": "))
          .join("\n");
      if (kind === "off") return tr064.faults.clear();
      if (!Object.hasOwn(BOX_FAULTS, kind)) throw new Error(`no fault ${kind}`);
      const meant = n === undefined ? {} : { bytes: whole(n, 0), ms: whole(n, 0), code: whole(n, 0) };
      const to = match === "-" ? {} : { match };
      return tr064.failNext({ kind: kind as FaultKind, times: whole(times, 1), ...to, ...meant });
    },
  },
  "same-scheme": {
    usage: "same-scheme [off]",
    help: "addresses of documents have the scheme of the request (else: TLS where there is TLS)",
    run: ({ tr064 }, [off]) => void (tr064.state.schemeOfRequest = off !== "off"),
  },
  status: {
    usage: "status",
    help: "how many clients and calls there are",
    run: ({ monitor, openCalls }) => `${monitor.connections} clients, ${openCalls.length} calls`,
  },
};

/** Runs one command; returns the answer to print. */
export async function runCommand(box: SimulatedBox, typed: string): Promise<string> {
  const [name = "", ...args] = typed.trim().split(/\s+/);
  if (name === "") return "";
  if (name === "help") return helpText();
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return `unknown command ${name}; help lists them`;
  try {
    const rest = typed.trim().slice(name.length).trim();
    return (await command.run(box, args, rest)) ?? "ok";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function helpText(): string {
  const rows = Object.values(COMMANDS).map(({ usage, help }) => `  ${usage.padEnd(30)} ${help}`);
  return [...rows, `  ${"quit".padEnd(30)} switches the box off`].join("\n");
}
