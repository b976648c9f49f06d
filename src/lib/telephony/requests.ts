/** Reads the requests of messages and settings to the telephony nodes. Pure. */
import { defined } from "../core/defined";
import { FritzError } from "../core/errors";
import { propertiesOf } from "../core/unknown";
import type { MessageReference } from "./answering-machines";
import type { VoiceMessage } from "./voice-messages";

/** true, 1, "on", "ein" ... or false, 0, "off", "aus" ...; undefined for everything else. */
export function readOnOff(given: unknown): boolean | undefined {
  if (typeof given === "boolean") return given;
  const text = typeof given === "string" || typeof given === "number" ? String(given).trim() : "";
  if (/^(1|true|on|yes|ein|an|ja)$/i.test(text)) return true;
  return /^(0|false|off|no|aus|nein)$/i.test(text) ? false : undefined;
}

/** The first value that means on or off; throws `deflection-input` or `machine-input` if there is none. */
export function needOnOff(what: "deflection" | "machine", ...given: unknown[]): boolean {
  const found = given.map(readOnOff).find((one) => one !== undefined);
  if (found === undefined) throw new FritzError(what === "machine" ? "machine-input" : "deflection-input");
  return found;
}

/** A number from 0 to `most`; `usual` if invalid. */
export function readCount(given: unknown, usual: number, most: number): number {
  const text = typeof given === "number" || typeof given === "string" ? String(given).trim() : "";
  const number = text === "" ? NaN : Number(text);
  return Number.isFinite(number) && number >= 0 ? Math.min(most, number) : usual;
}

/** Text or number as trimmed text; undefined for everything else. */
export function readText(given: unknown): string | undefined {
  return typeof given === "string" || typeof given === "number" ? String(given).trim() : undefined;
}

/** The arguments of an action: an object, or its JSON text; throws `action-arguments`. */
export function readArguments(given: unknown): Record<string, unknown> {
  let value = given;
  if (typeof given === "string") {
    if (given.trim() === "") return {};
    try {
      value = JSON.parse(given) as unknown;
    } catch {
      throw new FritzError("action-arguments");
    }
  }
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value) || Buffer.isBuffer(value)) {
    throw new FritzError("action-arguments");
  }
  return propertiesOf(value);
}

/** Messages that were read before, one or a list, or machine and index; throws `message-missing`. */
export function readReferences(payload: unknown, machine: unknown, index: unknown): MessageReference[] {
  const given = Array.isArray(payload) ? payload : [payload];
  const known = given.map(reference).filter((one) => one !== undefined);
  if (known.length > 0 && known.length === given.length) return known;
  const [where, which] = [whole(machine), whole(index ?? payload)];
  if (where === undefined || which === undefined) throw new FritzError("message-missing");
  return [{ machine: where, index: which }];
}

function reference(value: unknown): MessageReference | undefined {
  const { machine, id, path, at, caller, index } = propertiesOf(value);
  const where = whole(machine);
  if (where === undefined) return undefined;
  const { number, presentation } = propertiesOf(caller);
  const text = (one: unknown) => (typeof one === "string" && one !== "" ? one : undefined);
  const found: MessageReference = {
    machine: where,
    ...defined({ id: text(id), path: text(path), at: text(at), index: whole(index) }),
    ...(typeof number === "string" && {
      caller: { number, presentation: presentation as VoiceMessage["caller"]["presentation"] },
    }),
  };
  return found.id !== undefined || found.path !== undefined || found.index !== undefined ? found : undefined;
}

function whole(given: unknown): number | undefined {
  const text = typeof given === "number" || typeof given === "string" ? String(given).trim() : "";
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
