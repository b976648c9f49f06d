/** A source built from a description, the package's or a user's own. */
import { defined } from "../../core/defined";
import { createHash } from "node:crypto";
import { answerOf } from "./answer";
import { durationMs, faultOfDescriptor } from "./descriptor-schema";
import { callingCodeOf, numberForms } from "../../numbers/index";
import { fillTemplate, whatIsSent } from "./template";
import type { Descriptor } from "./descriptor";
import { FritzError } from "../../core/errors";
import type { SourceAnswer, RequestPolicy, SourceQuery } from "../source";
import {
  CACHE_TIMES,
  POLICIES,
  type SourceDefinition,
  type SourceOptions,
  type SourceTools,
} from "../source-definition";
import { asksForHuman, blocked, strange } from "../http-reply";
import { expectAnswer, readInThread, type RulesFrom } from "./reader";
import type { WebReply, WebRequest } from "../../web/types";

const DEFAULTS = { found: [200], unknown: [] as number[], blocked: [403, 429, 503], maxBytes: 1_000_000, redirects: 3 };
const TYPES: Readonly<Record<Descriptor["response"]["type"], RegExp>> = {
  html: /html|xml|^text\/|^$/,
  xml: /xml|^text\/|^$/,
  json: /json|javascript|^text\/|^$/, // tellows sends its JSON as text/html
  text: /^text\/|json|csv|^$/,
};

/**
 * Throws `source-descriptor` with the path of the error. `secret`: the credential for the `auth` of a user's
 * own source.
 */
export function describedDefinition(value: unknown, from: RulesFrom, secret?: string): SourceDefinition {
  const where = faultOfDescriptor(value);
  if (where !== undefined) throw new FritzError("source-descriptor", { where });
  const descriptor = value as Descriptor;
  const { id, label, kind, countries = [], group = id, trust = 0.5, notice = {} } = descriptor;
  return {
    profile: {
      ...{ id, label, kinds: kind, countries, group, trust, local: false },
      sends: whatIsSent(templatesOf(descriptor)),
      ...defined({ home: notice.home }),
    },
    version: descriptor.v ?? 1,
    policy: policyOf(descriptor),
    ...(needsSecret(descriptor) && { secret: { name: secret ?? "", required: true } }),
    create: (options, tools) => ({
      lookup: (query, signal) =>
        ask(descriptor, options, { ...tools, from, secret: tools.secrets[secret ?? ""] ?? "" }, query, signal),
    }),
  };
}

function templatesOf({ request: { url, body = "", headers = {} } }: Descriptor): string[] {
  return [url, body, ...Object.values(headers)];
}

/** Whether the source needs a secret. */
function needsSecret(descriptor: Descriptor): boolean {
  const { auth = "none" } = descriptor.request;
  return auth !== "none" || templatesOf(descriptor).some((template) => /\{key[|}]/.test(template));
}

function policyOf({ kind, request, response, cache = {} }: Descriptor): RequestPolicy {
  const base = response.type === "html" ? POLICIES.page : POLICIES.api;
  const { timeoutMs, minIntervalMs, perDay, perMonth } = request;
  const { hit, unknown } = cache;
  const lasting = kind.includes("score") ? CACHE_TIMES.score : CACHE_TIMES.name;
  return {
    ...base,
    ...lasting,
    ...defined({ timeoutMs, minIntervalMs, perDay, perMonth }),
    ...(hit !== undefined && { hitMs: durationMs(hit) }),
    ...(unknown !== undefined && { missMs: durationMs(unknown) }),
  };
}

type Tools = SourceTools & { from: RulesFrom; secret: string };

async function ask(
  descriptor: Descriptor,
  options: SourceOptions,
  tools: Tools,
  { number, plan }: SourceQuery,
  signal: AbortSignal,
): Promise<SourceAnswer> {
  const { id, v = 1, label: host, countries = [], response } = descriptor;
  const e164 = number.e164 ?? "";
  const home = callingCodeOf(e164, countries) ?? (countries.length > 0 ? "" : plan.countryCode);
  const forms = numberForms(e164, home);
  const request = toRequest(descriptor, options, tools, { ...forms }, signal);
  expectAnswer(tools.from);
  const reply = await tools.fetch(request);
  if (isUnknown(reply, descriptor)) return null;
  const { type, unknownIf = [], blockedIf = [], each, fields } = response;
  const rules = { unknownIf, blockedIf, fields, ...defined({ each }) };
  const reading = await readInThread(
    { type, text: reply.text, asked: forms.nsn, rules },
    { host, from: tools.from, signal },
  );
  if (reading.says === "unknown") return null;
  if (reading.says === "blocked") throw blocked(host);
  const answer = answerOf(descriptor, reading.entries, e164, home);
  if (answer === "strange") throw asksForHuman(reply.text) ? blocked(host) : strange(host, `${id} ${v}`);
  return type === "html" ? withPage(answer, request, tools.secret) : answer;
}

/** Throws unless the status is an answer. */
function isUnknown({ status, type, retryAfterMs }: WebReply, { label: host, request, response }: Descriptor): boolean {
  const { found = DEFAULTS.found, unknown = DEFAULTS.unknown, blocked: away = DEFAULTS.blocked } = response;
  if (unknown.includes(status)) return true;
  if (found.includes(status)) {
    if (!TYPES[response.type].test(type)) throw strange(host, "type"); // the original message may contain the address
    return false;
  }
  const keyed = (request.auth ?? "none") !== "none";
  if (status === 401 || (status === 403 && keyed)) throw new FritzError("source-key", { host });
  if (away.includes(status)) throw blocked(host, retryAfterMs);
  throw new FritzError("source-status", { host, detail: status }, status >= 500);
}

function toRequest(
  { request }: Descriptor,
  { baseUrl, allowPrivate = false, userAgent }: SourceOptions,
  { secret, language }: Tools,
  forms: Readonly<Record<string, string>>,
  signal: AbortSignal,
): WebRequest {
  const { url, method = "GET", headers = {}, body, auth = "none", maxBytes, redirects } = request;
  const values = { ...forms, lang: language.slice(0, 2), key: secret };
  const fill = (template: string, encode: (text: string) => string) => fillTemplate(template, values, digest, encode);
  const address = fill(url, encodeURIComponent);
  const [scheme, argument = ""] = auth.split(":");
  const secrets = secretHeaders(scheme, argument, secret);
  const encodeBody = body?.trimStart().startsWith("{") ? jsonInside : encodeURIComponent;
  return {
    url: onServer(scheme === "query" ? withParameter(address, argument, secret) : address, baseUrl),
    method,
    headers: {
      ...(body !== undefined && {
        "Content-Type": body.trimStart().startsWith("{") ? "application/json" : "application/x-www-form-urlencoded",
      }),
      ...Object.fromEntries(Object.entries(headers).map(([name, template]) => [name, fill(template, String)])),
      ...(typeof userAgent === "string" && userAgent !== "" && { "User-Agent": userAgent }),
    },
    ...defined({ secrets }),
    ...(body !== undefined && { body: fill(body, encodeBody) }),
    ...{ maxBytes: maxBytes ?? DEFAULTS.maxBytes, redirects: redirects ?? DEFAULTS.redirects, allowPrivate, signal },
  };
}

const digest = (algorithm: "sha1" | "md5", text: string) => createHash(algorithm).update(text).digest("hex");
const jsonInside = (text: string) => JSON.stringify(text).slice(1, -1);

function secretHeaders(scheme: string | undefined, name: string, secret: string): Record<string, string> | undefined {
  if (scheme === "bearer") return { Authorization: `Bearer ${secret}` };
  if (scheme === "header") return { [name]: secret };
  return scheme === "md5header" ? { [name]: digest("md5", secret) } : undefined;
}

function withParameter(address: string, name: string, secret: string): string {
  return `${address}${address.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(secret)}`;
}

/** The same path on another server. */
function onServer(address: string, baseUrl: unknown): string {
  if (typeof baseUrl !== "string" || baseUrl === "") return address;
  return baseUrl.replace(/\/$/, "") + address.replace(/^https?:\/\/[^/?#]+/i, "");
}

/** Adds a link to the page, unless its address contains a secret. */
function withPage(answer: SourceAnswer, { url, method }: WebRequest, secret: string): SourceAnswer {
  if (!answer?.opinion || answer.opinion.link !== undefined || method !== "GET" || secret !== "") return answer;
  return { ...answer, opinion: { ...answer.opinion, link: url } };
}
