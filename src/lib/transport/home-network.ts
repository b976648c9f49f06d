/** L2 transport: is an address inside the home network? The call monitor is unencrypted and must not leave it. */
import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";

/** Ranges that never are on the public internet (RFC 1918, 6598, 3927, 4193, 4291); 100.64/10 is also used by VPNs. */
const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
] as const) {
  PRIVATE.addSubnet(net, prefix, "ipv4");
}
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");
PRIVATE.addAddress("::1", "ipv6");

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** Private, or in the same subnet as this computer (a box's IPv6 address is a public one in the home's own prefix). */
export function isHomeAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, ""); // fe80::1%eth0
  return PRIVATE.check(bare, familyOf(bare)) || ownSubnets().check(bare, familyOf(bare));
}

function ownSubnets(): BlockList {
  const own = new BlockList();
  for (const face of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
    const [, prefix] = face.cidr?.split("/") ?? [];
    // A provider's own line (/32, /128 or a whole-internet prefix) is not a home network.
    const bits = Number(prefix);
    const home = face.family === "IPv6" ? bits >= 48 && bits < 128 : bits >= 16 && bits < 32;
    if (home) own.addSubnet(face.address, bits, face.family === "IPv6" ? "ipv6" : "ipv4");
  }
  return own;
}
