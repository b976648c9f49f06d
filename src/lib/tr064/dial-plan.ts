/**
 * The dial plan and the own numbers of a box. See docs/protocol/tr064.md#dial-plan-and-own-numbers-x_voip1.
 */
import { DEFAULT_PLAN, type DialPlan, type OwnNumbers, withoutTrunk } from "../numbers/index";
import { readReply } from "./read-reply";
import type { Store } from "../core/store";
import { propertiesOf } from "../core/unknown";
import { childText, descendants, parseXml } from "../core/xml";
import { BoxService, type Tr064 } from "./service";

/** Overrides from the configuration; "" = ask the box. */
export interface DialPlanOptions {
  /** "49", "0049" and "+49" are the same. */
  countryCode?: string;
  /** "7191" and "07191" are the same. */
  areaCode?: string;
  /** Keeps the box's last answer over restarts. */
  memory?: Store;
}

/** The box has not answered. */
const NO_ANSWER: DialPlan = { countryCode: "" };

/** Asks the box once; until it answers the configuration counts, else Germany. */
export class DialPlanService implements OwnNumbers {
  private readonly voip: BoxService;
  private plan: Promise<void> | undefined;
  private answered: DialPlan | undefined;
  private numbers: Promise<readonly string[]> | undefined;
  private restored: Promise<void> | undefined;
  private merged: { box: DialPlan; plan: DialPlan } | undefined;
  /** The configured country; "" = that of the box. */
  private readonly countryCode: string;

  constructor(
    client: Tr064,
    private readonly options: DialPlanOptions = {},
  ) {
    this.voip = new BoxService(client, "X_VoIP:1");
    this.countryCode = bareCountry(options.countryCode ?? "");
  }

  /** What is known for certain: the box's answer, or the configured country. */
  get knownPlan(): DialPlan | undefined {
    if (this.answered) return this.withOptions(this.answered);
    return this.countryCode === "" ? undefined : this.withOptions(NO_ANSWER);
  }

  /**
   * Whether the box has answered, or both codes are configured: else numbers without them cannot be compared.
   */
  get planIsKnown(): boolean {
    const { areaCode = "" } = this.options;
    return this.answered !== undefined || (this.countryCode !== "" && areaCode !== "");
  }

  /** Never rejects: without an answer resolves to the last one at once, or to the configuration. */
  async dialPlan(): Promise<DialPlan> {
    await (this.restored ??= this.restore());
    this.plan ??= this.askAndKeep();
    try {
      // The stored plan is used until the box has answered.
      if (!this.answered) await this.plan;
    } catch {
      // Asked again the next time.
    }
    return this.withOptions(this.answered ?? NO_ANSWER);
  }

  private askAndKeep(): Promise<void> {
    const asking = this.ask().then((plan) => {
      const isNew = JSON.stringify(plan) !== JSON.stringify(this.answered);
      this.answered = plan;
      if (isNew) void this.options.memory?.save({ plan }).catch(() => undefined);
    });
    asking.catch(() => (this.plan = undefined));
    return asking;
  }

  private async restore(): Promise<void> {
    const kept = await this.options.memory?.load().catch(() => undefined);
    const plan = readDialPlan(propertiesOf(kept)["plan"]);
    if (plan.countryCode !== "") this.answered ??= plan;
  }

  /** Rejects with a `FritzError` if the box does not answer. */
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

  /** The current actions, else those of boxes before FRITZ!OS 7; each value may be empty. */
  private async ask(): Promise<DialPlan> {
    const country = await this.voip.callIfThere("X_AVM-DE_GetVoIPCommonCountryCode");
    if (!country) {
      const code = (await this.voip.call("GetVoIPCommonCountryCode"))("NewVoIPCountryCode");
      const area = (await this.voip.call("GetVoIPCommonAreaCode"))("NewVoIPAreaCode");
      return { countryCode: bareCountry(code), ...(area !== "" && { areaCode: area.replace(/^0/, "") }) };
    }
    const area = await this.voip.call("X_AVM-DE_GetVoIPCommonAreaCode");
    const [countryCode, intlPrefix] = [country("NewX_AVM-DE_LKZ"), country("NewX_AVM-DE_LKZPrefix")];
    const trunkPrefix = area("NewX_AVM-DE_OKZPrefix");
    const areaCode = withoutTrunk(area("NewX_AVM-DE_OKZ"), trunkPrefix);
    const plain = areaCode === "" && trunkPrefix === "" && bareCountry(countryCode) === DEFAULT_PLAN.countryCode;
    return {
      countryCode: bareCountry(countryCode),
      ...(intlPrefix !== "" && { intlPrefix }),
      ...(areaCode !== "" && { areaCode }),
      // Empty means "no prefix" in Italy; a German box without configured area code has one nevertheless.
      ...(countryCode !== "" && !plain && { trunkPrefix }),
    };
  }

  /** The same object for the same answer: each event of a call asks. */
  private withOptions(box: DialPlan): DialPlan {
    if (this.merged?.box !== box) this.merged = { box, plan: this.merge(box) };
    return this.merged.plan;
  }

  private merge(box: DialPlan): DialPlan {
    const { countryCode } = this;
    const areaCode = String(this.options.areaCode ?? "").replace(/\D/g, "");
    // Prefixes belong to the country: the box's are invalid in another one.
    const base: DialPlan = countryCode === "" || countryCode === box.countryCode ? box : { countryCode };
    return {
      ...base,
      countryCode: base.countryCode || DEFAULT_PLAN.countryCode,
      ...(areaCode !== "" && { areaCode: withoutTrunk(areaCode, base.trunkPrefix ?? "0") }),
    };
  }
}

/** Reads a stored dial plan; values that are no text are left out. */
export function readDialPlan(value: unknown): DialPlan {
  const given = propertiesOf(value);
  const text = (key: string) => (typeof given[key] === "string" ? given[key] : undefined);
  const parts = (["areaCode", "trunkPrefix", "intlPrefix"] as const).map((key) => [key, text(key)] as const);
  return {
    countryCode: text("countryCode") ?? "",
    ...Object.fromEntries(parts.filter(([, value]) => value !== undefined)),
  };
}

const bareCountry = (code: string) => String(code).replace(/\D/g, "").replace(/^0+/, "");
