/** Simulator, SIP: the box's registrar, and its calls to registered IP telephones. UDP only. */
import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { Leg } from "./leg";
import { answerSip, headerIn, methodIn, provenNonce, readSip, type SipText, statusIn, uriIn } from "./text";

/** An IP telephone as it is set up at the box. */
export interface SipPhone {
  username: string;
  /** Without a password it cannot log in. */
  password?: string;
}

export interface SipServerOptions {
  /** The telephones; their position in the list gives the extension: 20, 21, ... */
  phones: () => readonly SipPhone[];
  now: () => Date;
}

/** A call to the telephones, and its result. */
export interface SipCall {
  caller: string;
  name: string;
  own: string;
  answered: (extension: number) => void;
  ended: () => void;
}

interface Binding {
  user: string;
  contact: string;
  address: string;
  port: number;
  untilMs: number;
}

const GRANTED_S = 300;
const FIRST_EXTENSION = 20;

export class SipServer {
  /** Number of requests dropped: not from a registered telephone, or malformed. */
  dropped = 0;
  /** Number of REGISTER requests answered with 200, and of refused ones. */
  readonly registrations: { user: string; accepted: boolean; expires: number }[] = [];
  /** A port through which all telephones are reached, e.g. of a bad wire; 0 = each at its Contact. */
  via = 0;
  private socket: Socket | undefined;
  private bindings: Binding[] = [];
  private readonly nonces = new Set<string>();
  /** The last answers, by the Via of their requests: a repeated request gets its answer again. */
  private readonly answers = new Map<string, Buffer>();
  private readonly legs = new Map<string, { leg: Leg; binding: Binding }>();
  private host = "";

  constructor(private readonly options: SipServerOptions) {}

  /** 0 when it does not listen. */
  get port(): number {
    return this.socket?.address().port ?? 0;
  }

  /** Users with a binding. */
  get registered(): string[] {
    this.forgetExpired();
    return [...new Set(this.bindings.map(({ user }) => user))];
  }

  async listen({ host = "127.0.0.1", port = 0 } = {}): Promise<void> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject).bind(port, host, resolve);
    });
    socket
      .on("error", () => undefined)
      .on("message", (data, { address, port: from }) => this.receive(data, address, from));
    this.socket = socket;
    this.host = host;
  }

  async stop(): Promise<void> {
    for (const { leg } of this.legs.values()) leg.close();
    this.legs.clear();
    const { socket } = this;
    this.socket = undefined;
    if (socket) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  /** A restart of the box: bindings, nonces and calls are lost without notice. */
  restart(): void {
    for (const { leg } of this.legs.values()) leg.close();
    this.legs.clear();
    this.bindings = [];
    this.nonces.clear();
  }

  /** Rings all registered telephones; the first that answers gets the call, the others are cancelled. */
  ring(call: SipCall): Leg[] {
    this.forgetExpired();
    const legs: Leg[] = [];
    for (const binding of this.bindings) {
      const leg = new Leg({
        box: `${this.host}:${this.via || this.port}`,
        contact: binding.contact,
        ...call,
        send: (data) => this.send(data, binding.address, this.via || binding.port),
        answered: () => {
          for (const other of legs) if (other !== leg) other.cancel();
          call.answered(FIRST_EXTENSION + this.options.phones().findIndex(({ username }) => username === binding.user));
        },
        ended: call.ended,
      });
      legs.push(leg);
      this.legs.set(leg.callId, { leg, binding });
      if (this.legs.size > 1_000) this.legs.delete(this.legs.keys().next().value ?? "");
    }
    return legs;
  }

  private receive(data: Buffer, address: string, port: number): void {
    const message = readSip(data);
    if (!message) return void this.dropped++;
    const known = this.legs.get(headerIn(message, "call-id"));
    if (known) {
      if (known.binding.address === address && (this.via || known.binding.port) === port) known.leg.receive(message);
      else this.dropped++;
    } else if (this.answers.has(headerIn(message, "via"))) {
      this.send(this.answers.get(headerIn(message, "via")) ?? Buffer.alloc(0), address, port);
    } else if (methodIn(message) === "REGISTER") this.register(message, address, port);
    else if (statusIn(message) === 0 && methodIn(message) !== "ACK") {
      this.reply(message, "481 Call Leg/Transaction Does Not Exist", address, port);
    }
  }

  private register(message: SipText, address: string, port: number): void {
    if (!/^REGISTER sip:[^@\s]+ /.test(message.start)) return void this.dropped++; // a user in it: dropped silently
    const user = /sip:([^@;>]+)@/.exec(headerIn(message, "to"))?.[1] ?? "";
    const phone = this.options.phones().find(({ username }) => username === decodeURIComponent(user));
    const proven = phone?.password === undefined ? undefined : provenNonce(message, phone.password);
    const contact = headerIn(message, "contact");
    const asked = Number(/;expires=(\d+)/.exec(contact)?.[1] ?? (headerIn(message, "expires") || GRANTED_S));
    if (proven === undefined || !this.nonces.delete(proven)) {
      if (headerIn(message, "authorization") !== "") {
        this.registrations.push({ user, accepted: false, expires: asked });
      }
      return this.challenge(message, address, port);
    }
    const expires = Math.min(asked, GRANTED_S);
    const uri = uriIn(contact);
    this.bindings = this.bindings.filter((one) => one.contact !== uri);
    if (expires > 0)
      this.bindings.push(bindingOf(phone?.username ?? "", uri, this.options.now().getTime() + expires * 1000));
    this.registrations.push({ user, accepted: true, expires });
    const list = this.bindings
      .filter((one) => one.user === phone?.username)
      .map((one): [string, string] => ["Contact", `<${one.contact}>;expires=${this.secondsLeft(one)}`]);
    this.reply(message, "200 OK", address, port, list);
  }

  private challenge(message: SipText, address: string, port: number): void {
    const nonce = randomBytes(8).toString("hex").toUpperCase();
    this.nonces.add(nonce);
    if (this.nonces.size > 1_000) this.nonces.clear();
    this.reply(message, "401 Unauthorized", address, port, [
      ["WWW-Authenticate", `Digest realm="fritz.box", nonce="${nonce}"`],
    ]);
  }

  private secondsLeft({ untilMs }: Binding): number {
    return Math.round((untilMs - this.options.now().getTime()) / 1000);
  }

  private forgetExpired(): void {
    this.bindings = this.bindings.filter(({ untilMs }) => untilMs > this.options.now().getTime());
  }

  private reply(message: SipText, status: string, address: string, port: number, more: [string, string][] = []): void {
    const data = answerSip(message, status, randomBytes(8).toString("hex").toUpperCase(), more);
    if (this.answers.size > 200) this.answers.clear();
    this.answers.set(headerIn(message, "via"), data);
    this.send(data, address, port);
  }

  private send(data: Buffer, address: string, port: number): void {
    this.socket?.send(data, port, address, () => undefined);
  }
}

/** Calls go to the Contact's address, not to where the REGISTER came from. */
function bindingOf(user: string, contact: string, untilMs: number): Binding {
  const [, address = "", port = "5060"] = /@([\d.]+)(?::(\d+))?/.exec(contact) ?? [];
  return { user, contact, address, port: Number(port), untilMs };
}
