import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { logDay, logPath } from "../../../src/lib/log/path";

const DAY = "2026-11-23";
const base = "/data/logs";
const path = (file: string, fromMessage?: unknown, daily = false) => logPath({ base, file, daily }, fromMessage, DAY);
const failsWith = (code: string) => (error: unknown) => error instanceof FritzError && error.code === code;

describe("logPath: the configured file", () => {
  for (const [file, daily, expected] of [
    ["calls.log", false, "/data/logs/calls.log"],
    ["  calls.log ", false, "/data/logs/calls.log"],
    ["sub/calls.log", false, "/data/logs/sub/calls.log"],
    ["../calls.log", false, "/data/calls.log"],
    ["/var/log/calls.log", false, "/var/log/calls.log"],
    ["calls.log", true, "/data/logs/calls-2026-11-23.log"],
    ["calls", true, "/data/logs/calls-2026-11-23"],
    ["calls.2026.log", true, "/data/logs/calls.2026-2026-11-23.log"],
    [".calls", true, "/data/logs/.calls-2026-11-23"],
    ["my.folder/calls", true, "/data/logs/my.folder/calls-2026-11-23"],
  ] as const) {
    it(`${file}${daily ? ", daily" : ""}`, () => assert.equal(path(file, undefined, daily), expected));
  }

  it("none at all", () => {
    for (const file of ["", "  "]) assert.throws(() => path(file), failsWith("log-no-file"));
    assert.throws(() => path("", ""), failsWith("log-no-file"));
  });

  it("an empty name in the message is none", () => assert.equal(path("calls.log", ""), "/data/logs/calls.log"));
});

describe("logPath: a file that a message names", () => {
  for (const [file, named, expected] of [
    ["calls.log", "other.log", "/data/logs/other.log"],
    ["calls.log", "a/b/c.log", "/data/logs/a/b/c.log"],
    ["calls.log", "a/../b.log", "/data/logs/b.log"],
    ["calls.dat", "other.dat", "/data/logs/other.dat"],
    ["calls.json", "other.JSON", "/data/logs/other.JSON"],
    ["calls.log", "lib2/nodes.log", "/data/logs/lib2/nodes.log"],
    ["calls.log", "/data/logs/other.log", "/data/logs/other.log"],
    ["/var/log/box/calls.log", "other.log", "/var/log/box/other.log"],
    ["", "other.log", "/data/logs/other.log"],
  ] as const) {
    it(`${named} beside ${file || "nothing"}`, () => assert.equal(path(file, named), expected));
  }

  it("daily names, too", () => assert.equal(path("calls.log", "a/b.txt", true), "/data/logs/a/b-2026-11-23.txt"));

  for (const named of [
    ..."..|.|../x.log|a/../../x.log|../logs2/x.log|../logs|/etc/passwd|/data/logs|/data/logsx/y|/data|/".split("|"),
    "..\\x.log",
  ]) {
    it(`not ${named}: outside of the folder`, () => {
      assert.throws(() => path("calls.log", named), failsWith("log-outside"));
      assert.throws(() => path("calls.log", named, true), failsWith("log-outside"));
      assert.throws(() => path("", named), failsWith("log-outside"));
    });
  }

  for (const named of [
    ..."package.json|settings.js|flows.json|flows_cred.json|.npmrc|.config.runtime.json|..hidden|x.js|x.html".split(
      "|",
    ),
    ..."nodes/x.log|Node_Modules/x/x.log|lib/flows/x.txt|fritz-calls/block-1.json|a/.git/config|x.log.|x.js |x.log:y".split(
      "|",
    ),
  ]) {
    for (const file of ["calls.log", "calls.json", "calls.js", ""]) {
      it(`not ${named} beside ${file || "nothing"}: not named like a log`, () => {
        assert.throws(() => path(file, named), failsWith("log-foreign"));
      });
    }
  }

  for (const named of [
    "a\u0000.log",
    "a\nb.log",
    "a\u007f",
    "\u0085",
    5,
    null,
    true,
    {},
    ["x.log"],
    Buffer.from("x.log"),
  ]) {
    it(`not ${JSON.stringify(named)}: no name`, () => {
      assert.throws(() => path("calls.log", named), failsWith("log-bad-file"));
    });
  }
});

describe("logDay", () => {
  it("the event's own day, as the box's clock showed it", () => {
    assert.equal(logDay("2026-11-23T23:59:59+01:00", 0), "2026-11-23");
    assert.equal(logDay("2026-11-24T00:00:00+14:00", 0), "2026-11-24");
  });

  it("without an event, or with a time that is none, this computer's", () => {
    const now = new Date(2026, 0, 5, 0, 30).getTime();
    for (const at of [undefined, "", "yesterday", "../../etc", "x2026-11-23"])
      assert.equal(logDay(at, now), "2026-01-05");
  });
});
