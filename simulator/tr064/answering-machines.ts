/** Simulator, TR-064: the box's answering machines and their messages. */
import { UpnpError } from "./soap";
import { recording, type SoundFormat } from "./recordings";
import { element } from "./xml";

/** One of the five slots of a box. */
export interface Machine {
  /** False: the slot is unused, and the user interface hides it. */
  display: boolean;
  enable: boolean;
  name: string;
  mode: "play_announcement" | "record_message" | "timeprofile";
  /** 0 = at once, 255 = the box decides. */
  ringSeconds: number;
  /** "" = all own numbers, else a list with commas. */
  phoneNumbers: string;
}

/** A message. */
export interface VoiceMessage {
  index: number;
  tam: number;
  /** Own number. */
  called: string;
  /** Caller; "" = withheld. */
  number: string;
  date: Date;
  seconds: number;
  /** From the phonebook; "" = not in it. */
  name: string;
  /** Not heard yet. */
  isNew: boolean;
  path: string;
}

export type NewMessage = Pick<VoiceMessage, "number" | "date"> & Partial<VoiceMessage>;

const SLOTS = 5;
const two = (n: number) => String(n).padStart(2, "0");

export class AnsweringMachines {
  slots: Machine[] = Array.from({ length: SLOTS }, (_, i) => ({
    ...{ display: i === 0, enable: i === 0, name: i === 0 ? "Anrufbeantworter 1" : "" },
    ...{ mode: "record_message" as const, ringSeconds: 20, phoneNumbers: "" },
  }));
  /** The newest comes first. */
  messages: VoiceMessage[] = [];
  /** 0 none, 1 in use, 2 there without its folder. */
  stick = 2;
  capacity = 733;
  /** "moving": the index is the place in the list, so that it changes with every message that comes or goes. */
  indexes: "kept" | "moving" = "kept";
  /** Where the recordings are. */
  folder = "/data/tam/rec";
  /** The list has the bare path and not the address of the download. */
  barePaths = false;
  format: SoundFormat = "pcm";
  /** The length in the header of a recording is left open. */
  openEnded = false;
  private files = 0;

  /** Adds a message; returns it. */
  leave(tam: number, given: NewMessage): VoiceMessage {
    const same = this.messages.filter((one) => one.tam === tam);
    const index = Math.max(-1, ...same.map((one) => one.index)) + 1;
    const path = `${this.folder}/rec.${tam}.${String(this.files++ % 1000).padStart(3, "0")}`;
    const message = { called: "732123", seconds: 3, name: "", isNew: true, ...given, tam, index, path };
    this.messages.unshift(message);
    this.renumber();
    return message;
  }

  of(tam: number): VoiceMessage[] {
    return this.messages.filter((one) => one.tam === tam);
  }

  /** Throws 713 if there is none. */
  machine(index: number): Machine {
    const found = this.slots[index];
    if (!found) throw new UpnpError(713);
    return found;
  }

  /** Throws 713 if there is none. */
  message(tam: number, index: number): VoiceMessage {
    this.machine(tam);
    const found = this.messages.find((one) => one.tam === tam && one.index === index);
    if (!found) throw new UpnpError(713);
    return found;
  }

  delete(message: VoiceMessage): void {
    this.messages = this.messages.filter((one) => one !== message);
    this.renumber();
  }

  /** The sound of a file; undefined if there is no such file. */
  file(path: string): Buffer | undefined {
    const message = this.messages.find((one) => one.path === path);
    return message && recording(message.seconds, this.format, this.openEnded);
  }

  /** `NewTAMList`. */
  listXml(): string {
    const head = [
      element("TAMRunning", this.slots.some(({ enable }) => enable) ? 1 : 0),
      ...[element("Stick", this.stick), element("Status", 0), element("Capacity", this.capacity)],
    ];
    const items = this.slots.map(
      ({ display, enable, name }, index) =>
        `<Item>${element("Index", index)}${element("Display", display ? 1 : 0)}${element("Enable", enable ? 1 : 0)}${element("Name", name)}</Item>`,
    );
    return `<List>${head.join("")}${items.join("")}</List>`;
  }

  /** `/tamcalllist.lua`. */
  messagesXml(tam: number, max: number): string {
    const shown = this.of(tam).slice(0, max);
    const list = shown.map((message) => this.messageXml(message)).join("\n");
    return `<?xml version="1.0" encoding="utf-8"?>\n<Root>\n${list}\n<!-- tam calls:${shown.length} --></Root>\n`;
  }

  private messageXml({ index, tam, called, number, date, seconds, name, isNew, path }: VoiceMessage): string {
    const minutes = Math.ceil(seconds / 60);
    const day = [date.getDate(), date.getMonth() + 1, date.getFullYear() % 100].map(two).join(".");
    return `<Message>${[
      ...[element("Index", index), element("Tam", tam), element("Called", called)],
      element("Date", `${day} ${two(date.getHours())}:${two(date.getMinutes())}`),
      element("Duration", `${Math.floor(minutes / 60)}:${two(minutes % 60)}`),
      ...[element("Inbook", name === "" ? 0 : 1), element("Name", name), element("New", isNew ? 1 : 0)],
      ...[element("Number", number), element("Path", this.barePaths ? path : `/download.lua?path=${path}`)],
    ].join("")}</Message>`;
  }

  private renumber(): void {
    if (this.indexes === "kept") return;
    for (let tam = 0; tam < SLOTS; tam++) this.of(tam).forEach((message, i) => (message.index = i));
  }

  /** Returns a function that restores the current state. */
  save(): () => void {
    const [slots, messages] = [structuredClone(this.slots), this.messages.map((one) => ({ ...one }))];
    return () => Object.assign(this, { slots, messages });
  }
}
