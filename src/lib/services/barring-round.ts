/** L3 services: one round of writing at the box: read -> check -> write -> read back. Whoever runs it lets no other run beside. */
import { covers, entryName, isBarrable, neighbourhood, writtenForm } from "../domain/barred-number";
import type { BoxDeed, OwnEntry, PendingWrite } from "../model/block-memory";
import type { Contact } from "../model/contact";
import { FritzError } from "../model/errors";
import { BarBench, type BenchParts, type Outcome } from "./bar-bench";

const DAY_MS = 86_400_000;
/** So often may the box take an entry and then not have it. */
const MOST_LOSSES = 3;

/** Told as soon as a job is done. */
export type Settle = (job: PendingWrite, outcome: Outcome) => void;

interface Written {
  job: PendingWrite;
  entry: OwnEntry;
}

/**
 * Does the jobs. Rejects with the `FritzError` that stopped the round: the jobs that are not settled by then wait for the next
 * one, and nothing is written twice, because each round looks first.
 */
export async function runRound(parts: BenchParts, jobs: readonly PendingWrite[], settle: Settle): Promise<void> {
  const bench = await BarBench.open(parts);
  await tidy(bench);
  const written: Written[] = [];
  for (const job of jobs) {
    try {
      const outcome = await perform(bench, job, written);
      if (outcome) settle(job, outcome);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      bench.deed("failed", job, { error: error.code });
      settle(job, { action: "failed", error });
    }
  }
  await verify(bench, written, settle);
  await rotate(bench);
}

/** Nothing, if it must be read back first. */
async function perform(bench: BarBench, job: PendingWrite, written: Written[]): Promise<Outcome | undefined> {
  switch (job.op) {
    case "bar": {
      const done = await bar(bench, job);
      if ("action" in done) return done;
      written.push({ job, entry: done });
      return undefined;
    }
    case "release":
      return release(bench, job);
    case "learn":
      return learn(bench, job);
  }
}

async function bar(bench: BarBench, job: PendingWrite): Promise<Outcome | OwnEntry> {
  const { target, options, memory, shelf } = bench;
  const { book } = target;
  if (!isBarrable(job.key) || bench.getsThrough(job.key)) {
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
    at: bench.now(),
    because: job.because,
  };
  const entry = rangeOf(bench, single) ?? single;
  if (!(await bench.write(target, entry))) return { action: "already-there", book };
  memory.change({ entries: [...memory.entries, entry] });
  return entry;
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

/** What was written must be there when it is read again. */
async function verify(bench: BarBench, written: readonly Written[], settle: Settle): Promise<void> {
  if (written.length === 0) return;
  const { target, shelf, memory } = bench;
  const contacts = await shelf.contacts(target, true);
  const keys = new Set(contacts.flatMap(({ numbers }) => numbers.map(({ number }) => shelf.keyOf(number))));
  let lost = false;
  for (const { job, entry } of written) {
    if (keys.has(entry.key)) {
      for (const member of entry.members ?? []) if (member.key !== job.key) await bench.takeOut(member);
      bench.deed(entry.members ? "range" : "added", job, { book: target.book });
      settle(job, { action: "added", book: target.book });
      continue;
    }
    memory.change({ entries: memory.entries.filter((own) => own !== entry) });
    job.losses = (job.losses ?? 0) + 1;
    if (job.losses < MOST_LOSSES) lost = true;
    else {
      bench.deed("failed", job, { error: "block-lost" });
      settle(job, { action: "failed", error: new FritzError("block-lost", { book: target.book }) });
    }
  }
  if (lost) throw new FritzError("block-lost", { book: target.book }, true);
}

/** Takes out own entries: on the user's order. */
async function release(bench: BarBench, job: PendingWrite): Promise<Outcome> {
  const own = bench.memory.entries.filter(({ key }) => covers(key, job.key));
  let removed = 0;
  for (const book of new Set([...own.map((entry) => entry.book), bench.target.book])) {
    const target = bench.targetOf(book);
    for (const contact of await bench.shelf.covering(target, job.key)) {
      if (bench.isOwn(contact, book)) removed += await bench.takeOutOf(target, contact, job.key);
    }
  }
  const members = own.flatMap((entry) => entry.members ?? []).filter(({ key }) => key !== job.key);
  for (const member of members) {
    if (await bench.write(bench.targetOf(member.book), member)) {
      bench.memory.change({ entries: [...bench.memory.entries, member] });
    }
  }
  if (removed === 0) return { action: "failed", error: new FritzError("block-undo") };
  bench.deed("removed", job);
  return { action: "removed" };
}

/** A good caller comes into the phonebook, unless it stands in one already, or is barred. */
async function learn(bench: BarBench, job: PendingWrite): Promise<Outcome> {
  const { options, shelf, target } = bench;
  if (shelf.isFriend(job.key)) return { action: "already-there" };
  if ((await shelf.covering(target, job.key)).length > 0) return { action: "spared" };
  const number = writtenForm(job.key, shelf.plan);
  await bench.write(bench.targetOf(options.learnBook), {
    key: job.key,
    number,
    name: entryName("", job.name, undefined),
  });
  bench.deed("learned", job, { book: options.learnBook });
  return { action: "added", book: options.learnBook };
}

/** Own entries that somebody took out are forgotten; those that are too old, or get through by now, are taken out. */
async function tidy(bench: BarBench): Promise<void> {
  const { memory, options, shelf, target } = bench;
  const mine = memory.entries.filter(({ book }) => book === target.book);
  if (mine.length === 0) return;
  const contacts: Contact[] = await shelf.contacts(target);
  const keys = new Set(contacts.flatMap(({ numbers }) => numbers.map(({ number }) => shelf.keyOf(number))));
  const oldest = options.days > 0 ? bench.nowMs() - options.days * DAY_MS : -Infinity;
  for (const entry of mine) {
    if (!keys.has(entry.key)) memory.change({ entries: memory.entries.filter((own) => own !== entry) });
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
  try {
    await bench.takeOut(entry);
    bench.deed(what, entry, { book: entry.book });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    bench.forget(({ key, book }) => key === entry.key && book === entry.book); // one stuck entry must not stop the others
    bench.deed("failed", entry, { error: error.code });
  }
}

/** The box refused this one entry; others may do. */
const isRefusal = (error: unknown): error is FritzError => error instanceof FritzError && error.code === "block-write";
