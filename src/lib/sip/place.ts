/** Where the box is, and where we are, looked up from time to time: addresses only, nothing is sent to the box. */
import type { Clock, Timer } from "../core/clock";
import type { Place } from "./link";
import { afterElapsed } from "./wake";
import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isHomeAddress } from "../core/home-network";
import { FritzError, systemCode } from "../core/errors";

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

/** Between two looks, ms. */
const LOOK_MS = 30_000;

/** Looks until it is stopped where both are: another address needs new sockets. */
export class PlaceWatch {
  private timer: Timer | undefined;
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly find: () => Promise<Place>,
    private readonly found: (place: Place) => void,
  ) {}

  start(): void {
    this.timer = afterElapsed(this.clock, LOOK_MS, () => void this.look());
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private async look(): Promise<void> {
    const place = await this.find().catch(() => undefined);
    if (this.stopped) return;
    if (place) this.found(place);
    this.start();
  }
}
