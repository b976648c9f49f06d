/** Test support: an agent with a fake clock, joined to a `BoxPeer`. */
import { HangupAgent } from "../../../src/lib/sip/agent";
import type { AgentState, HangupAgentOptions } from "../../../src/lib/sip/agent-types";
import { Hangups } from "../../../src/lib/sip/hangups";
import type { HangupsOptions, HangupReport, IncomingReport } from "../../../src/lib/sip/reports";
import { isEmergency, keyOf } from "../../../src/lib/numbers/index";
import { FakeClock } from "../fake-clock";
import { BoxPeer } from "./box-peer";

export const PASSWORD = "Beispiel1234";

/** A started agent. */
export async function startAgent(options: Partial<HangupAgentOptions> = {}, box = new BoxPeer()) {
  const clock = new FakeClock();
  const agent = new HangupAgent(
    { host: "fritz.box", user: "anrufwaechter", password: PASSWORD, clock, random: () => 0, ...options },
    box.ports,
  );
  const states: AgentState[] = [];
  agent.listen({ state: (state) => states.push(state) });
  agent.start();
  await clock.flush();
  /** Moves the clock in small steps, so that promises keep up. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      clock.advance(Math.min(100, left));
      await clock.flush();
    }
  };
  return { clock, agent, box, states, pass };
}

/** The box answers by TCP only. */
async function switchToTcp({ box, agent, pass }: Awaited<ReturnType<typeof startAgent>>): Promise<void> {
  box.registers = "tcp";
  box.tcpFails = false;
  box.links.at(-1)?.events.lost();
  await pass(4_100);
  if (agent.state.kind !== "registered" || agent.state.transport !== "tcp") throw new Error("not registered by TCP");
}

/** The same with one user that acts on verdicts. */
export async function startHangups(options: Partial<HangupsOptions> = {}, { tcp = false } = {}) {
  const started = await startAgent();
  if (tcp) await switchToTcp(started);
  const incoming: IncomingReport[] = [];
  const results: HangupReport[] = [];
  const hangups = new Hangups({
    agent: started.agent,
    clock: started.clock,
    keyOf: (number) => keyOf(number),
    isEmergency: (number) => isEmergency(number),
    isAllowed: () => false,
    isOwn: () => true,
    delayMs: 200,
    perHour: 20,
    dryRun: false,
    onIncoming: (report) => incoming.push(report),
    onResult: (report) => results.push(report),
    ...options,
  });
  return { ...started, hangups, incoming, results };
}
