import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { answerOf, toOpinion } from "../../../../src/lib/callers/described/answer";
import { durationMs, faultOfDescriptor } from "../../../../src/lib/callers/described/descriptor-schema";
import { toScore } from "../../../../src/lib/callers/merge";
import { fillTemplate, whatIsSent } from "../../../../src/lib/callers/described/template";
import type { Descriptor, Entry, Scale } from "../../../../src/lib/callers/described/descriptor";
import { root } from "../../../support/node-red-server";

const E164 = "+493023125042";
const digest = (algorithm: "sha1" | "md5", text: string) => createHash(algorithm).update(text).digest("hex");
const values = { e164: E164, digits: "493023125042", national: "03023125042", nsn: "3023125042", key: "a&b" };
const fill = (template: string) => fillTemplate(template, values, digest, encodeURIComponent);

describe("templates", () => {
  it("fill in the forms of a number, encoded for an address", () => {
    assert.equal(
      fill("https://x.example/{national}?q={e164}&k={key}"),
      "https://x.example/03023125042?q=%2B493023125042&k=a%26b",
    );
    assert.equal(fill("{cc}"), "");
  });

  it("apply filters in order: PhoneBlock's hash prefixes come out", () => {
    assert.equal(fill("{e164|sha1|take:4|upper}"), "1303");
    assert.equal(fill("{e164|drop:1|sha1|take:4|upper}"), "F5AA");
    assert.equal(fill("{e164|drop:2|sha1|take:4|upper}"), "D050");
    assert.equal(fill("{nsn|group:3-3-4}"), "302-312-5042");
    assert.equal(fill("{nsn|group:20-3}"), "3023125042");
    assert.equal(fill("{nsn|md5}"), digest("md5", "3023125042"));
  });

  it("refuse what they do not know", () => {
    for (const bad of [
      "{unknown}",
      "{e164|shout}",
      "{e164|take}",
      "{e164|take:x}",
      "{e164|drop:-1}",
      "{nsn|group:x}",
    ]) {
      assert.throws(() => fill(bad), SyntaxError, bad);
    }
  });

  it("tell the truth about what they send", () => {
    assert.equal(whatIsSent(["https://x.example/list"]), "nothing");
    assert.equal(whatIsSent(["https://x.example/{lang}/{key}"]), "nothing");
    assert.equal(
      whatIsSent(["https://x.example/{e164|sha1|take:4}", "{e164|drop:1|sha1|upper|take:6}"]),
      "hash-prefix",
    );
    assert.equal(whatIsSent(["https://x.example/{e164|sha1}"]), "number", "a whole hash is guessed in seconds");
    assert.equal(whatIsSent(["https://x.example/{e164|sha1|take:7}"]), "number");
    assert.equal(whatIsSent(["https://x.example/{e164|sha1|take:4}", "{nsn|drop:1}"]), "number");
    assert.equal(whatIsSent(["https://x.example/{e164|take:4}"]), "number");
  });
});

describe("scales", () => {
  const cases: [Scale, Entry, score: number | undefined, reports?: number][] = [
    [{ type: "linear", good: 5, bad: 1 }, { value: "1.5", votes: "12" }, 8, 12],
    [{ type: "linear", good: 5, bad: 1 }, { value: "5", votes: "1" }, 1, 1],
    [{ type: "linear", good: 10, bad: 0 }, { value: "0", votes: "3" }, 9, 3],
    [{ type: "linear", good: 0, bad: 100 }, { value: "75", votes: "4" }, 7, 4],
    [{ type: "linear", good: 1, bad: 9 }, { value: "8" }, 8, 1],
    [{ type: "linear", good: 1, bad: 9 }, { value: "5", votes: "0" }, undefined],
    [{ type: "linear", good: 1, bad: 9 }, { value: "x", votes: "3" }, undefined],
    [{ type: "linear", good: 1, bad: 1 }, { value: "1", votes: "3" }, undefined],
    [{ type: "linear", good: 1, bad: 9 }, { value: "99", votes: "3" }, 9, 3],
    [{ type: "linear", good: 1, bad: 9 }, {}, undefined],
    [{ type: "map", values: { negative: 87.5 } }, { value: "negative", votes: "2" }, 8, 2],
    [{ type: "map", values: { negative: 87.5 } }, { value: "toString" }, undefined],
    [{ type: "flag", true: 85, false: 40 }, { value: "1", votes: "15" }, 8, 15],
    [{ type: "flag", true: 85, false: 40 }, { value: "0", votes: "15" }, 4, 15],
    [{ type: "wilson", spam: "a", legit: "b" }, { a: "10", b: "0" }, 8, 10],
    [{ type: "wilson", spam: "a", legit: "b" }, { a: "0", b: "10" }, 2, 10],
    [{ type: "wilson", spam: "a", legit: "b" }, { a: "0", b: "0" }, undefined],
    [{ type: "weighted", weights: { bad: 9, good: 1 } }, { bad: "7", good: "1" }, 8, 8],
    [{ type: "weighted", weights: { bad: 9, good: 1 } }, { bad: "0", good: "0" }, undefined],
  ];
  for (const [scale, entry, score, reports] of cases) {
    it(`${JSON.stringify(scale)} of ${JSON.stringify(entry)} is ${score ?? "nothing"}`, () => {
      const opinion = toOpinion(entry, scale);
      assert.deepEqual(opinion && [toScore(opinion.risk), opinion.reports], score && [score, reports]);
    });
  }

  it("always give a risk from 0 to 100 of at least one report, or nothing", () => {
    const text = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("value", "votes", "a", "b"), text), (entry) => {
        for (const [scale] of cases) {
          const opinion = toOpinion(entry, scale);
          if (!opinion) continue;
          assert.ok(opinion.risk >= 0 && opinion.risk <= 100 && opinion.reports >= 1, JSON.stringify([scale, opinion]));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("what a directory lists", () => {
  const answer = (
    entries: Entry[],
    requireMatch: Descriptor["response"]["requireMatch"] = "exactOrTrunk",
    kind: Descriptor["kind"] = ["name"],
  ) => answerOf({ kind, response: { type: "html", fields: {}, requireMatch } }, entries, E164, "49");
  const erika = { name: "Erika Muster", listedNumber: "030 23125042", city: "Berlin" };

  it("counts if it is the caller's number, or its switchboard's", () => {
    assert.deepEqual(answer([erika]), { name: { text: "Erika Muster", rank: "directory" }, place: { town: "Berlin" } });
    assert.deepEqual(answer([{ ...erika, listedNumber: "030 231250-0" }]), {
      name: { text: "Erika Muster", rank: "trunk" },
      place: { town: "Berlin" },
    });
    assert.equal(answer([{ ...erika, listedNumber: "030 99999999" }]), null);
    assert.equal(answer([{ name: "Erika" }]), null);
  });

  it("prefers the exact number, and gives no name if several people have it", () => {
    const trunk = { name: "Zentrale", listedNumber: "030 231250-0" };
    const other = { name: "Otto Muster", listedNumber: "030 23125042" };
    assert.deepEqual((answer([trunk, erika]) as { name: object }).name, { text: "Erika Muster", rank: "directory" });
    assert.equal(answer([erika, other]), null);
    assert.deepEqual((answer([erika, { ...erika }]) as { name: object }).name, {
      text: "Erika Muster",
      rank: "directory",
    });
  });

  it("is only a hint where no number is listed, if that is allowed", () => {
    assert.deepEqual(answer([{ name: "Erika" }], "ifListed"), { name: { text: "Erika", rank: "details" } });
    assert.equal(answer([{ name: "Erika", listedNumber: "030 99999999" }], "ifListed"), null);
    assert.deepEqual(answer([{ name: "Erika" }], null), { name: { text: "Erika", rank: "details" } });
    assert.deepEqual(answer([{ name: "Werbung", value: "8" }], null, ["name", "score"]), {
      name: { text: "Werbung", rank: "label" },
      opinion: { risk: 87.5, reports: 1 },
    });
  });

  it("is strange if it says nothing of what it promises: that is no unknown caller", () => {
    assert.equal(answer([]), "strange");
    assert.equal(answer([{}]), "strange");
    assert.equal(answer([{ listedNumber: "030 23125042" }]), "strange");
    assert.equal(answer([{ name: "x" }], null, ["score"]), "strange");
    assert.equal(answer([{ votes: "1" }], null, ["score"]), "strange");
    assert.equal(answer([{ value: "5", votes: "0" }], null, ["score"]), null);
  });

  it("takes only links that a browser should open", () => {
    const linkOf = (link: string) =>
      (answer([{ value: "8", link }], null, ["score"]) as { opinion: { link?: string } }).opinion.link;
    assert.equal(linkOf("https://x.example/1"), "https://x.example/1");
    assert.equal(linkOf("javascript:alert(1)"), undefined);
  });
});

describe("descriptions", () => {
  const good = {
    ...{ id: "mine", v: 2, label: "Mine", kind: ["name", "score"], countries: ["49", "43"], group: "g", trust: 0.5 },
    request: {
      ...{ method: "POST", url: "https://x.example/{national}", headers: { "X-A": "{lang}" }, body: '{"n":"{e164}"}' },
      ...{ auth: "md5header:X-Key", timeoutMs: 2500, minIntervalMs: 0, perDay: 5, maxBytes: 1000, redirects: 0 },
    },
    response: {
      ...{ type: "html", found: [200], unknown: [404], blocked: [403], each: ".hit", requireMatch: null },
      unknownIf: [{ select: ".none" }, { regex: "x", absent: true }, { json: "/a", equals: "0" }],
      fields: {
        name: [{ select: "h1" }, { join: [{ const: "a" }, { attr: "b" }] }],
        value: { regex: "(\\d)", num: "de" },
        city: null,
      },
    },
    scale: { type: "linear", good: 5, bad: 1 },
    cache: { hit: "24h", unknown: "15m" },
    notice: { home: "https://x.example/", terms: "https://x.example/terms", seen: 2026 },
  };
  const changed = (path: string, value: unknown) => {
    const copy = structuredClone(good) as Record<string, unknown>;
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const holder = steps.reduce((part, step) => part[step] as Record<string, unknown>, copy);
    if (value === undefined) delete holder[last];
    else holder[last] = value;
    return copy;
  };

  it("that are sound pass", () => {
    assert.equal(faultOfDescriptor(good), undefined);
    const least = {
      id: "a",
      label: "A",
      kind: ["name"],
      request: { url: "http://x.example/" },
      response: { type: "text", fields: {} },
    };
    assert.equal(faultOfDescriptor(least), undefined);
  });

  const faults: [string, unknown][] = [
    ["id", "Mine"],
    ["id", ""],
    ["id", undefined],
    ["kind", []],
    ["kind.0", "phone"],
    ["countries.1", "+43"],
    ["trust", 0],
    ["trust", 2],
    ["request.url", "ftp://x.example/"],
    ["request.url", "https://{national}.x.example/"],
    ["request.url", "https://user@x.example/"],
    ["request.url", "https://x.example/{phone}"],
    ["request.url", "https://x.example/{national"],
    ["request.headers.Host", "y.example"],
    ["request.headers.Cookie", "a"],
    ["request.headers.X-B", "a\r\nb"],
    ["request.auth", "basic"],
    ["request.timeoutMs", 0],
    ["request.redirects", 99],
    ["response.type", "pdf"],
    ["response.found", [99]],
    ["response.feilds", {}],
    ["response.fields.name.0.regex", "("],
    ["response.fields.name.0.regex", "x".repeat(301)],
    ["response.fields.name.0.num", "fr"],
    ["response.fields.name.0.json", "a"],
    ["response.fields.name.1.join.0.selct", "a"],
    ["response.unknownIf.0.equals", ""],
    ["response.requireMatch", "yes"],
    ["scale.type", "log"],
    ["scale.good", "5"],
    ["cache.hit", "1 day"],
    ["notice.home", "javascript:1"],
    ["secret", "x"],
    ["constructor", "x"],
    ["request.toString", "x"],
  ];
  for (const [path, value] of faults) {
    it(`say where they are wrong: ${path} ${JSON.stringify(value)?.slice(0, 40)}`, () =>
      assert.match(
        faultOfDescriptor(changed(path, value)) ?? "",
        new RegExp(`^${path.split(".").slice(0, 2).join(".")}`),
      ));
  }

  it("that are none are no reason to fall", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => assert.equal(typeof faultOfDescriptor(value), "string")),
      { numRuns: 300 },
    );
    assert.equal(faultOfDescriptor(null), "{");
  });

  it("give times in three units", () =>
    assert.deepEqual([durationMs("15m"), durationMs("24h"), durationMs("30d")], [900_000, 86_400_000, 2_592_000_000]));

  const folder = join(root, "data", "sources");
  for (const file of readdirSync(folder)) {
    it(`of the package are sound: ${file}`, () => {
      const value = JSON.parse(readFileSync(join(folder, file), "utf8")) as Descriptor & {
        notice: { seen?: number; home?: string };
      };
      assert.equal(faultOfDescriptor(value), undefined);
      assert.equal(`${value.id}.json`, file);
      assert.ok(value.notice.seen !== undefined && value.notice.home !== undefined);
      assert.equal(value.request.auth, undefined);
      assert.match(value.request.url, /^https:/);
      if (!value.kind.includes("score")) assert.match(value.response.requireMatch ?? "", /^(exactOrTrunk|ifListed)$/);
    });
  }
});
