// How long an unwanted call lasts: from the INVITE of the simulated box to the BYE, less the delay that is waited on purpose.
import { performance } from "node:perf_hooks";
import { join } from "node:path";
import { createRequire } from "node:module";
import { figure, THIS } from "../lib/figures.mjs";
import { root, simulator } from "../lib/peers.mjs";
import { until } from "../lib/stats.mjs";

export const title = "Ending a call at its first ring";
const DELAY_MS = 200;
const LIMIT_MS = 30_000;
const PHONE = { username: "waechter", password: "Beispiel1234" };
const USER = { user: PHONE.username, password: PHONE.password };

export async function run({ quick }) {
  const calls = quick ? 20 : 100;
  const { SimulatedBox } = simulator();
  const { HangupAgent, Hangups, systemClock } = createRequire(import.meta.url)(join(root, "dist/lib/index.js"));
  const box = new SimulatedBox();
  box.tr064.state.sipClients = [{ name: "bench", ...PHONE }];
  await box.sip.listen();
  const agent = new HangupAgent({ host: "127.0.0.1", port: box.sip.port, ...USER });
  const results = [];
  const hangups = new Hangups({
    ...{ agent, clock: systemClock, keyOf: (number) => number, isOwn: () => true },
    ...{ isAllowed: () => false, isEmergency: () => false },
    ...{ delayMs: DELAY_MS, perHour: Infinity, dryRun: false, onIncoming: () => undefined },
    onResult: (result) => results.push(result),
  });
  agent.start();
  const overhead = [];
  try {
    await until(() => agent.state.kind === "registered");
    for (let i = 0; i <= calls; i++) {
      const number = `0301${String(i).padStart(6, "0")}`;
      const from = performance.now();
      const call = box.ring(number);
      hangups.decide({ action: "block", number });
      await new Promise((resolve, reject) => {
        const look = () => {
          if (!box.openCalls.includes(call)) return resolve();
          if (performance.now() - from > LIMIT_MS) return reject(new Error(`${number} was not ended`));
          setImmediate(look);
        };
        look();
      });
      if (i > 0) overhead.push(performance.now() - from - DELAY_MS); // the first one warms up
    }
  } finally {
    hangups.close();
    await agent.close();
    await box.sip.stop();
  }
  if (results.some(({ event }) => event !== "hungup")) throw new Error("a call was not ended");
  return [
    figure(
      "INVITE to BYE, less the delay",
      {
        unit: "ms",
        better: "less",
        how: `${calls} calls one after the other over UDP on this machine, delay ${DELAY_MS} ms`,
      },
      { [THIS]: overhead },
    ),
  ];
}
