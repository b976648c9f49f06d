#!/usr/bin/env node
/** The command `fritz-hangup-agent`: the SIP agent without Node-RED, set up by environment variables. */
import { systemClock } from "../core/clock";
import { isEmergency, keyOf } from "../numbers/index";
import { HangupAgent } from "./agent";
import { readSettings, SettingError } from "./cli-settings";
import { Hangups } from "./hangups";

const USAGE = `fritz-hangup-agent: registers as an IP phone and hangs up on callers that match a pattern

Environment variables:
  REGISTRAR   name or address of the box (required)
  PORT        its SIP port (5060)
  DOMAIN      the registrar's domain (fritz.box)
  SIPUSER     user name of the IP phone (required)
  PASSWORD    its password
  LOCAL       own IP address to listen on (default: the one that leads to the box)
  LOCALPORT   own port (0 = any free one)
  EXPIRES     seconds asked for at the registration, 1 to 86400 (300); the box may grant others
  BLOCK_RE    regular expression for the numbers to hang up on; none: every call is left alone

SIGTERM or SIGINT un-registers and ends it. Withheld, internal, short and emergency numbers, and callers whom
the box shows with a name, are never hung up on.`;

function main(): void {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) return console.log(USAGE);
  const { agent: options, blocked } = readSettings(process.env);
  const agent = new HangupAgent(options);
  const hangups = new Hangups({
    agent,
    clock: systemClock,
    keyOf,
    isEmergency,
    isAllowed: () => false,
    isOwn: () => true,
    delayMs: 0,
    perHour: Infinity,
    dryRun: false,
    onIncoming: ({ number, sipCallId }) =>
      hangups.decide({ action: blocked?.test(number) ? "block" : "pass", number, sipCallId }),
    onResult: ({ event, because, ms }) => console.log(`call ${event} (${because}) ${JSON.stringify(ms)}`),
  });
  agent.listen({
    state: (state) => console.log(state.kind === "failed" ? `failed: ${state.error.message}` : state.kind),
  });
  const quit = () => {
    hangups.close();
    void agent.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", quit).once("SIGINT", quit);
  agent.start();
}

try {
  main();
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
