/** Simulator: where a box listens. */
import { randomInt } from "node:crypto";
import type { Server } from "node:net";

/**
 * The ports that a system gives to outgoing connections start at 32768 (Linux) or higher. One of those can be taken while a
 * box is away for a moment; one below stays free until it comes back.
 */
const LASTING = { first: 10_000, end: 32_000 };
const TRIES = 20;

function listenOnce(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/**
 * Opens the port; 0 = a free one that stays free while the box restarts. Returns its number.
 * @throws the system's error, if the port is taken or not allowed
 */
export async function listenOn(server: Server, port: number, host: string): Promise<number> {
  if (port !== 0) return listenOnce(server, port, host);
  for (let left = TRIES; left > 0; left--) {
    const opened = await listenOnce(server, randomInt(LASTING.first, LASTING.end), host).catch(() => undefined);
    if (opened !== undefined) return opened;
  }
  return listenOnce(server, 0, host);
}
