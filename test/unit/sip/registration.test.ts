import { flush } from "../../support/fake-clock";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { SipRequest } from "../../../src/lib/sip/message";
import type { HangupAgent } from "../../../src/lib/sip/agent";
import { SipLogin } from "../../../src/lib/sip/register";
import { BoxPeer, header, OWN } from "../../support/sip/box-peer";
import { PASSWORD, startAgent } from "../../support/sip/agent-harness";

const CHALLENGE = 'WWW-Authenticate: Digest realm="fritz.box", nonce="055DA32FA85599EA"';
const CONTACT = `<sip:anrufwaechter@${OWN}:15060>`;

/** An agent at a box whose answers the test gives. */
async function started() {
  const box = new BoxPeer();
  box.registers = false;
  return startAgent({}, box);
}

const last = (box: BoxPeer): SipRequest => {
  const register = box.of("REGISTER").at(-1);
  assert.ok(register);
  return register;
};
const params = (register: SipRequest): Record<string, string> =>
  Object.fromEntries(
    [...header(register, "authorization").matchAll(/(\w+)="?([^",]*)"?/g)].map(([, k = "", v = ""]) => [k, v]),
  );
const failureOf = ({ state }: HangupAgent) => (state.kind === "failed" ? state.error.code : state.kind);
const md5 = (...parts: string[]) => createHash("md5").update(parts.join(":")).digest("hex");

describe("sip: digest", () => {
  const answer = (challenge: string) => {
    const login = new SipLogin({ user: "anrufwaechter", password: PASSWORD }, () => "0a4f113b");
    const response = {
      kind: "response",
      status: 401,
      reason: "",
      headers: [["www-authenticate", challenge]],
      body: "",
    } as const;
    const found = login.challengeOf(response);
    assert.ok(found, "no challenge");
    return { found, login, header: login.answer(401, found, "REGISTER", "sip:fritz.box")[1] };
  };

  it("gives the known answers, without and with qop", () => {
    const plain = answer('Digest realm="fritz.box", nonce="055DA32FA85599EA"').header;
    assert.equal(
      plain,
      'Digest username="anrufwaechter", realm="fritz.box", nonce="055DA32FA85599EA", uri="sip:fritz.box", response="a03c218a4e91777721ee4b59d7501ea8"',
    );
    const { header: qop, found, login } = answer('Digest realm="fritz.box", nonce="055DA32FA85599EA", qop="auth"');
    assert.match(qop, /response="5394dd56d05853e0529122ea7806aa49", qop=auth, nc=00000001, cnonce="0a4f113b"/);
    assert.match(login.answer(401, found, "REGISTER", "sip:fritz.box")[1], /nc=00000002/);
    const other = login.answer(401, { ...found, nonce: "other" }, "REGISTER", "sip:fritz.box")[1];
    assert.match(other, /nc=00000001/);
  });

  it("takes the topmost challenge that it knows (RFC 8760)", () => {
    const strange = 'Digest realm="fritz.box", nonce="1", algorithm=ROT13';
    const [md, sha] = ["MD5", "SHA-256"].map((name) => `Digest realm="fritz.box", nonce="1", algorithm=${name}`);
    assert.match(answer(`${strange}, ${md}, ${sha}`).header, /algorithm=MD5, response="\w{32}"/);
    assert.match(answer(`${strange}, ${sha}, ${md}`).header, /algorithm=SHA-256, response="\w{64}"/);
  });

  it("hashes names beyond ASCII as UTF-8", () => {
    const login = new SipLogin({ user: "Wächter", password: "ß" });
    const found = answer('Digest realm="fritz.box", nonce="1"').found;
    const value = login.answer(401, found, "REGISTER", "sip:fritz.box")[1];
    assert.match(value, /username="Wächter"/);
    assert.ok(value.includes(md5(md5("Wächter", "fritz.box", "ß"), "1", md5("REGISTER", "sip:fritz.box"))));
  });
});

describe("sip: registration", () => {
  it("asks, answers the challenge, and is registered for the time granted to its own contact", async () => {
    const { box, agent, clock, states } = await started();
    const first = last(box);
    assert.equal(first.uri, "sip:fritz.box");
    assert.equal(header(first, "authorization"), "");
    assert.equal(header(first, "contact"), `${CONTACT};expires=300`);
    box.reply(first, 401, [CHALLENGE]);
    const second = last(box);
    assert.equal(header(second, "call-id"), header(first, "call-id"));
    assert.equal(header(second, "from"), header(first, "from"));
    assert.notEqual(header(second, "via"), header(first, "via"));
    assert.deepEqual([header(first, "cseq"), header(second, "cseq")], ["1 REGISTER", "2 REGISTER"]);
    assert.equal(params(second)["response"], "a03c218a4e91777721ee4b59d7501ea8");
    box.reply(second, 200, [`Contact: <sip:other@10.0.0.1>;expires=3600, ${CONTACT};expires=60`, "Expires: 7200"]);
    assert.deepEqual(agent.state, { kind: "registered", user: "anrufwaechter", transport: "udp" });
    assert.deepEqual(
      states.map(({ kind }) => kind),
      ["registering", "registered"],
    );
    clock.advance(29_900);
    assert.equal(box.of("REGISTER").length, 2);
    clock.advance(100);
    assert.equal(box.of("REGISTER").length, 3);
  });

  it("stops after a refused password, for ten minutes", async () => {
    const { box, agent, clock } = await started();
    box.reply(last(box), 401, [CHALLENGE]);
    box.reply(last(box), 401, [CHALLENGE.replace("055DA", "155DA")]);
    assert.equal(failureOf(agent), "sip-password");
    assert.equal(box.of("REGISTER").length, 2);
    agent.refresh();
    clock.advance(599_000);
    assert.equal(box.of("REGISTER").length, 2);
    clock.advance(1_000);
    assert.equal(box.of("REGISTER").length, 3);
  });

  it("tries again on stale=true, but not without end", async () => {
    const { box, agent } = await started();
    box.reply(last(box), 401, [CHALLENGE]);
    box.reply(last(box), 401, [`${CHALLENGE.replace("055DA", "155DA")}, stale=true`]);
    assert.equal(params(last(box))["nonce"], "155DA32FA85599EA");
    box.reply(last(box), 200, [`Contact: ${CONTACT};expires=300`]);
    assert.equal(agent.state.kind, "registered");
    const hostile = await started();
    for (let i = 0; i < 10; i++) hostile.box.reply(last(hostile.box), 401, [`${CHALLENGE}, stale=true`]);
    assert.ok(hostile.box.of("REGISTER").length <= 4);
    assert.equal(failureOf(hostile.agent), "sip-password");
  });

  it("answers a proxy's challenge, too", async () => {
    const { box } = await started();
    box.reply(last(box), 407, [CHALLENGE.replace("WWW", "Proxy")]);
    assert.match(header(last(box), "proxy-authorization"), /^Digest username="anrufwaechter"/);
  });

  it("takes Min-Expires of a 423, and waits as long as Retry-After says", async () => {
    const { box, clock } = await started();
    box.reply(last(box), 423, ["Min-Expires: 600"]);
    assert.equal(header(last(box), "contact"), `${CONTACT};expires=600`);
    const count = box.of("REGISTER").length;
    box.reply(last(box), 503, ["Retry-After: 90 (restart);duration=10"]);
    clock.advance(89_000);
    assert.equal(box.of("REGISTER").length, count);
    clock.advance(1_000);
    assert.equal(box.of("REGISTER").length, count + 1);
    const hostile = await started();
    for (let i = 0; i < 30; i++) hostile.box.reply(last(hostile.box), 423, [`Min-Expires: ${400 + i}`]);
    assert.ok(hostile.box.of("REGISTER").length < 6, "endless 423");
  });

  it("bears a failed refresh as long as the binding lives, and goes on asking", async () => {
    const { box, agent, pass } = await started();
    box.reply(last(box), 200, [`Contact: ${CONTACT};expires=300`]);
    await pass(150_000);
    await pass(32_000); // no answer
    assert.equal(agent.state.kind, "registered");
    await pass(150_000);
    assert.equal(failureOf(agent), "sip-no-answer");
    const requests = box.of("REGISTER").length;
    await pass(40_000);
    assert.ok(box.of("REGISTER").length > requests);
    box.reply(last(box), 200, [`Contact: ${CONTACT};expires=300`]);
    assert.equal(agent.state.kind, "registered");
  });

  it("registers at once when the box is back", async () => {
    const { box, agent } = await started();
    box.reply(last(box), 200, [`Contact: ${CONTACT};expires=300`]);
    agent.refresh();
    assert.equal(box.of("REGISTER").length, 2);
  });

  it("goes on after a sleep of the computer, within ten seconds", async () => {
    const { box, clock } = await started();
    box.reply(last(box), 200, [`Contact: ${CONTACT};expires=300`]);
    clock.advance(5_000);
    clock.sleep(3_600_000);
    assert.equal(box.of("REGISTER").length, 1);
    clock.advance(10_000);
    assert.ok(box.of("REGISTER").length > 1);
  });

  it("removes its own binding when it is closed, and no other", async () => {
    const { box, agent } = await started();
    box.reply(last(box), 200, [`Contact: ${CONTACT};expires=300`]);
    const closing = agent.close();
    assert.equal(header(last(box), "contact"), `${CONTACT};expires=0`);
    assert.equal(header(last(box), "expires"), "0");
    box.reply(last(box), 401, [CHALLENGE]);
    box.reply(last(box), 200);
    await closing;
    assert.ok(box.links.every(({ closed }) => closed));
  });

  it("closes after two seconds without an answer", async () => {
    const { box, agent, pass } = await started();
    box.reply(last(box), 200, [`Contact: ${CONTACT};expires=300`]);
    let closed = false;
    void agent.close().then(() => (closed = true));
    await pass(1_900);
    assert.equal(closed, false);
    await pass(200);
    assert.equal(closed, true);
  });

  it("uses TCP where UDP gets no answer", async () => {
    const { box, agent, pass } = await started();
    box.tcpFails = false;
    await pass(4_100);
    assert.equal(box.links.at(-1)?.transport, "tcp");
    assert.match(header(last(box), "via"), /^SIP\/2\.0\/TCP /);
    assert.match(header(last(box), "contact"), /;transport=tcp>;expires=300$/);
    box.reply(last(box), 200, ["Expires: 300"]);
    assert.deepEqual(agent.state, { kind: "registered", user: "anrufwaechter", transport: "tcp" });
    box.links.at(-1)?.events.lost();
    await flush();
    assert.equal(box.links.at(-1)?.transport, "udp");
  });

  it("opens new sockets when the box or this computer has another address", async () => {
    const { box, pass } = await started();
    box.reply(last(box), 200, [`Contact: ${CONTACT};expires=300`]);
    await pass(31_000);
    assert.equal(box.links.length, 1);
    box.own = "192.168.178.77";
    await pass(31_000);
    assert.equal(box.links.length, 2);
    assert.match(header(last(box), "contact"), /192\.168\.178\.77/);
  });

  it("tells the box another address where it is told to", async () => {
    for (const [advertise, contact] of [
      ["10.1.2.3:5070", "10.1.2.3:5070"],
      ["10.1.2.3", "10.1.2.3:15060"],
      ["fd00::5", "[fd00::5]:15060"],
      ["[fd00::5]:5070", "[fd00::5]:5070"],
    ] as const) {
      const box = new BoxPeer();
      await startAgent({ advertise }, box);
      assert.equal(header(last(box), "contact"), `<sip:anrufwaechter@${contact}>;expires=300`);
    }
  });
});
