/** A TR-064 service of a box, called with the names of its own description (SCPD). */
import { FritzError } from "../core/errors";
import { UNDESCRIBED } from "./description";
import type { SoapValues } from "./soap";
import type { Tr064Client } from "./client";

/** Methods of a TR-064 client that services use. */
export type Tr064 = Pick<Tr064Client, "call" | "download" | "actionsOf" | "describe">;

/** Results by name; the case of names differs between documents and boxes. */
export type Results = (name: string) => string;

/** Checks capabilities instead of versions: a box supports what its description lists. */
export class BoxService {
  constructor(
    private readonly client: Tr064,
    /** "X_AVM-DE_OnTel:1" */
    private readonly name: string,
  ) {}

  /** Whether this box has the action, or may have it: not every box describes its services. */
  async has(action: string): Promise<boolean> {
    const actions = await this.client.actionsOf(this.name);
    return actions === UNDESCRIBED || actions.has(action);
  }

  /** As `call`; undefined if the box has no such action. */
  async callIfThere(action: string, values: SoapValues = {}): Promise<Results | undefined> {
    if (!(await this.has(action))) return undefined;
    return this.call(action, values).catch((error: unknown) => {
      if (error instanceof FritzError && error.code === "box-no-action") return undefined;
      throw error;
    });
  }

  /**
   * Requests a document's URL and downloads it; a second time if it fails, as URLs expire and answers break
   * off.
   */
  async document(ask: () => Promise<string>): Promise<string> {
    try {
      return await this.client.download(await ask());
    } catch (error) {
      if (!(error instanceof FritzError && error.code === "box-reply" && error.retry)) throw error;
      return this.client.download(await ask());
    }
  }

  /**
   * Calls an action: sends every argument that the box lists, "" for those not given, in the box's spelling.
   */
  async call(action: string, values: SoapValues = {}, token?: string): Promise<Results> {
    const actions = await this.client.actionsOf(this.name);
    if (actions === UNDESCRIBED) return this.read(await this.client.call(this.name, action, values, token));
    if (actions.size === 0) throw new FritzError("box-no-service", { service: this.name });
    const known = actions.get(action);
    if (!known) throw new FritzError("box-no-action", { action });
    const given = byLowerName(values);
    const spelled = Object.fromEntries(known.in.map((name) => [name, given.get(name.toLowerCase()) ?? ""]));
    return this.read(await this.client.call(this.name, action, spelled, token));
  }

  private read(values: SoapValues): Results {
    const results = byLowerName(values);
    return (name) => results.get(name.toLowerCase()) ?? "";
  }
}

function byLowerName(values: SoapValues): Map<string, string> {
  return new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
}
