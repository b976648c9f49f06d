/** Test support: a TR-064 client whose box is a table of answers. */
import { FritzError } from "../../src/lib/core/errors";
import type { SoapValues } from "../../src/lib/tr064/soap";
import type { Tr064 } from "../../src/lib/tr064/service";

type Answer = SoapValues | FritzError | ((values: SoapValues) => SoapValues);

export class FakeTr064 implements Tr064 {
  /** "Action" or "Action {values}" in order. */
  readonly asked: string[] = [];
  readonly downloaded: string[] = [];
  document = "";

  constructor(
    /** "Service:1#Action" -> the answer. */
    readonly answers: Record<string, Answer>,
    /** Names of arguments by action, where an action has some. */
    private readonly args: Record<string, string[]> = {},
  ) {}

  call(service: string, action: string, values: SoapValues = {}): Promise<SoapValues> {
    this.asked.push(Object.keys(values).length === 0 ? action : `${action} ${JSON.stringify(values)}`);
    const answer = this.answers[`${service}#${action}`];
    if (!answer || answer instanceof FritzError) return Promise.reject(answer ?? new FritzError("box-no-action"));
    return Promise.resolve(typeof answer === "function" ? answer(values) : answer);
  }

  download(url: string): Promise<string> {
    this.downloaded.push(url);
    return Promise.resolve(this.document);
  }

  actionsOf(service: string) {
    const actions = Object.keys(this.answers)
      .filter((key) => key.startsWith(`${service}#`))
      .map((key) => key.slice(service.length + 1));
    return Promise.resolve(new Map(actions.map((action) => [action, { in: this.args[action] ?? [], out: [] }])));
  }

  describe() {
    return Promise.resolve({ model: "", udn: "", services: [] });
  }
}
