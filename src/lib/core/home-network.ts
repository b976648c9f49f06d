/**
 * Checks that an address is inside the home network: the call monitor is unencrypted and must not leave it.
 */
import { lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
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

/** 4 or 6; 0 for what is no IP address. */
export const ipVersion = (text: string): number => isIP(text);

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

/** The code of the error with which `homeLookup` refuses a name that leads out of the home network. */
export const PUBLIC_ADDRESS = "EPUBLICADDRESS";

/** A refusal for an address outside; `address` says which. */
export function publicAddressError(address: string): Error {
  return Object.assign(new Error(PUBLIC_ADDRESS), { code: PUBLIC_ADDRESS, address });
}

/** Looks a host's name up for `net`, `http` and `tls`; only addresses inside the home network count. */
export const homeLookup: LookupFunction = (host, options, done) => {
  systemLookup(host, { ...options, all: true }, (error, addresses = []) => {
    if (error) return done(error, []);
    const home = addresses.filter(({ address }) => isHomeAddress(address));
    const [first] = home;
    if (!first) return done(publicAddressError(addresses[0]?.address ?? ""), []);
    if (options.all) done(null, home);
    else done(null, first.address, first.family);
  });
};

/** Where a host is: its address in the home network, or why there is none. An address may be outside. */
export async function resolveHome(
  host: string,
): Promise<{ address: string } | { code: "bad-host" | "unknown-host" | "public-address"; address?: string }> {
  if (host === "") return { code: "bad-host" };
  if (isIP(host) !== 0) return isHomeAddress(host) ? { address: host } : { code: "public-address", address: host };
  return new Promise((resolve) => {
    homeLookup(host, {}, (error, address) => {
      if (!error && typeof address === "string") return resolve({ address });
      const outside = error && "address" in error ? String(error.address) : undefined;
      resolve(outside === undefined ? { code: "unknown-host" } : { code: "public-address", address: outside });
    });
  });
}
