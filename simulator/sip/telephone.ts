/** Simulator, SIP: an IP telephone of the household, which registers at the box, rings, and is picked up. */
import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { answerSip, headerIn, loginOf, methodIn, readSip, type SipText, statusIn, uriIn, writeSip } from "./text";

/** Registers again after so long, ms: half of what a box grants. */
const REFRESH_MS = 150_000;
const T1 = 500;
const TRIES = 6;

export interface TelephoneOptions {
  username: string;
  password: string;
  /** The port of the simulated box's registrar on this computer. */
  registrarPort: number;
  /** Called at each change. */
  onState?: (state: TelephoneState) => void;
}

export type TelephoneState = "off" | "idle" | "ringing" | "talking";

const HOST = "127.0.0.1";
const SDP = ["v=0", `o=- 1 1 IN IP4 ${HOST}`, "s=-", `c=IN IP4 ${HOST}`, "t=0 0", "m=audio 7090 RTP/AVP 8", ""];
const hex = () => randomBytes(8).toString("hex");

/** One telephone with one line: a second call is left to the others. */
export class Telephone {
  state: TelephoneState = "off";
  private readonly registration = { callId: hex(), tag: hex(), cseq: 0 };
  private socket: Socket | undefined;
  private repeating: NodeJS.Timeout | undefined;
  private refreshing: NodeJS.Timeout | undefined;
  private invite: SipText | undefined;
  private lastAnswer: Buffer | undefined;
  private tag = "";
  private registered: () => void = () => undefined;

  constructor(private readonly options: TelephoneOptions) {}

  /** Resolves when it is registered. */
  async start(): Promise<void> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => socket.once("error", reject).bind(0, HOST, resolve));
    socket.on("error", () => undefined).on("message", (data) => this.receive(readSip(data)));
    this.socket = socket;
    const done = new Promise<void>((resolve) => (this.registered = resolve));
    this.register();
    this.refreshing = setInterval(() => this.register(), REFRESH_MS).unref();
    await done;
  }

  async stop(): Promise<void> {
    clearInterval(this.refreshing);
    clearInterval(this.repeating);
    this.become("off");
    const { socket } = this;
    this.socket = undefined;
    if (socket) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  /** Answers the call that rings. False if none does. */
  pickUp(): boolean {
    if (this.state !== "ringing") return false;
    this.respond("200 OK", SDP.join("\r\n"));
    this.become("talking");
    return true;
  }

  hangUp(): void {
    const { invite } = this;
    if (this.state !== "talking" || !invite) return;
    const [from, to] = [`${headerIn(invite, "to")};tag=${this.tag}`, headerIn(invite, "from")];
    const target = uriIn(headerIn(invite, "contact"));
    this.request(`BYE ${target} SIP/2.0`, [
      ...[["From", from] as const, ["To", to] as const],
      ...[["Call-ID", headerIn(invite, "call-id")] as const, ["CSeq", "1 BYE"] as const],
    ]);
    this.over();
  }

  private get contact(): string {
    return `<sip:${this.options.username}@${HOST}:${this.socket?.address().port ?? 0}>`;
  }

  private register(login = ""): void {
    const { username } = this.options;
    const own = `<sip:${username}@fritz.box>`;
    const { callId, tag } = this.registration;
    this.request("REGISTER sip:fritz.box SIP/2.0", [
      ...[["From", `${own};tag=${tag}`] as const, ["To", own] as const, ["Call-ID", callId] as const],
      ...[["CSeq", `${++this.registration.cseq} REGISTER`] as const, ["Contact", this.contact] as const],
      ...[["Expires", "300"] as const, ...(login === "" ? [] : [["Authorization", login] as const])],
    ]);
  }

  /** Sends a request until it is answered, or up to six times. */
  private request(start: string, headers: readonly (readonly [string, string])[]): void {
    const port = this.socket?.address().port ?? 0;
    const via = ["Via", `SIP/2.0/UDP ${HOST}:${port};branch=z9hG4bK${hex()}`] as const;
    const data = writeSip(start, [via, ["Max-Forwards", "70"], ...headers]);
    let left = TRIES;
    clearInterval(this.repeating);
    this.repeating = setInterval(() => (left-- > 0 ? this.send(data) : clearInterval(this.repeating)), T1).unref();
    this.send(data);
  }

  private receive(message: SipText | undefined): void {
    if (!message) return;
    const status = statusIn(message);
    if (status !== 0) return this.answered(message, status);
    const isCurrent = this.invite !== undefined && headerIn(message, "call-id") === headerIn(this.invite, "call-id");
    switch (methodIn(message)) {
      case "INVITE":
        if (isCurrent) return this.lastAnswer && this.send(this.lastAnswer);
        return this.state === "idle" ? this.ring(message) : undefined;
      case "CANCEL":
        this.send(answerSip(message, "200 OK", this.tag));
        if (isCurrent && this.state === "ringing") this.respond("487 Request Terminated");
        return isCurrent && this.state === "ringing" ? this.over() : undefined;
      case "BYE":
        this.send(answerSip(message, "200 OK", this.tag));
        return isCurrent ? this.over() : undefined;
      case "ACK":
        return;
      default:
        return this.send(answerSip(message, "200 OK", this.tag));
    }
  }

  private answered(message: SipText, status: number): void {
    clearInterval(this.repeating);
    if (!headerIn(message, "cseq").endsWith(" REGISTER")) return;
    if (status === 401) {
      const { username, password } = this.options;
      const nonce = /nonce="([^"]*)"/.exec(headerIn(message, "www-authenticate"))?.[1] ?? "";
      return this.register(loginOf({ username, password, nonce }));
    }
    if (status === 200 && this.state === "off") this.become("idle");
    if (status === 200) this.registered();
  }

  private ring(invite: SipText): void {
    this.invite = invite;
    this.tag = hex();
    this.respond("180 Ringing");
    this.become("ringing");
  }

  private respond(status: string, body = ""): void {
    if (!this.invite) return;
    const type: [string, string][] = body === "" ? [] : [["Content-Type", "application/sdp"]];
    this.lastAnswer = answerSip(this.invite, status, this.tag, [["Contact", this.contact], ...type], body);
    this.send(this.lastAnswer);
  }

  private over(): void {
    this.become("idle");
  }

  private become(state: TelephoneState): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onState?.(state);
  }

  private send(data: Buffer): void {
    this.socket?.send(data, this.options.registrarPort, HOST, () => undefined);
  }
}
