/**
 * The call rules of a box: diversions and call barrings. See
 * docs/protocol/tr064.md#call-deflections-x_avm-de_ontel1.
 */
import { uncertain } from "./uncertain";
import { DEFLECTION_ROLES, type DeflectionRole } from "./deflection-words";
import { defined } from "../core/defined";
import { FritzError } from "../core/errors";
import { childText, descendants, parseXml } from "../core/xml";
import { type DialPlan, keyOf, sameNumber } from "../numbers/index";
import { readReply } from "../tr064/read-reply";
import { BoxService, type Tr064 } from "../tr064/service";

/** A rule of the box. `id` is its position in the list and shifts; `key` identifies the rule. */
export interface DeflectionRule {
  id: number;
  /** Type, number, target, mode, line and book in one text: unchanged until the rule is edited. */
  key: string;
  enabled: boolean;
  /**
   * fromAll, fromAnonymous, fromNumber, fromPB, fromNotInPhonebook, toAny, ... as the box sends it; others
   * may follow.
   */
  type: string;
  /** eNoSignal (the call is rejected), eImmediately, eBusy, ... as the box sends it. */
  mode: string;
  /** The caller's or own number of the rule; "" = none. */
  number: string;
  /** The target number; "" for a call barring. */
  target: string;
  outgoing: string;
  /** Of the type fromPB. */
  bookId?: number;
}

const ROLE_TYPES: Readonly<Record<DeflectionRole, readonly string[]>> = {
  "do-not-disturb": ["fromAll", "toAny"],
  // The second one is the type of boxes before 2022.
  "only-known-callers": ["fromNotInPhonebook", "fromNotVIP"],
};
const REJECTS = "eNoSignal";

/** Parses NewDeflectionList. A box without rules sends an empty list or nothing. */
export function parseDeflectionRules(text: string): DeflectionRule[] {
  if (text.trim() === "") return [];
  return descendants(parseXml(text), "Item").map((item) => {
    const [type, number, target] = [
      childText(item, "Type"),
      childText(item, "Number"),
      childText(item, "DeflectionToNumber"),
    ];
    const [mode, outgoing] = [childText(item, "Mode"), childText(item, "Outgoing")];
    const book = childText(item, "PhonebookID");
    return {
      id: Number(childText(item, "DeflectionId")),
      key: JSON.stringify([type, number, target, mode, outgoing, book]),
      enabled: /^(1|true)$/i.test(childText(item, "Enable")),
      ...{ type, mode, number, target, outgoing },
      ...(/^\d+$/.test(book) && type === "fromPB" && { bookId: Number(book) }),
    };
  });
}

/**
 * The name of a rule, the same in every language: "fromPB Spam NoSignal", "fromAll Immediately >
 * 01711234567".
 */
export function deflectionName(rule: DeflectionRule, bookName?: string): string {
  const book = bookName ?? (rule.bookId === undefined ? "" : String(rule.bookId));
  const target = rule.target === "" ? "" : `> ${rule.target}`;
  const mode = rule.mode.replace(/^e(?=[A-Z])/, "");
  return [rule.type, rule.number, book, mode, target].filter((part) => part !== "").join(" ");
}

/** A rule with the name of its phonebook, if it has one. */
export type NamedRule = DeflectionRule & { name: string; book?: string };

const numbersOf = ({ number, target }: NamedRule) => [number, target].filter((one) => one !== "");

/**
 * The rule that `wanted` refers to: a role, a name, an id, a number or a type, in this order. Throws a
 * `FritzError` if there is none or more than one.
 */
export function chooseDeflection(rules: readonly NamedRule[], wanted: string, plan?: DialPlan): NamedRule {
  const text = wanted.trim();
  if (text === "") throw new FritzError("deflection-missing");
  const role = DEFLECTION_ROLES.find((one) => one === text.toLowerCase());
  const same = (a: string) => a.toLowerCase() === text.toLowerCase();
  const key = keyOf(text, plan); // "" for a text that is no number, and for the box's "#", the withheld number
  const ways: readonly ((rule: NamedRule) => boolean)[] = role
    ? [({ type, mode }) => ROLE_TYPES[role].includes(type) && mode === REJECTS]
    : [
        ({ name }) => same(name),
        ({ id }) => /^\d{1,2}$/.test(text) && id === Number(text),
        (rule) => numbersOf(rule).some((one) => one === text || (key !== "" && keyOf(one, plan) === key)),
        (rule) => /\d/.test(text) && numbersOf(rule).some((one) => sameNumber(one, text)),
        ({ type }) => same(type),
      ];
  for (const way of ways) {
    const [found, ...others] = rules.filter(way);
    if (found && others.length === 0) return found;
    if (found) throw new FritzError("deflection-ambiguous", { count: others.length + 1 });
  }
  if (role === "do-not-disturb") throw new FritzError("deflection-no-dnd");
  if (role === "only-known-callers") throw new FritzError("deflection-no-known-only");
  throw new FritzError("deflection-unknown", { count: rules.length });
}

/** A switched rule as it is now, and its state before. */
export interface SwitchedRule {
  rule: NamedRule;
  wasEnabled: boolean;
}

/** Reads and switches the rules of one box. All methods reject with a `FritzError`. */
export class Deflections {
  private readonly onTel: BoxService;

  constructor(
    client: Tr064,
    /** The names of the books in rules; may fail. */
    private readonly books: () => Promise<readonly { id: number; name: string }[]>,
    /** Where the box is, as far as it is known: numbers are compared by it. */
    private readonly plan: () => DialPlan | undefined = () => undefined,
  ) {
    this.onTel = new BoxService(client, "X_AVM-DE_OnTel:1");
  }

  /** Read from the box. */
  async list(): Promise<NamedRule[]> {
    const rules = await this.rules();
    const needed = rules.some(({ bookId }) => bookId !== undefined);
    const books = needed ? await this.books().catch(() => []) : [];
    return rules.map((rule) => {
      const book = books.find(({ id }) => id === rule.bookId)?.name;
      return { ...rule, name: deflectionName(rule, book), ...defined({ book }) };
    });
  }

  /** Of these books those whose callers the box rejects by a rule. None on a box without rules. */
  async rejectedBooks<Book extends { id: number }>(books: readonly Book[]): Promise<Book[]> {
    if (!(await this.onTel.has("GetDeflections"))) return [];
    const rules = (await this.rules()).filter(({ enabled, mode }) => enabled && mode === REJECTS);
    return books.filter(({ id }) => rules.some(({ bookId }) => bookId === id));
  }

  /**
   * Switches a rule and reads it back; writes nothing if it has that state already. `before` is called when
   * the rule is known, before the write.
   */
  async set(
    wanted: string,
    enabled: boolean,
    before?: (rule: NamedRule) => Promise<void> | void,
  ): Promise<SwitchedRule> {
    const rule = chooseDeflection(await this.list(), wanted, this.plan());
    await before?.(rule);
    if (rule.enabled !== enabled) await this.write(rule, enabled);
    return { rule: { ...rule, enabled }, wasEnabled: rule.enabled };
  }

  /** The rule with that key; undefined if it was edited or deleted, or exists twice. */
  async byKey(key: string): Promise<NamedRule | undefined> {
    const [found, ...others] = (await this.list()).filter((rule) => rule.key === key);
    return others.length === 0 ? found : undefined;
  }

  /** Ids are positions: the rule is checked again after the write, also after a lost answer. */
  async write(rule: DeflectionRule, enabled: boolean): Promise<void> {
    const values = { NewDeflectionId: String(rule.id), NewEnable: enabled ? "1" : "0" };
    const failure = await uncertain(() => this.onTel.call("SetDeflectionEnable", values));
    const now = (await this.rules()).filter(({ key }) => key === rule.key);
    if (now.some((one) => one.enabled === enabled && (now.length === 1 || one.id === rule.id))) return;
    throw failure ?? new FritzError("deflection-kept");
  }

  private async rules(): Promise<DeflectionRule[]> {
    try {
      return readReply((await this.onTel.call("GetDeflections"))("NewDeflectionList"), parseDeflectionRules);
    } catch (error) {
      if (error instanceof FritzError && error.code === "box-no-entry") return []; // some boxes answer 713 for an empty list
      throw error;
    }
  }
}
