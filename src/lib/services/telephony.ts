/** L3 services: all that TR-064 offers of one box, behind one client that all its users share. */
import type { Call } from "../model/call";
import type { DialPlan } from "../model/phone-number";
import type { Clock } from "../model/ports";
import type { HomeNumbers } from "../model/telephony";
import { systemClock } from "../transport/system-clock";
import { Tr064Client, type Tr064Options } from "../transport/tr064-client";
import { CallList, type CallQuery } from "./call-list";
import { type HomeOptions, HomeNumberService } from "./home-numbers";
import { Phonebooks, type PhonebooksOptions } from "./phonebooks/phonebooks";

export interface TelephonyOptions extends Tr064Options, HomeOptions {
  /** Of the box's clock; "" = this computer's. */
  timeZone?: string;
  phonebooks?: Omit<PhonebooksOptions, "dialPlan" | "clock">;
  clock?: Clock;
}

/** Nothing is asked of the box before somebody wants to know. */
export class Telephony extends Phonebooks implements HomeNumbers {
  readonly client: Tr064Client;
  private readonly home: HomeNumberService;
  private readonly callList: CallList;

  constructor(options: TelephonyOptions) {
    const { clock = systemClock, phonebooks, timeZone } = options;
    const client = new Tr064Client(options);
    const home = new HomeNumberService(client, options);
    super(client, { ...phonebooks, clock, dialPlan: () => home.dialPlan() });
    this.client = client;
    this.home = home;
    this.callList = new CallList(client, this, clock, timeZone ?? "", () => home.dialPlan());
  }

  /** The same as far as it is known for certain now, without asking. */
  get knownPlan(): DialPlan | undefined {
    return this.home.knownPlan;
  }

  dialPlan(): Promise<DialPlan> {
    return this.home.dialPlan();
  }

  ownNumbers(): Promise<readonly string[]> {
    return this.home.ownNumbers();
  }

  calls(query?: CallQuery): Promise<Call[]> {
    return this.enqueue(() => this.callList.read(query));
  }

  /** Ends the connections; whoever asks afterwards opens new ones. */
  close(): void {
    this.client.close();
  }
}
