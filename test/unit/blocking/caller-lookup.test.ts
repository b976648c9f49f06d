/** How long a caller's lookup may take while the box hangs: it holds a call up. */
import assert from "node:assert/strict";
import { CallerLookup, type Known, type LookupParts } from "../../../src/lib/blocking/caller-lookup";
import { DEFAULT_PLAN } from "../../../src/lib/numbers/index";
import { FakeClock } from "../../support/fake-clock";

const NUMBER = "03023125001";
const IN_ALL_MS = 5_000;
const STEP_MS = 100;
const hanging = () => new Promise<never>(() => undefined);
const contact = { book: "Telefonbuch", bookId: 0, name: "Oma", id: "1", numbers: [] };

type Box = NonNullable<LookupParts["box"]>;

/** Looks a caller up at a box with these answers; tells after how long it ended, on a clock that goes in small steps. */
async function look(answers: (clock: FakeClock) => Partial<Box>): Promise<Known & { afterMs: number }> {
  const clock = new FakeClock();
  const hangs: Box = { dialPlan: hanging, ownNumbers: hanging, find: hanging, books: hanging };
  const lookup = new CallerLookup({ clock, box: { ...hangs, ...answers(clock) }, bookNames: ["telefonbuch"] });
  let known: Known | undefined;
  void lookup.look(NUMBER).then((found) => (known = found));
  for (let afterMs = 0; afterMs <= 3 * IN_ALL_MS; afterMs += STEP_MS) {
    await clock.flush();
    if (known) return { ...known, afterMs };
    clock.advance(STEP_MS);
  }
  return assert.fail("the lookup has not ended");
}

const after = <T>(clock: FakeClock, ms: number, value: T) =>
  new Promise<T>((resolve) => clock.after(ms, () => resolve(value)));
const found = { contacts: [contact] } as unknown as Awaited<ReturnType<Box["find"]>>;

describe("CallerLookup: a box that hangs", () => {
  it("ends within five seconds and says that the contacts are unknown", async () => {
    const { context, afterMs } = await look(() => ({}));
    assert.ok(afterMs <= IN_ALL_MS, `${afterMs} ms`);
    assert.equal(context.contactsUnknown, "loading");
  });

  it("finds what is in memory although the dial plan has used up its time", async () => {
    const { context, afterMs } = await look(() => ({
      find: () => Promise.resolve(found),
      ownNumbers: () => Promise.resolve(["732123"]),
      books: () => Promise.resolve([{ id: 0, name: "Telefonbuch" }] as never),
    }));
    assert.ok(afterMs <= IN_ALL_MS, `${afterMs} ms`);
    assert.deepEqual(context.hits, [{ book: "Telefonbuch", name: "Oma", vip: false }]);
    assert.deepEqual(context.ownNumbers, ["732123"]);
    assert.deepEqual(context.books, ["Telefonbuch"]);
    assert.equal(context.contactsUnknown, undefined);
  });

  it("ends in time when every answer comes as late as it may, and the last never", async () => {
    const { context, afterMs } = await look((clock) => ({
      dialPlan: () => after(clock, 2_900, DEFAULT_PLAN),
      find: () => after(clock, 1_500, found),
    }));
    assert.ok(afterMs <= IN_ALL_MS, `${afterMs} ms`);
    assert.ok(context.hits, "the contacts came in time");
    assert.deepEqual(context.books, ["telefonbuch"], "names that could not be asked for match as they are written");
  });

  it("still waits for the contacts when the computer was suspended meanwhile", async () => {
    const { context, afterMs } = await look((clock) => ({
      dialPlan: () => {
        clock.sleep(3_600_000);
        return Promise.resolve(DEFAULT_PLAN);
      },
      find: () => after(clock, 1_400, found),
    }));
    assert.ok(context.hits, "the contacts came in time");
    assert.ok(afterMs <= IN_ALL_MS, `${afterMs} ms`);
  });

  it("waits three seconds for the phonebooks of a box whose dial plan is known", async () => {
    const { context } = await look((clock) => ({
      dialPlan: () => Promise.resolve(DEFAULT_PLAN),
      find: () => after(clock, 2_900, found),
    }));
    assert.ok(context.hits);
  });
});
