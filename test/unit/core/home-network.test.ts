import assert from "node:assert/strict";
import type { LookupOptions } from "node:dns";
import { networkInterfaces } from "node:os";
import { homeLookup, isHomeAddress, PUBLIC_ADDRESS, resolveHome } from "../../../src/lib/core/home-network";

describe("isHomeAddress", () => {
  for (const address of [
    ...["127.0.0.1", "127.255.255.255", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255"],
    ...["192.168.0.1", "192.168.178.1", "169.254.1.1", "100.64.0.1", "100.127.255.255"],
    ...["::1", "fd00::1", "fc00::1", "fe80::1", "fe80::1%eth0", "febf::1", "::ffff:192.168.178.1"],
  ]) {
    it(`${address} is at home`, () => assert.equal(isHomeAddress(address), true));
  }

  for (const address of [
    ...["8.8.8.8", "93.184.216.34", "11.0.0.1", "9.255.255.255", "172.15.255.255", "172.32.0.1", "192.167.255.255"],
    ...["192.169.0.1", "100.63.255.255", "100.128.0.1", "169.253.0.1", "128.0.0.1"],
    ...["2606:4700:4700::1111", "fec0::1", "fb00::1", "::2", "::ffff:8.8.8.8", "64:ff9b::808:808"],
  ]) {
    it(`${address} is not`, () => assert.equal(isHomeAddress(address), false));
  }

  it("this computer's own addresses in a network of more than one are", () => {
    const own = Object.values(networkInterfaces()).flatMap((faces) => faces ?? []);
    const shared = own.filter(({ cidr }) => cidr !== null && !/\/(32|128)$/.test(cidr));
    assert.ok(shared.length > 0, "there is at least the loopback network");
    for (const { address, family, cidr } of shared) {
      const bits = Number(cidr?.split("/")[1]);
      if (family === "IPv6" ? bits >= 48 : bits >= 16) assert.equal(isHomeAddress(address), true, address);
    }
  });
});

describe("a host in the home network", () => {
  it("is an address as it is, or what its name leads to", async () => {
    assert.deepEqual(await resolveHome("192.168.178.1"), { address: "192.168.178.1" });
    assert.ok(
      ["127.0.0.1", "::1"].includes(String(((await resolveHome("localhost")) as { address?: string }).address)),
    );
  });

  it("is none outside, without a name, or with an unknown one", async () => {
    assert.deepEqual(await resolveHome("8.8.8.8"), { code: "public-address", address: "8.8.8.8" });
    assert.deepEqual(await resolveHome(""), { code: "bad-host" });
    assert.deepEqual(await resolveHome("a..b"), { code: "unknown-host" });
  });

  it("is looked up as the system wants it, one address or all, and refused with the address that is outside", async () => {
    const found = (host: string, options: LookupOptions) =>
      new Promise<unknown[]>((resolve) => homeLookup(host, options, (...answer) => resolve(answer)));
    const [, all] = await found("127.0.0.1", { all: true });
    assert.deepEqual(all, [{ address: "127.0.0.1", family: 4 }]);
    assert.deepEqual(await found("127.0.0.1", {}), [null, "127.0.0.1", 4]);
    const [error] = await found("8.8.8.8", {});
    assert.deepEqual({ ...(error as object) }, { code: PUBLIC_ADDRESS, address: "8.8.8.8" });
  });
});
