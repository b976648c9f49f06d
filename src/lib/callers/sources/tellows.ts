/** Tellows, as JSON or XML, with the user's own key. Sends the number. */
import { createHash } from "node:crypto";
import { numberForms } from "../../numbers/index";
import { FritzError } from "../../core/errors";
import type { SourceFinding } from "../source";
import { childText, child, parseXml, type XmlElement } from "../../core/xml";
import { CACHE_TIMES, POLICIES, type SourceDefinition } from "../source-definition";
import { asksForHuman, blocked, checkStatus, numeric, strange, textual } from "../http-reply";
import type { WebReply } from "../../web/types";

const MAX_BYTES = 500_000;
/** tellows.de expects German numbers in national form. */
const HOME = "49";
const HOST = "tellows";

/** The fields of both formats. */
interface Rating {
  score: number;
  comments: number;
  location: string | undefined;
  /** From a directory. */
  owner: string | undefined;
  /** Label given by users. */
  calledName: string | undefined;
}

export const tellows: SourceDefinition = {
  profile: {
    id: "tellows",
    label: "tellows",
    sends: "number",
    kinds: ["score", "name"],
    group: "community",
    trust: 0.8,
    local: false,
    countries: [],
    home: "https://www.tellows.de/",
  },
  policy: { ...POLICIES.api, ...CACHE_TIMES.score },
  secret: { name: "tellowsKey", required: true },
  create: ({ baseUrl = "https://www.tellows.de", allowPrivate = false, format }, tools) => ({
    lookup: async ({ number }, signal) => {
      const { national } = numberForms(number.e164 ?? "", HOME);
      const xml = format === "xml";
      const reply = await tools.fetch({
        url: `${baseUrl.replace(/\/$/, "")}/basic/num/${national}?${xml ? "xml" : "json"}=1&country=de&lang=de`,
        secrets: {
          "X-Auth-Token": createHash("md5")
            .update(tools.secrets["tellowsKey"] ?? "")
            .digest("hex"),
        },
        ...{ maxBytes: MAX_BYTES, redirects: 2, allowPrivate, signal },
      });
      // tellows answers 403 with a short text for a wrong key, with a page for too many requests.
      if (reply.status === 403 && !asksForHuman(reply.text)) throw new FritzError("source-key", { host: HOST });
      if (checkStatus(reply, HOST, [404]) === "unknown") return null;
      const { score, comments, location, owner, calledName } = xml ? readXml(reply) : readJson(reply);
      if (!(score >= 1 && score <= 9) || !(comments >= 0)) throw strange(HOST, "shape");
      const settled = number.type !== "mobile" && location !== undefined; // the place of a mobile number is unknown
      const finding: SourceFinding = {
        ...(owner !== undefined
          ? { name: { text: owner, rank: "details" as const } }
          : calledName !== undefined && { name: { text: calledName, rank: "label" as const } }),
        ...(settled && { place: { town: location } }),
        // Score 5 without comments means an unknown number.
        ...(comments >= 1 && {
          opinion: { risk: (score - 1) * 12.5, reports: comments, link: `https://www.tellows.de/num/${national}` },
        }),
      };
      return finding.opinion || finding.name ? finding : null;
    },
  }),
};

function readJson(reply: WebReply): Rating {
  let body: unknown;
  try {
    body = JSON.parse(reply.text);
  } catch {
    throw refused(reply.text);
  }
  const { tellows: info } = (body ?? {}) as { tellows?: Record<string, unknown> };
  if (typeof info !== "object" || info === null) throw strange(HOST, "shape");
  const details = (info["numberDetails"] ?? {}) as Record<string, unknown>;
  const { caller } = (info["callerNames"] ?? {}) as { caller?: unknown };
  return {
    score: numeric(info["score"]),
    comments: numeric(info["comments"]),
    location: textual(info["location"]),
    owner: textual(details["name"]),
    calledName: nameIn([caller].flat()[0]),
  };
}

/** One name is a text, several are a list; some are objects. */
function nameIn(caller: unknown): string | undefined {
  return textual(typeof caller === "object" && caller !== null ? (caller as { name?: unknown }).name : caller);
}

function readXml(reply: WebReply): Rating {
  let root: XmlElement | undefined;
  try {
    root = parseXml(reply.text);
  } catch {
    // reported below
  }
  if (root?.name !== "tellows") throw refused(reply.text);
  const text = (of: XmlElement | undefined, name: string) => textual(childText(of, name));
  const caller = child(child(root, "callerNames"), "caller");
  return {
    score: numeric(childText(root, "score")),
    comments: numeric(childText(root, "comments")),
    location: text(root, "location"),
    owner: text(child(root, "numberDetails"), "name"),
    calledName: text(caller, "name") ?? textual(caller?.text),
  };
}

/** Instead of an answer: an HTML page, or "ERROR" and some words. */
function refused(text: string): FritzError {
  if (asksForHuman(text)) return blocked(HOST);
  return /^\s*ERROR.*(key|auth|partner)/i.test(text.slice(0, 500))
    ? new FritzError("source-key", { host: HOST })
    : strange(HOST, "form");
}
