/** All TR-064 services of one box, sharing one client. */
import type { Call } from "../calls/types";
import type { DialPlan, OwnNumbers } from "../numbers/index";
import { Tr064Client } from "../tr064/client";
import { type Tr064Options } from "../tr064/client-options";
import { CallList, type CallQuery, isOutgoing } from "../calls/call-list";
import { type DialPlanOptions, DialPlanService } from "../tr064/dial-plan";
import { Phonebooks } from "../phonebook/phonebooks";
import { type PhonebooksOptions } from "../phonebook/phonebooks-options";
import type { PhonebookStore } from "../phonebook/types";
import { BookMemory } from "../phonebook/stored-books";
import type { Store } from "../core/store";
import { AnsweringMachines } from "../telephony/answering-machines";
import { AnyAction } from "../telephony/any-action";
import { ContactPictures } from "../telephony/contact-pictures";
import { Deflections } from "../telephony/deflections";
import { DiallingAid } from "../telephony/dialling";
import { PhoneNames } from "../telephony/phone-names";
import { boxTimeReader } from "../calls/box-time";
import { type Clock, systemClock } from "../core/clock";

export interface TelephonyOptions extends Tr064Options, DialPlanOptions {
  /** Of the box's clock; "" = the host's. */
  timeZone?: string;
  phonebooks?: Omit<PhonebooksOptions, "dialPlan" | "planIsKnown" | "clock">;
  /** Opens a store for data kept over restarts: "books" and "home". */
  keep?: (name: string) => Store;
  clock?: Clock;
}

/** Calls to read: enough to find every telephone in regular use. */
const CALLS_WITH_NAMES = 200;

/** Sends no request before the first use. */
export class Telephony implements PhonebookStore, OwnNumbers {
  readonly client: Tr064Client;
  readonly phonebooks: Phonebooks;
  readonly deflections: Deflections;
  readonly dialling: DiallingAid;
  readonly machines: AnsweringMachines;
  readonly actions: AnyAction;
  readonly names: PhoneNames;
  readonly pictures: ContactPictures;
  private readonly home: DialPlanService;
  private readonly callList: CallList;

  constructor(options: TelephonyOptions) {
    const { clock = systemClock, phonebooks, timeZone, keep } = options;
    const client = new Tr064Client(options);
    const home = new DialPlanService(client, { ...options, ...(keep && { memory: keep("home") }) });
    const memory = keep && { memory: new BookMemory(keep("books")) };
    this.phonebooks = new Phonebooks(client, {
      ...{ ...phonebooks, clock, lookup: { ...memory, ...phonebooks?.lookup } },
      dialPlan: () => home.dialPlan(),
      planIsKnown: () => home.planIsKnown,
    });
    this.client = client;
    const readTime = boxTimeReader(timeZone ?? "");
    this.deflections = new Deflections(
      client,
      () => this.books(),
      () => this.knownPlan,
    );
    this.dialling = new DiallingAid(client, clock);
    this.machines = new AnsweringMachines(client, (local) => readTime(local).at);
    this.actions = new AnyAction(client);
    this.names = new PhoneNames(client, clock, () => this.callList.phones(CALLS_WITH_NAMES));
    this.pictures = new ContactPictures(client, clock);
    this.home = home;
    this.callList = new CallList(client, this.phonebooks, clock, timeZone ?? "", () => home.dialPlan());
  }

  /**
   * Asks in the background for dial plan and books, so that the first call need not wait, and for the names of telephones. What fails is
   * asked again when it is wanted.
   */
  prepare(): void {
    void this.home.dialPlan();
    const loading = this.phonebooks.isLoaded ? Promise.resolve() : this.refresh().catch(() => undefined);
    void loading.then(() => this.names.refreshSoon());
  }

  /** The same as far as it is known for certain, without a request. */
  get knownPlan(): DialPlan | undefined {
    return this.home.knownPlan;
  }

  dialPlan(): Promise<DialPlan> {
    return this.home.dialPlan();
  }

  ownNumbers(): Promise<readonly string[]> {
    return this.home.ownNumbers();
  }

  /** The own numbers with their labels, as far as these are known. */
  async calls(query?: CallQuery): Promise<Call[]> {
    const calls = await this.phonebooks.enqueue(() => this.callList.read(query));
    return calls.map((call) => ({ ...call, ...this.names.labelled(call, isOutgoing(call) ? "caller" : "called") }));
  }

  /** The phonebooks by their own methods, as `PhonebookStore` has them. */
  books: Phonebooks["books"] = (...given) => this.phonebooks.books(...given);
  contacts: Phonebooks["contacts"] = (...given) => this.phonebooks.contacts(...given);
  allContacts: Phonebooks["allContacts"] = () => this.phonebooks.allContacts();
  find: Phonebooks["find"] = (...given) => this.phonebooks.find(...given);
  lookup: Phonebooks["lookup"] = (...given) => this.phonebooks.lookup(...given);
  refresh: Phonebooks["refresh"] = () => this.phonebooks.refresh();
  add: Phonebooks["add"] = (...given) => this.phonebooks.add(...given);
  import: Phonebooks["import"] = (...given) => this.phonebooks.import(...given);
  update: Phonebooks["update"] = (...given) => this.phonebooks.update(...given);
  remove: Phonebooks["remove"] = (...given) => this.phonebooks.remove(...given);
  createBook: Phonebooks["createBook"] = (...given) => this.phonebooks.createBook(...given);
  deleteBook: Phonebooks["deleteBook"] = (...given) => this.phonebooks.deleteBook(...given);
  barring: Phonebooks["barring"] = () => this.phonebooks.barring();
  bar: Phonebooks["bar"] = (...given) => this.phonebooks.bar(...given);
  unbar: Phonebooks["unbar"] = (...given) => this.phonebooks.unbar(...given);

  /** Closes the connections; later requests open new ones. */
  close(): void {
    this.client.close();
  }
}
