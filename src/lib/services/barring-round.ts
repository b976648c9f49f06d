/** L3 services: one round of writing at the box: read -> check -> write. Whoever runs it lets no other run beside it. */
import { covers, entryName, isBarrable, neighbourhood, writtenForm } from "../domain/barred-number";
import type { BoxDeed, OwnEntry, PendingWrite } from "../model/block-memory";
import { FritzError } from "../model/errors";
import { BarBench, type BenchParts, type Outcome } from "./bar-bench";
import { lookupKeys } from "./numbers";

const DAY_MS = 86_400_000;
/** So often may the box take an entry and then not have it. */
const MOST_LOSSES = 3;

/** Told as soon as a job is done. */
export type Settle = (job: PendingWrite, outcome: Outcome) => void;

/**
 * Does the jobs. Rejects with the `FritzError` that stopped the round: the jobs that are not settled by then wait for the next
 * one, and nothing is written twice, because each round looks first.
 */
export async function runRound(parts: BenchParts, jobs: readonly PendingWrite[], settle: Settle): Promise<void> {
  const bench = await BarBench.open(parts);
  const isRelease = ({ op }: PendingWrite) => op === "release";
  // What the user orders comes first: what is tidied away would not be there to be taken out.
  const first = await perform(bench, jobs.filter(isRelease), settle);
  await tidy(bench);
  const second = await perform(
    bench,
    jobs.filter((job) => !isRelease(job)),
    settle,
  );
  await rotate(bench);
  const lost = first ?? second;
  if (lost) throw new FritzError(lost.code, lost.values, true);
}

/** The error is that of an entry that the box lost; its job is still to be done. */
async function perform(bench: BarBench, jobs: PendingWrite[], settle: Settle): Promise<FritzError | undefined> {
  let lost: FritzError | undefined;
  for (const job of jobs) {
    const outcome = await RUNS[job.op](bench, job);
    const { error } = outcome;
    const isLost = error instanceof FritzError && error.code === "contact-dropped";
    if (isLost) job.losses = (job.losses ?? 0) + 1;
    if (isLost && (job.losses ?? 0) < MOST_LOSSES) {
      lost = error;
      continue;
    }
    if (error instanceof FritzError && error.code !== "block-undo") bench.deed("failed", job, { error: error.code });
    settle(job, outcome);
  }
  return lost;
}

const RUNS: Readonly<Record<PendingWrite["op"], (bench: BarBench, job: PendingWrite) => Promise<Outcome>>> = {
  bar,
  release,
  learn,
};

async function bar(bench: BarBench, job: PendingWrite): Promise<Outcome> {
  const { target, options, shelf } = bench;
  const { book } = target;
  // The number that was probably meant (a network lost its zero) may be a friend's, too.
  const keys = [job.key, ...lookupKeys(job.number, shelf.plan)];
  if (!isBarrable(job.key) || keys.some((key) => bench.getsThrough(key))) {
    bench.deed("spared", job);
    return { action: "spared" };
  }
  const there = await shelf.covering(target, job.key);
  if (there.length > 0) {
    bench.adopt(job, there);
    return { action: "already-there", book };
  }
  const single: OwnEntry = {
    key: job.key,
    number: writtenForm(job.key, shelf.plan),
    name: entryName(options.namePrefix, job.name, options.timeStamp ? job.at : undefined),
    book,
    at: bench.now,
    because: job.because,
  };
  const entry = rangeOf(bench, single) ?? single;
  const written = await bench.write(target, entry);
  if (written instanceof FritzError) return { action: "failed", error: written };
  if (written === "already-there") return { action: "already-there", book };
  bench.remember(entry);
  bench.deed(entry.members ? "range" : "added", job, { book });
  for (const member of entry.members ?? []) if (member !== single) await bench.takeOut(member);
  return { action: "added", book };
}

/** Many neighbours become one entry, if no friend lives among them. */
function rangeOf(bench: BarBench, single: OwnEntry): OwnEntry | undefined {
  const { options, memory, target, shelf } = bench;
  const beginning = neighbourhood(single.key);
  if (!target.ranges || options.rangeFrom <= 0 || beginning === undefined) return undefined;
  const neighbours = memory.entries.filter(
    ({ key, book }) => book === target.book && isBarrable(key) && key.startsWith(beginning),
  );
  const key = `${beginning}*`;
  if (neighbours.length + 1 < options.rangeFrom || bench.getsThrough(key)) return undefined;
  return { ...single, key, number: writtenForm(key, shelf.plan), members: [...neighbours, single] };
}

/** Takes out own entries on the user's order. Of a range the other numbers stay barred, each by itself. */
async function release(bench: BarBench, job: PendingWrite): Promise<Outcome> {
  const isIt = (key: string) => covers(key, job.key);
  const own = bench.memory.entries.filter(({ key }) => isIt(key));
  let removed = 0;
  for (const book of new Set([...own.map((entry) => entry.book), bench.target.book])) {
    const target = bench.targetOf(book);
    for (const contact of await bench.shelf.covering(target, job.key)) {
      if (!bench.isOwn(contact, book)) continue;
      const error = await bench.strike(target, contact, isIt);
      if (error) return { action: "failed", error };
      removed++;
    }
  }
  bench.forget(({ key }) => isIt(key));
  if (removed === 0) return { action: "failed", error: new FritzError("block-undo") };
  for (const member of own.flatMap(({ members = [] }) => members)) {
    if (isIt(member.key)) continue;
    const written = await bench.write(bench.targetOf(member.book), member);
    if (written === "added") bench.remember(member);
  }
  bench.deed("removed", job);
  return { action: "removed" };
}

/** A good caller comes into the phonebook, unless it stands in one already, or is barred. */
async function learn(bench: BarBench, job: PendingWrite): Promise<Outcome> {
  const { options, shelf, target } = bench;
  const book = options.learnBook;
  if (shelf.isFriend(job.key)) return { action: "already-there" };
  if (book === "" || (await shelf.covering(target, job.key)).length > 0) return { action: "spared" };
  const name = entryName("", job.name, undefined);
  const written = await bench.write(bench.targetOf(book), { number: writtenForm(job.key, shelf.plan), name });
  if (written instanceof FritzError) return { action: "failed", error: written };
  if (written === "added") bench.deed("learned", job, { book });
  return { action: written, book };
}

/** Own entries that somebody took out are forgotten; those that are too old, or get through by now, are taken out. */
async function tidy(bench: BarBench): Promise<void> {
  const { memory, options, shelf, target } = bench;
  const mine = memory.entries.filter(({ book }) => book === target.book);
  if (mine.length === 0) return;
  const contacts = await shelf.contacts(target);
  const keys = new Set(contacts.flatMap(({ numbers }) => numbers.map(({ number }) => shelf.keyOf(number))));
  const oldest = options.days > 0 ? bench.nowMs - options.days * DAY_MS : -Infinity;
  for (const entry of mine) {
    if (!keys.has(entry.key)) bench.forget((own) => own === entry);
    else if (bench.getsThrough(entry.key)) await takeOut(bench, "spared", entry);
    else if (Date.parse(entry.at) < oldest) await takeOut(bench, "expired", entry);
  }
}

/** The oldest own entries give way to the newest. */
async function rotate(bench: BarBench): Promise<void> {
  const mine = bench.memory.entries.filter(({ book }) => book === bench.target.book);
  for (const entry of mine.slice(0, Math.max(0, mine.length - bench.options.most))) {
    await takeOut(bench, "rotated", entry);
  }
}

async function takeOut(bench: BarBench, what: BoxDeed, entry: OwnEntry): Promise<void> {
  const error = await bench.takeOut(entry);
  bench.deed(error ? "failed" : what, entry, { book: entry.book, ...(error && { error: error.code }) });
}
