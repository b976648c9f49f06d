/**
 * Checks that an address is on the public internet: configured addresses and redirects must not reach the
 * home network.
 */
import { BlockList, isIP } from "node:net";
import { isHomeAddress } from "../core/home-network";

/** Special-purpose ranges that no service lives in (RFC 6890, 5735, 4291), and those that only wrap another address. */
const SPECIAL = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["192.0.0.0", 24],
  ["198.18.0.0", 15],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  SPECIAL.addSubnet(net, prefix, "ipv4");
}
for (const [net, prefix] of [
  ["::", 96],
  ["ff00::", 8],
  ["2001::", 32], // Teredo
  ["2002::", 16], // 6to4
] as const) {
  SPECIAL.addSubnet(net, prefix, "ipv6");
}
/** NAT64: the IPv4 address stands in the last four bytes. */
const NAT64 = /^64:ff9b::(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/i;

/** Whether a resolved address is outside the home network. False for a text that is no address. */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, "");
  const family = isIP(bare);
  if (family === 0) return false;
  const wrapped = NAT64.exec(bare);
  if (wrapped) return isPublicAddress(toIpv4(wrapped[1] ?? "0", wrapped[2] ?? "0"));
  return !SPECIAL.check(bare, family === 6 ? "ipv6" : "ipv4") && !isHomeAddress(bare);
}

function toIpv4(high: string, low: string): string {
  const [h, l] = [parseInt(high, 16), parseInt(low, 16)];
  return [h >> 8, h & 255, l >> 8, l & 255].join(".");
}
