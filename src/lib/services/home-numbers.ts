/** L3 services: where a box stands in the numbering plan, and its own numbers (X_VoIP, section 4 of the protocol notes). */
import type { DialPlan } from "../model/phone-number";
import type { HomeNumbers } from "../model/telephony";
import { readReply } from "../protocol/read-reply";
import { childText, descendants, parseXml } from "../protocol/xml";
import { BoxService, type Tr064 } from "./box-service";

/** What the user knows better than the box; "" = ask the box. */
export interface HomeOptions {
  /** "49", "0049" and "+49" are the same. */
  countryCode?: string;
  /** "7191" and "07191" are the same. */
  areaCode?: string;
}

const GERMANY = "49";

/** Asks the box once; as long as it does not answer, what the user has set counts, else Germany. */
export class HomeNumberService implements HomeNumbers {
  private readonly voip: BoxService;
  private plan: Promise<DialPlan> | undefined;
  private answered: DialPlan | undefined;
  private numbers: Promise<readonly string[]> | undefined;

  constructor(
    client: Tr064,
    private readonly options: HomeOptions = {},
  ) {
    this.voip = new BoxService(client, "X_VoIP:1");
  }

  /** What is known for certain now: what the box has answered, or the country that the user has set. */
  get knownPlan(): DialPlan | undefined {
    if (this.answered) return this.withOptions(this.answered);
    return bareCountry(this.options.countryCode ?? "") === "" ? undefined : this.withOptions({ countryCode: "" });
  }

  /** Never rejects: without the box it is the configuration's. */
  async dialPlan(): Promise<DialPlan> {
    this.plan ??= this.ask();
    try {
      this.answered = await this.plan;
      return this.withOptions(this.answered);
    } catch {
      this.plan = undefined;
      return this.withOptions({ countryCode: "" });
    }
  }

  /** Rejects with a `FritzError` if the box does not tell. */
  async ownNumbers(): Promise<readonly string[]> {
    this.numbers ??= this.askNumbers();
    try {
      return await this.numbers;
    } catch (error) {
      this.numbers = undefined;
      throw error;
    }
  }

  private async askNumbers(): Promise<string[]> {
    const list = (await this.voip.call("X_AVM-DE_GetNumbers"))("NewNumberList");
    const items = list.trim() === "" ? [] : readReply(list, (text) => descendants(parseXml(text), "Item"));
    return [...new Set(items.map((item) => childText(item, "Number")).filter((number) => number !== ""))];
  }

  /** The present actions, else those of boxes before FRITZ!OS 7; each value may be empty. */
  private async ask(): Promise<DialPlan> {
    if (!(await this.voip.has("X_AVM-DE_GetVoIPCommonCountryCode"))) {
      const country = (await this.voip.call("GetVoIPCommonCountryCode"))("NewVoIPCountryCode");
      const area = (await this.voip.call("GetVoIPCommonAreaCode"))("NewVoIPAreaCode");
      return { countryCode: bareCountry(country), ...(area !== "" && { areaCode: area.replace(/^0/, "") }) };
    }
    const country = await this.voip.call("X_AVM-DE_GetVoIPCommonCountryCode");
    const area = await this.voip.call("X_AVM-DE_GetVoIPCommonAreaCode");
    const [countryCode, intlPrefix] = [country("NewX_AVM-DE_LKZ"), country("NewX_AVM-DE_LKZPrefix")];
    const trunkPrefix = area("NewX_AVM-DE_OKZPrefix");
    const areaCode = withoutTrunk(area("NewX_AVM-DE_OKZ"), trunkPrefix);
    const plain = areaCode === "" && trunkPrefix === "" && bareCountry(countryCode) === GERMANY;
    return {
      countryCode: bareCountry(countryCode),
      ...(intlPrefix !== "" && { intlPrefix }),
      ...(areaCode !== "" && { areaCode }),
      // Empty means "no prefix" in Italy; a German box that was never told its area code has one all the same.
      ...(countryCode !== "" && !plain && { trunkPrefix }),
    };
  }

  private withOptions(box: DialPlan): DialPlan {
    const countryCode = bareCountry(this.options.countryCode ?? "");
    const areaCode = (this.options.areaCode ?? "").replace(/\D/g, "");
    // Prefixes belong to the country: those of the box do not count in another one.
    const base: DialPlan = countryCode === "" || countryCode === box.countryCode ? box : { countryCode };
    return {
      ...base,
      countryCode: base.countryCode || GERMANY,
      ...(areaCode !== "" && { areaCode: withoutTrunk(areaCode, base.trunkPrefix ?? "0") }),
    };
  }
}

const bareCountry = (code: string) => code.replace(/\D/g, "").replace(/^0+/, "");

function withoutTrunk(areaCode: string, trunkPrefix: string): string {
  return trunkPrefix !== "" && areaCode.startsWith(trunkPrefix) ? areaCode.slice(trunkPrefix.length) : areaCode;
}
