/**
 * Test support, a program of its own: writes all stores of the folder that is its first argument in a loop, and prints each number that
 * a store has promised to keep. The second argument is the number before the first one.
 */
import { join } from "node:path";
import { BlockMemory } from "../../src/lib/blocking/state";
import { AnswerCache } from "../../src/lib/callers/answer-cache";
import type { CallerSource } from "../../src/lib/callers/source";
import { systemClock } from "../../src/lib/core/clock";
import { jsonFile } from "../../src/lib/core/json-file";
import { BookMemory } from "../../src/lib/phonebook/stored-books";
import type { Deflections, NamedRule } from "../../src/lib/telephony/deflections";
import { DeflectionTimer } from "../../src/lib/telephony/deflection-timer";
import { DialLimit } from "../../src/lib/telephony/dial-rules";
import { NewMessages, type VoiceMessage } from "../../src/lib/telephony/voice-messages";

const [, , folder = "", first = "0"] = process.argv;
const store = (name: string) => jsonFile(join(folder, `${name}.json`));
const fail = (error: unknown) => {
  throw error instanceof Error ? error : new Error(String(error));
};
const rule = { key: "r", enabled: false } as NamedRule;
const source = { id: "s", key: "s", policy: { hitMs: 1e9, missMs: 1e9, perDay: 1e9 } } as unknown as CallerSource;
const deflections = {
  set: async (_wanted: string, enabled: boolean, before: (found: NamedRule) => Promise<void>) => {
    await before(rule);
    return { rule, wasEnabled: !enabled };
  },
} as unknown as Deflections;
const contacts = Array.from({ length: 200 }, (_, i) => ({ name: `Anna ${i}`, numbers: [{ number: `030 ${i}` }] }));
const readings = [{ book: { id: 0, name: "Telefonbuch", writable: true }, contacts }];

/** Each takes a number and resolves when it is kept. */
async function writers(): Promise<Record<string, (n: number) => Promise<unknown>>> {
  const block = await BlockMemory.open(store("block"), fail);
  const books = new BookMemory(store("books"), fail);
  const answers = new AnswerCache(store("answers"), systemClock);
  await answers.ready;
  const messages = new NewMessages(store("messages"));
  const timer = new DeflectionTimer({ deflections, store: store("deflections"), clock: systemClock });
  const limit = new DialLimit(store("dial"), systemClock);
  return {
    block: (n) => {
      block.change({ allowed: [{ key: `+${n}`, number: String(n), at: "now" }] });
      return block.saved();
    },
    books: (n) => books.save({ atMs: n, plan: { countryCode: "49" }, readings, gone: new Map() }),
    answers: (n) => {
      answers.take(source);
      answers.remember(source, `+${n}`, null);
      return answers.flush();
    },
    messages: (n) => {
      const message = { id: String(n), new: true, at: "" } as VoiceMessage;
      return messages.take(
        [message],
        () => true,
        () => Promise.resolve(() => undefined),
      );
    },
    deflections: (n) => timer.set("r", true, n),
    dial: () => limit.use(1e9),
    home: (n) => store("home").save({ plan: { countryCode: "49", areaCode: String(n) } }),
  };
}

async function run(): Promise<void> {
  const all = Object.entries(await writers());
  process.stdout.write("ready\n");
  for (let n = Number(first) + 1; ; n++) {
    for (const [name, write] of all) {
      await write(n);
      process.stdout.write(`${name} ${n}\n`);
    }
  }
}

void run();
