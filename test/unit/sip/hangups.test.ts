import { flush } from "../../support/fake-clock";
import assert from "node:assert/strict";
import { isCalledOf } from "../../../src/lib/sip/reports";
import { isEmergency, keyOf, matchesPattern, parsePattern } from "../../../src/lib/numbers/index";
import { vetoFor } from "../../../src/lib/sip/caller";
import { startHangups } from "../../support/sip/agent-harness";

const NUMBER = "030123456";

/** Ends what is answered, as a box does. */
function serve(box: Awaited<ReturnType<typeof startHangups>>["box"], branch = "z9hG4bKi1", callId = "C1"): void {
  if (box.statuses().at(-1) === 200) box.inDialog("ACK", box.tag, { callId });
  else box.inDialog("ACK", box.tag, { branch, callId });
  const bye = box.of("BYE").at(-1);
  if (bye) box.reply(bye, 200);
}

describe("sip: verdicts and calls", () => {
  it("end a call when the block comes after it: 200 at 200 ms, not earlier", async () => {
    const { box, hangups, clock, results, incoming } = await startHangups();
    box.invite();
    assert.deepEqual(incoming, [
      {
        event: "incoming",
        number: NUMBER,
        e164: "+4930123456",
        called: "987654",
        withheld: false,
        internal: false,
        knownToBox: false,
        sipCallId: "C1",
      },
    ]);
    clock.advance(50);
    hangups.decide({ action: "block", number: "+49 30 123456", because: "spam-score" });
    await flush();
    clock.advance(149);
    await flush();
    assert.deepEqual(box.statuses(), [100, 180]);
    clock.advance(1);
    await flush();
    assert.deepEqual(box.statuses(), [100, 180, 200]);
    clock.advance(3);
    serve(box);
    assert.deepEqual(results, [
      { event: "hungup", number: NUMBER, because: "spam-score", ms: { ring: 200, answer: 200, end: 203 } },
    ]);
    clock.advance(60_000);
    assert.equal(hangups.size, 0);
    assert.equal(results.length, 1);
  });

  it("end it when the block comes up to five seconds before it", async () => {
    const { box, hangups, clock, pass, results } = await startHangups();
    hangups.decide({ action: "block", number: NUMBER });
    clock.advance(4_900);
    box.invite();
    await pass(200);
    assert.equal(box.statuses().at(-1), 200);
    serve(box);
    assert.equal(results[0]?.event, "hungup");
    hangups.decide({ action: "block", number: NUMBER });
    await pass(5_000);
    assert.deepEqual(results[1], { event: "no-call", number: NUMBER, because: "block", ms: { ring: 0 } });
    box.invite({ callId: "C2", branch: "z9hG4bKi2" });
    await pass(1_000);
    assert.equal(box.statuses().at(-1), 180);
  });

  it("leave a wanted call ringing for three seconds, and one without a verdict for fifteen", async () => {
    const { box, hangups, pass, results } = await startHangups();
    box.invite();
    hangups.decide({ action: "pass", number: NUMBER, because: "contact" });
    await pass(2_900);
    assert.deepEqual(box.statuses(), [100, 180]);
    await pass(100);
    assert.equal(box.statuses().at(-1), 480);
    assert.deepEqual(results, [{ event: "released", number: NUMBER, because: "contact", ms: { ring: 3_000 } }]);
    serve(box);
    box.invite({ callId: "C2", branch: "z9hG4bKi2" });
    await pass(14_900);
    assert.equal(box.statuses().at(-1), 180);
    await pass(100);
    assert.equal(results[1]?.because, "no-verdict");
  });

  it("report a call that was taken elsewhere before its verdict acted", async () => {
    const { box, hangups, pass, results } = await startHangups();
    box.invite();
    hangups.decide({ action: "block", number: NUMBER });
    await pass(100);
    box.inDialog("CANCEL", "", { branch: "z9hG4bKi1" });
    await pass(1_000);
    assert.deepEqual(results, [{ event: "cancelled", number: NUMBER, because: "cancelled", ms: { ring: 100 } }]);
    assert.equal(box.of("BYE").length, 0);
  });

  it("only report in a dry run, and let the call ring on", async () => {
    const { box, hangups, pass, results } = await startHangups({ dryRun: true });
    box.invite();
    hangups.decide({ action: "block", number: NUMBER });
    await pass(2_900);
    assert.deepEqual(results, [
      { event: "would-hangup", number: NUMBER, because: "block", ms: { ring: 200 }, dryRun: "node" },
    ]);
    assert.deepEqual(box.statuses(), [100, 180]);
    await pass(200);
    assert.equal(box.statuses().at(-1), 480);
    assert.equal(results.length, 1);
  });

  it("stop after so many hang-ups in an hour, and go on in the next", async () => {
    const past = { times: [] };
    const { box, hangups, pass, results, clock } = await startHangups({ perHour: 2, past });
    const call = async (n: number) => {
      box.sent.length = 0;
      box.invite({ callId: `C${n}`, branch: `z9hG4bKi${n}` });
      hangups.decide({ action: "block", number: NUMBER });
      await pass(200);
      serve(box, `z9hG4bKi${n}`, `C${n}`);
      await pass(4_000);
    };
    for (const n of [1, 2, 3]) await call(n);
    assert.deepEqual(
      results.map(({ event, because }) => `${event} ${because}`),
      ["hungup block", "hungup block", "would-hangup per-hour"],
    );
    assert.equal(past.times.length, 2, "for the successor after a deploy");
    clock.advance(3_600_000);
    await call(4);
    assert.equal(results.at(-1)?.event, "hungup");
  });

  it("ask the phonebooks before they act; what cannot be asked lets the call ring", async () => {
    for (const [isContact, because] of [
      [() => Promise.resolve(true), "contact"],
      [() => Promise.reject(new Error("no box")), "contacts-unread"],
      [() => Promise.resolve(false), undefined],
    ] as const) {
      const { box, hangups, pass, results } = await startHangups({ isContact });
      box.invite();
      hangups.decide({ action: "block", number: NUMBER });
      await pass(300);
      assert.equal(results[0]?.because, because);
      assert.equal(box.statuses().at(-1), because === undefined ? 200 : 180);
    }
  });

  it("wait for phonebooks that answer late, and act on nothing else meanwhile", async () => {
    const { box, hangups, pass, results } = await startHangups({ isContact: () => new Promise(() => undefined) });
    box.invite();
    hangups.decide({ action: "block", number: NUMBER });
    await pass(20_000);
    assert.ok(!box.statuses().includes(200));
    assert.deepEqual(
      results.map(({ event, because }) => `${event} ${because}`),
      ["released contacts-unread"],
    );
  });

  it("concern the newest call of a number, one verdict one call; or exactly the call that is named", async () => {
    const { box, hangups, pass, results } = await startHangups({ dryRun: true });
    box.invite();
    box.invite({ callId: "C2", branch: "z9hG4bKi2", from: "<sip:0301112223@fritz.box>;tag=b2" });
    box.invite({ callId: "C3", branch: "z9hG4bKi3", from: `<sip:${NUMBER}@fritz.box>;tag=b3` });
    hangups.decide({ action: "block", number: NUMBER, sipCallId: "C1" });
    hangups.decide({ action: "pass", number: NUMBER, sipCallId: "C2" });
    await pass(300);
    assert.deepEqual(
      results.map(({ event, number }) => [event, number]),
      [["would-hangup", NUMBER]],
    );
    hangups.decide({ action: "block", number: NUMBER });
    await pass(300);
    assert.equal(results.length, 2);
  });

  it("act for the configured own numbers only", async () => {
    const isOwn = isCalledOf(["07191 987654"], (number) => keyOf(number, { countryCode: "49", areaCode: "7191" }));
    assert.ok(isOwn("987654"));
    assert.ok(isOwn("+497191987654"));
    assert.equal(isOwn("987655"), false);
    assert.equal(isOwn(undefined), false);
    assert.ok(isCalledOf([], String)(undefined));
    const { box, hangups, pass, incoming } = await startHangups({ isOwn });
    box.invite({ called: "987655" });
    hangups.decide({ action: "block", number: NUMBER });
    await pass(1_000);
    assert.deepEqual(box.statuses(), [100, 180]);
    assert.equal(incoming.length, 0);
  });

  it("are without effect when their user is closed: the call rings on", async () => {
    const { box, hangups, pass, results } = await startHangups();
    box.invite();
    hangups.decide({ action: "block", number: NUMBER });
    hangups.close();
    await pass(20_000);
    assert.deepEqual(box.statuses(), [100, 180]);
    assert.deepEqual(results, []);
  });

  it("come to an end when the connection does: ringing calls are released, answered ones have failed", async () => {
    const { box, hangups, agent, pass, results, clock } = await startHangups({}, { tcp: true });
    box.invite();
    box.invite({ callId: "C2", branch: "z9hG4bKi2" });
    hangups.decide({ action: "block", number: NUMBER, sipCallId: "C2" });
    await pass(300);
    box.links.at(-1)?.events.lost();
    await flush();
    clock.advance(60_000);
    await flush();
    assert.deepEqual(
      results.map(({ event, because }) => [event, because]),
      [
        ["released", "connection-lost"],
        ["failed", "connection-lost"],
      ],
    );
    assert.equal(hangups.size, 0);
    assert.equal(agent.ringing.length, 0);
  });

  it("spare a number on the allow list", async () => {
    const pattern = parsePattern("030*");
    assert.ok(pattern);
    const isAllowed = (number: string) => matchesPattern(pattern, keyOf(number));
    const { box, hangups, pass, results } = await startHangups({ isAllowed });
    box.invite();
    hangups.decide({ action: "block", number: NUMBER });
    await pass(3_000);
    assert.deepEqual(
      results.map(({ event, because }) => `${event} ${because}`),
      ["vetoed allowed"],
    );
    assert.deepEqual(box.statuses(), [100, 180, 480]);
  });

  it("let one user's failure not harm another's", async () => {
    const { box, agent, incoming } = await startHangups();
    const warnings: unknown[] = [];
    const warn = (warning: unknown) => warnings.push(warning);
    process.on("warning", warn);
    agent.listen({
      call: () => {
        throw new Error("a flow's failure");
      },
    });
    box.invite();
    box.invite({ callId: "C2", branch: "z9hG4bKi2" });
    assert.equal(incoming.length, 2);
    assert.deepEqual(box.statuses(), [100, 180, 100, 180]);
    await flush();
    process.off("warning", warn);
    assert.equal(warnings.length, 2);
  });

  it("veto an emergency number of the box's own country", () => {
    const rules = {
      keyOf: (number: string) => keyOf(number, { countryCode: "43" }),
      isEmergency: (number: string) => isEmergency(number, { countryCode: "43" }),
      isAllowed: () => false,
    };
    const caller = { number: "133", name: "", withheld: false, internal: false, knownToBox: false };
    assert.equal(vetoFor(caller, rules), "emergency");
  });
});
