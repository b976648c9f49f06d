/** Where the box of an IP phone is, and where this computer is to it. */
import assert from "node:assert/strict";
import { bare, findPlace } from "../../../src/lib/sip/place";

describe("the place of an IP phone", () => {
  it("is the box's address in the home network and the own one on the way there", async () => {
    const place = { address: "127.0.0.1", addresses: ["127.0.0.1"], port: 5060 };
    assert.deepEqual(await findPlace("127.0.0.1", 5060), { ...place, local: "127.0.0.1" });
    assert.deepEqual(await findPlace("127.0.0.1", 5060, "127.0.0.2"), { ...place, local: "127.0.0.2" });
  });

  it("is that of a name: IPv4 first", async () => {
    const { address, addresses } = await findPlace("localhost", 5060);
    assert.equal(address, "127.0.0.1");
    assert.ok(addresses.every((one) => ["127.0.0.1", "::1"].includes(one)));
  });

  it("is none outside the home network, nor for an unknown name; only the latter may change", async () => {
    await assert.rejects(findPlace("8.8.8.8", 5060), {
      ...{ code: "box-public-address", retry: false, values: { host: "8.8.8.8", detail: "8.8.8.8" } },
    });
    await assert.rejects(findPlace("a..b", 5060), { code: "sip-unknown-host", retry: true });
  });

  it("has addresses without zone and without the IPv6 form of IPv4", () => {
    assert.deepEqual(["::FFFF:10.0.0.1", "FE80::1%eth0", "10.0.0.1"].map(bare), ["10.0.0.1", "fe80::1", "10.0.0.1"]);
  });
});
