/**
 * Parses the box's lists of answering machines and messages. Pure. See
 * docs/protocol/tr064.md#answering-machines-x_avm-de_tam1.
 */
import { childText, descendants, parseXml, type XmlElement } from "../core/xml";
import { downloadPath } from "./files";
import { presentationOf } from "../numbers/index";
import { FritzError } from "../core/errors";
import { serialize } from "../core/async";
import { type Store, loadKeptList } from "../core/store";

/** A party of a call. */
export interface MessageParty {
  number: string;
  presentation: "allowed" | "restricted" | "unavailable";
}

/** A caller's message. */
export interface VoiceMessage {
  /** Made of recording and minute; stable when other messages change, which the box's index is not. */
  id: string;
  /** Index of the answering machine, 0 to 4. */
  machine: number;
  /** The box's index of the message at the time of reading. */
  index: number;
  /** ISO 8601 with offset, whole minutes; "" if the box's date cannot be read. */
  at: string;
  /** As in the list, mostly whole minutes rounded up; exact if the sound was read. */
  durationSeconds: number;
  caller: MessageParty;
  called: MessageParty;
  name?: string;
  /** Not heard yet. */
  new: boolean;
  /** Path of the recording, on the box. */
  path: string;
}

/** An answering machine that the user interface shows. */
export interface Machine {
  index: number;
  name: string;
  enabled: boolean;
}

const DATE = /^(\d\d)\.(\d\d)\.(\d{4}|\d\d) (\d\d):(\d\d)(?::(\d\d))?$/;
/** A longer "h:mm" is read as "m:ss": the former is documented, the latter was seen. */
const MOST_MINUTES = 30;

const isYes = (text: string) => /^(1|true)$/i.test(text);

/** NewTAMList -> the machines in use: of the five that a box always has, unused ones are hidden. */
export function parseMachines(text: string): Machine[] {
  if (text.trim() === "") return [];
  return descendants(parseXml(text), "Item")
    .filter((item) => isYes(childText(item, "Display") || "1"))
    .map((item) => ({
      index: Number(childText(item, "Index")),
      name: childText(item, "Name"),
      enabled: isYes(childText(item, "Enable")),
    }))
    .filter(({ index }) => Number.isInteger(index));
}

/** The message list, in the box's order: the newest first. `readTime`: local time of the box -> ISO 8601. */
export function parseVoiceMessages(text: string, machine: number, readTime: (local: string) => string): VoiceMessage[] {
  return descendants(parseXml(text), "Message").map((message) => readMessage(message, machine, readTime));
}

function readMessage(message: XmlElement, machine: number, readTime: (local: string) => string): VoiceMessage {
  const field = (name: string) => childText(message, name);
  const [date, name, path] = [field("Date"), field("Name"), downloadPath(field("Path"))];
  const [tam, local] = [field("Tam"), localTime(date)];
  const at = local === undefined ? "" : readTime(local);
  const file = path.slice(path.lastIndexOf("/") + 1);
  return {
    id: [tam || machine, file, local ?? date].join(" "),
    machine: /^\d+$/.test(tam) ? Number(tam) : machine,
    index: Number(field("Index")),
    at,
    durationSeconds: duration(field("Duration")),
    caller: party(field("Number")),
    called: party(field("Called")),
    ...(name !== "" && { name }),
    // AVM's documentation has it the other way round; on all known boxes 1 means "not heard yet".
    new: field("New") === "1",
    path,
  };
}

function party(text: string): MessageParty {
  const presentation = text === "" ? "restricted" : presentationOf(text);
  return { number: presentation === "allowed" ? text : "", presentation };
}

function localTime(text: string): string | undefined {
  const [, day, month, year = "", hour, minute, second = "00"] = DATE.exec(text) ?? [];
  if (day === undefined) return undefined;
  const local = `${year.length === 2 ? `20${year}` : year}-${month}-${day}T${hour}:${minute}:${second}`;
  return Number.isNaN(Date.parse(`${local}Z`)) ? undefined : local;
}

function duration(text: string): number {
  const [, large, small] = /^(\d{1,4}):(\d\d)$/.exec(text) ?? [];
  if (large === undefined) return 0;
  const count = Number(large) * 60 + Number(small);
  return count <= MOST_MINUTES ? count * 60 : count;
}

// Tracks messages of the answering machines, so that each is sent once, also over restarts.

/** A box keeps a few hundred messages; ids that dropped out of this list are gone at the box. */
const MOST_REMEMBERED = 2_000;

/** Stores ids of messages: recording and minute, no telephone number. */
export class NewMessages {
  private seen: Set<string> | undefined;

  constructor(private readonly store: Store) {}

  /**
   * Takes each new message that was not sent yet, the oldest first: `prepare` loads it and returns the
   * function that sends it. Its id is saved before it is sent, so that it is never sent twice. After `isOpen`
   * returns false nothing is saved any more: the message is sent the next time. Resolves to the number of
   * sent messages.
   */
  take(
    messages: readonly VoiceMessage[],
    isOpen: () => boolean,
    prepare: (message: VoiceMessage) => Promise<() => void>,
  ): Promise<number> {
    return serialize(this, async () => {
      const seen = (this.seen ??= await this.load());
      const fresh = messages.filter((message) => message.new && !seen.has(message.id));
      const inOrder = [...fresh].sort((a, b) => a.at.localeCompare(b.at));
      let passed = 0;
      for (const message of inOrder) {
        const pass = await prepare(message);
        if (!isOpen()) break;
        seen.add(message.id);
        await this.save(seen).catch((error: unknown) => {
          seen.delete(message.id);
          throw error;
        });
        if (!isOpen()) {
          seen.delete(message.id);
          await this.save(seen);
          break;
        }
        pass();
        passed++;
      }
      return passed;
    });
  }

  private async load(): Promise<Set<string>> {
    return new Set(await loadKeptList(this.store, "seen", isId, "message-store"));
  }

  private async save(seen: Set<string>): Promise<void> {
    for (const id of seen) {
      if (seen.size <= MOST_REMEMBERED) break;
      seen.delete(id);
    }
    try {
      await this.store.save({ seen: [...seen] });
    } catch {
      throw new FritzError("message-store");
    }
  }
}

const isId = (id: unknown) => typeof id === "string";
