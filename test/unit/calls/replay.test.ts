import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { Replay, replayInput, type ReplayResult } from "../../../src/lib/calls/replay";
import { SEED_DAY } from "../../fixtures/recorded-lines";
import { counter } from "../../support/events";

const RING = "16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;";
const DISCONNECT = "16.06.20 12:25:46;DISCONNECT;0;0;";

function replay(payload: unknown, timeZone = "Europe/Berlin"): ReplayResult[] {
  const player = new Replay("home", timeZone, counter());
  return replayInput(payload).map((line) => player.next(line));
}

describe("replayInput", () => {
  for (const [how, payload] of [
    ["a text of many lines", `${RING}\r\n\r\n${DISCONNECT}\r\n`],
    ["a file's bytes", Buffer.from(`${RING}\n\n${DISCONNECT}\n`)],
    ["a Uint8Array", new TextEncoder().encode(`${RING}\n\n${DISCONNECT}\n`)],
    ["a list of lines", [RING, "", DISCONNECT]],
  ] as const) {
    it(how, () => {
      assert.deepEqual(replayInput(payload), [
        { number: 1, text: RING },
        { number: 3, text: DISCONNECT },
      ]);
    });
  }

  it("one line", () => assert.deepEqual(replayInput(RING), [{ number: 1, text: RING }]));

  it("bytes with a byte order mark", () => {
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(RING)]);
    assert.deepEqual(replay(bytes)[0]?.event?.raw, RING);
  });

  it("nothing in it is not an error here", () => {
    for (const payload of ["", "\n\n", [], Buffer.alloc(0)]) assert.deepEqual(replayInput(payload), []);
  });

  for (const payload of [undefined, null, 5, true, {}, [1], [RING, 5], { raw: RING }, new Date(0)]) {
    it(`not ${JSON.stringify(payload)}`, () => {
      assert.throws(
        () => replayInput(payload),
        (error) => error instanceof FritzError && error.code === "replay-input",
      );
    });
  }
});

describe("Replay", () => {
  it("the recorded day: 24 events in order, marked as replayed, with their lines", () => {
    const results = replay(SEED_DAY.join("\n"));
    assert.equal(results.length, 24);
    assert.equal(
      results.every(({ event }) => event?.replayed === true && event.box === "home"),
      true,
    );
    assert.deepEqual(
      results.map(({ line }) => line),
      SEED_DAY.flatMap((raw, i) => (raw === "" ? [] : [i + 1])),
    );
    assert.equal(results.at(-1)?.event?.outcome, "answered");
  });

  it("what is no event says so, with its line, and the others go on", () => {
    const results = replay(`${RING}\ngarbage\n${DISCONNECT}`);
    assert.deepEqual(
      results.map(({ line, event, failure }) => [line, event?.event ?? failure?.reason]),
      [
        [1, "ring"],
        [2, "bad-date"],
        [3, "disconnect"],
      ],
    );
  });

  it("a call may come line by line", () => {
    const player = new Replay("home", "UTC", counter());
    const events = [RING, DISCONNECT].map((text) => player.next({ number: 1, text }).event);
    assert.deepEqual(
      events.map((event) => event?.callId),
      ["c1", "c1"],
    );
    assert.equal(events[1]?.ringSeconds, 4);
    assert.equal(events[1]?.outcome, "missed");
  });

  it("two replays never share a call", () => {
    const ids = [RING, RING].map((text) => new Replay("home", "UTC").next({ number: 1, text }).event?.callId);
    assert.notEqual(ids[0], ids[1]);
  });

  it("in autumn's double hour time never runs backwards where it need not", () => {
    const at = replay(
      [
        "25.10.26 01:59:00;RING;0;0711123456;732123;SIP0;",
        "25.10.26 02:10:00;CONNECT;0;10;0711123456;",
        "25.10.26 02:50:00;DISCONNECT;0;2400;",
        "25.10.26 02:05:00;RING;0;0711123456;732123;SIP0;",
        "25.10.26 02:55:00;DISCONNECT;0;0;",
        "25.10.26 03:00:00;RING;0;0711123456;732123;SIP0;",
      ].join("\n"),
    ).map(({ event }) => event?.at);
    assert.deepEqual(at, [
      "2026-10-25T01:59:00+02:00",
      "2026-10-25T02:10:00+02:00",
      "2026-10-25T02:50:00+02:00",
      "2026-10-25T02:05:00+01:00",
      "2026-10-25T02:55:00+01:00",
      "2026-10-25T03:00:00+01:00",
    ]);
  });

  it("an older log after a newer one is read as it stands", () => {
    const at = replay(["16.06.26 12:00:00;DISCONNECT;0;0;", "25.10.20 02:30:00;DISCONNECT;0;0;"].join("\n"));
    assert.equal(at[1]?.event?.at, "2020-10-25T02:30:00+02:00");
  });
});
