/** Finds out after a deploy what keeps a `fritz-block` from protecting, for its status, and once for the log. */
import { gapOf, type Gap, type ProtectionFacts } from "../../lib/blocking/protection";
import type { Telephony } from "../../lib/box/telephony";
import { MINUTE_MS } from "../../lib/core/clock";
import type { CallerInfoNode } from "../fritz-caller-info/admin";
import { boxOf } from "../shared/box";
import { onceFlowsRun } from "../shared/deploy-gate";
import { guarded, keepOverDeploys } from "../shared/input";
import type { Node, Runtime } from "../shared/red";
import type { FritzBlockDef } from "./definition";
import type { BlockOptions } from "./options";
import { onWhereTyped } from "./thresholds";

// Which nodes come before a node in the flow: wired to it, directly or through others, link nodes included.

interface Placed {
  id: string;
  type: string;
  wires?: string[][];
  links?: string[];
}

/** The ids of the nodes of a type before the node; undefined where they may be outside of its subflow. */
export function idsBefore(RED: Runtime, node: Node, type: string): string[] | undefined {
  if ((node as Node & { _alias?: string })._alias !== undefined) return undefined;
  const nodes = new Map<string, Placed>();
  RED.nodes.eachNode((one) => void nodes.set(one.id, one));
  const sources = new Map<string, string[]>();
  for (const { id, type: of, wires = [], links = [] } of nodes.values()) {
    for (const target of [...wires.flat(), ...(of === "link out" ? links : [])]) {
      sources.set(target, [...(sources.get(target) ?? []), id]);
    }
  }
  const seen = new Set<string>();
  const open = [node.id];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const source of sources.get(id) ?? []) {
      if (seen.has(source)) continue;
      seen.add(source);
      open.push(source);
    }
  }
  return [...seen].filter((id) => nodes.get(id)?.type === type);
}

/** Shortest interval between two questions for the rule at the box, ms. */
const ASK_AGAIN_MS = MINUTE_MS;

export class Protection {
  /** Gaps that are in the log already. */
  private readonly logged: Set<Gap>;
  private bookRule: boolean | undefined;
  private scoresSeen = false;
  private askedMs = -Infinity;
  private closed = false;

  /** `changed`: called with what is missing, if anything, once the flows run, and on a change. */
  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
    private readonly def: FritzBlockDef,
    private readonly options: BlockOptions,
    private readonly changed: (gap: Gap | undefined) => void,
  ) {
    this.logged = keepOverDeploys(RED, node, "gaps", () => new Set<Gap>());
    onceFlowsRun(RED.events, node, () => {
      this.look();
      void this.askBox();
    });
    node.on("close", () => void (this.closed = true));
  }

  /** After a decision: scores may come from elsewhere, and a rule may be there by now. */
  decided(hasScore: boolean): void {
    if (hasScore && !this.scoresSeen) {
      this.scoresSeen = true;
      this.look();
    }
    if (this.bookRule === false && Date.now() - this.askedMs > ASK_AGAIN_MS) void this.askBox();
  }

  private look(): void {
    const { RED } = this;
    if (this.closed) return;
    const box = boxOf(RED, this.def.box);
    const hasLogin = (box?.credentials?.password ?? "") !== "";
    const rules = { ...this.options.blocker.rules, ...onWhereTyped(this.def) };
    const { bookRule } = this;
    const gap = gapOf({ rules, hasBox: box !== null, hasLogin, scores: this.scores(), bookRule });
    guarded(RED, this.node, () => this.changed(gap));
    if (gap === undefined || this.logged.has(gap)) return;
    this.logged.add(gap);
    this.node.warn(RED._(`fritz-block.gap.${gap}`, { book: this.options.barring.book }));
  }

  /** Whether a caller info before this node asks a source with scores. */
  private scores(): ProtectionFacts["scores"] {
    if (this.scoresSeen) return "yes";
    const before = idsBefore(this.RED, this.node, "fritz-caller-info");
    if (!before) return "unknown";
    const infos = before.map((id) => this.RED.nodes.getNode(id) as CallerInfoNode | null);
    const sources = infos.flatMap((info) => info?.service.health() ?? []).filter(({ scores }) => scores);
    if (sources.some(({ unready }) => unready === undefined)) return "yes";
    return sources.some(({ unready }) => unready === "no-key") ? "no-key" : "no";
  }

  /** Whether the box rejects the numbers of the target book, if that is what this node relies on. */
  private async askBox(): Promise<void> {
    const { barring, blocker } = this.options;
    if (blocker.dryRun || blocker.action !== "phonebook") return;
    const box = boxOf(this.RED, this.def.box);
    if ((box?.credentials?.password ?? "") === "" || !box) return;
    this.askedMs = Date.now();
    this.bookRule = await hasRule(box.telephony(), barring.book).catch(() => undefined);
    this.look();
  }
}

async function hasRule(box: Telephony, name: string): Promise<boolean | undefined> {
  const books = (await box.books()).filter((book) => book.name === name);
  if (books.length === 0) return undefined; // it is made with the first entry
  return (await box.deflections.rejectedBooks(books)).length > 0;
}
