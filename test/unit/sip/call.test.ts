import assert from "node:assert/strict";
import type { IncomingCall } from "../../../src/lib/sip/call";
import { startAgent } from "../../support/sip/agent-harness";
import { BOX, header, OFFER, OWN } from "../../support/sip/box-peer";

async function ringing(
  parts: Parameters<(typeof import("../../support/sip/box-peer"))["BoxPeer"]["prototype"]["invite"]>[0] = {},
) {
  const started = await startAgent();
  const calls: IncomingCall[] = [];
  started.agent.listen({ call: (call) => calls.push(call) });
  started.box.invite(parts);
  const [call] = calls;
  assert.ok(call, "no call");
  return { ...started, call, calls };
}

const values = (lines: readonly (readonly [string, string])[], name: string) =>
  lines.filter(([known]) => known === name).map(([, value]) => value);

describe("sip: a call", () => {
  it("is ended by 200, ACK and BYE; not before the ACK", async () => {
    const { box, call, pass } = await ringing();
    assert.deepEqual(box.statuses(), [100, 180]);
    assert.ok(call.hangUp());
    const ok = box.responses.at(-1);
    assert.equal(header(ok, "contact"), `<sip:anrufwaechter@${OWN}:15060>`);
    assert.match(ok?.body ?? "", /m=audio 16000 RTP\/AVP 8 101\r\n/);
    await pass(400);
    assert.equal(box.of("BYE").length, 0);
    box.inDialog("ACK", box.tag, { branch: "z9hG4bKack" });
    const [bye] = box.of("BYE");
    assert.equal(bye?.uri, `sip:3F0A@${BOX}`);
    assert.equal(header(bye, "from"), `<sip:waechter@${OWN}:15060>;tag=${box.tag}`);
    assert.equal(header(bye, "to"), "<sip:030123456@fritz.box>;tag=b1");
    assert.equal(header(bye, "cseq"), "1 BYE");
    assert.equal(call.end, undefined);
    assert.ok(bye);
    box.reply(bye, 200);
    assert.deepEqual(call.end, { how: "hungup" });
  });

  it("repeats the 200 after T1 up to T2, and says BYE after 64 T1 without an ACK", async () => {
    const { box, call, clock } = await ringing();
    const start = clock.now();
    call.hangUp();
    const at: number[] = [];
    let seen = 3;
    while (box.of("BYE").length === 0) {
      clock.advance(100);
      if (box.statuses().length > seen) at.push(clock.now() - start);
      seen = box.statuses().length;
    }
    assert.deepEqual(at, [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
    assert.equal(clock.now() - start, 32_000);
    const [bye] = box.of("BYE");
    assert.ok(bye);
    box.reply(bye, 481);
    assert.deepEqual(call.end, { how: "failed", because: "no-ack" });
  });

  it("ignores an ACK of another dialog, and of another INVITE", async () => {
    const { box, call } = await ringing();
    call.hangUp();
    box.inDialog("ACK", "stranger");
    box.inDialog("ACK", box.tag, { cseq: 2 });
    box.inDialog("ACK", box.tag, { callId: "C2" });
    assert.equal(box.of("BYE").length, 0);
  });

  it("answers a repeated INVITE with its last answer, and starts no second call", async () => {
    const { box, call, calls } = await ringing();
    box.invite();
    assert.deepEqual(box.statuses(), [100, 180, 180]);
    call.hangUp();
    box.invite();
    assert.deepEqual(box.statuses(), [100, 180, 180, 200, 200]);
    assert.equal(calls.length, 1);
    box.invite({ branch: "z9hG4bKother" });
    assert.equal(box.statuses().at(-1), 482);
    assert.equal(calls.length, 1);
  });

  it("is taken back by CANCEL: 200 for it, 487 for the INVITE, whose ACK ends the repetitions", async () => {
    const { box, call, clock } = await ringing();
    box.inDialog("CANCEL", "", { branch: "z9hG4bKi1" });
    assert.deepEqual(box.statuses("CANCEL"), [200]);
    assert.equal(box.statuses().at(-1), 487);
    assert.deepEqual(call.end, { how: "cancelled" });
    clock.advance(500);
    assert.deepEqual(box.statuses(), [100, 180, 487, 487]);
    box.inDialog("ACK", box.tag, { branch: "z9hG4bKi1" });
    clock.advance(40_000);
    assert.deepEqual(box.statuses(), [100, 180, 487, 487]);
    assert.equal(call.hangUp(), false);
  });

  it("stays answered when the CANCEL crosses the 200", async () => {
    const { box, call } = await ringing();
    call.hangUp();
    box.inDialog("CANCEL", "", { branch: "z9hG4bKi1" });
    assert.deepEqual(box.statuses("CANCEL"), [200]);
    assert.equal(box.statuses().at(-1), 200);
    box.inDialog("ACK", box.tag);
    assert.equal(box.of("BYE").length, 1);
  });

  it("is given up with 480, or 488 where there is no common codec; such a call is never answered", async () => {
    const { box, call } = await ringing();
    call.release();
    assert.equal(box.statuses().at(-1), 480);
    assert.deepEqual(call.end, { how: "released" });
    const other = await ringing({ body: OFFER.replace("9 8 0 101", "97") });
    assert.equal(other.call.hangUp(), false);
    assert.deepEqual(other.box.statuses(), [100, 180]);
    other.call.release();
    assert.equal(other.box.statuses().at(-1), 488);
  });

  it("brings its own offer where the INVITE has none", async () => {
    const { box, call } = await ringing({ body: "" });
    call.hangUp();
    assert.match(box.responses.at(-1)?.body ?? "", /m=audio 16000 RTP\/AVP 8\r\n/);
  });

  it("refuses all media but one audio stream, line for line", async () => {
    const more = "m=video 7080 RTP/AVP 31\r\nm=audio 7082 RTP/AVP 8\r\n";
    const { box, call } = await ringing({ body: OFFER + more });
    call.hangUp();
    const lines = box.responses
      .at(-1)
      ?.body.split("\r\n")
      .filter((line) => line.startsWith("m="));
    assert.deepEqual(lines, ["m=audio 16000 RTP/AVP 8 101", "m=video 0 RTP/AVP 31", "m=audio 0 RTP/AVP 8"]);
  });

  it("ends at the INVITE's Expires", async () => {
    const { box, call, clock } = await ringing({ more: ["Expires: 20"] });
    clock.advance(19_900);
    assert.ok(call.ringing);
    clock.advance(100);
    assert.equal(box.statuses().at(-1), 487);
    assert.deepEqual(call.end, { how: "released" });
  });

  it("copies Record-Route, and sends the BYE along it", async () => {
    const routes = [`<sip:${BOX};lr>`, "<sip:10.0.0.7;lr>"];
    const { box, call } = await ringing({ more: routes.map((route) => `Record-Route: ${route}`) });
    call.hangUp();
    assert.deepEqual(values(box.responses.at(-1)?.headers ?? [], "record-route"), routes);
    box.inDialog("ACK", box.tag);
    const [bye] = box.of("BYE");
    assert.deepEqual(values(bye?.headers ?? [], "route"), routes);
    assert.equal(bye?.uri, `sip:3F0A@${BOX}`);
  });

  it("follows a strict router (§12.2.1.1)", async () => {
    const { box, call } = await ringing({ more: [`Record-Route: <sip:${BOX}>`, "Record-Route: <sip:10.0.0.7;lr>"] });
    call.hangUp();
    box.inDialog("ACK", box.tag);
    const [bye] = box.of("BYE");
    assert.equal(bye?.uri, `sip:${BOX}`);
    assert.deepEqual(values(bye?.headers ?? [], "route"), ["<sip:10.0.0.7;lr>", `<sip:3F0A@${BOX}>`]);
  });

  it("answers a BYE of the box: while it rings, after the 200, and crossing its own", async () => {
    const early = await ringing();
    early.box.inDialog("BYE", early.box.tag, { cseq: 2 });
    assert.deepEqual(early.box.statuses("BYE"), [200]);
    assert.equal(early.box.statuses().at(-1), 487);
    assert.deepEqual(early.call.end, { how: "cancelled" });
    const late = await ringing();
    late.call.hangUp();
    late.box.inDialog("BYE", late.box.tag, { cseq: 2 });
    assert.deepEqual(late.box.statuses("BYE"), [200]);
    assert.deepEqual(late.call.end, { how: "hungup" });
    late.clock.advance(100_000);
    assert.equal(late.box.of("BYE").length, 0);
    const glare = await ringing();
    glare.call.hangUp();
    glare.box.inDialog("ACK", glare.box.tag);
    glare.box.inDialog("BYE", glare.box.tag, { cseq: 2 });
    assert.deepEqual(glare.box.statuses("BYE"), [200]);
    const [bye] = glare.box.of("BYE");
    assert.ok(bye);
    glare.box.reply(bye, 481);
    assert.deepEqual(glare.call.end, { how: "hungup" });
  });

  it("reports a BYE that gets no answer", async () => {
    const { box, call, clock } = await ringing();
    call.hangUp();
    box.inDialog("ACK", box.tag);
    clock.advance(32_000);
    assert.deepEqual(call.end, { how: "failed", because: "no-answer" });
    assert.equal(box.of("BYE").length, 11);
  });

  it("answers hold and UPDATE in the dialog with the same session", async () => {
    const { box, call } = await ringing();
    call.hangUp();
    const hold = OFFER.replace("a=rtpmap", "a=sendonly\r\na=rtpmap");
    box.invite({ branch: "z9hG4bKhold", cseq: 2, toTag: box.tag, body: hold });
    assert.match(box.responses.at(-1)?.body ?? "", /a=recvonly/);
    assert.equal(box.responses.at(-1)?.status, 200);
    box.inDialog("UPDATE", box.tag, { cseq: 3 });
    assert.deepEqual(box.statuses("UPDATE"), [200]);
    box.inDialog("ACK", box.tag, { cseq: 2 });
    assert.equal(box.of("BYE").length, 1);
    box.inDialog("UPDATE", box.tag, { cseq: 4, branch: "z9hG4bKlate" });
    assert.deepEqual(box.statuses("UPDATE"), [200, 481]);
  });
});

describe("sip: other requests", () => {
  it("get 200 with Allow, 405, 420 or 481", async () => {
    const { box } = await startAgent();
    box.inDialog("OPTIONS", "");
    assert.equal(box.responses.at(-1)?.status, 200);
    assert.equal(header(box.responses.at(-1), "accept"), "application/sdp");
    assert.match(header(box.responses.at(-1), "allow"), /INVITE, ACK, CANCEL, BYE/);
    box.inDialog("MESSAGE", "");
    assert.equal(box.responses.at(-1)?.status, 405);
    assert.match(header(box.responses.at(-1), "allow"), /INVITE/);
    box.inDialog("BYE", "unknown");
    assert.equal(box.responses.at(-1)?.status, 481);
    box.inDialog("CANCEL", "");
    assert.equal(box.responses.at(-1)?.status, 481);
    box.invite({ more: ["Require: 100rel"] });
    assert.equal(box.responses.at(-1)?.status, 420);
    assert.equal(header(box.responses.at(-1), "unsupported"), "100rel");
    box.invite({ toTag: "gone", branch: "z9hG4bKgone", callId: "C9" });
    assert.equal(box.responses.at(-1)?.status, 481);
    box.inDialog("ACK", "gone");
    assert.ok(box.statuses("ACK").length === 0);
  });

  it("get the same answer again when they come twice", async () => {
    const { box } = await startAgent();
    box.inDialog("OPTIONS", "");
    box.inDialog("OPTIONS", "");
    const [first, second] = box.responses;
    assert.deepEqual(first, second);
    assert.equal(box.responses.length, 2);
  });

  it("are answered again when a flood of INVITEs is over, and leave no record", async () => {
    const { box, agent, pass, clock } = await startAgent();
    for (let i = 0; i < 6_000; i++) {
      box.invite({ callId: `F${i}`, branch: `z9hG4bKf${i}`, more: ["Expires: 5"] });
    }
    await pass(6_000);
    clock.advance(60_000);
    box.sent.length = 0;
    box.invite({ callId: "after", branch: "z9hG4bKafter" });
    assert.deepEqual(box.statuses(), [100, 180]);
    assert.ok(agent.size <= 5, `${agent.size} records`);
  });

  it("get a To tag also where another part of To is called tag", async () => {
    const { box } = await startAgent();
    const to = `";tag=1" <sip:waechter@${OWN};tag=2>`;
    box.deliver([
      ...["OPTIONS sip:a@b SIP/2.0", `Via: SIP/2.0/UDP ${BOX}:5060;branch=z9hG4bKo`, "From: <sip:b@c>;tag=f"],
      ...[`To: ${to}`, "Call-ID: o", "CSeq: 1 OPTIONS"],
    ]);
    assert.match(header(box.responses.at(-1), "to"), /^";tag=1" <sip:waechter@192\.168\.178\.50;tag=2>;tag=\w+$/);
  });

  it("of 10,000 kinds leave no more than a bounded number of records", async () => {
    const { box, agent, clock } = await startAgent();
    for (let i = 0; i < 10_000; i++) box.inDialog("OPTIONS", "", { branch: `z9hG4bKn${i}` });
    assert.ok(agent.size <= 510, `${agent.size} records`);
    clock.advance(40_000);
    box.inDialog("OPTIONS", "");
    assert.ok(agent.size <= 5, `${agent.size} records`);
  });
});
