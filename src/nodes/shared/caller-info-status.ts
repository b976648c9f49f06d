/** L5 nodes: the status of `fritz-caller-info`: when and what kind of answer there was last, and which source is in trouble. */
import type { CallerInfo } from "../../lib/model/caller-info";
import type { Node, Runtime } from "./red";

/** fritz-block's own threshold. */
const SPAM_SCORE = 7;

export class CallerInfoStatus {
  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
  ) {}

  /** No name and no number: the status is shown to everybody who opens the editor. `trouble`: a sentence. */
  answered(info: CallerInfo, trouble: string | undefined): void {
    const time = new Date().toTimeString().slice(0, 5);
    const text = `${time} ${this.gist(info)}`;
    if (trouble === undefined) this.node.status({ fill: "green", shape: "dot", text });
    else this.node.status({ fill: "yellow", shape: "ring", text: `${text} · ${trouble}` });
  }

  failed(sentence: string): void {
    this.node.status({ fill: "red", shape: "ring", text: sentence });
  }

  private gist({ contact, name, spam, place, type }: CallerInfo): string {
    if (contact) return this.say("contact");
    if (spam && spam.score >= SPAM_SCORE) return this.say("spam", { score: spam.score });
    if (name !== undefined) return this.say("name");
    if (type === "anonymous") return this.say("anonymous");
    return this.say(place?.town !== undefined ? "place" : "unknown");
  }

  private say(key: string, values: Record<string, string | number> = {}): string {
    const { RED } = this;
    return RED._(`fritz-caller-info.status.${key}`, values);
  }
}
