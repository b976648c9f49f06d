import assert from "node:assert/strict";
import { readSettings, SettingError } from "../../../src/lib/sip/cli-settings";

const NEEDED = { REGISTRAR: "fritz.box", SIPUSER: "waechter" };
const hostOf = (REGISTRAR: string) => readSettings({ ...NEEDED, REGISTRAR }).agent.host;
const refused = (more: Record<string, string>, sentence: RegExp) =>
  assert.throws(
    () => readSettings({ ...NEEDED, ...more }),
    (error) => error instanceof SettingError && sentence.test(error.message),
  );

describe("sip: the environment of fritz-hangup-agent", () => {
  it("needs registrar and user; the rest has defaults", () => {
    assert.deepEqual(readSettings(NEEDED), {
      agent: {
        host: "fritz.box",
        port: 5060,
        domain: "fritz.box",
        user: "waechter",
        password: "",
        localAddress: "",
        localPort: 0,
        expires: 300,
      },
      blocked: undefined,
    });
    refused({ REGISTRAR: " " }, /^REGISTRAR is missing$/);
    refused({ SIPUSER: "" }, /^SIPUSER is missing$/);
  });

  it("takes names, IPv4, and IPv6 with and without brackets", () => {
    assert.equal(hostOf(" box.lan "), "box.lan");
    assert.equal(hostOf("192.168.178.1"), "192.168.178.1");
    assert.equal(hostOf("fd00::1"), "fd00::1");
    assert.equal(hostOf("[fd00::1]"), "fd00::1");
    assert.equal(hostOf("fe80::1%eth0"), "fe80::1%eth0");
    assert.equal(readSettings({ ...NEEDED, LOCAL: "[::1]" }).agent.localAddress, "::1");
    refused({ REGISTRAR: "192.168.178.1:5060" }, /^REGISTRAR has a port in it: set PORT instead$/);
    refused({ REGISTRAR: "sip:fritz.box" }, /^REGISTRAR is not a host name or address$/);
    refused({ DOMAIN: "fritz box" }, /^DOMAIN is not a host name or address$/);
    refused({ LOCAL: "eth0" }, /^LOCAL is not an IP address$/);
  });

  it("takes whole numbers within their bounds", () => {
    const { agent } = readSettings({ ...NEEDED, PORT: "5070", LOCALPORT: " 15060 ", EXPIRES: "60" });
    assert.deepEqual([agent.port, agent.localPort, agent.expires], [5_070, 15_060, 60]);
    refused({ PORT: "0" }, /^PORT is not a whole number from 1 to 65535$/);
    refused({ PORT: "1e3" }, /^PORT/);
    refused({ LOCALPORT: "65536" }, /^LOCALPORT/);
    for (const EXPIRES of ["0", "-1", "1.5", "five", "86401"]) refused({ EXPIRES }, /^EXPIRES .* from 1 to 86400$/);
  });

  it("takes a pattern; the password stays as it is and in no sentence", () => {
    const { agent, blocked } = readSettings({ ...NEEDED, BLOCK_RE: "^0900", PASSWORD: " p " });
    assert.ok(blocked?.test("0900123456"));
    assert.equal(agent.password, " p ");
    refused({ BLOCK_RE: "(0900", PASSWORD: "geheim" }, /^BLOCK_RE is not a regular expression$/);
  });
});
