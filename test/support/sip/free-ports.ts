/** Test support: UDP ports that are free, one on each address. */
import { createSocket } from "node:dgram";

export async function freePorts(addresses: readonly string[]): Promise<number[]> {
  const ports: number[] = [];
  for (const address of addresses) {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => socket.once("error", reject).bind(0, address, resolve));
    ports.push(socket.address().port);
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
  return ports;
}
