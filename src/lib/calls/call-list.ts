/** The box's call list, typed, newest first, joined with the names of the phonebooks. */
import { defined } from "../core/defined";
import { DAY_MS, HOUR_MS, type Clock } from "../core/clock";
import { boxTimeReader, type ReadBoxTime } from "./box-time";
import { type Call, CALL_KINDS, type CallKind } from "./types";
import { FritzError } from "../core/errors";
import type { DialPlan } from "../numbers/index";
import type { ContactFinder } from "../phonebook/types";
import { type ListedCall, readCallList } from "./call-list-xml";
import { pacer, runYielding, yieldingly } from "../core/async";
import { replyFault } from "../tr064/read-reply";
import { withE164 } from "./party";
import { BoxService, type Tr064 } from "../tr064/service";

/** The query; without limits the whole list of the box (about 400 calls). */
export interface CallQuery {
  /** 1 = today and yesterday. */
  days?: number;
  max?: number;
  /** Only calls from this instant on, ms since 1970. */
  sinceMs?: number;
  /** false: without the names that only the phonebooks have. */
  names?: false;
}

/** Reads a message's days, max and since (ISO 8601 or ms since 1970). */
export function readCallQuery({ days, max, since }: Record<string, unknown>): CallQuery {
  const sinceMs = typeof since === "string" && Number.isNaN(Number(since)) ? Date.parse(since) : count(since);
  const query = { days: count(days), max: count(max), sinceMs };
  if (Object.values(query).some(Number.isNaN)) throw new FritzError("calls-input");
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

/** Reads a message's kind: one, or a list; [] = all. */
export function readCallKinds(given: unknown): CallKind[] {
  const wanted = (Array.isArray(given) ? (given as unknown[]) : [given ?? ""]).filter((kind) => kind !== "");
  const known = CALL_KINDS.filter((kind) => wanted.includes(kind));
  if (known.length < new Set(wanted).size) throw new FritzError("calls-input");
  return known;
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

  /** Rejects with a `FritzError`. Names are left out if the phonebooks cannot be read. */
  async read(query: CallQuery = {}): Promise<Call[]> {
    const calls = await this.entries(query);
    const plan = await this.dialPlan();
    const { sinceMs = -Infinity, max = Infinity } = query;
    // Two of the same minute stay as the box has them.
    const numbered: ListedCall[] = [];
    await yieldingly(calls, (call) => void numbered.push(withNumbers(call, plan)));
    const wanted = (await runYielding(withTimes(numbered, boxTimeReader(this.timeZone))))
      .filter(({ ms }) => ms >= sinceMs)
      .sort((a, b) => b.ms - a.ms);
    const listed = wanted.slice(0, max).map(({ call }) => call);
    return query.names === false ? listed : this.withNames(listed);
  }

  /** The telephones of the newest entries, the newest first. */
  async phones(max: number): Promise<Pick<Call, "port" | "device">[]> {
    return (await this.entries({ max })).map(({ port, device }) => ({
      ...defined({ port, device }),
    }));
  }

  private async entries(query: CallQuery): Promise<ListedCall[]> {
    const text = await this.onTel.document(async () => {
      const url = (await this.onTel.call("GetCallList"))("NewCallListURL");
      if (url.trim() === "") throw new FritzError("calls-off");
      return url + this.parameters(url, query);
    });
    return runYielding(readCallList(text)).catch((error: unknown) => {
      throw replyFault(error);
    });
  }

  private parameters(url: string, { days, max, sinceMs }: CallQuery): string {
    // One day more than requested: the box counts calendar days, and the exact instant is checked here.
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
    const pause = pacer();
    const named: Call[] = [];
    for (const call of calls) {
      await pause();
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
      if (error instanceof FritzError) return undefined; // the list is still useful without names
      throw error;
    }
  }
}

/** Whether the call was dialled in the house. */
export const isOutgoing = ({ kind }: Pick<Call, "kind">) => kind === "outgoing" || kind === "active-outgoing";

function withNumbers(call: ListedCall, plan: DialPlan): ListedCall {
  const dialled = isOutgoing(call) ? "out" : "in";
  return { ...call, caller: withE164(call.caller, plan, "in"), called: withE164(call.called, plan, dialled) };
}

/** The box gives the newest first, without offset: in the hour that comes twice a call is not before the one that came before it. */
function* withTimes(
  calls: readonly ListedCall[],
  readTime: ReadBoxTime,
): Generator<undefined, { call: Call; ms: number }[]> {
  let beforeMs = -Infinity;
  const timed: { call: Call; ms: number }[] = [];
  for (const { localTime, ...call } of calls.toReversed()) {
    const first = readTime(localTime);
    const { at, ms } = first.ms < beforeMs ? readTime(localTime, beforeMs + HOUR_MS) : first;
    beforeMs = Math.max(beforeMs, ms);
    timed.push({ call: { ...call, at }, ms });
    yield;
  }
  return timed.reverse();
}
