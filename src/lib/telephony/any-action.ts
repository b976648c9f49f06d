/** Calls any TR-064 action of a box, with arguments and values typed by the box's own description. */
import { isBroken } from "./uncertain";
import { FritzError } from "../core/errors";
import { propertiesOf } from "../core/unknown";
import { parseXml, XmlError, type XmlElement } from "../core/xml";
import { quoted } from "../numbers/index";
import type { Tr064Client } from "../tr064/client";
import { readReply } from "../tr064/read-reply";
import type { SoapValues } from "../tr064/soap";
import type { Tr064 } from "../tr064/service";
import { type ActionArgument, type ActionDescription, parseScpd } from "./scpd";

/** Methods of a TR-064 client that are used. */
export type ActionClient = Tr064 & Pick<Tr064Client, "scpd">;

/** An action, and whether it may write. */
export type OfferedAction = ActionDescription & { writes: boolean };

export interface ActionRequest {
  /** "X_AVM-DE_OnTel:1", or the full type. */
  service: string;
  action: string;
  /** Names with or without New, in any case; values of any simple type. */
  arguments: Readonly<Record<string, unknown>>;
  /** Default arguments. */
  defaults?: Readonly<Record<string, unknown>>;
  /**
   * A message's payload: used only if it fits the action, so that the answer of another node is not taken for
   * arguments.
   */
  payload?: unknown;
  /** The user has allowed actions that write. */
  write: boolean;
  /** Converts XML in values to JSON. */
  parse: boolean;
}

export interface ActionAnswer {
  /** Named without New. */
  values: Record<string, unknown>;
  /** As the box sent them. */
  raw: SoapValues;
}

/** Actions that only read. Every other action counts as a write. */
const READS = /^(X_AVM[-_]DE_)?(Get|List)/;
/** An argument that the documentation marks as optional; a description cannot. */
const OPTIONAL: readonly string[] = ["MarkMessage NewMarkedAsRead"];
const WHOLE = /^(ui|i)[1248]$|^int$/;

/** The actions of one box. All methods reject with a `FritzError`. */
export class AnyAction {
  constructor(private readonly client: ActionClient) {}

  /** "X_AVM-DE_OnTel:1", ... in the box's order. */
  async services(): Promise<string[]> {
    const { services } = await this.client.describe();
    return [...new Set(services.map(({ type }) => shortType(type)))];
  }

  async actions(service: string): Promise<OfferedAction[]> {
    const text = await this.client.scpd(shortType(service));
    return readReply(text, parseScpd).map((action) => ({ ...action, writes: isWrite(action.name) }));
  }

  /** Sends a write once: after a lost answer its result is unknown, and the error says so. */
  async run(request: ActionRequest): Promise<ActionAnswer> {
    const { action: wanted, write, parse } = request;
    const service = shortType(request.service);
    if (service === "" || wanted.trim() === "") throw new FritzError("action-missing");
    const known = (await this.actions(service)).find(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
    if (!known) throw new FritzError("action-unknown", { action: quoted(wanted), service: quoted(service) });
    if (known.writes && !write) throw new FritzError("action-write", { action: known.name });
    const raw = await this.call(
      service,
      known,
      toSoap(known, merged(request.defaults ?? {}, fitting(known, request.payload), request.arguments)),
    );
    return { values: fromSoap(known.out, raw, parse), raw };
  }

  private async call(service: string, { name, writes }: OfferedAction, values: SoapValues): Promise<SoapValues> {
    try {
      return await this.client.call(service, name, values);
    } catch (error) {
      if (!writes || !isBroken(error)) throw error;
      throw new FritzError("action-uncertain", { action: name });
    }
  }
}

/** Whether the action may write. */
function isWrite(action: string): boolean {
  return !READS.test(action);
}

/** "urn:dslforum-org:service:X_VoIP:1", "X_VoIP:1" or "X_VoIP1" -> "X_VoIP:1". */
function shortType(service: string): string {
  const bare = service.trim().replace(/^.*:service:/, "");
  return bare.includes(":") ? bare : bare.replace(/(\d)$/, ":$1");
}

const bareName = (name: string) => name.replace(/^New(?=.)/i, "").toLowerCase();

/** Later ones override; the same name may be written with and without New. */
function merged(...given: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown> {
  const values = new Map(given.flatMap((one) => Object.entries(one)).map(([name, value]) => [bareName(name), value]));
  return Object.fromEntries(values);
}

/** An object whose names are all arguments of the action, or at least look like arguments. */
function fitting(action: ActionDescription, payload: unknown): Readonly<Record<string, unknown>> {
  if (Array.isArray(payload)) return {};
  const names = Object.keys(propertiesOf(payload));
  const known = action.in.map(({ name }) => bareName(name));
  return names.every((name) => /^New./.test(name) || known.includes(bareName(name))) ? propertiesOf(payload) : {};
}

/** In the box's order and spelling. */
function toSoap(action: ActionDescription, given: Readonly<Record<string, unknown>>): SoapValues {
  const values = new Map(Object.entries(given).map(([name, value]) => [bareName(name), { name, value }]));
  for (const [key, { name }] of values) {
    if (!action.in.some((argument) => bareName(argument.name) === key)) {
      throw new FritzError("action-argument-unknown", { action: action.name, name: quoted(name) });
    }
  }
  const pairs = action.in.flatMap((argument): [string, string][] => {
    const { value } = values.get(bareName(argument.name)) ?? {};
    if (value !== undefined && value !== null) return [[argument.name, toText(argument, value)]];
    if (argument.default !== undefined) return [[argument.name, argument.default]];
    if (OPTIONAL.includes(`${action.name} ${argument.name}`)) return [];
    throw new FritzError("action-argument-missing", { action: action.name, name: argument.name });
  });
  return Object.fromEntries(pairs);
}

function toText({ name, type }: ActionArgument, value: unknown): string {
  const isText = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  const text = isText ? String(value).trim() : JSON.stringify(value);
  if (type === "boolean") {
    if (/^(1|true|yes|on)$/i.test(text)) return "1";
    if (/^(0|false|no|off)$/i.test(text)) return "0";
    throw new FritzError("action-value", { name, type });
  }
  if (WHOLE.test(type) && !(type.startsWith("u") ? /^\d{1,20}$/ : /^-?\d{1,20}$/).test(text)) {
    throw new FritzError("action-value", { name, type });
  }
  return typeof value === "string" ? value : text;
}

function fromSoap(out: readonly ActionArgument[], raw: SoapValues, parse: boolean): Record<string, unknown> {
  const types = new Map(out.map(({ name, type }) => [name.toLowerCase(), type]));
  return Object.fromEntries(
    Object.entries(raw).map(([name, text]) => {
      const value = typed(types.get(name.toLowerCase()) ?? "string", text, parse);
      return [name.replace(/^New(?=.)/, ""), value];
    }),
  );
}

function typed(type: string, text: string, parse: boolean): unknown {
  const plain = text.trim();
  if (type === "boolean" && /^(0|1|true|false)$/i.test(plain)) return /^(1|true)$/i.test(plain);
  if (WHOLE.test(type) && /^-?\d+$/.test(plain)) {
    const number = Number(plain);
    return Number.isSafeInteger(number) ? number : plain;
  }
  return parse && plain.startsWith("<") ? fromXml(plain) : text;
}

/** Parses a list in a text; a text that is no XML stays a text. */
function fromXml(text: string): unknown {
  try {
    return toJson(parseXml(text));
  } catch (error) {
    if (error instanceof XmlError) return text;
    throw error;
  }
}

/**
 * A list of items is always an array, also with one or none; other elements become properties, repeated ones
 * arrays.
 */
function toJson({ name, children, text, attributes }: XmlElement): unknown {
  const names = Object.entries(attributes).filter(([key]) => !key.startsWith("xmlns"));
  if (children.length === 0 && names.length === 0) return /list$/i.test(name) ? [] : text.trim();
  if (children.every((child) => child.name === "Item") && children.length > 0) return children.map(toJson);
  const grouped = new Map<string, unknown[]>();
  for (const child of children) grouped.set(child.name, [...(grouped.get(child.name) ?? []), toJson(child)]);
  const parts = [...grouped].map(([key, values]) => [key, key === "Item" || values.length > 1 ? values : values[0]]);
  return Object.fromEntries([...names, ...parts, ...(children.length === 0 ? [["text", text.trim()]] : [])]) as unknown;
}
