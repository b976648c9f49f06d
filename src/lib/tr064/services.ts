/** What a box offers: its description and the actions of its services, read once and kept. */
import {
  type BoxDescription,
  parseActions,
  parseDescription,
  type ServiceActions,
  type ServiceDescription,
  UNDESCRIBED,
} from "./description";
import { FritzError } from "../core/errors";
import { readReply } from "./read-reply";

/** HTTP status, as `badStatus` reports it. */
const NOT_FOUND = "404";

/** `load` downloads a document of the box by its path. */
export class BoxServices {
  private description: BoxDescription | undefined;
  private readonly actions = new Map<string, ServiceActions>();

  constructor(private readonly load: (path: string) => Promise<string>) {}

  async describe(): Promise<BoxDescription> {
    this.description ??= readReply(await this.load("/tr64desc.xml"), parseDescription);
    return this.description;
  }

  /** A service by the end of its type ("X_AVM-DE_OnTel:1"); undefined if the box has none. */
  async find(service: string): Promise<ServiceDescription | undefined> {
    const { services } = await this.describe();
    return services.find(({ type }) => type.endsWith(`:service:${service}`));
  }

  /** Empty if the box has no such service; `UNDESCRIBED`, which is not kept, if it does not describe it. */
  async actionsOf(service: string): Promise<ServiceActions> {
    const found = await this.find(service);
    if (!found) {
      this.forget(); // a starting box does not have all of them yet
      return new Map();
    }
    const known = this.actions.get(service) ?? (await this.read(found.scpdUrl));
    if (known !== UNDESCRIBED) this.actions.set(service, known);
    return known;
  }

  private async read(path: string): Promise<ServiceActions> {
    const text = await this.load(path).catch((error: unknown) => {
      if (error instanceof FritzError && error.values["detail"] === NOT_FOUND) return undefined;
      throw error;
    });
    return text === undefined ? UNDESCRIBED : readReply(text, parseActions);
  }

  /** Reads everything again the next time. */
  forget(): void {
    this.description = undefined;
    this.actions.clear();
  }
}
