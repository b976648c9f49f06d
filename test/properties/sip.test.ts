import assert from "node:assert/strict";
import fc from "fast-check";
import { isEmergency, keyOf } from "../../src/lib/numbers/index";
import { MOST_BYTES, parseMessage } from "../../src/lib/sip/message";
import { serialize } from "../../src/lib/sip/serialize";
import { parseAddress, parseUri, topVia, valuesOf } from "../../src/lib/sip/values";
import { vetoFor } from "../../src/lib/sip/caller";
import { startAgent, startHangups } from "../support/sip/agent-harness";
import { BoxPeer, header, OFFER } from "../support/sip/box-peer";

const SEEDS = [
  "REGISTER sip:fritz.box SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.178.1:5060;branch=z9hG4bKi1;rport\r\n",
  'From: "Anna" <sip:030123456@fritz.box>;tag=b1\r\nTo: <sip:waechter@192.168.178.50>;tag=t\r\nCall-ID: C1\r\n',
  "CSeq: 1 INVITE\r\nContact: <sip:a@b>, <sip:c@d>\r\nRequire: x\r\nRecord-Route: <sip:b;lr>\r\nContent-Length: 3\r\n\r\nabc",
  OFFER,
];
/** Text near the grammar, and bytes far from it. */
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.tuple(fc.constantFrom(...SEEDS), fc.nat(400), fc.string({ maxLength: 8, unit: "binary" })), {
      maxLength: 6,
    })
    .map((parts) => Buffer.from(parts.map(([seed, at, noise]) => seed.slice(0, at) + noise + seed.slice(at)).join(""))),
);

describe("sip properties: hostile packets", () => {
  it("never make the parser throw, and what it understands survives its own wire form", () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        const message = parseMessage(bytes);
        if (!message) return;
        topVia(message);
        valuesOf(message, "contact").forEach((value) => parseUri(parseAddress(value)?.uri ?? ""));
        const again = parseMessage(serialize(message));
        if (!again) return assert.ok(serialize(message).length > MOST_BYTES / 2, "lost on the wire");
        assert.equal(again.body, message.body);
        assert.equal(header(again, "call-id"), header(message, "call-id"));
      }),
      { numRuns: 500 },
    );
  });

  it("make an agent neither throw nor answer a call, and leave a call that rings as it is", async () => {
    const { box, hangups, agent } = await startHangups();
    box.invite();
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 30 }), (packets) => {
        for (const packet of packets) {
          const message = parseMessage(packet);
          if (message) box.links[0]?.events.message(message, box.path());
        }
        assert.ok(!box.statuses().includes(200));
        return Promise.resolve();
      }),
      { numRuns: 50 },
    );
    assert.ok(agent.size < 1_000);
    assert.ok(agent.ringing.some(({ sipCallId }) => sipCallId === "C1"));
    hangups.close();
  });

  it("take time in proportion to their length", () => {
    const evil = [
      `"${"\\".repeat(8_000)}`,
      "<".repeat(8_000),
      ";".repeat(8_000),
      " ".repeat(8_000),
      ",a".repeat(4_000),
    ];
    for (const value of evil) {
      const lines = [
        "OPTIONS sip:a@b SIP/2.0",
        `Via: ${value}`,
        `From: ${value}`,
        "To: <sip:a@b>",
        "Call-ID: x",
        "CSeq: 1 OPTIONS",
      ];
      const bytes = Buffer.from([...lines, "", ""].join("\r\n"));
      const started = performance.now();
      const message = parseMessage(bytes);
      if (message)
        [topVia(message), parseAddress(header(message, "from")), valuesOf(message, "via")].forEach(() => undefined);
      assert.ok(performance.now() - started < 1_000, `slow: ${value.slice(0, 5)}`);
    }
  });
});

/** A caller's number as it may stand in From. */
const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });
const wanted = fc.oneof(
  digits(0, 5).map((number) => ({ why: "short", from: `<sip:${number}@fritz.box>;tag=x` })),
  fc
    .tuple(fc.constantFrom("*", "**", "#"), digits(1, 8))
    .map(([code, rest]) => ({ why: "internal", from: `<sip:${code}${rest}@fritz.box>;tag=x` })),
  fc
    .constantFrom("110", "112", "116117", "+49110", "0049112", "+49116117", "115", "19222".slice(0, 3))
    .map((number) => ({ why: "emergency", from: `<sip:${number}@fritz.box>;tag=x` })),
  fc
    .constantFrom(
      "<sip:fritz.box>",
      "<sip:anonymous@anonymous.invalid>",
      "<sip:Unknown@fritz.box>",
      '"x" <sip:restricted@b>',
      "<sip:030123456@anonymous.invalid>",
    )
    .map((from) => ({ why: "withheld", from: `${from};tag=x` })),
  fc
    .tuple(fc.constantFrom("Anna", "Müller, Jan", "SPAmela", "Dr. 3", "Ärztin"), digits(7, 10))
    .map(([name, number]) => ({ why: "named", from: `"${name}" <sip:030${number}@fritz.box>;tag=x` })),
);

describe("sip properties: never", () => {
  it("hang up on withheld, internal, short, emergency and known callers, whatever is decided about them", async () => {
    await fc.assert(
      fc.asyncProperty(wanted, fc.boolean(), async ({ why, from }, early) => {
        const { box, hangups, pass, results } = await startHangups();
        const number = /<sip:([^@>]*)@/.exec(from)?.[1] ?? "";
        const decide = () => {
          hangups.decide({ action: "block", number });
          hangups.decide({ action: "block", number, sipCallId: "C1" });
        };
        if (early) hangups.decide({ action: "block", number });
        box.invite({ from });
        decide();
        await pass(2_500);
        assert.deepEqual(box.statuses(), [100, 180], why);
        await pass(20_000);
        assert.ok(!box.statuses().includes(200), why);
        assert.ok(
          results.every(({ event }) => event !== "hungup" && event !== "would-hangup"),
          why,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("hang up without an explicit block for exactly this number", async () => {
    const other = digits(8, 9)
      .filter((number) => number !== "12345678")
      .map((number) => `030${number}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(other, fc.nat(6_000), fc.boolean()), { maxLength: 5 }),
        fc.boolean(),
        async (verdicts, pass) => {
          const started = await startHangups();
          const { box, hangups } = started;
          for (const [number, wait] of verdicts.filter(([, , early]) => early)) {
            hangups.decide({ action: "block", number });
            await started.pass(wait);
          }
          box.invite({ from: "<sip:03012345678@fritz.box>;tag=x" });
          if (pass) hangups.decide({ action: "pass", number: "03012345678" });
          for (const [number, wait] of verdicts.filter(([, , early]) => !early)) {
            hangups.decide({ action: "block", number });
            await started.pass(wait);
          }
          await started.pass(30_000);
          assert.ok(!box.statuses().includes(200));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("give a quick final answer to a call that is not ended: 180 for three seconds at least", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("block", "pass", undefined),
        fc.boolean(),
        fc.nat(2_000),
        async (action, dryRun, waitMs) => {
          const { box, hangups, pass } = await startHangups({ dryRun, isAllowed: () => !dryRun });
          box.invite();
          await pass(waitMs);
          if (action) hangups.decide({ action, number: "030123456" });
          await pass(2_990 - waitMs);
          assert.deepEqual(box.statuses(), [100, 180]);
          await pass(15_000);
          assert.ok(box.statuses().every((status) => [100, 180, 480].includes(status)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("dial: every request of the agent's is a REGISTER or a BYE, and goes to the box", async () => {
    const { box, hangups, pass, agent } = await startHangups();
    box.invite({ more: ["Record-Route: <sip:6.6.6.6;lr>"] });
    hangups.decide({ action: "block", number: "030123456" });
    await pass(300);
    box.inDialog("ACK", box.tag);
    void agent.close();
    await pass(3_000);
    assert.deepEqual([...new Set(box.requests.map(({ method }) => method))].sort(), ["BYE", "REGISTER"]);
  });

  it("let a name or header of the caller's forge a line of an answer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (noise) => {
        const { box } = await startAgent({}, new BoxPeer());
        const name = noise.replace(/[\r\n]/g, "");
        try {
          box.invite({ from: `"${name.replace(/["\\]/g, "")}" <sip:030123456@fritz.box>;tag=b1` });
        } catch {
          return; // dropped: not a message
        }
        for (const response of box.responses) assert.ok(response.headers.length <= 9);
      }),
      { numRuns: 100 },
    );
  });

  it("veto a number from abroad or at home that has six digits or more and no name", () => {
    const rules = { keyOf: (number: string) => keyOf(number), isEmergency, isAllowed: () => false };
    for (const number of ["030123456", "+4930123456", "004369912345678", "+16502530000", "07191123456"]) {
      const caller = { number, name: "", withheld: false, internal: false, knownToBox: false };
      assert.equal(vetoFor(caller, rules), undefined, number);
    }
  });
});
