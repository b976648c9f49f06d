/** Test support: the box's side of SIP as text, for an agent that is joined to it without sockets. */
import type { AgentPorts } from "../../../src/lib/sip/agent-ports";
import type { Link, LinkEvents } from "../../../src/lib/sip/link";
import { parseMessage, type SipMessage, type SipRequest, type SipResponse } from "../../../src/lib/sip/message";
import { serialize } from "../../../src/lib/sip/serialize";
import type { Path } from "../../../src/lib/sip/transactions";

export const BOX = "192.168.178.1";
export const OWN = "192.168.178.50";
export const OFFER = [
  "v=0",
  "o=u 1 1 IN IP4 192.168.178.1",
  "s=-",
  "c=IN IP4 192.168.178.1",
  "t=0 0",
  "m=audio 7078 RTP/AVP 9 8 0 101",
  "a=rtpmap:101 telephone-event/8000",
  "",
].join("\r\n");

export interface InviteParts {
  from?: string;
  callId?: string;
  branch?: string;
  cseq?: number;
  called?: string;
  more?: string[];
  body?: string;
  toTag?: string;
}

/** Wires that end here: what the agent sends is kept as parsed messages. */
export class BoxPeer {
  readonly sent: SipMessage[] = [];
  readonly links: { events: LinkEvents; transport: "udp" | "tcp"; closed: boolean }[] = [];
  /** Answers REGISTER by itself with 200, or only by TCP; else tests answer. */
  registers: boolean | "tcp" = true;
  granted = 300;
  addresses = [BOX];
  own = OWN;
  tcpFails = true;

  readonly ports: AgentPorts = {
    findPlace: () => Promise.resolve({ address: BOX, addresses: this.addresses, port: 5060, local: this.own }),
    openUdp: (_options, events) => Promise.resolve(this.open("udp", events)),
    openTcp: (_options, events) =>
      this.tcpFails ? Promise.reject(new Error("refused")) : Promise.resolve(this.open("tcp", events)),
  };

  private open(transport: "udp" | "tcp", events: LinkEvents): Link {
    const record = { events, transport, closed: false };
    this.links.push(record);
    return {
      transport,
      local: { host: this.own, port: 15060 },
      media: { host: this.own, port: 16000 },
      box: this.path(5060, transport),
      pathTo: (host, port) => (this.addresses.includes(host) ? this.path(port, transport) : undefined),
      close: () => (record.closed = true),
    };
  }

  /** The way to the box; what is sent goes through the wire's own form. */
  path(port = 5060, transport: "udp" | "tcp" = "udp"): Path {
    return {
      reliable: transport === "tcp",
      address: BOX,
      port,
      send: (message) => {
        const heard = parseMessage(serialize(message));
        if (!heard) throw new Error(`sent what cannot be parsed:\n${serialize(message).toString()}`);
        this.sent.push(heard);
        const answers = this.registers === true || this.registers === transport;
        if (answers && heard.kind === "request" && heard.method === "REGISTER") this.grant(heard);
      },
    };
  }

  private grant(register: SipRequest): void {
    const contact = register.headers.find(([name]) => name === "contact")?.[1] ?? "";
    const more = [`Contact: ${contact.replace(/;expires=\d+/, "")};expires=${this.granted}`];
    queueMicrotask(() => this.reply(register, 200, more));
  }

  /** Delivers text from the box. */
  deliver(lines: readonly string[], body = ""): void {
    const message = parseMessage(Buffer.from([...lines, `Content-Length: ${body.length}`, "", body].join("\r\n")));
    if (!message) throw new Error(`not a message:\n${lines.join("\n")}`);
    this.links.at(-1)?.events.message(message, this.path(5060, this.links.at(-1)?.transport));
  }

  /** Answers a request of the agent's. */
  reply(request: SipRequest, status: number, more: string[] = []): void {
    const copied = ["via", "from", "to", "call-id", "cseq"].flatMap((name) =>
      request.headers.filter(([known]) => known === name).map(([, value]) => `${name}: ${value}`),
    );
    this.deliver([`SIP/2.0 ${status} Text`, ...copied, ...more]);
  }

  invite(parts: InviteParts = {}): void {
    const { from = "<sip:030123456@fritz.box>;tag=b1", callId = "C1", branch = "z9hG4bKi1", cseq = 1 } = parts;
    const { called = "987654", more = [], body = OFFER, toTag } = parts;
    this.deliver(
      [
        `INVITE sip:waechter@${OWN}:15060 SIP/2.0`,
        `Via: SIP/2.0/UDP ${BOX}:5060;branch=${branch}`,
        `From: ${from}`,
        `To: <sip:waechter@${OWN}:15060>${toTag ? `;tag=${toTag}` : ""}`,
        `Call-ID: ${callId}`,
        `CSeq: ${cseq} INVITE`,
        `Contact: <sip:3F0A@${BOX}>`,
        ...(called === "" ? [] : [`P-Called-Party-ID: <sip:${called}@fritz.box>`]),
        ...(body === "" ? [] : ["Content-Type: application/sdp"]),
        ...more,
      ],
      body,
    );
  }

  /** A request inside a dialog, or CANCEL and ACK of an INVITE (then with its branch). */
  inDialog(
    method: string,
    toTag: string,
    more: { branch?: string; cseq?: number; body?: string; callId?: string } = {},
  ): void {
    const { branch = `z9hG4bK${method}`, cseq = 1, body = "", callId = "C1" } = more;
    this.deliver(
      [
        `${method} sip:waechter@${OWN}:15060 SIP/2.0`,
        `Via: SIP/2.0/UDP ${BOX}:5060;branch=${branch}`,
        "From: <sip:030123456@fritz.box>;tag=b1",
        `To: <sip:waechter@${OWN}:15060>${toTag === "" ? "" : `;tag=${toTag}`}`,
        `Call-ID: ${callId}`,
        `CSeq: ${cseq} ${method}`,
      ],
      body,
    );
  }

  get responses(): SipResponse[] {
    return this.sent.filter((message) => message.kind === "response");
  }

  get requests(): SipRequest[] {
    return this.sent.filter((message) => message.kind === "request");
  }

  /** Statuses of the answers to a method. */
  statuses(method = "INVITE"): number[] {
    return this.responses.filter((one) => header(one, "cseq").endsWith(` ${method}`)).map(({ status }) => status);
  }

  /** The To tag that the agent gave. */
  get tag(): string {
    const to = this.responses.map((one) => header(one, "to")).find((value) => value.includes(";tag="));
    return /;tag=([^;]+)/.exec(to ?? "")?.[1] ?? "";
  }

  of(method: string): SipRequest[] {
    return this.requests.filter((request) => request.method === method);
  }
}

/** The first header of a name, "" if there is none. */
export function header(message: SipMessage | undefined, name: string): string {
  return message?.headers.find(([known]) => known === name)?.[1] ?? "";
}
