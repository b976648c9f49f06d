/** The dialling aid: which telephone rings, for how long, and what is known where the box's answer is lost. */
import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { DiallingAid } from "../../../src/lib/telephony/dialling";
import { FakeClock } from "../../support/fake-clock";
import { FakeTr064 } from "../../support/fake-tr064";

const PHONES = ["FON1: Door", "FON2: Fax", "DECT: Mobile 1", "DECT: Mobile 2", "ISDN: Fax", ""];
const BROKEN = new FritzError("box-timeout", {}, true);

/** A box with telephones; `fails` has an error for the next calls of an action. */
function boxWith({ obeys = true } = {}) {
  const clock = new FakeClock();
  const fails: Record<string, FritzError[]> = {};
  let phone = "FON1: Door";
  const answer = (action: string, work: (value: string) => string | undefined) => (values: Record<string, string>) => {
    const text = work(Object.values(values)[0] ?? "");
    const error = fails[action]?.shift();
    if (error) throw error;
    return { "NewX_AVM-DE_PhoneName": text ?? "" };
  };
  const box = new FakeTr064(
    {
      "X_VoIP:1#X_AVM-DE_GetPhonePort": answer("GetPhonePort", (index) => {
        const name = PHONES[Number(index) - 1];
        if (name === undefined) throw new FritzError("box-no-entry", {});
        return name;
      }),
      "X_VoIP:1#X_AVM-DE_DialGetConfig": answer("DialGetConfig", () => phone),
      "X_VoIP:1#X_AVM-DE_DialSetConfig": answer("DialSetConfig", (name) => void (obeys && (phone = name))),
      "X_VoIP:1#X_AVM-DE_DialNumber": answer("DialNumber", () => undefined),
      "X_VoIP:1#X_AVM-DE_DialHangup": answer("DialHangup", () => undefined),
    },
    {
      "X_AVM-DE_GetPhonePort": ["NewIndex"],
      "X_AVM-DE_DialSetConfig": ["NewX_AVM-DE_PhoneName"],
      "X_AVM-DE_DialNumber": ["NewX_AVM-DE_PhoneNumber"],
    },
  );
  const aid = new DiallingAid(box, clock);
  /** Of dials and hang-ups, in order: "5", "6", "-". */
  const rung = () =>
    box.asked
      .filter((asked) => /Dial(Number|Hangup)/.test(asked))
      .map((asked) => /"(\d+)"/.exec(asked)?.[1] ?? "-")
      .join("");
  return { aid, box, clock, fails, rung };
}

describe("the dialling aid's telephone", () => {
  it("is one of those that have a name", async () => {
    const { aid, fails } = boxWith();
    assert.deepEqual(await aid.phones(), PHONES.slice(0, 5));
    fails["GetPhonePort"] = [BROKEN];
    await assert.rejects(aid.phones(), { code: "box-timeout" });
  });

  for (const [wanted, chosen] of [
    ["dect: mobile 1", "DECT: Mobile 1"],
    [" Mobile 2 ", "DECT: Mobile 2"],
    ["**2", "FON2: Fax"],
  ] as const) {
    it(`is found as ${wanted}`, async () => {
      const { aid } = boxWith();
      assert.equal(await aid.use(wanted), chosen);
      assert.equal(await aid.phone(), chosen);
    });
  }

  for (const wanted of ["Fax", "**3", "**21", "Kitchen", ""]) {
    it(`is not found as ${JSON.stringify(wanted)}`, async () => {
      await assert.rejects(boxWith().aid.use(wanted), { code: "dial-phone", values: { count: 5 } });
    });
  }

  it("is set only where it is another, and read back", async () => {
    const sets = ({ box }: ReturnType<typeof boxWith>) =>
      box.asked.filter((asked) => asked.includes("SetConfig")).length;
    const same = boxWith();
    await same.aid.use("Door");
    assert.equal(sets(same), 0);
    const lost = boxWith();
    lost.fails["DialSetConfig"] = [BROKEN];
    assert.equal(await lost.aid.use("Mobile 1"), "DECT: Mobile 1");
    assert.equal(sets(lost), 1);
    const stubborn = boxWith({ obeys: false });
    await assert.rejects(stubborn.aid.use("Mobile 1"), { code: "dial-phone-kept" });
    stubborn.fails["DialSetConfig"] = [BROKEN];
    await assert.rejects(stubborn.aid.use("Mobile 1"), { code: "box-timeout" });
  });
});

describe("dialling", () => {
  for (const [what, error, code] of [
    ["the aid is off", new FritzError("box-action-failed", { upnpCode: 501 }), "dial-off"],
    ["the box refuses otherwise", new FritzError("box-action-failed", { upnpCode: 402 }), "box-action-failed"],
    ["the answer is lost", BROKEN, "dial-uncertain"],
    ["a right is missing", new FritzError("box-right"), "box-right"],
  ] as const) {
    it(`is done once, and says so where ${what}: ${code}`, async () => {
      const { aid, fails, rung } = boxWith();
      fails["DialNumber"] = [error];
      await assert.rejects(aid.dial("5"), { code });
      assert.equal(rung(), "5");
    });
  }

  it("hangs up after its time, and leaves no timer", async () => {
    const { aid, clock, rung } = boxWith();
    let started = 0;
    const end = aid.ringFor("5", 10, () => started++);
    await clock.flush();
    clock.advance(9_999);
    await clock.flush();
    assert.deepEqual([rung(), started], ["5", 1]);
    clock.advance(1);
    assert.equal(await end, "time");
    assert.deepEqual([rung(), clock.pending], ["5-", 0]);
  });

  it("hangs up when it is told to, by an order or a signal, and then leaves no timer either", async () => {
    const { aid, clock, rung } = boxWith();
    const first = aid.ringFor("5", 10);
    await clock.flush();
    await aid.hangup();
    assert.equal(await first, "order");
    const stop = new AbortController();
    const second = aid.ringFor("6", 10, undefined, stop.signal);
    await clock.flush();
    stop.abort();
    assert.equal(await second, "order");
    assert.deepEqual([rung(), clock.pending], ["5--6-", 0]);
  });

  it("does not begin at all where it is stopped before, or another one follows while it waits", async () => {
    const { aid, clock, rung } = boxWith();
    assert.equal(await aid.ringFor("4", 10, undefined, AbortSignal.abort()), "order");
    const ends = [aid.ringFor("5", 10), aid.ringFor("6", 10), aid.ringFor("7", 10)];
    await clock.flush();
    clock.advance(10_000);
    assert.deepEqual([(await Promise.all(ends)).join(), rung()], ["next,next,time", "7-"]);
  });

  it("hangs up also after a lost answer, as it may ring, and tries that again", async () => {
    const { aid, clock, fails, rung } = boxWith();
    fails["DialNumber"] = [BROKEN];
    fails["DialHangup"] = [BROKEN];
    const end = assert.rejects(aid.ringFor("5", 10), { code: "dial-uncertain" });
    await clock.flush();
    clock.advance(clock.nextInMs ?? 0);
    await end;
    assert.equal(rung(), "5--");
  });

  it("gives up hanging up after some tries, and at once where the box refuses", async () => {
    const { aid, clock, fails, rung } = boxWith();
    fails["DialHangup"] = [BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN];
    const end = assert.rejects(aid.hangup(), { code: "box-timeout" });
    for (await clock.flush(); clock.pending > 0; await clock.flush()) clock.advance(clock.nextInMs ?? 0);
    await end;
    const tries = rung().length;
    assert.ok(tries > 1 && tries < 6, `${tries} tries`);
    fails["DialHangup"] = [new FritzError("box-right")];
    await assert.rejects(aid.hangup(), { code: "box-right" });
    assert.equal(rung().length, tries + 1);
  });
});
