/** One run of writes at the box: read, check, write. The caller ensures that no other run is active. */
import { DAY_MS } from "../core/clock";
import { covers, entryName, isBarrable, neighbourhood, writtenForm } from "./barred-number";
import type { BoxChange, OwnEntry, PendingWrite } from "./types";
import { FritzError } from "../core/errors";
import { BarringSession, type BarringSessionParts, type BarringOutcome } from "./barring-session";
import { lookupKeys } from "../numbers/index";

/** How often the box may lose the same entry before the write fails. */
const MOST_LOSSES = 3;

/** Called as soon as a job is done. */
export type OnDone = (job: PendingWrite, outcome: BarringOutcome) => void;

/**
 * Executes the jobs. Rejects with the `FritzError` that stopped the run: unfinished jobs wait for the next
 * run, and nothing is written twice, because each run reads first.
 */
export async function runBarring(
  parts: BarringSessionParts,
  jobs: readonly PendingWrite[],
  onDone: OnDone,
): Promise<void> {
  const session = await BarringSession.open(parts);
  const isRelease = ({ op }: PendingWrite) => op === "release";
  // Removals come first: after `tidy` their entries would be gone.
  const first = await perform(session, jobs.filter(isRelease), onDone);
  await tidy(session);
  const second = await perform(
    session,
    jobs.filter((job) => !isRelease(job)),
    onDone,
  );
  await rotate(session);
  const lost = first ?? second;
  if (lost) throw new FritzError(lost.code, lost.values, true);
}

/** Resolves to the error of an entry that the box lost; its job remains pending. */
async function perform(session: BarringSession, jobs: PendingWrite[], onDone: OnDone): Promise<FritzError | undefined> {
  let lost: FritzError | undefined;
  for (const job of jobs) {
    session.goOn();
    const outcome = await RUNS[job.op](session, job);
    const { error } = outcome;
    if (error instanceof FritzError && error.code === "block-friends") {
      lost ??= error; // waits until the contacts are known
      continue;
    }
    const isLost = error instanceof FritzError && error.code === "contact-dropped";
    if (isLost) job.losses = (job.losses ?? 0) + 1;
    if (isLost && (job.losses ?? 0) < MOST_LOSSES) {
      lost = error;
      continue;
    }
    if (error instanceof FritzError && error.code !== "block-undo")
      session.record("failed", job, { error: error.code });
    onDone(job, outcome);
  }
  return lost;
}

const RUNS: Readonly<
  Record<PendingWrite["op"], (session: BarringSession, job: PendingWrite) => Promise<BarringOutcome>>
> = {
  bar,
  release,
  learn,
};

async function bar(session: BarringSession, job: PendingWrite): Promise<BarringOutcome> {
  const { target, options, protectedNumbers } = session;
  const { book } = target;
  // The number that was probably meant (a network lost its zero) may be a protected one.
  const keys = [job.key, ...lookupKeys(job.number, protectedNumbers.plan)];
  try {
    const isProtected = !isBarrable(job.key) || keys.some((key) => session.isProtected(key));
    if (isProtected || (await protectedNumbers.isContact(job.number)) || (await protectedNumbers.isContact(job.key))) {
      session.record("spared", job);
      return { action: "spared" };
    }
  } catch (error) {
    return { action: "failed", error };
  }
  const there = await protectedNumbers.covering(target, job.key);
  if (there.length > 0) {
    session.adopt(job, there);
    return { action: "already-there", book };
  }
  const single: OwnEntry = {
    key: job.key,
    number: writtenForm(job.key, protectedNumbers.plan),
    name: entryName(options.namePrefix, job.name, options.timeStamp ? job.at : undefined),
    book,
    at: session.now,
    because: job.because,
  };
  const entry = rangeOf(session, single) ?? single;
  const written = await session.write(target, entry);
  if (written instanceof FritzError) return { action: "failed", error: written };
  if (written === "already-there") return { action: "already-there", book };
  session.remember(entry);
  session.record(entry.members ? "range" : "added", job, { book });
  for (const member of entry.members ?? []) if (member !== single) await session.removeEntry(member);
  return { action: "added", book };
}

/** Many neighbours become one entry, unless one of the range is protected. */
function rangeOf(session: BarringSession, single: OwnEntry): OwnEntry | undefined {
  const { options, memory, target, protectedNumbers } = session;
  const beginning = neighbourhood(single.key);
  if (!target.ranges || options.rangeFrom <= 0 || beginning === undefined) return undefined;
  const neighbours = memory.entries.filter(
    ({ key, book }) => book === target.book && isBarrable(key) && key.startsWith(beginning),
  );
  const key = `${beginning}*`;
  if (neighbours.length + 1 < options.rangeFrom || session.isProtected(key)) return undefined;
  return { ...single, key, number: writtenForm(key, protectedNumbers.plan), members: [...neighbours, single] };
}

/**
 * Removes own entries on the user's request. The other numbers of a range are written again, each by itself.
 */
async function release(session: BarringSession, job: PendingWrite): Promise<BarringOutcome> {
  const isIt = (key: string) => covers(key, job.key);
  const own = session.memory.entries.filter(({ key }) => isIt(key));
  let removed = 0;
  for (const book of new Set([...own.map((entry) => entry.book), session.target.book])) {
    const target = session.targetOf(book);
    for (const contact of await session.protectedNumbers.covering(target, job.key)) {
      if (!session.isOwn(contact, book)) continue;
      const error = await session.removeNumbers(target, contact, isIt);
      if (error) return { action: "failed", error };
      removed++;
    }
  }
  session.forget(({ key }) => isIt(key));
  if (removed === 0) return { action: "failed", error: new FritzError("block-undo") };
  for (const member of own.flatMap(({ members = [] }) => members)) {
    if (isIt(member.key)) continue;
    const written = await session.write(session.targetOf(member.book), member);
    if (written === "added") session.remember(member);
  }
  session.record("removed", job);
  return { action: "removed" };
}

/** Adds a trusted caller to the phonebook, unless it is a contact already, or barred. */
async function learn(session: BarringSession, job: PendingWrite): Promise<BarringOutcome> {
  const { options, protectedNumbers, target } = session;
  const book = options.learnBook;
  if (protectedNumbers.has(job.key)) return { action: "already-there" };
  if (book === "" || (await protectedNumbers.covering(target, job.key)).length > 0) return { action: "spared" };
  const name = entryName("", job.name, undefined);
  const written = await session.write(session.targetOf(book), {
    number: writtenForm(job.key, protectedNumbers.plan),
    name,
  });
  if (written instanceof FritzError) return { action: "failed", error: written };
  if (written === "added") session.record("learned", job, { book });
  return { action: written, book };
}

/** Forgets own entries that were removed by others; removes those that are too old or protected by now. */
async function tidy(session: BarringSession): Promise<void> {
  const { memory, options, protectedNumbers, target } = session;
  const mine = memory.entries.filter(({ book }) => book === target.book);
  if (mine.length === 0) return;
  const contacts = await protectedNumbers.contacts(target);
  const keys = new Set(contacts.flatMap(({ numbers }) => numbers.map(({ number }) => protectedNumbers.keyOf(number))));
  const oldest = options.days > 0 ? session.nowMs - options.days * DAY_MS : -Infinity;
  for (const entry of mine) {
    if (!keys.has(entry.key)) session.forget((own) => own === entry);
    else if (await isNowProtected(session, entry)) await takeOut(session, "spared", entry);
    else if (Date.parse(entry.at) < oldest) await takeOut(session, "expired", entry);
  }
}

/** Whether the number of an own entry is a contact's or protected by now; false while that is unknown. */
async function isNowProtected(session: BarringSession, { key, number }: OwnEntry): Promise<boolean> {
  if (session.isProtected(key) || (!key.endsWith("*") && !isBarrable(key))) return true;
  return !key.endsWith("*") && session.protectedNumbers.isContact(number).catch(() => false);
}

/** Removes the oldest own entries beyond the limit. */
async function rotate(session: BarringSession): Promise<void> {
  const mine = session.memory.entries.filter(({ book }) => book === session.target.book);
  for (const entry of mine.slice(0, Math.max(0, mine.length - session.options.most))) {
    await takeOut(session, "rotated", entry);
  }
}

async function takeOut(session: BarringSession, what: BoxChange, entry: OwnEntry): Promise<void> {
  const error = await session.removeEntry(entry);
  session.record(error ? "failed" : what, entry, { book: entry.book, ...(error && { error: error.code }) });
}
