/** L5 nodes: what the editor asks of a box: "Check my Fritz!Box", pick lists, and the clicks behind them. Needs permission. */
import { FritzError } from "../../lib/model/errors";
import { providerOf, type SourceEntry } from "../../lib/providers/index";
import { checkBox, dialMonitorOn } from "../../lib/services/box-check/box-check";
import type { CheckLine } from "../../lib/services/box-check/check-line";
import { Telephony } from "../../lib/services/telephony";
import { adminRoute } from "./admin-route";
import { boxes } from "./box-registry";
import { type BoxCredentials, type BoxSettings, monitorOptions, telephonyOptions } from "./box-settings";
import { type FlowNode, flowNodes } from "./flow-nodes";
import type { Runtime } from "./red";

/** What the dialog sends: the properties as they stand there, and the id under which a password may be stored already. */
interface BoxQuestion {
  id?: string;
  settings?: BoxSettings;
  credentials?: BoxCredentials;
  /** Of "create-book". */
  book?: string;
}

/** The editor never knows a stored password; it sends this in its place. */
const UNCHANGED_PASSWORD = "__PWRD__";

/** The question names the address, and the stored password is used there: who may only look must not choose where. */
const MAY_LOG_IN = "fritz-config.write";

/** Offers the routes; once for a runtime. */
export function offerBoxRoutes(RED: Runtime): void {
  adminRoute(RED, "check", MAY_LOG_IN, async (question: BoxQuestion) => {
    const settings = settingsOf(RED, question.settings);
    const nodes = flowNodes(RED);
    const lines = await checkBox({
      ...optionsOf(RED, question),
      monitorPort: monitorOptions(settings).port,
      targetBooks: targetBooks(nodes, question.id),
      live: liveOf(settings),
    });
    return { lines: [...lines, privacyLine(nodes, question.id)] };
  });
  adminRoute(RED, "dial-monitor-on", MAY_LOG_IN, async (question: BoxQuestion) => {
    await dialMonitorOn(optionsOf(RED, question));
    return {};
  });
  adminRoute(RED, "create-book", MAY_LOG_IN, (question: BoxQuestion) =>
    withBox(RED, question, (box) => box.createBook(question.book ?? "")),
  );
  adminRoute(RED, "books", MAY_LOG_IN, (question: BoxQuestion) =>
    withBox(RED, question, async (box) => ({ books: await box.books() })),
  );
  adminRoute(RED, "numbers", MAY_LOG_IN, (question: BoxQuestion) =>
    withBox(RED, question, async (box) => ({ numbers: await box.ownNumbers() })),
  );
}

function optionsOf(RED: Runtime, { id = "", settings: given, credentials = {} }: BoxQuestion) {
  const settings = settingsOf(RED, given);
  const stored = (RED.nodes.getCredentials(id) ?? {}) as BoxCredentials;
  const { username = stored.username, password } = credentials;
  const known = password === undefined || password === UNCHANGED_PASSWORD ? stored.password : password;
  return telephonyOptions(settings, {
    ...(username !== undefined && { username }),
    ...(known !== undefined && { password: known }),
  });
}

/** The dialog's properties, `${NAME}` replaced by what the environment has. */
function settingsOf(RED: Runtime, given: BoxSettings | undefined): BoxSettings {
  if (!given) throw new FritzError("no-box");
  const entries = Object.entries(given).map(([key, value]: [string, unknown]) => {
    const [, name] = (typeof value === "string" && /^\$\{([^}]+)\}$/.exec(value)) || [];
    return [key, name === undefined ? value : RED.util.getSetting(undefined as never, name)];
  });
  return Object.fromEntries(entries) as BoxSettings;
}

async function withBox<T>(RED: Runtime, question: BoxQuestion, ask: (box: Telephony) => Promise<T>): Promise<T> {
  const box = new Telephony({ ...optionsOf(RED, question), timeoutMs: 5_000 });
  try {
    return await ask(box);
  } finally {
    box.close();
  }
}

function liveOf(settings: BoxSettings): { connectedSince?: number; lastEventMs?: number } {
  const monitor = boxes.peek(monitorOptions(settings))?.monitor;
  const { lastEventMs, state } = monitor ?? {};
  return {
    ...(state?.phase === "connected" && { connectedSince: state.since }),
    ...(lastEventMs !== undefined && { lastEventMs }),
  };
}

/** What the deployed nodes of this box tell others about callers. */
function privacyLine(nodes: readonly FlowNode[], boxId: string | undefined): CheckLine {
  const entries = nodes
    .filter(({ type, box }) => type === "fritz-caller-info" && box === boxId)
    .flatMap(({ providers }) => (Array.isArray(providers) ? (providers as SourceEntry[]) : []));
  const asked = entries
    .filter((entry) => entry?.enabled === true)
    .map((entry) => ({ label: entry.id, sends: "", ...providerOf(entry)?.profile }))
    .filter(({ sends }) => sends !== "nothing");
  const sources = [...new Set(asked.map(({ label }) => label))].join(", ");
  return sources === ""
    ? { id: "privacy", state: "ok", text: "check.privacy-none" }
    : { id: "privacy", state: "info", text: "check.privacy-some", values: { sources } };
}

/** The books that the deployed blocking nodes of this box write to. */
function targetBooks(nodes: readonly FlowNode[], boxId: string | undefined): string[] {
  const books = nodes
    .filter(({ type, box, action }) => type === "fritz-block" && box === boxId && action === "phonebook")
    .map(({ targetBook }) => (typeof targetBook === "string" ? targetBook : ""));
  return [...new Set(books.filter((name) => name !== ""))];
}
