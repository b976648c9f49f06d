/** Every source that asks outside: what it makes of a hit, of an unknown number, and of everything that can go wrong. */
import assert from "node:assert/strict";
import { toScore } from "../../src/lib/callers/merge";
import { FritzError } from "../../src/lib/core/errors";
import type { CallerSource, SourceAnswer } from "../../src/lib/callers/source";
import { offeredSources } from "../../src/lib/callers/sources/index";
import { normalizeNumber } from "../../src/lib/numbers/index";
import { type KnownCaller, type WebFault, WebServices } from "../../simulator/index";
import { sourceOf, sourceTools } from "../support/source-tools";

const plan = { countryCode: "49", areaCode: "30" };
const CALLER: KnownCaller = { number: "+493023125042", name: "Muster & Söhne", city: "Berlin", score: 8, reports: 12 };
const GOOD: KnownCaller = { number: "+498999998001", score: 1, reports: 7 };
const UNKNOWN = "+493023125011";
const ABROAD: Record<string, KnownCaller> = {
  searchch: { number: "+41440000000", name: "Anna Muster", city: "Zürich" },
  herold: { number: "+431000000", name: "Kaffeehaus Muster", city: "Wien" },
  dasschnelle: { number: "+431000000", name: "Kaffeehaus Muster", city: "Wien" },
  "118712": { number: "+33100000000", name: "Boulangerie Exemple" },
};
const UNKNOWN_ABROAD: Record<string, string> = {
  searchch: "+41440000001",
  herold: "+431000001",
  dasschnelle: "+431000001",
  "118712": "+33100000001",
};

/** The rank that a name of this source deserves. */
const RANKS: Record<string, string> = {
  dasoertliche: "directory",
  dastelefonbuch: "directory",
  searchch: "directory",
  "11880": "details",
  herold: "details",
  dasschnelle: "details",
  "118712": "details",
  tellows: "details",
  "tellows-page": "label",
  shouldianswer: "label",
};
/** These do not say how many people voted. */
const UNCOUNTED = ["shouldianswer"];

const remote = offeredSources().filter(({ local }) => !local);

describe("contract: the sources that ask outside", () => {
  const web = new WebServices();
  before(() => web.listen());
  after(() => web.stop());
  beforeEach(() => {
    web.reset();
    web.callers = [CALLER, GOOD, ...Object.values(ABROAD)];
  });

  const never = new AbortController().signal;
  const lookup = (source: CallerSource, e164: string, signal: AbortSignal = never) =>
    source.lookup({ written: e164.replace(/^\+49/, "0"), number: normalizeNumber(e164, plan), plan }, signal);

  it("are all in this suite, and the simulator knows all of them", () => {
    assert.ok(remote.length >= 18, `${remote.length} sources`);
    for (const { id } of remote) {
      assert.ok(WebServices.sites.includes(id) || id === "phoneblock-number", id);
    }
  });

  for (const profile of remote) {
    const { id, kinds } = profile;
    describe(id, () => {
      const site = id === "phoneblock-number" ? "phoneblock" : id;
      const make = (over = {}) => sourceOf({ id, baseUrl: web.base(site), allowPrivate: true, ...over });
      const known = ABROAD[id] ?? CALLER;
      const unknown = UNKNOWN_ABROAD[id] ?? UNKNOWN;

      it("hit: says who it is and how bad", async () => {
        const finding = await lookup(make(), known.number);
        assert.ok(finding, "nothing found");
        if (RANKS[id] !== undefined) {
          const name = id === "shouldianswer" ? "Telemarketing" : known.name;
          assert.deepEqual(finding.name, { text: name, rank: RANKS[id] });
        }
        if (!kinds.includes("score")) return assert.equal(finding.opinion, undefined);
        const { risk = -1, reports, link } = finding.opinion ?? {};
        assert.ok(Math.abs(toScore(risk) - 8) <= 1, `score ${toScore(risk)}`);
        assert.equal(reports, UNCOUNTED.includes(id) ? 1 : 12);
        assert.match(link ?? "https://", /^https?:\/\//);
      });

      if (kinds.includes("score") && !id.startsWith("phoneblock")) {
        it("hit: says that a number is good", async () => {
          const finding = await lookup(make(), GOOD.number);
          assert.ok(toScore(finding?.opinion?.risk ?? 50) <= 2, JSON.stringify(finding));
        });
      }

      it("miss: an unknown number is unknown, neither good nor neutral", async () => {
        assert.equal(await lookup(make(), unknown), null);
      });

      it("abort: stops at once", async () => {
        web.fail(site, { kind: "hang" });
        const stop = new AbortController();
        const asked = lookup(make(), known.number, stop.signal);
        setTimeout(() => stop.abort(new Error("stopped")), 20);
        await assert.rejects(asked, /^Error: stopped$/);
      });

      it("time-out: says so", async () => {
        web.fail(site, { kind: "hang" });
        const error = await failureOf(lookup(make(), known.number, AbortSignal.timeout(30)));
        assert.equal(error.code, "source-timeout");
      });

      const failures: [string, WebFault, RegExp][] = [
        ["nonsense", { kind: "nonsense" }, /^source-reply$/],
        ["blocked by 403", { kind: "status", status: 403 }, /^source-(blocked|key)$/],
        ["blocked by 429", { kind: "status", status: 429, retryAfterSeconds: 60 }, /^source-blocked$/],
        ["a captcha", { kind: "captcha" }, /^source-blocked$/],
        ["a breakdown", { kind: "status", status: 500 }, /^source-status$/],
        ["a cut answer", { kind: "cut" }, /^source-reply$/],
        ["a broken connection", { kind: "reset" }, /^source-unreachable$/],
        ["a picture", { kind: "type" }, /^source-reply$/],
        ["a huge answer", { kind: "huge", bytes: 3_000_000 }, /^source-reply$/],
        ["a small answer that unpacks to a huge one", { kind: "bomb", bytes: 30_000_000 }, /^source-reply$/],
        ["a circle of redirects", { kind: "loop" }, /^source-redirect$/],
        ["a redirect to somebody else", { kind: "away", to: "http://localhost:9/" }, /^source-redirect$/],
      ];
      for (const [what, fault, code] of failures) {
        it(`fails on ${what}, and never takes it for an unknown caller`, async () => {
          web.fail(site, fault);
          const error = await failureOf(lookup(make(), known.number));
          assert.match(error.code, code);
          if (fault.kind === "status" && fault.retryAfterSeconds !== undefined) {
            assert.ok(Number(error.values["waitMs"]) >= 60_000);
          }
        });
      }

      it("tells what it sends, and sends no more", async () => {
        await lookup(make(), known.number);
        const said = web.requests.map(({ path }) => path).join(" ");
        assert.ok(web.requests.length > 0);
        const nsn = known.number.replace(/^\+(49|43|41|33)/, "");
        assert.equal(said.includes(nsn), profile.sends === "number");
      });

      if (profile.secret?.required) {
        it("sends no request without a key, and says when the key is wrong", async () => {
          const keyless = sourceOf({ id, baseUrl: web.base(site), allowPrivate: true }, sourceTools({ secrets: {} }));
          assert.equal(keyless.unready, "no-key");
          const secrets = { [profile.secret?.name ?? ""]: "wrong-key-3141" };
          const wrong = sourceOf({ id, baseUrl: web.base(site), allowPrivate: true }, sourceTools({ secrets }));
          const error = await failureOf(lookup(wrong, known.number));
          assert.equal(error.code, "source-key");
          assert.ok(!`${error.message}${wrong.key}`.includes("wrong-key-3141"));
        });
      }

      it("does not reach into the house unless that is ticked", async () => {
        const error = await failureOf(lookup(make({ allowPrivate: false }), known.number));
        assert.equal(error.code, "source-private");
        assert.equal(web.requests.length, 0);
      });
    });
  }

  /** The failure of a look-up; it holds neither number nor name. */
  async function failureOf(asked: Promise<SourceAnswer>): Promise<FritzError> {
    const error = await asked.then(
      (answer) => assert.fail(`answered ${JSON.stringify(answer)}`),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof FritzError, String(error));
    const said = `${error.message} ${error.stack ?? ""} ${JSON.stringify(error.values)}`;
    for (const secret of ["3023125042", "440000000", "1000000", "100000000", "Muster"]) {
      assert.ok(!said.includes(secret), said);
    }
    return error;
  }
});
