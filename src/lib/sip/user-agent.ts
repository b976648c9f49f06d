/** The SIP user agent's core: brings messages to their transactions and calls, and answers what needs no call. */
import type { Clock } from "../core/clock";
import { IncomingCall } from "./call";
import { ALLOW, type Local, nextHop } from "./dialog";
import type { Header, SipMessage, SipRequest, SipResponse } from "./message";
import {
  identityOf,
  transactionKeyOf,
  unsupportedIn,
  ClientTransaction,
  GIVE_UP_MS,
  InviteTransaction,
  type Path,
} from "./transactions";
import type { MediaAddress } from "./sdp";
import { answerTo } from "./serialize";
import { addressOf, cseqOf, topVia } from "./values";

/** Calls, transactions and answers kept at the same time; what comes beyond gets no answer, and the phones ring as ever. */
const MOST_CALLS = 100;
const MOST_INVITES = 5_000;
const MOST_ANSWERS = 500;

export interface UserAgentOptions {
  clock: Clock;
  /** A new random word of letters and digits, for tags and branches. */
  newToken: () => string;
  local: () => Local;
  media: () => MediaAddress;
  /** A new call rings. */
  onCall: (call: IncomingCall) => void;
  /** The way to an address of the box; undefined for any other: nothing is sent there. */
  pathTo: (host: string, port: number) => Path | undefined;
}

/** All transactions and calls of one link. */
export class UserAgent {
  private readonly invites = new Map<string, InviteTransaction>();
  private readonly identities = new Set<string>();
  /** By our To tag. */
  private readonly calls = new Map<string, IncomingCall>();
  private readonly byInvite = new Map<string, IncomingCall>();
  private readonly requests = new Map<string, ClientTransaction>();
  private readonly answers = new Map<string, { response: SipResponse; forgetAtMs: number }>();

  constructor(private readonly options: UserAgentOptions) {}

  /** How many records are kept: transactions, calls and answers. */
  get size(): number {
    return this.invites.size + this.calls.size + this.byInvite.size + this.requests.size + this.answers.size;
  }

  /** Takes a message that came by `path`. Never throws; what fits nowhere is dropped. */
  receive(message: SipMessage, path: Path): void {
    const cseq = cseqOf(message);
    const via = topVia(message);
    if (!cseq || !via) return;
    if (message.kind === "response") {
      this.requests.get(`${via.params.get("branch")} ${cseq.method}`)?.receive(message);
    } else if (cseq.method === message.method) this.serve(message, path);
  }

  /** Sends a request of ours; `answered` gets the final response, or undefined after 32 s. */
  request(request: SipRequest, path: Path, answered: (response: SipResponse | undefined) => void): ClientTransaction {
    const key = `${topVia(request)?.params.get("branch")} ${request.method}`;
    const { clock } = this.options;
    const transaction = new ClientTransaction(request, path, clock, answered, () => this.requests.delete(key));
    this.requests.set(key, transaction);
    return transaction;
  }

  /** Forgets everything at once; calls that ring, ring on at the other phones. */
  close(): void {
    for (const call of this.calls.values()) call.lost();
    for (const one of [...this.invites.values(), ...this.requests.values()]) one.close();
    for (const all of [this.calls, this.byInvite, this.invites, this.identities, this.requests, this.answers])
      all.clear();
  }

  private serve(request: SipRequest, path: Path): void {
    const key = transactionKeyOf(request);
    switch (request.method) {
      case "ACK":
        this.invites.get(key)?.acknowledged();
        return this.callOf(request)?.acknowledged(request);
      case "INVITE": {
        const known = this.invites.get(key);
        return known ? known.again() : this.invite(request, key, path);
      }
      default: {
        const known = this.answers.get(`${request.method} ${key}`);
        path.send(known?.response ?? this.answerNew(request, key, path));
      }
    }
  }

  /** The call of a dialog that a request belongs to. */
  private callOf(request: SipRequest): IncomingCall | undefined {
    const call = this.calls.get(addressOf(request, "to")?.params.get("tag") ?? "");
    return call?.owns(request) ? call : undefined;
  }

  private answerNew(request: SipRequest, key: string, path: Path): SipResponse {
    const { status, ...parts } = this.judge(request, key);
    const response = answerTo(request, path, status, { tag: this.options.newToken(), ...parts });
    this.keep(`${request.method} ${key}`, response);
    return response;
  }

  /** What an INVITE's opposite gets. CANCEL carries no Require that counts (§8.2.2.3). */
  private judge(request: SipRequest, key: string): { status: number; headers?: Header[]; body?: string; tag?: string } {
    const { method } = request;
    if (method === "CANCEL") {
      const call = this.byInvite.get(key);
      call?.cancelled();
      return call ? { status: 200, tag: call.tag } : { status: this.invites.has(key) ? 200 : 481 };
    }
    const unsupported = unsupportedIn(request);
    if (unsupported) return { status: 420, headers: [unsupported] };
    switch (method) {
      case "OPTIONS":
        return { status: 200, headers: [ALLOW, ["accept", "application/sdp"]] };
      case "BYE":
        return { status: this.callOf(request)?.bye() ?? 481 };
      case "UPDATE": {
        const body = this.callOf(request)?.updated(request);
        const type: Header[] = body ? [["content-type", "application/sdp"]] : [];
        return body === undefined ? { status: 481 } : { status: 200, headers: [ALLOW, ...type], body };
      }
      default:
        return { status: 405, headers: [ALLOW] };
    }
  }

  private invite(request: SipRequest, key: string, path: Path): void {
    const to = addressOf(request, "to");
    if (this.invites.size >= MOST_INVITES || !addressOf(request, "from") || !to) return;
    const inDialog = to.params.has("tag");
    if (!inDialog && this.calls.size >= MOST_CALLS) return;
    const identity = identityOf(request);
    const merged = this.identities.has(identity);
    const transaction = new InviteTransaction(path, this.options.clock, () => {
      this.invites.delete(key);
      if (!merged) this.identities.delete(identity);
    });
    this.invites.set(key, transaction);
    this.identities.add(identity);
    const tag = this.options.newToken();
    const refuse = (status: number, headers: Header[] = []) =>
      transaction.respond(answerTo(request, path, status, { tag, headers }));
    const unsupported = unsupportedIn(request);
    if (unsupported) return refuse(420, [unsupported]);
    if (inDialog) {
      const reoffered = this.callOf(request)?.reoffered(request, transaction);
      return reoffered ? undefined : refuse(481);
    }
    if (merged) return refuse(482);
    this.ring(request, { key, tag, path, transaction });
  }

  private ring(
    request: SipRequest,
    invite: { key: string; tag: string; path: Path; transaction: InviteTransaction },
  ): void {
    const { clock, local, media, newToken, onCall } = this.options;
    const { key, tag, path } = invite;
    const forget = () => {
      this.calls.delete(tag);
      this.byInvite.delete(key);
    };
    const call = new IncomingCall(request, {
      ...invite,
      clock,
      local: local(),
      media: media(),
      newBranch: newToken,
      request: (bye, answered) => this.request(bye, this.hopOf(bye, path), answered),
      forget,
    });
    this.calls.set(tag, call);
    this.byInvite.set(key, call);
    onCall(call);
  }

  /** The next hop of a request; only the box is written to, so one that lies elsewhere is left to the box. */
  private hopOf(request: SipRequest, came: Path): Path {
    const hop = came.reliable ? undefined : nextHop(request);
    return (hop && this.options.pathTo(hop.host, hop.port)) ?? came;
  }

  /** Timer J, without a timer for each answer: the map is cleaned as it is used. */
  private keep(key: string, response: SipResponse): void {
    const now = this.options.clock.now();
    for (const [old, { forgetAtMs }] of this.answers) {
      if (forgetAtMs > now && this.answers.size < MOST_ANSWERS) break;
      this.answers.delete(old);
    }
    this.answers.set(key, { response, forgetAtMs: now + GIVE_UP_MS });
  }
}
