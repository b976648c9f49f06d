/**
 * Names of telephones, answering machines and own numbers: requested rarely, answered from memory. See
 * docs/protocol/tr064.md#names-of-telephones.
 */
import { HOUR_MS, MINUTE_MS, type Clock } from "../core/clock";
import { FritzError } from "../core/errors";
import { isOwnNumber } from "../numbers/index";
import { childText, descendants, parseXml, type XmlElement } from "../core/xml";
import { readReply } from "../tr064/read-reply";
import { BoxService, type Tr064 } from "../tr064/service";
import { parseMachines } from "./voice-messages";
import { codeOf, FIRST_IP_PHONE, FIRST_MACHINE } from "./phone-codes";

/** How long names are valid, ms. */
const FRESH_MS = 6 * HOUR_MS;
/** Pause after a failed refresh, ms. */
const PAUSE_MS = 10 * MINUTE_MS;
/** Analogue ports. */
const MOST_PORTS = 16;

/** The telephone of a call-list entry. */
export interface SeenPhone {
  port?: number;
  device?: string;
}

/** The names. */
interface Names {
  /** By extension id, as the call monitor counts. */
  phones: ReadonlyMap<number, string>;
  /** By own number. */
  labels: ReadonlyMap<string, string>;
}

const NOTHING: Names = { phones: new Map(), labels: new Map() };

/** Ranges of extensions in which each stands for one telephone; behind 4, for example, are all telephones of the ISDN bus. */
const SINGLE_PHONES = [
  [0, 2],
  [10, 15],
  [20, 29],
  [40, 49],
] as const;

/** The names of one box. Looking one up never waits, never fails and asks the box nothing. */
export class PhoneNames {
  private readonly voip: BoxService;
  private readonly tam: BoxService;
  private names = NOTHING;
  private askedMs = -Infinity;
  private nextMs = -Infinity;
  private refreshing: Promise<void> | undefined;

  constructor(
    client: Tr064,
    private readonly clock: Clock,
    /** Reads the newest calls: only their entries reliably name the handset. */
    private readonly calls: () => Promise<readonly SeenPhone[]>,
  ) {
    this.voip = new BoxService(client, "X_VoIP:1");
    this.tam = new BoxService(client, "X_AVM-DE_TAM:1");
  }

  /** The telephone behind an extension id; undefined while it is unknown. */
  phone(extension: number): string | undefined {
    const name = this.names.phones.get(extension);
    // A new telephone has its name after its first call.
    if (name === undefined && isSinglePhone(extension)) this.nextMs = Math.min(this.nextMs, this.askedMs + PAUSE_MS);
    return name;
  }

  /** The label of an own number, with or without its area code, if it is another text than the number itself. */
  label(ownNumber: string): string | undefined {
    const { labels } = this.names;
    const exact = labels.get(ownNumber);
    if (exact !== undefined) return exact;
    for (const [number, label] of labels) if (isOwnNumber(ownNumber, [number])) return label;
    return undefined;
  }

  /** The parties of a call, with the label of the own one where it has one. */
  labelled<P extends { number: string }>(parties: { caller: P; called: P }, own: "caller" | "called") {
    const { caller, called } = parties;
    const label = this.label(parties[own].number);
    return { caller, called, ...(label !== undefined && { [own]: { label, ...parties[own] } }) };
  }

  /**
   * All telephones with a name, with the code that rings them if there is one. Waits for the first answer.
   */
  async all(): Promise<{ extension: number; code?: string; name: string }[]> {
    await this.refresh();
    return [...this.names.phones]
      .map(([extension, name]) => ({ extension, ...codeOf(extension), name }))
      .sort((a, b) => a.extension - b.extension);
  }

  /** Asks in the background, if the last answer is old. To be called when no telephone rings. */
  refreshSoon(): void {
    if (this.clock.now() >= this.nextMs) void this.refresh().catch(() => undefined);
  }

  /** Parts that the box does not answer are left out; rejects only if all fail. */
  refresh(): Promise<void> {
    return (this.refreshing ??= this.ask().finally(() => (this.refreshing = undefined)));
  }

  private async ask(): Promise<void> {
    this.askedMs = this.clock.now();
    this.nextMs = this.askedMs + PAUSE_MS;
    const sources = [() => this.fromCalls(), () => this.ports(), () => this.ipPhones(), () => this.machines()];
    const phones = new Map<number, string>();
    let labels: Names["labels"] = new Map();
    let failure: FritzError | undefined;
    const part = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        // Without a login, or with an unreachable box, the other requests would fail, too.
        if (!(error instanceof FritzError) || isHopeless(error)) throw error;
        failure = error;
      }
    };
    for (const source of sources) {
      await part(async () => {
        for (const [extension, name] of await source()) if (name !== "") phones.set(extension, name);
      });
    }
    await part(async () => void (labels = await this.labels()));
    if (phones.size + labels.size === 0 && failure !== undefined) throw failure;
    this.names = { phones, labels };
    this.nextMs = this.askedMs + FRESH_MS;
  }

  /** The newest entry of an extension counts. */
  private async fromCalls(): Promise<[number, string][]> {
    const entries = (await this.calls()).filter(({ port = -1, device }) => isSinglePhone(port) && device);
    return [...entries].reverse().map(({ port = 0, device = "" }) => [port, device]);
  }

  /** "FON1: Tor" is extension 0; the position in the list has no meaning. */
  private async ports(): Promise<[number, string][]> {
    const found: [number, string][] = [];
    for (let index = 1; index <= MOST_PORTS; index++) {
      const answer = await this.voip
        .call("X_AVM-DE_GetPhonePort", { NewIndex: String(index) })
        .catch((error: unknown) => {
          if (error instanceof FritzError && error.code === "box-no-entry") return undefined;
          throw error;
        });
      if (!answer) break;
      const [, port, name = ""] = /^FON ?(\d): ?(.*)$/i.exec(answer("NewX_AVM-DE_PhoneName")) ?? [];
      if (port !== undefined) found.push([Number(port) - 1, name.trim()]);
    }
    return found;
  }

  private async ipPhones(): Promise<[number, string][]> {
    if (!(await this.voip.has("X_AVM-DE_GetClients"))) return [];
    const list = (await this.voip.call("X_AVM-DE_GetClients"))("NewX_AVM-DE_ClientList");
    return items(list).map((item) => {
      const field = (name: string) => childText(item, `X_AVM-DE_${name}`) || childText(item, name);
      return [FIRST_IP_PHONE + Number(field("ClientIndex")), field("PhoneName")];
    });
  }

  private async machines(): Promise<[number, string][]> {
    if (!(await this.tam.has("GetList"))) return [];
    const machines = readReply((await this.tam.call("GetList"))("NewTAMList"), parseMachines);
    return machines.map(({ index, name }) => [FIRST_MACHINE + index, name]);
  }

  private async labels(): Promise<Map<string, string>> {
    const list = (await this.voip.call("X_AVM-DE_GetNumbers"))("NewNumberList");
    const pairs = items(list).map((item) => [childText(item, "Number"), childText(item, "Name")] as const);
    return new Map(pairs.filter(([number, name]) => number !== "" && name !== "" && name !== number));
  }
}

const isSinglePhone = (extension: number) =>
  SINGLE_PHONES.some(([first, last]) => extension >= first && extension <= last);

const items = (list: string): XmlElement[] =>
  list.trim() === "" ? [] : readReply(list, (text) => descendants(parseXml(text), "Item"));

function isHopeless({ code, retry }: FritzError): boolean {
  return retry || ["box-login", "box-login-needed", "box-certificate", "box-tls", "box-no-service"].includes(code);
}
