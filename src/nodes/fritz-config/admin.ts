/** Admin routes of a box: "Check my Fritz!Box", pick lists, and their actions. Require permission. */
import { defined } from "../../lib/core/defined";
import { FritzError } from "../../lib/core/errors";
import { definitionOf, type SourceEntry } from "../../lib/callers/sources/index";
import { checkBox, dialMonitorOn } from "../../lib/box/check";
import type { CheckLine } from "../../lib/box/check-line";
import { findBoxes, likelyHosts } from "../../lib/box/find-box";
import { Telephony, type TelephonyOptions } from "../../lib/box/telephony";
import { TR064_PORT } from "../../lib/tr064/client-options";
import { adminRoute } from "../shared/admin-route";
import { boxes } from "../../lib/box/fritz-box";
import { offerAppUserRoutes } from "./app-user";
import { askedBox, type BoxQuestion, type FlowNode, flowNodes } from "./dialog-box";
import type { BoxSettings } from "./definition";
import { monitorOptions } from "./settings";
import type { Runtime } from "../shared/red";

/** The request contains the address to which the stored password is sent, so it requires write permission. */
const MAY_LOG_IN = "fritz-config.write";

/** Registers the routes; once for a runtime. */
export function offerBoxRoutes(RED: Runtime): void {
  adminRoute(RED, "check", MAY_LOG_IN, async (question: BoxQuestion) => {
    const { settings, options, storedElsewhere } = askedBox(RED, question);
    const nodes = flowNodes(RED);
    const lines = await checkBox({
      ...options,
      monitorPort: monitorOptions(settings).port,
      targetBooks: textsOf(question.targetBooks) ?? targetBooks(nodes, question.id),
      live: liveOf(settings),
    });
    const shown = storedElsewhere ? lines.map(askForPassword) : lines;
    const reached = lines.some(({ id, state }) => (id === "monitor" || id === "box") && state === "ok");
    const privacy = reached ? privacyLine(nodes, question.id) : UNREACHED;
    return { lines: [...shown, ...hangupLine(nodes, question.id, settings), privacy] };
  });
  offerAppUserRoutes(RED, MAY_LOG_IN);
  adminRoute(RED, "find-box", MAY_LOG_IN, async ({ port }: { port?: number }) => ({
    hosts: await findBoxes(searchedHosts(), Number.isInteger(port) ? Number(port) : TR064_PORT),
  }));
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

/** The usual hosts, or for tests those of FRITZ_SEARCH_HOSTS, separated by commas. */
function searchedHosts(): string[] {
  return process.env["FRITZ_SEARCH_HOSTS"]?.split(",") ?? likelyHosts();
}

/** Errors before any answer. */
const UNREACHED: CheckLine = { id: "privacy", state: "info", text: "check.privacy-unknown" };

function textsOf(given: unknown): string[] | undefined {
  return Array.isArray(given) ? given.filter((one): one is string => typeof one === "string") : undefined;
}

/** Rejects a request whose password is stored for another host. */
function optionsOf(RED: Runtime, question: BoxQuestion): TelephonyOptions {
  const { options, storedElsewhere } = askedBox(RED, question);
  if (storedElsewhere) throw new FritzError("password-elsewhere");
  return options;
}

function askForPassword(line: CheckLine): CheckLine {
  if (line.id !== "login") return line;
  return { ...line, state: "fail", text: "error.password-elsewhere" };
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
    ...defined({ lastEventMs }),
  };
}

/** State of the IP phone's registration; no line if no deployed node ends calls at this box. */
function hangupLine(nodes: readonly FlowNode[], boxId: string | undefined, settings: BoxSettings): CheckLine[] {
  if (!nodes.some(({ type, box }) => type === "fritz-hangup" && box === boxId)) return [];
  const states = boxes.agentsOf(monitorOptions(settings).host).map(({ state }) => state);
  const failed = states.find(({ kind }) => kind === "failed");
  if (failed?.kind === "failed") {
    const { code, values } = failed.error;
    return [{ id: "hangup", state: "fail", text: `error.${code}`, values: { ...values } }];
  }
  const registered = states.find(({ kind }) => kind === "registered");
  if (registered?.kind === "registered") {
    return [{ id: "hangup", state: "ok", text: "check.hangup-ok", values: { user: registered.user } }];
  }
  return [{ id: "hangup", state: "info", text: states.length > 0 ? "check.hangup-waiting" : "check.hangup-no-phone" }];
}

/** What the deployed nodes of this box send to services. */
function privacyLine(nodes: readonly FlowNode[], boxId: string | undefined): CheckLine {
  const entries = nodes
    .filter(({ type, box }) => type === "fritz-caller-info" && box === boxId)
    .flatMap(({ providers }) => (Array.isArray(providers) ? (providers as SourceEntry[]) : []));
  const asked = entries
    .filter((entry) => entry?.enabled === true)
    .map((entry) => ({ label: entry.id, sends: "", ...definitionOf(entry)?.profile }))
    .filter(({ sends }) => sends !== "nothing");
  const sources = [...new Set(asked.map(({ label }) => label))].join(", ");
  return sources === ""
    ? { id: "privacy", state: "ok", text: "check.privacy-none" }
    : { id: "privacy", state: "info", text: "check.privacy-some", values: { sources } };
}

/** Target books of the deployed blocking nodes of this box. */
function targetBooks(nodes: readonly FlowNode[], boxId: string | undefined): string[] {
  const books = nodes
    .filter(({ type, box, action }) => type === "fritz-block" && box === boxId && action === "phonebook")
    .map(({ targetBook }) => (typeof targetBook === "string" ? targetBook : ""));
  return [...new Set(books.filter((name) => name !== ""))];
}
