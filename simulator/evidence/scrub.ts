/**
 * Evidence: replaces everything private in a recording. A value is kept only if its field or its form is
 * known to be harmless.
 */
import { escapeXml, parseXml, unescapeXml } from "../tr064/xml";
import { StandIns } from "./stand-ins";
import type { RecordedCall, Recording } from "./types";

/**
 * Fields, without `New` and `X_AVM-DE_`, whose values are not personal: model, version, kinds, times, states.
 */
const HARMLESS = new Set(
  [
    ...[
      "modelName",
      "modelDescription",
      "ModelName",
      "Description",
      "manufacturer",
      "ManufacturerName",
      "SoftwareVersion",
    ],
    ...["HardwareVersion", "SpecVersion", "major", "minor", "Display", "deviceType", "serviceType", "serviceId"],
    ...[
      "controlURL",
      "eventSubURL",
      "SCPDURL",
      "mimetype",
      "UpTime",
      "Date",
      "Duration",
      "Type",
      "Mode",
      "Enable",
      "Status",
    ],
    ...[
      "Port",
      "timestamp",
      "mod_time",
      "category",
      "errorCode",
      "errorDescription",
      "faultcode",
      "faultstring",
      "Right",
    ],
    ...["type", "prio", "classifier", "ProvisioningCode", "Outgoing", "encodingStyle", "version", "encoding"],
  ].map((name) => name.toLowerCase()),
);
const NUMBER = /^[+*#\d][-\d\s()/*#]*$/;
const SMALL = /^-?\d{1,3}$/;
const WORD = /^(?:true|false|yes|no|on|off|in|out|home|work|mobile|fax_work|intern)$/i;
const IP = /^(?:\d{1,3}\.){3}\d{1,3}$|^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}$/i;
const TOKEN = /^(?:uuid:)?[0-9a-f]+(?:[-:][0-9a-f]+)*$/i;
/** Parts of a path that every box has. */
const KNOWN_PART =
  /^(?:|upnp|control|tr064|[a-z0-9_]{1,30}(?:SCPD|desc)\.xml|(?:phonebook|calllist|download|tamcalllist|tam)\.lua)$/i;
const DESCRIPTION = /^\/[\w.-]*SCPD\.xml$/i;

/** The recording with stand-ins. Descriptions of services (SCPD) stay: they are the same in every box of a version. */
export function scrubRecording(recording: Recording, standIns = new StandIns()): Recording {
  const scrubber = new Scrubber(standIns);
  return {
    format: recording.format,
    monitor: recording.monitor.map(({ afterMs, line }) => ({ afterMs, line: scrubber.line(line) })),
    documents: Object.fromEntries(
      Object.entries(recording.documents).map(([path, text]) => [
        scrubber.url(path),
        DESCRIPTION.test(path) ? text : scrubber.xml(text),
      ]),
    ),
    calls: recording.calls.map((call) => scrubber.call(call)),
  };
}

/** A name may look like the beginning of a document; a list of the box is one. */
function isXml(text: string): boolean {
  try {
    parseXml(text);
    return true;
  } catch {
    return false;
  }
}

class Scrubber {
  constructor(private readonly standIns: StandIns) {}

  /** A line of the call monitor: stamp, event, ids and lines stay, everything else that has digits is a number. */
  line(line: string): string {
    return line
      .split(";")
      .map((field, i) =>
        i < 3 || SMALL.test(field) || /^(?:SIP|ISDN|POTS|GSM|LTE)?\d{0,2}$/.test(field)
          ? field
          : this.value("number", field),
      )
      .join(";");
  }

  call(call: RecordedCall): RecordedCall {
    const values = Object.entries(call.arguments).map(([name, value]) => [name, this.value(name, value)]);
    return { ...call, arguments: Object.fromEntries(values) as Record<string, string>, body: this.xml(call.body) };
  }

  /** XML, and XML that is written as text within it. Comments could hold anything and go. */
  xml(text: string): string {
    return text
      .replace(/<!--[^]*?-->/g, "")
      .replace(/^[^<]+/, "")
      .replace(/<!\[CDATA\[([^]*?)\]\]>/g, (_, inside: string) => escapeXml(inside))
      .replace(
        /(<\/?)([\w:.-]+)((?:\s[^<>]*)?>)([^<]*)/g,
        (_, open: string, tag: string, rest: string, inside: string) => {
          const name = tag.replace(/^.*:/, "");
          const attributes = tag.startsWith("?") ? rest : this.attributes(rest);
          return (
            open +
            tag +
            attributes +
            (open === "<" && !rest.endsWith("/>") ? this.content(name, inside) : inside.replace(/\S+/g, ""))
          );
        },
      );
  }

  private attributes(text: string): string {
    return text.replace(
      /([\w:.-]+)(\s*=\s*)(["'])(.*?)\3/gs,
      (whole, name: string, equals: string, quote: string, value: string) =>
        name.startsWith("xmlns") || /encodingStyle$/.test(name)
          ? whole
          : name + equals + quote + escapeXml(this.value(name, unescapeXml(value))) + quote,
    );
  }

  private content(name: string, inside: string): string {
    if (inside.trim() === "") return inside;
    const value = unescapeXml(inside);
    return escapeXml(/List$/.test(name) && isXml(value) ? this.xml(value) : this.value(name, value));
  }

  /** One value of a field. */
  value(field: string, value: string): string {
    const name = field
      .replace(/^New/, "")
      .replace(/^X_AVM-DE_/, "")
      .replace(/^New/, "")
      .toLowerCase();
    const text = value.trim();
    if (text === "" || HARMLESS.has(name) || WORD.test(text)) return value;
    if (SMALL.test(text)) return value; // ids, counts, emergency numbers
    if (NUMBER.test(text)) return this.standIns.number(text);
    if (/^(?:\d{1,3},)*\d{1,3}$/.test(text)) return value; // a list of ids
    if (/^(?:https?:\/)?\/\S+$/i.test(text)) return this.url(text);
    if (IP.test(text)) return this.standIns.address(text);
    if (TOKEN.test(text) && /\d/.test(text) && text.length >= 6)
      return text.replace(
        /^(uuid:)?(.*)$/i,
        (_, kind: string | undefined, id: string) => (kind ?? "") + this.standIns.token(id),
      );
    return this.standIns.text(text);
  }

  /** An address or a path: the host becomes one of the examples' range, values of the query stand-ins; names of files stay. */
  url(text: string): string {
    const [, origin = "", path = "", query = ""] = /^(https?:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?/i.exec(text) ?? [];
    const host = origin.replace(
      /^(https?:\/\/)(?:[^@]*@)?(\[[^\]]*\]|[^:]*)/i,
      (_, scheme: string, name: string) => scheme + this.standIns.address(name),
    );
    const values = query.replace(/([?&])([^=&]*)=([^&]*)/g, (_, mark: string, name: string, value: string) =>
      SMALL.test(value) || WORD.test(value) ? `${mark}${name}=${value}` : `${mark}${name}=${this.token(value)}`,
    );
    const parts = path.split("/").map((part) => (KNOWN_PART.test(part) ? part : this.token(part)));
    return host + parts.join("/") + values;
  }

  private token(value: string): string {
    return this.standIns.token(value.replace(/[^\w:.-]/g, "x"));
  }
}
