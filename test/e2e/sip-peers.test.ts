/** The SIP agent against programs that others wrote: kamailio, sipp and baresip, on loopback. FRITZ_LONG=1 for full size. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { AgentProcess } from "../support/sip/agent-process";
import { Baresip } from "../support/sip/baresip";
import { freePorts, isOpenPort } from "../support/sip/free-ports";
import { Kamailio, type KamailioOptions } from "../support/sip/kamailio";
import { SCENARIOS, sipp } from "../support/sip/sipp";
import { until } from "../support/wait";

const LONG = process.env["FRITZ_LONG"] === "1";
const size = (full: number, small: number) => (LONG ? full : small);
const [BOX, AGENT, PHONE, CALLER, STRANGER] = [1, 2, 3, 4, 5].map((n) => `127.0.50.${n}`) as [
  string,
  string,
  string,
  string,
  string,
];
const PASSWORD = "Beispiel1234";
const GOOD = "07191999888";
const HOUSE = "sip:house@fritz.box";
const there = ["kamailio", "sipp", "baresip"].every((name) => !spawnSync(name, ["-v"], { timeout: 5_000 }).error);

describe("sip: independent peers", function () {
  this.timeout(LONG ? 900_000 : 240_000);
  const open: { close: () => Promise<unknown> }[] = [];
  let ports = { box: 0, agent: 0, phone: 0, caller: 0 };

  before(function () {
    if (there) return;
    if (process.env["CI"] === "true") throw new Error("kamailio, sipp or baresip is missing");
    console.log("      skipped: kamailio, sipp or baresip is not on this machine");
    this.skip();
  });
  beforeEach(async () => {
    const [box = 0, agent = 0, phone = 0, caller = 0] = await freePorts([BOX, AGENT, PHONE, CALLER]);
    ports = { box, agent, phone, caller };
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  const closing = <T>(thing: T, close: () => Promise<unknown>): T => {
    open.push({ close });
    return thing;
  };

  function agent(more: Record<string, string> = {}): AgentProcess {
    const one = new AgentProcess({
      ...{ REGISTRAR: BOX, PORT: String(ports.box), DOMAIN: "fritz.box", SIPUSER: "house", PASSWORD },
      ...{ LOCAL: AGENT, LOCALPORT: String(ports.agent), EXPIRES: "60", BLOCK_RE: "^030", ...more },
    });
    return closing(one, () => one.stop());
  }

  async function proxy(more: Partial<KamailioOptions> = {}): Promise<Kamailio> {
    const one = new Kamailio({ address: BOX, port: ports.box, phone: `${PHONE}:${ports.phone}`, ...more });
    closing(one, () => one.close());
    await one.start();
    return one;
  }

  const caller = (steps: readonly string[], more = {}) => {
    const one = sipp(steps, { address: CALLER, port: ports.caller, target: `${BOX}:${ports.box}`, ...more });
    return closing(one, () => Promise.resolve(one.stop()));
  };
  /** Resolves when it listens: it would wait in vain for a call that the agent has ended before. */
  const phone = async (steps: readonly string[], more = {}) => {
    const one = sipp(steps, { address: PHONE, port: ports.phone, ...more });
    closing(one, () => Promise.resolve(one.stop()));
    await until("the household phone", () => isOpenPort(PHONE, ports.phone));
    return one;
  };

  it("ends every unwanted call through a forking proxy before the household phone can be answered", async () => {
    const calls = size(500, 40);
    await proxy();
    const guard = agent();
    await guard.says("registered");
    const limits = { calls, rate: 20, limitMs: 120_000 };
    const household = await phone(SCENARIOS.ringsOnly(), limits);
    await caller(SCENARIOS.hungUpOn(HOUSE), limits).done;
    await household.done;
    await guard.says("call hungup", calls);
    assert.equal(guard.count("call "), calls, "other results than hungup");
    if (LONG) console.log(`      ${calls} calls, median ${medianEnd(guard.output)} ms from INVITE to BYE`);
    assert.equal(await guard.stop(), 0);
  });

  it("leaves a wanted call to the household phone, answered after half a second and after 7 s", async () => {
    await proxy();
    const guard = agent();
    await guard.says("registered");
    for (const afterMs of [500, 7_000]) {
      const household = await phone(SCENARIOS.picksUp(afterMs));
      await caller(SCENARIOS.talks(HOUSE), { number: GOOD }).done;
      await household.done;
    }
    await guard.says("call cancelled", 1);
    await guard.says("call released", 1);
    assert.equal(guard.count("call hungup"), 0);
  });

  it("ends sixty calls at the same time", async () => {
    await proxy();
    const guard = agent();
    await guard.says("registered");
    const household = await phone(SCENARIOS.ringsOnly(), { calls: 60 });
    await caller(SCENARIOS.hungUpOn(HOUSE), { calls: 60, rate: 1_000 }).done;
    await household.done;
    await guard.says("call hungup", 60);
  });

  it("bears ten per cent of lost messages", async () => {
    const calls = size(100, 10);
    await proxy({ lossy: 10 });
    const guard = agent();
    await guard.says("registered", 1, 40_000);
    const household = await phone(SCENARIOS.ringsOnly(), { calls, limitMs: 120_000 });
    const callers = caller(SCENARIOS.hungUpOn(HOUSE), { calls, rate: 10, limitMs: 120_000 });
    await guard.says("call hungup", calls - 1, 100_000);
    await callers.done.catch(() => undefined); // sipp itself gives up calls of which it lost a message
    household.stop();
    assert.ok(guard.count("call hungup") >= calls - 1);
  });

  for (const [what, options] of [
    ["MD5 and qop", { qop: true }],
    ["SHA-256", { algorithm: "SHA-256" }],
    ["SHA-256 and qop", { algorithm: "SHA-256", qop: true }],
    ["TCP alone", { tcpOnly: true }],
  ] as const) {
    it(`registers with ${what}, again at half the time, and un-registers`, async () => {
      const box = await proxy(options);
      const guard = agent({ EXPIRES: "4" });
      await guard.says("registered", 2);
      await until("one binding", () => box.contacts("house") === 1);
      assert.equal(await guard.stop(), 0);
      await until("no binding", () => box.contacts("house") === 0);
    });
  }

  it("ends a call over TCP", async () => {
    await proxy({ tcpOnly: true, phone: undefined });
    const guard = agent();
    await guard.says("registered");
    await caller(SCENARIOS.hungUpOn(HOUSE), { tcp: true }).done;
    await guard.says("call hungup");
  });

  it("asks twice with a wrong password, and not again", async () => {
    const box = await proxy();
    const guard = agent({ PASSWORD: "wrong" });
    await guard.says("failed: sip-password");
    const seen = box.registers;
    assert.equal(seen, 2);
    assert.ok(!guard.output.includes("wrong") && !guard.output.includes("response="));
    await guard.stop();
    assert.equal(box.registers, 2);
  });

  it("answers a stale nonce with the new one", async () => {
    const registrar = sipp(SCENARIOS.staleNonce(PASSWORD), { address: BOX, port: ports.box });
    const guard = agent();
    await guard.says("registered");
    await registrar.done;
  });

  it("registers again when the registrar was restarted, and goes on", async () => {
    const box = await proxy();
    const guard = agent({ EXPIRES: "4" });
    await guard.says("registered");
    await box.stop();
    await box.start();
    await guard.says("registered", 2);
    const household = await phone(SCENARIOS.ringsOnly());
    await until("the binding is back", () => box.contacts("house") === 1);
    await caller(SCENARIOS.hungUpOn(HOUSE)).done;
    await household.done;
  });

  /** Calls straight from the box's address, so that each message can be chosen. */
  const direct = (steps: (to: string) => string[], more = {}) => {
    const [target, number] = [`${AGENT}:${ports.agent}`, "03012345678"];
    const one = sipp(steps(`sip:house@${target}`), { address: BOX, port: ports.caller, target, number, ...more });
    return closing(one, () => Promise.resolve(one.stop()));
  };

  for (const [what, steps] of [
    ["a late ACK", SCENARIOS.lateAck],
    ["BYE instead of ACK", SCENARIOS.earlyBye],
    ["CANCEL that crosses the 200", SCENARIOS.crossingCancel],
  ] as const) {
    it(`bears ${what}`, async () => {
      await proxy();
      const guard = agent();
      await guard.says("registered");
      await direct(steps).done;
      await guard.says("call hungup");
    });
  }

  it("says BYE after 32 s when the ACK is lost", async function () {
    if (!LONG) this.skip();
    await proxy();
    const guard = agent();
    await guard.says("registered");
    await direct(SCENARIOS.lostAck, { limitMs: 60_000 }).done;
    await guard.says("call failed (no-ack)");
  });

  it("survives fuzzed packets of the box, hears none of strangers, and still ends a call", async () => {
    const packets = size(20_000, 2_000);
    await proxy();
    const guard = agent();
    await guard.says("registered");
    const before = guard.resources;
    await fuzz(BOX, packets, { address: AGENT, port: ports.agent });
    const [strange] = await freePorts([STRANGER]);
    const stranger = sipp(SCENARIOS.hungUpOn(`sip:house@${AGENT}:${ports.agent}`), {
      ...{ address: STRANGER, port: strange ?? 0, target: `${AGENT}:${ports.agent}`, limitMs: 3_000 },
    });
    await assert.rejects(stranger.done);
    await direct(SCENARIOS.hungUpOn).done;
    await guard.says("call hungup");
    assert.equal(guard.count("call hungup"), 1);
    assert.ok(guard.alive);
    await until("no socket more than before", () => guard.resources.files === before.files);
    const { kB, files } = guard.resources;
    if (LONG) console.log(`      ${packets} packets: ${before.kB} kB -> ${kB} kB, files ${before.files} -> ${files}`);
    assert.equal(files, before.files);
  });

  it("keeps neither sockets nor memory over many calls", async function () {
    if (!LONG) this.skip();
    await proxy();
    const guard = agent();
    await guard.says("registered");
    const batch = async (calls: number) => {
      const household = await phone(SCENARIOS.ringsOnly(), { calls, limitMs: 400_000 });
      await caller(SCENARIOS.hungUpOn(HOUSE), { calls, rate: 40, limitMs: 400_000 }).done;
      await household.done;
    };
    await batch(2_000);
    const before = guard.resources;
    for (let i = 0; i < 4; i++) await batch(2_000);
    const { kB, files } = guard.resources;
    console.log(
      `      10000 calls: ${before.kB} kB after 2000, ${kB} kB after 10000, files ${before.files} -> ${files}`,
    );
    assert.equal(guard.count("call hungup"), 10_000);
    assert.equal(files, before.files);
    assert.ok(kB < before.kB * 1.3 + 20_000);
  });

  it("silences a real softphone (baresip) that rings beside it", async () => {
    await proxy({ phone: undefined });
    const softphone = new Baresip({
      box: `${BOX}:${ports.box}`,
      address: PHONE,
      port: ports.phone,
      password: PASSWORD,
    });
    closing(softphone, () => softphone.stop());
    const guard = agent();
    await guard.says("registered");
    await softphone.says("registered");
    await caller(SCENARIOS.hungUpOn(HOUSE)).done;
    await guard.says("call hungup");
    await softphone.says("rings");
    await softphone.says("stops");
    assert.equal(softphone.count("answered"), 0);
  });
});

function medianEnd(output: string): number {
  const ends = [...output.matchAll(/"end":(\d+)/g)].map(([, ms]) => Number(ms)).sort((a, b) => a - b);
  return ends[Math.floor(ends.length / 2)] ?? NaN;
}

/** Sends mutated messages from an address. */
async function fuzz(address: string, packets: number, to: { address: string; port: number }): Promise<void> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const methods = ["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "UPDATE", "SIP/2.0 200 OK"];
  for (let i = 0; i < packets; i++) {
    const method = methods[random(methods.length)] ?? "";
    const text = [
      `${method} sip:house@${to.address} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:5060;branch=z9hG4bK${random(500)}`,
      `From: "x" <sip:07191${random(1_000_000)}@fritz.box>;tag=${random(100)}`,
      `To: <sip:house@${to.address}>`,
      `Call-ID: ${random(1_000)}`,
      `CSeq: 1 ${method}`,
      "Contact: <sip:a@b>",
      "",
      "v=0",
    ].join("\r\n");
    const bytes = Buffer.from(text);
    for (let n = random(6); n > 0; n--) bytes[random(bytes.length)] = random(256);
    const cut = random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
    await new Promise<void>((resolve) => socket.send(cut, to.port, to.address, () => resolve()));
  }
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}
