/** L5 nodes: `fritz-config`, one Fritz!Box. Owns its connections; other nodes register and deregister. */
import { isTimeZone } from "../lib/domain/box-time";
import { type BoxHandle, Boxes } from "../lib/services/box";
import { cleanHost, MONITOR_PORT } from "../lib/services/call-monitor";
import type { PoolHandle } from "../lib/services/shared-pool";
import type { Telephony, TelephonyOptions } from "../lib/services/telephony";
import { TR064_PORT, TR064_TLS_PORT } from "../lib/transport/tr064-client";
import { complain } from "./shared/complain";
import { deployGate } from "./shared/deploy-gate";
import { sharedText } from "./shared/messages";
import type { Node, NodeDef, Runtime } from "./shared/red";
import { type Speaker, townCrier } from "./shared/town-crier";

interface FritzConfigDef extends NodeDef {
  host?: string;
  monitorPort?: number | string;
  port?: number | string;
  tlsPort?: number | string;
  tls?: boolean;
  fingerprint?: string;
  countryCode?: string;
  areaCode?: string;
  timeZone?: string;
}

interface FritzCredentials {
  username?: string;
  password?: string;
}

/** `label` is what events call this box; `users` are the nodes whose Catch nodes hear of its outages. */
export interface FritzConfigNode extends Speaker {
  credentials: FritzCredentials;
  timeZone: string;
  /** The box, connected from the first user on. */
  register(user: Node): BoxHandle;
  deregister(user: Node): void;
  /** Phonebooks, call list and the like. Good until this node closes. */
  telephony(): Telephony;
}

/** All boxes of this process: configurations of the same box share its connections, also over a deploy. */
const boxes = new Boxes();

export default function (RED: Runtime): void {
  RED.nodes.registerType<FritzConfigNode, FritzConfigDef, object, FritzCredentials>(
    "fritz-config",
    function (this: FritzConfigNode, def: FritzConfigDef) {
      RED.nodes.createNode(this, def);
      setUp(RED, this, def);
      setUpTelephony(RED, this, def);
    },
    { credentials: { username: { type: "text" }, password: { type: "password" } } },
  );
}

function setUp(RED: Runtime, node: FritzConfigNode, def: FritzConfigDef): void {
  const host = cleanHost(String(def.host ?? ""));
  const port = portOf(def.monitorPort, MONITOR_PORT);
  const timeZone = def.timeZone?.trim() ?? "";
  const known = timeZone === "" || isTimeZone(timeZone);
  let handle: BoxHandle | undefined;
  node.users = {};
  node.label = def.name?.trim() || host;
  node.timeZone = known ? timeZone : "";
  if (!known) complain(RED, node, sharedText(RED, "error.time-zone", { timeZone }));

  const release = (forGood: boolean) => {
    const held = handle;
    handle = undefined;
    if (!held) return;
    townCrier(RED, held.monitor).remove(node);
    giveBack(RED, held, forGood);
  };
  node.register = (user) => {
    node.users[user.id] = user;
    if (!handle) {
      handle = boxes.acquire({ host, port, timeZone: node.timeZone });
      townCrier(RED, handle.monitor).add(node);
    }
    return handle;
  };
  node.deregister = (user) => {
    if (node.users[user.id] !== user) return;
    delete node.users[user.id];
    if (Object.keys(node.users).length === 0) release(false);
  };
  node.on("close", (removed: boolean, done: () => void) => {
    release(removed);
    done();
  });
}

function setUpTelephony(RED: Runtime, node: FritzConfigNode, def: FritzConfigDef): void {
  let handle: PoolHandle<Telephony> | undefined;
  const options = telephonyOptions(def, node.credentials ?? {}, node.timeZone);
  const log = (fingerprint: string) => node.log(sharedText(RED, "certificate", { box: node.label, fingerprint }));
  node.telephony = () => (handle ??= boxes.acquireTelephony({ ...options, onCertificate: log })).value;
  node.on("close", (removed: boolean, done: () => void) => {
    if (handle) giveBack(RED, handle, removed);
    handle = undefined;
    done();
  });
}

function telephonyOptions(
  def: FritzConfigDef,
  { username = "", password = "" }: FritzCredentials,
  timeZone: string,
): TelephonyOptions {
  const [port, tlsPort] = [portOf(def.port, TR064_PORT), portOf(def.tlsPort, TR064_TLS_PORT)];
  const isStandard = port === TR064_PORT && tlsPort === TR064_TLS_PORT;
  return {
    host: cleanHost(def.host ?? ""),
    port,
    // A box that uses other ports than usual says so itself.
    ...(!isStandard && { tlsPort }),
    tls: def.tls !== false,
    fingerprint: def.fingerprint?.trim() ?? "",
    username: username.trim(),
    password,
    countryCode: def.countryCode ?? "",
    areaCode: def.areaCode ?? "",
    timeZone,
  };
}

function portOf(given: number | string | undefined, usual: number): number {
  return given === undefined || given === "" ? usual : Number(given);
}

/** A deploy takes as long as its slowest node; what is shared is kept until the new nodes are there. */
function giveBack(RED: Runtime, held: { release(forGood?: boolean): void }, forGood: boolean): void {
  if (forGood) held.release(true);
  else deployGate(RED.events).afterStop(() => held.release());
}
