/** Simulator, SIP: one call on its way to one IP telephone; the box is the caller's side of it (a B2BUA's leg). */
import { randomBytes } from "node:crypto";
import { answerSip, headerIn, methodIn, type SipText, statusIn, tagIn, uriIn, writeSip } from "./text";

const T1 = 500;
const GIVE_UP_MS = 32_000;

export interface LegParts {
  /** "192.168.178.1:5060" */
  box: string;
  /** The telephone's Contact. */
  contact: string;
  /** "" if withheld. */
  caller: string;
  /** The name of the box's phonebook, "" if there is none. */
  name: string;
  own: string;
  send: (data: Buffer) => void;
  /** The telephone answered. */
  answered: () => void;
  /** The telephone hung up what it had answered. */
  ended: () => void;
}

const hex = (bytes: number) => randomBytes(bytes).toString("hex").toUpperCase();

export class Leg {
  readonly callId = hex(8);
  state: "calling" | "ringing" | "answered" | "over" = "calling";
  /** Statuses that the telephone gave, in order. */
  readonly statuses: number[] = [];
  private readonly branch = `z9hG4bK${hex(8)}`;
  private readonly from: string;
  private to: string;
  private target: string;
  private cseq = 1;
  private repeating: NodeJS.Timeout | undefined;

  constructor(private readonly parts: LegParts) {
    const { caller, name, contact } = parts;
    const address = caller === "" ? "<sip:fritz.box>" : `<sip:${caller}@fritz.box>`;
    this.from = `${name === "" ? "" : `"${name.replace(/["\\]/g, "\\$&")}" `}${address};tag=${hex(8)}`;
    this.to = `<${contact}>`;
    this.target = contact;
    this.repeat(this.invite(), () => this.finish());
  }

  /** Picked up elsewhere, or the caller gave up. */
  cancel(): void {
    if (this.state !== "calling" && this.state !== "ringing") return;
    this.state = "over";
    this.repeat(this.request("CANCEL", this.branch, this.parts.contact, `<${this.parts.contact}>`), () => undefined);
  }

  /** The caller hangs up after the telephone has answered. */
  hangUp(): void {
    if (this.state !== "answered") return this.cancel();
    this.state = "over";
    this.cseq++;
    this.repeat(this.request("BYE", `z9hG4bK${hex(8)}`, this.target, this.to), () => undefined);
  }

  /** A message of this call from the telephone. */
  receive(message: SipText): void {
    const status = statusIn(message);
    if (status !== 0) return this.answer(message, status);
    if (methodIn(message) !== "BYE") return this.parts.send(answerSip(message, "200 OK", hex(8)));
    const known = this.state === "answered" && tagIn(headerIn(message, "to")) === tagIn(this.from);
    this.parts.send(answerSip(message, known ? "200 OK" : "481 Call Leg/Transaction Does Not Exist", hex(8)));
    if (known) this.finish();
  }

  close(): void {
    clearInterval(this.repeating);
    clearTimeout(this.repeating);
    this.state = "over";
  }

  private answer(message: SipText, status: number): void {
    const isInvite = headerIn(message, "cseq").endsWith(" INVITE");
    if (!isInvite) return status >= 200 ? this.stopRepeating() : undefined;
    this.statuses.push(status);
    if (status < 200) {
      if (this.state === "calling") this.stopRepeating();
      if (status > 100 && this.state === "calling") this.state = "ringing";
      return;
    }
    this.to = headerIn(message, "to");
    if (status >= 300) {
      this.parts.send(this.request("ACK", this.branch, this.parts.contact, this.to));
      return this.state === "over" ? this.stopRepeating() : this.finish();
    }
    this.target = uriIn(headerIn(message, "contact"));
    this.parts.send(this.request("ACK", `z9hG4bK${hex(8)}`, this.target, this.to));
    if (this.state === "answered") return;
    const late = this.state === "over";
    this.stopRepeating();
    this.state = "answered";
    if (late) this.hangUp();
    else this.parts.answered();
  }

  private finish(): void {
    const talked = this.state === "answered";
    this.close();
    if (talked) this.parts.ended();
  }

  private stopRepeating(): void {
    clearTimeout(this.repeating);
  }

  private repeat(data: Buffer, gaveUp: () => void): void {
    this.stopRepeating();
    let waited = 0;
    const again = (pause: number) => {
      this.parts.send(data);
      this.repeating = setTimeout(() => {
        waited += pause;
        if (waited >= GIVE_UP_MS) gaveUp();
        else again(Math.min(pause * 2, 4_000));
      }, pause);
      this.repeating.unref();
    };
    again(T1);
  }

  private headers(method: string, branch: string, to: string): [string, string][] {
    return [
      ["Via", `SIP/2.0/UDP ${this.parts.box};branch=${branch}`],
      ["From", this.from],
      ["To", to],
      ["Call-ID", this.callId],
      ["CSeq", `${this.cseq} ${method}`],
      ["Max-Forwards", "70"],
    ];
  }

  private request(method: string, branch: string, target: string, to: string): Buffer {
    return writeSip(`${method} ${target} SIP/2.0`, this.headers(method, branch, to));
  }

  private invite(): Buffer {
    const { box, contact, own } = this.parts;
    const host = box.replace(/:\d+$/, "");
    const sdp = [
      ...[
        "v=0",
        `o=user 1 1 IN IP4 ${host}`,
        "s=call",
        `c=IN IP4 ${host}`,
        "t=0 0",
        "m=audio 7078 RTP/AVP 9 8 0 2 101",
      ],
      ...["a=sendrecv", "a=rtpmap:2 G726-32/8000", "a=rtpmap:101 telephone-event/8000", ""],
    ].join("\r\n");
    return writeSip(
      `INVITE ${contact} SIP/2.0`,
      [
        ...this.headers("INVITE", this.branch, this.to),
        ["Contact", `<sip:${hex(16)}@${box}>`],
        ["P-Called-Party-ID", `<sip:${own}@fritz.box>`],
        ["Expires", "120"],
        ["Supported", "100rel,replaces,timer"],
        ["Session-Expires", "600;refresher=uac"],
        ["Content-Type", "application/sdp"],
      ],
      sdp,
    );
  }
}
