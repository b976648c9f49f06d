/** `fritz-config`: one Fritz!Box. Owns its connections; other nodes register and deregister. */
import { defined } from "../../lib/core/defined";
import { resolve } from "node:path";
import { useAreaCodeFile } from "../../lib/numbers/index";
import type { PoolHandle } from "../../lib/core/shared-pool";
import type { HangupAgent } from "../../lib/sip/agent";
import type { HangupAgentOptions } from "../../lib/sip/agent-types";
import type { Telephony } from "../../lib/box/telephony";
import type { PhoneNames } from "../../lib/telephony/phone-names";
import { offerBoxRoutes } from "./admin";
import type { BoxSettings } from "./definition";
import { type BoxCredentials, monitorOptions, telephonyOptions, textOf } from "./settings";
import { reportConfigError } from "../shared/config-error";
import { deployGate, onceFlowsRun } from "../shared/deploy-gate";
import { sharedText, toUserError } from "../shared/messages";
import type { Node, NodeDef, Runtime } from "../shared/red";
import { boxIsBack } from "../shared/status";
import { boxStores, monitorStore } from "./box-stores";
import { type OutageReporter, outageNotifier } from "./outages";
import { type BoxHandle, boxes } from "../../lib/box/fritz-box";

type FritzConfigDef = NodeDef & BoxSettings;

/** `label`: the name of the box in events; `users`: the nodes whose Catch nodes receive its errors. */
export interface FritzConfigNode extends OutageReporter {
  credentials: BoxCredentials;
  timeZone: string;
  /** Returns the box; connects with the first user. */
  register(user: Node): BoxHandle;
  deregister(user: Node): void;
  /** Phonebooks, call list and so on. Valid until this node closes. */
  telephony(): Telephony;
  /** The IP phone that ends calls; shared by all nodes with the same login. */
  hangupAgent(options: Omit<HangupAgentOptions, "clock" | "host">): PoolHandle<HangupAgent>;
  /** The names of telephones and own numbers; undefined without a login, as nothing is asked then. */
  names(): PhoneNames | undefined;
  /** Requests dial plan and phonebooks, unless they are known, as soon as the flows run. Requires a login. */
  learnPlan(): void;
}

export default function (RED: Runtime): void {
  RED.nodes.registerType<FritzConfigNode, FritzConfigDef, object, BoxCredentials>(
    "fritz-config",
    function (this: FritzConfigNode, def: FritzConfigDef) {
      RED.nodes.createNode(this, def);
      setUp(RED, this, def);
      setUpTelephony(RED, this, def);
      setUpAgents(RED, this, def);
      takeAreaCodes(RED, this, textOf(def.areaCodeFile));
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
  node.label = textOf(def.name) || options.host;
  node.timeZone = options.timeZone;
  const timeZone = textOf(def.timeZone);
  if (timeZone !== options.timeZone) reportConfigError(RED, node, sharedText(RED, "error.time-zone", { timeZone }));

  const release = (forGood: boolean) => {
    const held = handle;
    handle = undefined;
    if (!held) return;
    stopLearning();
    outageNotifier(RED, held.monitor).remove(node);
    giveBack(RED, held, forGood);
  };
  node.register = (user) => {
    node.users[user.id] = user;
    if (!handle) {
      const store = monitorStore(RED, options);
      handle = boxes.acquire({ ...options, ...defined({ store }) });
      outageNotifier(RED, handle.monitor).add(node);
      // After a power failure Node-RED starts before the box.
      stopLearning = handle.monitor.listen({
        state: ({ phase }) => {
          if (phase !== "connected") return;
          node.learnPlan();
          boxIsBack(node);
        },
      });
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

function setUpAgents(RED: Runtime, node: FritzConfigNode, def: FritzConfigDef): void {
  const { host } = monitorOptions(def);
  node.hangupAgent = (options) => {
    const handle = boxes.acquireAgent({ ...options, host });
    return { value: handle.value, release: (forGood = false) => giveBack(RED, handle, forGood) };
  };
}

function setUpTelephony(RED: Runtime, node: FritzConfigNode, def: FritzConfigDef): void {
  let handle: PoolHandle<Telephony> | undefined;
  const options = telephonyOptions(def, node.credentials ?? {});
  const onCertificate = (fingerprint: string) => {
    if (options.fingerprint) return; // one is required already, and a foreign one is an error
    node.log(sharedText(RED, "certificate", { box: node.label, fingerprint }));
  };
  const keep = boxStores(RED, node, options);
  node.telephony = () =>
    (handle ??= boxes.acquireTelephony({ ...options, onCertificate, ...(keep && { keep }) })).value;
  // Dial plan and books are needed with the first call; without a password the box does not give them.
  const hasLogin = options.password !== "";
  node.names = () => (hasLogin ? node.telephony().names : undefined);
  let running = false;
  node.learnPlan = () => {
    if (hasLogin && running) node.telephony().prepare();
  };
  // Not before: a start of Node-RED has enough to do.
  onceFlowsRun(RED.events, node, () => {
    running = true;
    node.learnPlan();
  });
  node.on("close", (removed: boolean, done: () => void) => {
    if (handle) giveBack(RED, handle, removed);
    handle = undefined;
    done();
  });
}

/** German area codes from the user's file; the file of one configuration applies to all. */
function takeAreaCodes(RED: Runtime, node: FritzConfigNode, file: string): void {
  if (file === "") return;
  useAreaCodeFile(resolve(RED.settings.userDir ?? "", file)).then(
    ({ inUse }) => node.log(sharedText(RED, "area-codes", { count: inUse })),
    (error: unknown) => reportConfigError(RED, node, toUserError(RED, error).message),
  );
}

/** Shared values are kept until the new nodes exist: a deploy takes as long as its slowest node. */
function giveBack(RED: Runtime, held: { release(forGood?: boolean): void }, forGood: boolean): void {
  if (forGood) held.release(true);
  else deployGate(RED.events).afterStop(() => held.release());
}
