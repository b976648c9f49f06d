/** A box's second factor (X_AVM-DE_Auth): begun, followed until somebody has confirmed it at the box, stopped. */
import { defined } from "../core/defined";
import { withTimeout } from "../core/async";
import type { Clock } from "../core/clock";
import { FritzError } from "../core/errors";
import { BoxService, type Tr064 } from "./service";

/** How the user may confirm. */
export interface ConfirmationMethods {
  /** Any button of the box. */
  button: boolean;
  /** To be dialled on a telephone of the box. */
  code?: string;
  /** A code of an app can only be entered on the box's own pages. */
  app: boolean;
}

const PAUSE_MS = 2_000;
/** As long as the box waits. */
const PATIENCE_MS = 120_000;

export interface ConfirmationOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Told once, when the box waits: until when, ms since 1970. */
  waiting: (methods: ConfirmationMethods, untilMs: number) => void;
}

/** Resolves to the token of a confirmed process; rejects with a `FritzError` if it was not confirmed. Never leaves a process behind. */
export async function confirmedToken(
  client: Tr064,
  { clock, signal, waiting }: ConfirmationOptions,
  action: string,
): Promise<string> {
  const auth = new BoxService(client, "X_AVM-DE_Auth:1");
  const stop = (token?: string) => auth.call("SetConfig", { NewAction: "stop" }, token).catch(() => undefined);
  await stop(); // a process of before would block this one
  const begun = await auth.call("SetConfig", { NewAction: "start" });
  const token = begun("NewToken");
  const untilMs = clock.now() + PATIENCE_MS;
  waiting(readMethods(begun("NewMethods")), untilMs);
  const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  try {
    for (;;) {
      if (signal.aborted) throw new FritzError("interrupted");
      const state = (await auth.call("GetState", {}, token))("NewState");
      if (state === "authenticated" || state === "disabled") return token;
      if (state === "blocked") throw new FritzError("box-second-factor-blocked", { action });
      if (state === "anotherauthprocess") throw new FritzError("box-second-factor-busy", { action });
      if (state !== "waitingforauth" || clock.now() >= untilMs) throw new FritzError("app-user-unconfirmed");
      await withTimeout(clock, PAUSE_MS, aborted);
    }
  } catch (error) {
    await stop(token);
    throw error;
  }
}

function readMethods(text: string): ConfirmationMethods {
  const methods = text.split(",").map((one) => one.trim());
  const [, code] = methods.map((one) => /^dtmf;([\d*#]+)$/.exec(one)).find((found) => found !== null) ?? [];
  return {
    button: methods.includes("button"),
    ...defined({ code }),
    app: methods.includes("googleauth"),
  };
}
