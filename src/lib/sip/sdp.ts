/** The answer to a session offer (RFC 3264): one audio stream whose packets are thrown away, everything else refused. */

/** Payload types with a fixed meaning (RFC 3551) that are accepted, the first choice first: PCMA, PCMU, G.722. */
const AUDIO = ["8", "0", "9"];
const NAMES: Readonly<Record<string, string>> = { "8": "PCMA/8000", "0": "PCMU/8000", "9": "G722/8000" };
/** More media lines than any telephone offers. */
const MOST_MEDIA = 20;

export interface MediaAddress {
  /** IPv4 or IPv6, without brackets. */
  host: string;
  port: number;
}

interface Media {
  /** "audio 7078 RTP/AVP 9 8 0 101" */
  kind: string;
  port: string;
  protocol: string;
  formats: string[];
  attributes: string[];
}

/** The session description that answers `offer`, or an offer of our own if there was none. Undefined: no common codec. */
export function answerSdp(offer: string, at: MediaAddress): string | undefined {
  if (offer.trim() === "") return session(at, [audioLines(at.port, ["8"], [], "sendrecv")]);
  const media = readMedia(offer);
  if (media.length === 0 || media.length > MOST_MEDIA) return undefined;
  const chosen = media.findIndex(
    ({ kind, port, protocol, formats }) =>
      kind === "audio" && port !== "0" && protocol === "RTP/AVP" && formats.some((format) => AUDIO.includes(format)),
  );
  if (chosen < 0) return undefined;
  return session(
    at,
    media.map((one, i) => (i === chosen ? accepted(one, at.port) : refused(one))),
  );
}

function readMedia(offer: string): Media[] {
  const media: Media[] = [];
  for (const line of offer.split(/\r?\n/)) {
    const found = /^m=(\w+) (\d{1,5})(?:\/\d+)? ([\w/.-]+) ([\w .*+-]+)$/.exec(line.trimEnd());
    if (found) {
      const [, kind = "", port = "", protocol = "", formats = ""] = found;
      media.push({ kind, port, protocol, formats: formats.split(" ").filter((one) => one !== ""), attributes: [] });
    } else if (line.startsWith("m="))
      return []; // one that is not understood cannot be answered in its place
    else if (line.startsWith("a=")) media.at(-1)?.attributes.push(line.slice(2).trim());
  }
  return media;
}

/** What is answered to a direction (§6.1): a caller on hold is only listened to. */
const DIRECTIONS: Readonly<Record<string, string>> = {
  sendonly: "recvonly",
  recvonly: "sendonly",
  inactive: "inactive",
};

function accepted({ formats, attributes }: Media, port: number): string[] {
  const codec = AUDIO.find((one) => formats.includes(one)) ?? "8";
  const events = attributes.flatMap((line) => /^rtpmap:(\d{1,3}) telephone-event\/8000$/i.exec(line)?.[1] ?? []);
  const direction = attributes.flatMap((line) => DIRECTIONS[line] ?? [])[0] ?? "sendrecv";
  return audioLines(port, [codec], events.filter((one) => formats.includes(one)).slice(0, 1), direction);
}

function audioLines(port: number, codecs: readonly string[], events: readonly string[], direction: string): string[] {
  return [
    `m=audio ${port} RTP/AVP ${[...codecs, ...events].join(" ")}`,
    ...codecs.map((one) => `a=rtpmap:${one} ${NAMES[one]}`),
    ...events.map((one) => `a=rtpmap:${one} telephone-event/8000`),
    `a=${direction}`,
  ];
}

const refused = ({ kind, protocol, formats }: Media) => [`m=${kind} 0 ${protocol} ${formats.join(" ")}`];

function session({ host }: MediaAddress, media: readonly (readonly string[])[]): string {
  const address = `IN ${host.includes(":") ? "IP6" : "IP4"} ${host}`;
  const head = ["v=0", `o=- 1 1 ${address}`, "s=-", `c=${address}`, "t=0 0"];
  return `${[...head, ...media.flat()].join("\r\n")}\r\n`;
}
