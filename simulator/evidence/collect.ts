/**
 * Evidence: reads a real box for a recording: its description, its telephony services, and call monitor
 * lines.
 */
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { parseXml, type XmlElement } from "../tr064/xml";
import type { BoxClient } from "./client";
import type { RecordedCall, Recording } from "./types";

const SERVICES = /:(?:DeviceInfo|Time|LANConfigSecurity|X_VoIP|X_AVM-DE_OnTel|X_AVM-DE_TAM):\d+$/;
/** Actions whose answers contain secrets are left out. */
const LEFT_OUT = /Key|Password|Secret|Token|Config|Log|PersistentData|SecurityPort|VoIPAccount|DialGet/i;
const INDEX = /^New(?:Index|PhonebookID|DectID|TamIndex)$/;
const MOST_INDEXES = 8;

interface Service {
  type: string;
  control: string;
  scpd: string;
}

/** Reads the box; the recording is unmodified and has to be scrubbed before it is shown. */
export async function collect(client: BoxClient, note: (what: string) => void = () => undefined): Promise<Recording> {
  const recording: Recording = { format: "fritz-recording/1", monitor: [], documents: {}, calls: [] };
  const description = await keep(client, recording, "/tr64desc.xml");
  if (description === undefined)
    throw new Error("The box has no description at /tr64desc.xml: is access for apps switched on?");
  for (const service of servicesOf(description).filter(({ type }) => SERVICES.test(type))) {
    note(service.type);
    const scpd = await keep(client, recording, service.scpd);
    if (scpd !== undefined) await askService(client, recording, service, scpd);
  }
  return recording;
}

/** Collects call monitor lines until the signal is aborted. */
export async function listen(host: string, port: number, signal: AbortSignal): Promise<Recording["monitor"]> {
  const lines: Recording["monitor"] = [];
  const socket = connect({ host, port });
  let before = Date.now();
  let rest = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split(/\r?\n/);
    rest = parts.pop() ?? "";
    for (const line of parts) {
      const now = Date.now();
      lines.push({ afterMs: now - before, line });
      before = now;
    }
  });
  let problem: Error | undefined;
  socket.on("error", (error) => (problem = error));
  while (!signal.aborted && !problem && !socket.closed) await delay(50, undefined, { signal }).catch(() => undefined);
  socket.destroy();
  if (problem && lines.length === 0)
    throw new Error(`The call monitor does not answer (${problem.message}). #96*5* switches it on.`);
  return lines;
}

const texts = (element: XmlElement, name: string) =>
  element.children.find(({ local }) => local === name)?.text.trim() ?? "";

function find(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.local === name ? [child] : []), ...find(child, name)]);
}

function servicesOf(description: string): Service[] {
  return find(parseXml(description), "service").map((service) => ({
    type: texts(service, "serviceType"),
    control: texts(service, "controlURL"),
    scpd: texts(service, "SCPDURL"),
  }));
}

/** Adds a document to the recording; undefined if the box has none. */
async function keep(client: BoxClient, recording: Recording, path: string): Promise<string | undefined> {
  const { status, text } = await client.get(path);
  if (status !== 200) return undefined;
  recording.documents[path] = text;
  return text;
}

async function askService(
  client: BoxClient,
  recording: Recording,
  { type, control }: Service,
  scpd: string,
): Promise<void> {
  for (const action of find(parseXml(scpd), "action")) {
    const name = texts(action, "name");
    if (!/^(?:X_AVM-DE_)?Get/.test(name) || LEFT_OUT.test(name)) continue;
    const wanted = find(action, "argument")
      .filter((argument) => texts(argument, "direction") === "in")
      .map((argument) => texts(argument, "name"));
    const [index = ""] = wanted;
    if (wanted.length > 1 || (wanted.length === 1 && !INDEX.test(index))) continue;
    for (let i = 0; i < (wanted.length === 0 ? 1 : MOST_INDEXES); i++) {
      const values = wanted.length === 0 ? {} : { [index]: String(i) };
      const { status, text } = await client.call(control, type, name, values);
      const call: RecordedCall = { control, service: type, action: name, arguments: values, status, body: text };
      recording.calls.push(call);
      if (status !== 200) break;
      await keepDocuments(client, recording, text);
    }
  }
}

/**
 * Documents whose addresses are in answers: phonebooks, the call list, the messages of an answering machine.
 */
async function keepDocuments(client: BoxClient, recording: Recording, answer: string): Promise<void> {
  for (const [, url = ""] of answer.matchAll(/<New[\w-]*URL>\s*(https?:\/\/[^<\s]+)\s*</g)) {
    const path = url.replaceAll("&amp;", "&").replace(/^https?:\/\/[^/]+/, "");
    if (/\.(?:lua|xml|cgi)\b/.test(path) && !(path in recording.documents)) await keep(client, recording, path);
  }
}
