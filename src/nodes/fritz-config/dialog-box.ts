/** The box of a dialog: its properties and credentials, completed by the stored ones. */
import { UNCHANGED_SECRET, adminRoute } from "../shared/admin-route";
import { cleanHost } from "../../lib/calls/connection";
import { FritzError } from "../../lib/core/errors";
import { type TelephonyOptions, Telephony } from "../../lib/box/telephony";
import type { Runtime } from "../shared/red";
import type { BoxSettings } from "./definition";
import { type BoxCredentials, telephonyOptions } from "./settings";

// The configurations of the deployed nodes.

/** A node's configuration. */
export type FlowNode = Readonly<Record<string, unknown>> & { id: string; type: string };

/** Returns all of them. */
export function flowNodes(RED: Runtime): FlowNode[] {
  const found: FlowNode[] = [];
  RED.nodes.eachNode((node) => void found.push(node as unknown as FlowNode));
  return found;
}

/** A request of the dialog: its properties, and the id under which a password may be stored. */
export interface BoxQuestion {
  id?: string;
  settings?: BoxSettings;
  credentials?: BoxCredentials;
  /** Of "create-book". */
  book?: string;
  /** Of "check": the target books of a dialog; default: those of the deployed nodes. */
  targetBooks?: string[];
}

export interface AskedBox {
  settings: BoxSettings;
  options: TelephonyOptions;
  /** The stored password belongs to another host and is not used. */
  storedElsewhere: boolean;
}

/** Syntax of environment variables in Node-RED's properties. */
const ENVIRONMENT = /^\$\{([^}]+)\}$/;

/** The box of a request; replaces `${NAME}` by environment variables. Throws `no-box` without settings. */
export function askedBox(RED: Runtime, { id = "", settings: given, credentials = {} }: BoxQuestion): AskedBox {
  if (!given) throw new FritzError("no-box");
  const settings = expanded(RED, id, given);
  const { host = "" } = settings;
  const saved = flowNodes(RED).find((node) => node.id === id && node.type === "fritz-config");
  const isSameHost = saved !== undefined && hostOf(expanded(RED, id, saved as BoxSettings)) === hostOf({ host });
  const stored = saved ? ((RED.nodes.getCredentials(id) ?? {}) as BoxCredentials) : {};
  const isTyped = credentials.password !== undefined && credentials.password !== UNCHANGED_SECRET;
  const known = {
    username: credentials.username ?? (isSameHost ? stored.username : undefined) ?? "",
    password: (isTyped ? credentials.password : isSameHost ? stored.password : undefined) ?? "",
  };
  return {
    settings,
    options: telephonyOptions(settings, expanded(RED, id, known)),
    storedElsewhere: !isTyped && !isSameHost && (stored.password ?? "") !== "",
  };
}

const hostOf = ({ host }: BoxSettings) => cleanHost(String(host ?? "")).toLowerCase();

function expanded<T extends object>(RED: Runtime, id: string, values: T): T {
  const node = RED.nodes.getNode(id); // has the variables of its flow
  const entries = Object.entries(values).map(([key, value]: [string, unknown]) => {
    const [, name] = (typeof value === "string" && ENVIRONMENT.exec(value)) || [];
    if (name === undefined) return [key, value];
    return [key, RED.util.getSetting(node, name) ?? value];
  });
  return Object.fromEntries(entries) as T;
}

// Pick lists of the editor, requested from the box with the login of the dialog, or the one stored for the same host.

/** Time limit of a request, ms. */
const PATIENCE_MS = 5_000;

/** POST fritz-calls/<name>: requests a list from a configured box, or one in a dialog. */
export function offerPickList<Q extends BoxQuestion>(
  RED: Runtime,
  name: string,
  permission: string,
  ask: (box: Telephony, question: Q) => Promise<object>,
): void {
  adminRoute(RED, name, permission, async (question: Q) => {
    const { options, storedElsewhere } = askedBox(RED, question);
    if (storedElsewhere) throw new FritzError("password-elsewhere");
    const box = new Telephony({ ...options, timeoutMs: PATIENCE_MS });
    try {
      return await ask(box, question);
    } finally {
      box.close();
    }
  });
}
