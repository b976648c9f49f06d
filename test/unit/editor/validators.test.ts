/** The validators of the fields, and the report of a check. */
import assert from "node:assert/strict";
import { headline, type CheckLine, reportLine } from "../../../src/editor/check-report";
import { baseName } from "../../../src/editor/form";
import * as valid from "../../../src/editor/validators";

describe("validators", () => {
  it("take environment variables everywhere, as they are known only at run time", () => {
    const name = "${NAME}";
    assert.ok(valid.wholeNumber(name, 0, 9) && valid.port(name) && valid.fingerprint(name) && valid.timeZone(name));
    assert.ok(valid.diallingCode(name) && valid.quietTime(name, "07:00"));
    assert.equal(valid.badPattern([name]), undefined);
  });

  it("take what older flows lack, but for a port", () => {
    assert.ok(valid.wholeNumber(undefined, 1, 9) && valid.wholeNumber("", 1, 9));
    assert.equal(valid.port(undefined), false);
    assert.equal(valid.port(""), false);
  });

  it("keep the limits", () => {
    for (const good of [0, "9", 5]) assert.equal(valid.wholeNumber(good, 0, 9), true, String(good));
    for (const bad of [-3, "10", 1.5, "ten", " x"]) assert.equal(valid.wholeNumber(bad, 0, 9), false, String(bad));
    assert.deepEqual([0, 1, 65_535, 65_536].map(valid.port), [false, true, true, false]);
    assert.equal(valid.countryCodes(["AT", "ch", "001"]), true);
    assert.equal(valid.countryCodes(["Germany"]), false);
    assert.equal(valid.badPattern(["0900*", "Oma"]), "Oma");
    assert.equal(valid.timeZone("Europe/Nowhere"), false);
    assert.equal(valid.diallingCode("+49"), true);
    assert.equal(valid.diallingCode("49a"), false);
    assert.equal(valid.fingerprint("AB:".repeat(31) + "AB"), true);
    assert.equal(valid.fingerprint("AB"), false);
  });

  it("want both ends of the quiet hours or none", () => {
    assert.equal(valid.quietTime("", ""), true);
    assert.equal(valid.quietTime("22:00", ""), true, "the other field is the wrong one");
    assert.equal(valid.quietTime("", "07:00"), false);
    assert.equal(valid.quietTime("24:00", "07:00"), false);
  });
});

describe("the report of a check", () => {
  const line = (state: CheckLine["state"], values = {}): CheckLine => ({ id: "login", state, text: "check.x", values });

  it("has a headline by its worst line", () => {
    assert.equal(headline([line("ok"), line("info")]).state, "ok");
    assert.equal(headline([line("ok"), line("warn")]).state, "warn");
    assert.equal(headline([line("warn"), line("fail")]).state, "fail");
    assert.deepEqual(headline([line("ok"), line("fail")]).values, { ok: 1, warn: 0, fail: 1 });
  });

  it("has no names, numbers or addresses in it", () => {
    const said = reportLine(line("ok", { user: "nodered", model: "FRITZ!Box 7590" }), (_line, values) =>
      JSON.stringify(values),
    );
    assert.ok(said.startsWith("[ok] login: "));
    assert.ok(!said.includes("nodered") && said.includes("FRITZ!Box 7590"), said);
  });
});

describe("baseName", () => {
  it("is the last part of a path of any system", () => {
    assert.equal(baseName("fritz-calls/calls.log"), "calls.log");
    assert.equal(baseName("C:\\logs\\calls.log"), "calls.log");
    assert.equal(baseName(), "");
  });
});
