/** The answering machines of a box: messages with sound, marks, and the switch of each machine. */
import { uncertain } from "./uncertain";
import { FritzError } from "../core/errors";
import { readReply } from "../tr064/read-reply";
import { BoxService } from "../tr064/service";
import { BoxFiles, type FileClient } from "./files";
import { type Machine, parseMachines, parseVoiceMessages, type VoiceMessage } from "./voice-messages";
import { isWave, type Sound, toPlainWave } from "./wave";

/** Most slots of a box; older boxes have fewer. */
const SLOTS = 5;
/** An hour of 16 kHz sound has 115 MB; a box records a few minutes of 8 kHz. */
const MOST_SOUND_BYTES = 24 * 1024 * 1024;
/** The maximum that a box sends. */
const MOST_MESSAGES = 999;

/** Identifies a message: one that was read before, or machine and index. */
export type MessageReference = Pick<VoiceMessage, "machine"> & Partial<VoiceMessage>;

/** A machine with its message counts. */
export type CountedMachine = Machine & { new: number; total: number };

/** All methods reject with a `FritzError`. */
export class AnsweringMachines {
  private readonly tam: BoxService;
  private readonly files: BoxFiles;

  constructor(
    client: FileClient,
    private readonly readTime: (local: string) => string,
  ) {
    this.tam = new BoxService(client, "X_AVM-DE_TAM:1");
    this.files = new BoxFiles(client);
  }

  /** The machines that the user interface shows. */
  async machines(): Promise<Machine[]> {
    if (await this.tam.has("GetList")) {
      return readReply((await this.tam.call("GetList"))("NewTAMList"), parseMachines);
    }
    const found: Machine[] = []; // before 2016
    for (let index = 0; index < SLOTS; index++) {
      const machine = await this.slot(index);
      if (machine && (machine.enabled || machine.name !== "")) found.push(machine);
    }
    return found;
  }

  /** With the number of messages of each. */
  async counted(): Promise<CountedMachine[]> {
    const counted: CountedMachine[] = [];
    for (const machine of await this.machines()) {
      const messages = await this.messagesOf(machine.index);
      counted.push({ ...machine, new: messages.filter((one) => one.new).length, total: messages.length });
    }
    return counted;
  }

  /** By name or index, "" = all; the newest first within a machine. */
  async messages(machine = ""): Promise<VoiceMessage[]> {
    const machines = machine === "" ? await this.machines() : [await this.find(machine)];
    const lists: VoiceMessage[] = [];
    for (const { index } of machines) lists.push(...(await this.messagesOf(index)));
    return lists;
  }

  /** By index, without checking that the machine exists. */
  async messagesOf(index: number): Promise<VoiceMessage[]> {
    const text = await this.tam.document(async () => {
      const url = (await this.tam.call("GetMessageList", { NewIndex: String(index) }))("NewURL");
      return `${url}${url.includes("?") ? "&" : "?"}max=${MOST_MESSAGES}`;
    });
    return readReply(text, (document) => parseVoiceMessages(document, index, this.readTime));
  }

  /** By name or index. */
  async find(wanted: string): Promise<Machine> {
    const text = wanted.trim();
    const machines = await this.machines();
    const named = machines.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
    const found = named.length === 1 ? named[0] : machines.find(({ index }) => String(index) === text);
    if (!found) throw new FritzError("machine-unknown", { count: machines.length });
    return found;
  }

  /** The recording as a WAV file that every player accepts. `percent`: called while it is fetched, where the box says how long it is. */
  async sound({ path }: Pick<VoiceMessage, "path">, percent?: (done: number) => void): Promise<Sound> {
    const received = (bytes: number, total: number) => {
      if (total > 0) percent?.(Math.floor((100 * bytes) / total));
    };
    const options = { isFile: isWave, mostBytes: MOST_SOUND_BYTES, received };
    try {
      return toPlainWave(await this.files.read(path, options));
    } catch (error) {
      const again = error instanceof FritzError && error.code === "message-audio" && error.retry;
      if (!again) throw error;
      return toPlainWave(await this.files.read(path, options));
    }
  }

  /** The current state of a message: indexes shift, so one that was read before is searched again. */
  async locate(wanted: MessageReference): Promise<VoiceMessage> {
    const found = (await this.messagesOf(wanted.machine)).filter((message) => isSame(message, wanted));
    const [message] = found;
    if (!message || found.length > 1) throw new FritzError("message-unknown");
    return message;
  }

  /** Marks a message as heard or new; resolves to its state afterwards. */
  async mark(wanted: MessageReference, heard = true): Promise<VoiceMessage> {
    const message = await this.locate(wanted);
    if (message.new !== heard) return message;
    const values = { NewMarkedAsRead: heard ? "1" : "0" };
    const now = await this.write("MarkMessage", message, values, (after) => after?.new === !heard);
    return now ?? message;
  }

  /** Deletes the message; resolves to the deleted one. */
  async delete(wanted: MessageReference): Promise<VoiceMessage> {
    const message = await this.locate(wanted);
    await this.write("DeleteMessage", message, {}, (after) => after === undefined);
    return message;
  }

  /** Switches a machine, by name or index; resolves to its state afterwards. */
  async set(wanted: string, enabled: boolean): Promise<Machine> {
    const machine = await this.find(wanted);
    if (machine.enabled === enabled) return machine;
    const values = { NewIndex: String(machine.index), NewEnable: enabled ? "1" : "0" };
    const failure = await uncertain(() => this.tam.call("SetEnable", values));
    const now = await this.slot(machine.index);
    if (now?.enabled !== enabled) throw failure ?? new FritzError("machine-kept");
    return { ...machine, enabled };
  }

  /** Sends the request only once: after a lost answer the list shows the result. */
  private async write(
    action: string,
    message: VoiceMessage,
    values: Record<string, string>,
    isDone: (after: VoiceMessage | undefined) => boolean,
  ): Promise<VoiceMessage | undefined> {
    const where = { NewIndex: String(message.machine), NewMessageIndex: String(message.index) };
    const failure = await uncertain(() => this.tam.call(action, { ...where, ...values }));
    const after = (await this.messagesOf(message.machine)).find(({ id, caller }) => {
      return id === message.id && caller.number === message.caller.number;
    });
    if (!isDone(after)) throw failure ?? new FritzError("message-kept");
    return after;
  }

  private async slot(index: number): Promise<Machine | undefined> {
    try {
      const info = await this.tam.call("GetInfo", { NewIndex: String(index) });
      return { index, name: info("NewName"), enabled: /^(1|true)$/i.test(info("NewEnable")) };
    } catch (error) {
      if (error instanceof FritzError && error.code === "box-no-entry") return undefined;
      throw error;
    }
  }
}

function isSame(message: VoiceMessage, { id, index, path, at, caller }: MessageReference): boolean {
  if (id !== undefined && id !== "") return message.id === id && (!caller || caller.number === message.caller.number);
  if (path !== undefined && path !== "") return message.path === path && (at === undefined || at === message.at);
  return index !== undefined && message.index === index;
}
