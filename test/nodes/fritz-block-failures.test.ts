/** The promise against the simulated box in a real Node-RED: whatever its answers are like, no contact is blocked or written. */
import assert from "node:assert/strict";
import type { Decision } from "../../src/lib/blocking/types";
import { SimulatedBox } from "../../simulator";
import { numbersOf } from "../../simulator/tr064/phonebooks";
import { caller, spam } from "../support/callers";
import { callEvent, party } from "../support/events";
import { collect, helper, load, node, pause, serveWithUserFolders, until } from "../support/flow";

const KINDS = ["503", "reset-before", "truncate", "garbage", "wrong-type"] as const;
const PLACES = [
  ...["X_AVM-DE_GetVoIPCommonAreaCode", "X_AVM-DE_GetVoIPCommonCountryCode", "GetPhonebookList", "GetPhonebook"],
  ...["X_AVM-DE_GetNumbers", /^\/phonebook\.lua/, /^\/upnp\/control/],
];
/** The contact's number is written without area code, which only the box knows. */
const LOCAL = "732999";
const FORMS = ["07191732999", "+497191732999", "0049 7191 732999", "732999"];
const SPAMMER = "03023125999";
const ALL = KINDS.flatMap((kind) => PLACES.map((match) => ({ kind, match })));
/** 500 with FRITZ_LONG=1; else a walk through kinds and places. */
const RUNS = process.env.FRITZ_LONG === "1" ? 500 : 7;

describe("fritz-block, while the box fails", () => {
  serveWithUserFolders();

  const deploy = async (box: SimulatedBox, i: number) => {
    await helper.unload();
    const config = {
      id: "box",
      type: "fritz-config",
      host: "127.0.0.1",
      tls: false,
      port: box.tr064.port,
      monitorPort: 1,
    };
    const block = {
      ...{ id: "block", type: "fritz-block", box: "box", minScore: 1, minReports: 0, blockFake: true },
      ...{ blockPatterns: ["07191*", "030*", "+49*"], action: i % 2 === 0 ? "phonebook" : "barring", dryRun: false },
      wires: [["out"], ["out"]],
    };
    const credentials = { box: { username: "fritz1234", password: "secret" } };
    await load([config, block, { id: "out", type: "helper" }], credentials);
    return collect("out") as { decision?: Decision }[];
  };
  const ring = async (out: { decision?: Decision }[], number: string, callId: string) => {
    const before = out.length;
    const callerInfo = { ...caller({ ...spam(9, 99), number, sources: [], flags: ["too-long"] }), e164: undefined };
    node("block").receive({ payload: callEvent({ callId, caller: party(number) }), callerInfo });
    await until("the decision", () => out.length > before);
    return out.at(-1)?.decision;
  };
  const barred = (box: SimulatedBox) => {
    const { books } = box.tr064.state;
    const inBook = books.all.find(({ name }) => name === "Spam")?.contacts ?? [];
    return [...inBook, ...books.barring.contacts].flatMap(numbersOf);
  };

  it(`${RUNS} situations: the contact gets through and is written nowhere; spam is blocked afterwards`, async function () {
    this.timeout(RUNS * 60_000);
    for (let i = 0; i < RUNS; i++) {
      const box = new SimulatedBox();
      await box.tr064.listen({ port: 0 });
      try {
        box.tr064.state.books.named("Telefonbuch").add("Oma", LOCAL);
        const { kind, match } = ALL[(i * 11) % ALL.length] ?? ALL[0] ?? assert.fail();
        box.tr064.failNext({ kind, match, times: 1 + (i % 9), when: "any" });
        const what = `${i}: ${kind} at ${String(match)}`;
        for (let j = 0; j < 2; j++) {
          const out = await deploy(box, i);
          const decision = await ring(out, FORMS[(i + j) % FORMS.length] ?? LOCAL, `c${i}-${j}`);
          assert.equal(decision?.verdict, "allow", `${what}: ${decision?.explanation}`);
        }
        assert.deepEqual(barred(box), [], what);
        box.tr064.faults.clear();
        const out = await deploy(box, i);
        assert.equal((await ring(out, LOCAL, `d${i}`))?.verdict, "allow", what);
        assert.equal((await ring(out, SPAMMER, `e${i}`))?.verdict, "block", `${what}: the control`);
        assert.deepEqual(barred(box), [SPAMMER], what);
      } finally {
        await box.tr064.stop();
      }
    }
  });

  for (const what of ["a box that is away", "a wrong password", "a missing right"]) {
    it(`${what} is told to a Catch node once a call, by the first node that finds out`, async () => {
      const box = new SimulatedBox();
      await box.tr064.listen({ port: 0 });
      const { port } = box.tr064;
      if (what === "a box that is away") await box.tr064.refuse();
      if (what === "a missing right") box.tr064.state.users = [{ name: "fritz1234", password: "secret", rights: {} }];
      try {
        const at = { box: "box" };
        await load(
          [
            { id: "box", type: "fritz-config", host: "127.0.0.1", tls: false, port, monitorPort: 1 },
            { ...at, id: "info", type: "fritz-caller-info", wires: [["block"], []] },
            { ...at, id: "block", type: "fritz-block", action: "barring", dryRun: false, wires: [["end"], ["end"]] },
            { ...at, id: "end", type: "fritz-hangup", dryRun: false, wires: [[], ["out"]] },
            { id: "out", type: "helper" },
            { id: "c", type: "catch", scope: ["info", "block"], wires: [["caught"]] },
            { id: "caught", type: "helper" },
          ],
          { box: { username: "fritz1234", password: what === "a wrong password" ? "wrong" : "secret" } },
        );
        const caught = collect("caught");
        const decided = collect("end") as { decision?: Decision }[];
        for (let i = 1; i <= 3; i++) {
          node("info").receive({ payload: callEvent({ callId: `once${i}`, caller: party(SPAMMER) }) });
          await until("the decision", () => decided.length === i);
          assert.equal(decided.at(-1)?.decision?.because, "friends-unknown");
          await pause(50);
          assert.equal(caught.length, 1, `after ${i} calls`);
        }
      } finally {
        await box.tr064.stop();
      }
    });
  }
});
