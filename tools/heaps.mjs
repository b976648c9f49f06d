// Deals test files out to jobs that take about as long as each other, and says which is to begin first: at the end of a run
// no core is to wait for one long job.
import { statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./ensure.mjs";

/** Processor time of the files whose size does not tell it, in seconds; a rough figure will do. */
export const SECONDS = {
  "test/contracts/secrets.test.ts": 3,
  "test/properties/long-imports.test.ts": 25,
  "test/unit/callers/described/page.test.ts": 7,
  "test/unit/numbers/area-codes.test.ts": 3,
  "test/unit/phonebook/document.test.ts": 3,
  "test/unit/phonebook/large-books.test.ts": 2,
  "test/unit/sip/call.test.ts": 2,
};
/** What the other files take for each byte, in seconds. */
const SECONDS_A_BYTE = 1 / 20_000;

const secondsOf = (file) => SECONDS[file] ?? statSync(join(root, file)).size * SECONDS_A_BYTE;

/** Test files or jobs (`{ seconds?, files? }`), those first that take longest. */
export function longestFirst(all) {
  const weight = (one) => (typeof one === "string" ? secondsOf(one) : (one.seconds ?? sum(one.files)));
  return [...all].sort((a, b) => weight(b) - weight(a));
}

const sum = (files) => files.reduce((total, file) => total + secondsOf(file), 0);

/** Deals the files out, the longest first, each to the heap that is the shortest so far. */
export function heaps(files, number) {
  const dealt = Array.from({ length: Math.min(number, files.length) }, () => []);
  for (const file of longestFirst(files)) dealt.reduce((a, b) => (sum(b) < sum(a) ? b : a)).push(file);
  return dealt;
}
