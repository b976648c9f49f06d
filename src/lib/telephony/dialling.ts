/**
 * The dialling aid of a box: its telephone, dialling, and ending the dialled call. See
 * docs/protocol/tr064.md#dialling-aid-x_voip1.
 */
import { isBroken, uncertain } from "./uncertain";
import type { Clock, Timer } from "../core/clock";
import { FritzError } from "../core/errors";
import { serialize } from "../core/async";
import { BoxService, type Tr064 } from "../tr064/service";

/** How a ring ended: timeout, request, or the next ring. */
export type RingEnd = "time" | "order" | "next";

/** Upper bound of telephones. */
const MOST_PHONES = 64;
/** Delays of the retries to end a ring, ms; the box ends it by itself after some minutes. */
const HANGUP_RETRIES_MS = [1_000, 3_000, 10_000, 30_000];

/** A telephone of the dialling aid, as the box names it: "DECT: Mobilteil 1". */
const PORT = /^([A-Z]+)(\d*): ?(.*)$/i;

/**
 * The dialling aid of one box. A box has only one, so its state is shared. All methods reject with a
 * `FritzError`.
 */
export class DiallingAid {
  private readonly voip: BoxService;
  /** Ends the current ring, if there is one. */
  private endRing: (why: RingEnd) => void = () => {};

  constructor(
    client: Tr064,
    private readonly clock: Clock,
  ) {
    this.voip = new BoxService(client, "X_VoIP:1");
  }

  /** The selectable telephones: analogue, ISDN and DECT ones; IP telephones cannot be used. */
  async phones(): Promise<string[]> {
    const names: string[] = [];
    for (let index = 1; index <= MOST_PHONES; index++) {
      try {
        names.push(
          (await this.voip.call("X_AVM-DE_GetPhonePort", { NewIndex: String(index) }))("NewX_AVM-DE_PhoneName"),
        );
      } catch (error) {
        if (error instanceof FritzError && error.code === "box-no-entry") break;
        throw error;
      }
    }
    return names.filter((name) => name !== "");
  }

  /** The current telephone; "" = the aid is off. Fails on a box with the aid on but without a telephone. */
  async phone(): Promise<string> {
    return (await this.voip.call("X_AVM-DE_DialGetConfig"))("NewX_AVM-DE_PhoneName");
  }

  /**
   * Selects the telephone of the aid: a name as in `phones`, its part after the colon, or **1 to **3. Newer
   * boxes require the second factor for a change. Resolves to the box's name of it.
   */
  async use(wanted: string): Promise<string> {
    const name = choosePhone(await this.phones(), wanted);
    if ((await this.phone()) === name) return name;
    const values = { "NewX_AVM-DE_PhoneName": name };
    const failure = await uncertain(() => this.voip.call("X_AVM-DE_DialSetConfig", values));
    if ((await this.phone()) !== name) throw failure ?? new FritzError("dial-phone-kept");
    return name;
  }

  /** Dials once: after a lost answer the result is unknown, and the error is `dial-uncertain`. */
  dial(number: string): Promise<void> {
    this.endRing("next");
    return serialize(this, () => this.dialNow(number));
  }

  /** Dials and hangs up after `seconds`, or when `stop` is aborted. Resolves after the end. */
  ringFor(number: string, seconds: number, started?: () => void, stop?: AbortSignal): Promise<RingEnd> {
    this.endRing("next");
    const ended = new Promise<RingEnd>((resolve) => {
      this.endRing = resolve;
      stop?.addEventListener("abort", () => resolve("order"), { once: true });
    });
    return serialize(this, async () => {
      const early = stop?.aborted ? "order" : await Promise.race([ended, Promise.resolve(undefined)]);
      if (early !== undefined) return early; // stopped while queued
      try {
        await this.dialNow(number);
      } catch (error) {
        // It may be ringing, so it must be ended.
        if (error instanceof FritzError && error.code === "dial-uncertain") await this.hangupSurely();
        throw error;
      }
      started?.();
      const why = await this.wait(seconds, ended);
      await this.hangupSurely();
      return why;
    });
  }

  /** Ends the dialled call until it is answered; the box does not end an answered one. */
  hangup(): Promise<void> {
    this.endRing("order");
    return serialize(this, () => this.hangupSurely());
  }

  private async dialNow(number: string): Promise<void> {
    try {
      await this.voip.call("X_AVM-DE_DialNumber", { "NewX_AVM-DE_PhoneNumber": number });
    } catch (error) {
      if (!(error instanceof FritzError)) throw error;
      if (error.code === "box-action-failed" && error.values["upnpCode"] === 501) throw new FritzError("dial-off");
      throw isBroken(error) ? new FritzError("dial-uncertain") : error;
    }
  }

  private async wait(seconds: number, ended: Promise<RingEnd>): Promise<RingEnd> {
    let timer: Timer | undefined;
    const over = new Promise<RingEnd>((resolve) => {
      timer = this.clock.after(seconds * 1000, () => resolve("time"));
    });
    try {
      return await Promise.race([ended, over]);
    } finally {
      timer?.cancel();
    }
  }

  /** A second hang-up does no harm, a ringing telephone does. */
  private async hangupSurely(): Promise<void> {
    for (const waitMs of [...HANGUP_RETRIES_MS, undefined]) {
      try {
        return void (await this.voip.call("X_AVM-DE_DialHangup"));
      } catch (error) {
        if (!(error instanceof FritzError && error.retry) || waitMs === undefined) throw error;
        await new Promise<void>((resolve) => this.clock.after(waitMs, resolve));
      }
    }
  }
}

/** The box's name for a user's text; throws `dial-phone`. */
function choosePhone(phones: readonly string[], wanted: string): string {
  const text = wanted.trim().toLowerCase();
  const analogue = /^\*\*([1-3])$/.exec(text)?.[1];
  const ways: readonly ((name: string) => boolean)[] = [
    (name) => name.toLowerCase() === text,
    (name) => PORT.exec(name)?.[3]?.trim().toLowerCase() === text,
    (name) =>
      analogue !== undefined && PORT.exec(name)?.[1]?.toUpperCase() === "FON" && PORT.exec(name)?.[2] === analogue,
  ];
  for (const way of ways) {
    const [found, ...others] = phones.filter(way);
    if (found !== undefined && others.length === 0) return found;
  }
  throw new FritzError("dial-phone", { count: phones.length });
}
