/** Searches for a Fritz!Box at its usual addresses in the home network. Only on a user's click. */
import { networkInterfaces } from "node:os";
import { isHomeAddress } from "../core/home-network";
import { Tr064Client } from "../tr064/client";

const TIMEOUT_MS = 3_000;
/** The default host name and address of a Fritz!Box. */
const USUAL = ["fritz.box", "192.168.178.1"];

/** The default hosts, and the first address of each home network of this computer. */
export function likelyHosts(interfaces = networkInterfaces()): string[] {
  const own = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal, address }) => family === "IPv4" && !internal && isHomeAddress(address));
  return [...new Set([...USUAL, ...own.map(({ address }) => address.replace(/\d+$/, "1"))])];
}

/** The hosts at which a box with telephony answers; each box once, by the first host. */
export async function findBoxes(hosts: readonly string[], port: number): Promise<string[]> {
  const found = await Promise.all(hosts.map((host) => look(host, port)));
  const seen = new Set<string>();
  return found.flatMap((one) => {
    if (!one || seen.has(one.id)) return [];
    seen.add(one.id);
    return [one.host];
  });
}

async function look(host: string, port: number): Promise<{ host: string; id: string } | undefined> {
  const client = new Tr064Client({ host, port, tls: false, timeoutMs: TIMEOUT_MS });
  try {
    const { udn, services } = await client.describe();
    if (!services.some(({ type }) => type.endsWith(":service:X_VoIP:1"))) return undefined;
    return { host, id: udn === "" ? host : udn };
  } catch {
    return undefined; // nothing there, or another device
  } finally {
    client.close();
  }
}
