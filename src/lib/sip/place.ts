/** Where the box is, and where we are: addresses only, nothing is sent to the box. */
import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isHomeAddress } from "../core/home-network";
import { FritzError, systemCode } from "../core/errors";
import type { Place } from "./link";

/** An address without zone, and an IPv4 one without its IPv6 form. */
export const bare = (address: string) =>
  address
    .replace(/^::ffff:/i, "")
    .replace(/%.*$/, "")
    .toLowerCase();

/** A UDP socket of an address's family. */
export const udp = (address: string): Socket => createSocket({ type: isIP(bare(address)) === 6 ? "udp6" : "udp4" });

/** Where the box is, and the own address on the way to it. Rejects with a `FritzError`; only the home network counts. */
export async function findPlace(host: string, port: number, localAddress = ""): Promise<Place> {
  const found = isIP(bare(host))
    ? [{ address: host }]
    : await lookup(host, { all: true, verbatim: true }).catch(() => []);
  const addresses = found.map(({ address }) => address).filter(isHomeAddress);
  if (found.length === 0) throw new FritzError("sip-unknown-host", { host }, true);
  const [address] = addresses.sort((a, b) => isIP(bare(a)) - isIP(bare(b)) || (a < b ? -1 : 1));
  if (address === undefined)
    throw new FritzError("box-public-address", { host, detail: found[0]?.address ?? "" }, false);
  return { address, addresses, port, local: localAddress || (await ownAddressFor(address, port)) };
}

/** The address from which the system would write to another; nothing is sent. */
async function ownAddressFor(address: string, port: number): Promise<string> {
  const socket = udp(address);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.connect(port, address, resolve);
    });
    return socket.address().address;
  } catch (error) {
    throw new FritzError("sip-unreachable", { detail: systemCode(error) }, true);
  } finally {
    socket.close();
  }
}
