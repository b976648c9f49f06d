/** Tracks messages of the answering machines, so that each is sent once, also over restarts. */
import { FritzError } from "../core/errors";
import { serialize } from "../core/async";
import type { Store } from "../core/store";
import { loadKeptList } from "../core/kept-value";
import type { VoiceMessage } from "./voice-messages";

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
