/** Parses tr64desc.xml and the SCPD of services, which a box offers without login. */
import { defined } from "../core/defined";
import { child, childText, descendants, parseXml, type XmlElement } from "../core/xml";

export interface ServiceDescription {
  /** "urn:dslforum-org:service:X_VoIP:1" */
  type: string;
  /** Path with query. */
  controlUrl: string;
  /** Path with query. */
  scpdUrl: string;
}

export interface BoxDescription {
  /** "FRITZ!Box 7590"; "" if the box does not give it. */
  model: string;
  /** "8.25"; absent on very old boxes and repeaters. */
  fritzOs?: string;
  /** Ends with the box's MAC address. */
  udn: string;
  services: readonly ServiceDescription[];
}

/** Action name -> the names of its arguments. */
export type ServiceActions = ReadonlyMap<string, { in: readonly string[]; out: readonly string[] }>;

/** Of a service whose description the box does not offer: every action is tried, and the box says which it lacks. */
export const UNDESCRIBED: ServiceActions = new Map();

/** Reads tr64desc.xml, services of all nested devices included. */
export function parseDescription(text: string): BoxDescription {
  const root = parseXml(text);
  const device = child(root, "device");
  const fritzOs = fritzOsOf(child(root, "systemVersion"));
  return {
    model: childText(device, "modelName"),
    ...defined({ fritzOs }),
    udn: childText(device, "UDN"),
    services: descendants(root, "service").map((service) => ({
      type: childText(service, "serviceType"),
      controlUrl: pathOf(childText(service, "controlURL")),
      scpdUrl: pathOf(childText(service, "SCPDURL")),
    })),
  };
}

/**
 * Path and query of a URL from a box: absolute, a path, or relative to the description, as UPnP allows. The
 * host is dropped: a box may name a wrong one. "/" for an invalid URL.
 */
export function pathOf(address: string): string {
  const base = "http://box/";
  if (!URL.canParse(address, base)) return "/";
  const { pathname, search } = new URL(address, base);
  return pathname + search;
}

/** Minor 7, Patch 10 -> "7.10": AVM uses "Major" for the model. */
function fritzOsOf(version: XmlElement | undefined): string | undefined {
  const [major, minor] = [childText(version, "Minor"), childText(version, "Patch")];
  return major === "" || minor === "" ? undefined : `${Number(major)}.${minor.padStart(2, "0")}`;
}

/** Parses a service's SCPD. */
export function parseActions(text: string): ServiceActions {
  const actions = descendants(parseXml(text), "action");
  return new Map(
    actions.map((action) => {
      const args = descendants(action, "argument");
      const names = (direction: string) =>
        args
          .filter((arg) => childText(arg, "direction").toLowerCase() === direction)
          .map((arg) => childText(arg, "name"));
      return [childText(action, "name"), { in: names("in"), out: names("out") }];
    }),
  );
}
