/** L5 nodes: `fritz-config`, one Fritz!Box. Owns its connections; other nodes register and deregister. */
import { resolve } from "node:path";
import type { BoxHandle } from "../lib/services/box";
import { useAreaCodeFile } from "../lib/services/numbers";
import type { PoolHandle } from "../lib/services/shared-pool";
import type { Telephony } from "../lib/services/telephony";
import { offerBoxRoutes } from "./shared/box-routes";
import { boxes } from "./shared/box-registry";
import { type BoxCredentials, type BoxSettings, monitorOptions, telephonyOptions } from "./shared/box-settings";
import { complain } from "./shared/complain";
import { deployGate } from "./shared/deploy-gate";
import { sharedText, toUserError } from "./shared/messages";
import type { Node, NodeDef, Runtime } from "./shared/red";
import { type Speaker, townCrier } from "./shared/town-crier";

type FritzConfigDef = NodeDef & BoxSettings;

/** `label` is what events call this box; `users` are the nodes whose Catch nodes hear of its outages. */
export interface FritzConfigNode extends Speaker {
  credentials: BoxCredentials;
  timeZone: string;
  /** The box, connected from the first user on. */
  register(user: Node): BoxHandle;
  deregister(user: Node): void;
  /** Phonebooks, call list and the like. Good until this node closes. */
  telephony(): Telephony;
  /** Asks the box for country and area code, unless they are known. */
  learnPlan(): void;
}

export default function (RED: Runtime): void {
  RED.nodes.registerType<FritzConfigNode, FritzConfigDef, object, BoxCredentials>(
    "fritz-config",
    function (this: FritzConfigNode, def: FritzConfigDef) {
      RED.nodes.createNode(this, def);
      setUp(RED, this, def);
      setUpTelephony(RED, this, def);
      takeAreaCodes(RED, this, def.areaCodeFile?.trim() ?? "");
    },
    { credentials: { username: { type: "text" }, password: { type: "password" } } },
  );
  offerBoxRoutes(RED);
}

function setUp(RED: Runtime, node: FritzConfigNode, def: FritzConfigDef): void {
  const options = monitorOptions(def);
  let handle: BoxHandle | undefined;
  let stopLearning = () => {};
  node.users = {};
  node.label = def.name?.trim() || options.host;
  node.timeZone = options.timeZone;
  const timeZone = def.timeZone?.trim() ?? "";
  if (timeZone !== options.timeZone) complain(RED, node, sharedText(RED, "error.time-zone", { timeZone }));

  const release = (forGood: boolean) => {
    const held = handle;
    handle = undefined;
    if (!held) return;
    stopLearning();
    townCrier(RED, held.monitor).remove(node);
    giveBack(RED, held, forGood);
  };
  node.register = (user) => {
    node.users[user.id] = user;
    if (!handle) {
      handle = boxes.acquire(options);
      townCrier(RED, handle.monitor).add(node);
      // After a power cut Node-RED is up before the box.
      stopLearning = handle.monitor.listen({ state: ({ phase }) => phase === "connected" && node.learnPlan() });
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
  const options = telephonyOptions(def, node.credentials ?? {});
  const onCertificate = (fingerprint: string) =>
    node.log(sharedText(RED, "certificate", { box: node.label, fingerprint }));
  node.telephony = () => (handle ??= boxes.acquireTelephony({ ...options, onCertificate })).value;
  // Where the box stands is wanted with the first call; without a password it would not tell.
  node.learnPlan = () => {
    const hasLogin = (node.credentials?.password ?? "") !== "";
    if (hasLogin && !node.telephony().knownPlan) void node.telephony().dialPlan();
  };
  node.learnPlan();
  node.on("close", (removed: boolean, done: () => void) => {
    if (handle) giveBack(RED, handle, removed);
    handle = undefined;
    done();
  });
}

/** The German area codes of the user's own file; the file of a configuration that has one counts for all. */
function takeAreaCodes(RED: Runtime, node: FritzConfigNode, file: string): void {
  if (file === "") return;
  useAreaCodeFile(resolve(RED.settings.userDir ?? "", file)).then(
    ({ inUse }) => node.log(sharedText(RED, "area-codes", { count: inUse })),
    (error: unknown) => complain(RED, node, toUserError(RED, error).message),
  );
}

/** A deploy takes as long as its slowest node; what is shared is kept until the new nodes are there. */
function giveBack(RED: Runtime, held: { release(forGood?: boolean): void }, forGood: boolean): void {
  if (forGood) held.release(true);
  else deployGate(RED.events).afterStop(() => held.release());
}
