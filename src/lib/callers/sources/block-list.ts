/** Block lists in memory: a file, a file on a server, or PhoneBlock's list. Sends nothing about a call. */
import { DAY_MS, MINUTE_MS } from "../../core/clock";
import { createHash } from "node:crypto";
import { entriesOfJson, type ListedNumber, BlockIndex, readBlockList } from "./block-list-entries";
import { FritzError } from "../../core/errors";
import type { DialPlan } from "../../numbers/index";
import { ListFile, listPath } from "./list-file";
import { PHONEBLOCK_URL } from "./phoneblock";
import { POLICIES, type SourceDefinition, type SourceOptions, type SourceTools } from "../source-definition";
import { type KeptList, RemoteList } from "./block-list-remote";
import { checkStatus, jsonObject, strange } from "../http-reply";
import type { WebReply } from "../../web/types";

const MAX_BYTES = 20_000_000;
const LOAD_MS = MINUTE_MS;
/** PhoneBlock asks to download the complete list at most once a month. */
const WHOLE_MS = 31 * DAY_MS;

interface List {
  now(plan: DialPlan): Promise<BlockIndex>;
}

export const blocklist: SourceDefinition = {
  profile: {
    id: "blocklist",
    label: "Block list",
    sends: "nothing",
    kinds: ["score"],
    group: "blocklist",
    trust: 0.9,
    local: true,
    countries: [],
  },
  policy: POLICIES.local,
  secret: { name: "phoneblockToken", required: false },
  create(options, tools) {
    const { url, phoneblock } = options;
    const path = listPath(options, tools);
    const noKey = phoneblock === true && (tools.secrets["phoneblockToken"] ?? "") === "";
    const lists: List[] = [
      ...(path ? [fileList(path)] : []),
      ...(isFilled(url) ? [urlList(url, options, tools)] : []),
      ...(phoneblock === true && !noKey ? [phoneblockList(options, tools)] : []),
    ];
    return {
      // With PhoneBlock's list alone it belongs to PhoneBlock's group.
      ...(lists.length === 1 && phoneblock === true && { group: "community" }),
      ...(lists.length === 0 && { unready: noKey ? "no-key" : "no-list" }),
      lookup: async ({ number: { e164 }, plan }) => {
        if (e164 === null) return null;
        for (const list of lists) {
          const opinion = (await list.now(plan)).find(e164);
          if (opinion) return { opinion };
        }
        return null;
      },
    };
  },
};

const isFilled = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

const fileList = (path: () => Promise<string>): List =>
  new ListFile(path, async (text, plan) => BlockIndex.of(readBlockList(text), plan));

function urlList(url: string, { allowPrivate = false }: SourceOptions, tools: SourceTools): RemoteList {
  return new RemoteList(tools.keep(nameOf(url)), async () => {
    const signal = AbortSignal.timeout(LOAD_MS);
    const reply = await tools.fetch({ url, ...{ maxBytes: MAX_BYTES, redirects: 3, allowPrivate, signal } });
    checkStatus(reply, blocklist.profile.label);
    const at = Date.now();
    return { entries: readBlockList(reply.text), at, wholeAt: at };
  });
}

const nameOf = (url: string) => `list-${createHash("sha256").update(url).digest("hex").slice(0, 16)}`;

function phoneblockList(
  { baseUrl = PHONEBLOCK_URL, allowPrivate = false }: SourceOptions,
  tools: SourceTools,
): RemoteList {
  const get = (query: string): Promise<WebReply> =>
    tools.fetch({
      url: `${baseUrl.replace(/\/$/, "")}/blocklist?format=json${query}`,
      headers: { Accept: "application/json" },
      secrets: { Authorization: `Bearer ${tools.secrets["phoneblockToken"] ?? ""}` },
      ...{ maxBytes: MAX_BYTES, redirects: 2, allowPrivate, signal: AbortSignal.timeout(LOAD_MS) },
    });
  return new RemoteList(tools.keep("list-phoneblock"), async (kept) => {
    const since = kept?.version !== undefined && Date.now() - kept.wholeAt < WHOLE_MS ? kept : undefined;
    const reply = await get(since ? `&since=${since.version}` : "");
    if (reply.status === 403) throw new FritzError("source-key", { host: "PhoneBlock" });
    checkStatus(reply, "PhoneBlock");
    return merge(since, jsonObject(reply, "PhoneBlock"));
  });
}

/** Applies changes to the stored list; an entry without votes was removed from it. */
function merge(since: KeptList | undefined, body: Record<string, unknown>): KeptList {
  const entries = entriesOfJson(body);
  if (!entries) throw strange("PhoneBlock", "shape");
  const all = new Map<string, ListedNumber>(since?.entries.map((entry) => [entry.number, entry]));
  for (const entry of entries) {
    if (entry.votes === 0) all.delete(entry.number);
    else all.set(entry.number, entry);
  }
  const at = Date.now();
  const { version } = body;
  return {
    ...{ entries: [...all.values()], at, wholeAt: since?.wholeAt ?? at },
    ...(typeof version === "number" && { version }),
  };
}
