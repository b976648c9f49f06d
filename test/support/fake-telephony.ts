/** Test support: the phonebooks and numbers of a house. */
import type { FoundContact } from "../../src/lib/model/contact";
import type { DialPlan } from "../../src/lib/model/phone-number";
import type { ContactFinder, Found, HomeNumbers } from "../../src/lib/model/telephony";
import { sameNumber } from "../../src/lib/domain/same-number";

export class FakeTelephony implements ContactFinder, HomeNumbers {
  contacts: FoundContact[] = [];
  plan: DialPlan = { countryCode: "49", areaCode: "30" };
  own: string[] = ["732123"];
  /** All that was asked. */
  readonly asked: string[] = [];
  failure: Error | undefined;

  add(name: string, number: string, over: Partial<FoundContact> = {}): this {
    this.contacts.push({ name, numbers: [{ number, type: "home" }], book: "Telefonbuch", bookId: 0, ...over });
    return this;
  }

  find(number: string): Promise<Found> {
    this.asked.push(number);
    if (this.failure) return Promise.reject(this.failure);
    const contacts = this.contacts.filter(({ numbers }) => numbers.some((entry) => sameNumber(entry.number, number)));
    return Promise.resolve({ contacts });
  }

  dialPlan(): Promise<DialPlan> {
    return Promise.resolve(this.plan);
  }

  ownNumbers(): Promise<readonly string[]> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(this.own);
  }
}
