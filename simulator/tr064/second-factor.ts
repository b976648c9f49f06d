/** Simulator, TR-064: the second factor: one process at a time, confirmed with a button or a dialled code. */
import { randomUUID } from "node:crypto";
import { UpnpError } from "./soap";

/** Values of `GetState`. */
export type FactorState =
  "disabled" | "waitingforauth" | "anotherauthprocess" | "authenticated" | "stopped" | "blocked" | "failure";

/** The state of the box's second factor. */
export class SecondFactor {
  enabled = false;
  methods = "button,dtmf;*11234";
  /** Too many wrong attempts: 867 for all users. */
  blocked = false;
  private process: { token: string; state: FactorState } | undefined;

  /** The button at the box is pressed. */
  confirm(): void {
    if (this.process) this.process.state = "authenticated";
  }

  /** The confirmation timed out, or was wrong. */
  fail(): void {
    if (this.process) this.process.state = "failure";
  }

  /** Throws 867 when blocked, 868 while another process waits. */
  start(): { token: string; state: FactorState } {
    if (!this.enabled) return { token: "", state: "disabled" };
    if (this.blocked) throw new UpnpError(867);
    if (this.process?.state === "waitingforauth") throw new UpnpError(868);
    this.process = { token: randomUUID(), state: "waitingforauth" };
    return this.process;
  }

  stop(): { token: string; state: FactorState } {
    this.process = undefined;
    return { token: "", state: this.enabled ? "stopped" : "disabled" };
  }

  /** For the holder of a token. */
  stateFor(token: string | undefined): FactorState {
    if (!this.enabled) return "disabled";
    if (this.blocked) return "blocked";
    if (!this.process) return "stopped";
    return this.process.token === token ? this.process.state : "anotherauthprocess";
  }

  /** Lets a protected action pass, or throws 866, 867 or 868. */
  demand(token: string | undefined): void {
    const state = this.stateFor(token);
    if (state === "disabled" || state === "authenticated") return;
    if (state === "blocked") throw new UpnpError(867);
    const busy = state === "anotherauthprocess" && this.process?.state === "waitingforauth";
    throw new UpnpError(busy ? 868 : 866);
  }
}
