/** Test support: waiting for a condition instead of for a time, tidying up after what still writes, and a free port. */
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { listenOn } from "../../simulator/listen";

/** Waits until the condition holds; fails with what was waited for. */
export async function until(what: string, condition: () => boolean, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Removes a folder, also if a late write puts a file into it: `rmSync` by itself retries without looking again. */
export function removeFolder(path: string): void {
  for (let left = 50; ; left--) {
    try {
      return rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/** For a program that cannot choose one itself; no outgoing connection takes it meanwhile. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listenOn(probe, 0, "127.0.0.1");
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
