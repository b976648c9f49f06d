/** L3 services: the box's call list, typed, newest first, joined with the names of the phonebooks. */
import { boxTimeReader, type ReadBoxTime } from "../domain/box-time";
import type { Call } from "../model/call";
import { FritzError } from "../model/errors";
import type { DialPlan } from "../model/phone-number";
import type { Clock } from "../model/ports";
import type { ContactFinder } from "../model/telephony";
import { type ListedCall, parseCallList } from "../protocol/call-list";
import { readReply } from "../protocol/read-reply";
import { withE164 } from "./party-number";
import { BoxService, type Tr064 } from "./box-service";

/** What to ask for; all that the box has (about 400 calls) if nothing is given. */
export interface CallQuery {
  /** 1 = today and yesterday. */
  days?: number;
  max?: number;
  /** Only calls from this instant on, ms since 1970. */
  sinceMs?: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Reads a message's days, max and since (ISO 8601 or ms since 1970). */
export function readCallQuery({ days, max, since }: Record<string, unknown>): CallQuery {
  const sinceMs = typeof since === "string" && Number.isNaN(Number(since)) ? Date.parse(since) : count(since);
  const query = { days: count(days), max: count(max), sinceMs };
  if (Object.values(query).some(Number.isNaN)) throw new FritzError("calls-input");
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

function count(given: unknown): number | undefined {
  if (given === undefined || given === null || given === "") return undefined;
  const number = typeof given === "number" || typeof given === "string" ? Number(given) : NaN;
  return Number.isFinite(number) && number >= 0 ? Math.floor(number) : NaN;
}

/** The call list of one box. */
export class CallList {
  private readonly onTel: BoxService;

  constructor(
    client: Tr064,
    private readonly names: ContactFinder,
    private readonly clock: Clock,
    private readonly timeZone: string,
    private readonly dialPlan: () => Promise<DialPlan>,
  ) {
    this.onTel = new BoxService(client, "X_AVM-DE_OnTel:1");
  }

  /** Rejects with a `FritzError`. Names that the phonebooks do not tell are left out. */
  async read(query: CallQuery = {}): Promise<Call[]> {
    const text = await this.onTel.document(async () => {
      const url = (await this.onTel.call("GetCallList"))("NewCallListURL");
      if (url.trim() === "") throw new FritzError("calls-off");
      return url + this.parameters(url, query);
    });
    const { calls } = readReply(text, parseCallList);
    const plan = await this.dialPlan();
    const { sinceMs = -Infinity, max = Infinity } = query;
    // Two of the same minute stay as the box has them.
    const numbered = calls.map((call) => withNumbers(call, plan));
    const wanted = withTimes(numbered, boxTimeReader(this.timeZone))
      .filter(({ ms }) => ms >= sinceMs)
      .sort((a, b) => b.ms - a.ms);
    return this.withNames(wanted.slice(0, max).map(({ call }) => call));
  }

  private parameters(url: string, { days, max, sinceMs }: CallQuery): string {
    // One day more than asked for: the box counts its own days, and the exact instant is looked at here.
    const sinceDays =
      sinceMs === undefined ? undefined : Math.max(0, Math.ceil((this.clock.now() - sinceMs) / DAY_MS)) + 1;
    const limits = [days, sinceDays].filter((value) => value !== undefined);
    const wanted = {
      ...(limits.length > 0 && { days: Math.min(...limits) }),
      ...(max !== undefined && max > 0 && sinceMs === undefined && { max }),
    };
    const text = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
    return text.length === 0 ? "" : `${url.includes("?") ? "&" : "?"}${text.join("&")}`;
  }

  private async withNames(calls: Call[]): Promise<Call[]> {
    const known = new Map<string, string | undefined>();
    const named: Call[] = [];
    for (const call of calls) {
      const { number } = isOutgoing(call) ? call.called : call.caller;
      if (call.name !== undefined || number === "") named.push(call);
      else {
        if (!known.has(number)) known.set(number, await this.nameOf(number));
        const name = known.get(number);
        named.push({ ...call, ...(name && { name }) });
      }
    }
    return named;
  }

  private async nameOf(number: string): Promise<string | undefined> {
    try {
      return (await this.names.find(number)).contacts[0]?.name;
    } catch (error) {
      if (error instanceof FritzError) return undefined; // the list is worth having without names
      throw error;
    }
  }
}

const isOutgoing = ({ kind }: Pick<Call, "kind">) => kind === "outgoing" || kind === "active-outgoing";

function withNumbers(call: ListedCall, plan: DialPlan): ListedCall {
  const dialled = isOutgoing(call) ? "out" : "in";
  return { ...call, caller: withE164(call.caller, plan, "in"), called: withE164(call.called, plan, dialled) };
}

/** The box gives the newest first, without offset: in the hour that comes twice a call is not before the one that came before it. */
function withTimes(calls: readonly ListedCall[], readTime: ReadBoxTime): { call: Call; ms: number }[] {
  let beforeMs = -Infinity;
  const timed = calls.toReversed().map(({ localTime, ...call }) => {
    const first = readTime(localTime);
    const { at, ms } = first.ms < beforeMs ? readTime(localTime, beforeMs + HOUR_MS) : first;
    beforeMs = Math.max(beforeMs, ms);
    return { call: { ...call, at }, ms };
  });
  return timed.reverse();
}
