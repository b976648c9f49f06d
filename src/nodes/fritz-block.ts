/** L5 nodes: `fritz-block`, decides who gets through and may bar the others at the box. */
import { isMeant } from "../lib/domain/barred-number";
import { parsePattern } from "../lib/domain/number-patterns";
import { FritzError } from "../lib/model/errors";
import { BlockMemory } from "../lib/services/block-memory";
import { Barring } from "../lib/services/barring";
import { Blocker } from "../lib/services/blocker";
import { CallerLookup } from "../lib/services/caller-lookup";
import type { Telephony } from "../lib/services/telephony";
import { systemClock } from "../lib/transport/system-clock";
import { systemCode } from "../lib/transport/system-error";
import { BlockDesk } from "./shared/block-desk";
import { badPatterns, type BlockOptions, type FritzBlockDef, readBlockOptions } from "./shared/block-options";
import { BlockStatus } from "./shared/block-status";
import { blockStore } from "./shared/block-store";
import { boxOf } from "./shared/box-of";
import { complain } from "./shared/complain";
import { onInput } from "./shared/input";
import { toUserError } from "./shared/messages";
import type { Node, Runtime } from "./shared/red";

export default function (RED: Runtime): void {
  RED.nodes.registerType("fritz-block", function (this: Node, def: FritzBlockDef) {
    RED.nodes.createNode(this, def);
    const options = readBlockOptions(def);
    const status = new BlockStatus(RED, this, options.blocker.dryRun);
    const box = boxOf(RED, def.box)?.telephony();
    for (const { list, position } of badPatterns(options.blocker.rules)) {
      complain(RED, this, toUserError(RED, new FritzError("block-pattern", { list, position })).message);
    }
    const opened = BlockMemory.open(blockStore(RED, this, def.store?.trim() ?? ""), storeTrouble(RED, this)).then(
      (memory) => {
        const barring = box && makeBarring(box, options, memory, status);
        barring?.start();
        return { barring, memory, desk: makeDesk(RED, box, options, { memory, barring, status }) };
      },
    );
    onInput(RED, this, async (msg, send) => (await opened).desk.take(msg, send));
    this.on("close", (_removed: boolean, done: () => void) => {
      const close = async () => {
        const { barring, memory } = await opened;
        await barring?.close();
        await memory.saved();
      };
      close().then(done, () => done());
    });
  });
}

/** Told once: the same again at each call would help nobody. */
function storeTrouble(RED: Runtime, node: Node): (error: unknown) => void {
  let told = false;
  return (error) => {
    if (told) return;
    told = true;
    const code = systemCode(error);
    const detail = code === "unknown" && error instanceof Error ? error.name : code;
    node.error(toUserError(RED, new FritzError("block-store", { detail })), {});
  };
}

function makeBarring(box: Telephony, options: BlockOptions, memory: BlockMemory, status: BlockStatus): Barring {
  return new Barring({
    box,
    memory,
    clock: systemClock,
    options: options.barring,
    perHour: options.perHour,
    ops: options.ops,
    changed: (waiting, trouble) => status.changed(waiting, trouble),
    isAllowed: (key, { plan }) => {
      const texts = [...(options.blocker.rules.allowPatterns ?? []), ...memory.allowed.map((one) => one.key)];
      return isMeant(
        texts.flatMap((text) => parsePattern(text, plan) ?? []),
        key,
      );
    },
  });
}

function makeDesk(
  RED: Runtime,
  box: Telephony | undefined,
  options: BlockOptions,
  known: { memory: BlockMemory; barring: Barring | undefined; status: BlockStatus },
): BlockDesk {
  const clock = systemClock;
  const lookup = new CallerLookup({ clock, box });
  const phrase = (key: string, values: Readonly<Record<string, string | number>>) =>
    RED._(`fritz-block.because.${key}`, { ...values });
  const sentence = (error: unknown) => toUserError(RED, error).message;
  const parts = { lookup, clock, phrase, ...known };
  const blocker = new Blocker({ ...parts, options: options.blocker, sentence });
  return new BlockDesk({ ...parts, RED, options, blocker });
}
