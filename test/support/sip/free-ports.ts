/** Test support: UDP ports: free ones, one on each address, and whether a program has opened one. */
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";

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

export function isOpenPort(address: string, port: number): boolean {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");
  const bytes = address.split(".").map((byte) => hex(Number(byte), 2));
  return readFileSync("/proc/net/udp", "utf8").includes(`${bytes.reverse().join("")}:${hex(port, 4)}`);
}
