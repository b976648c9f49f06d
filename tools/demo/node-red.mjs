// The demo's Node-RED, for `npm start` and `npm run dev`: its user folder, its port, its process.
import { fork } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { root } from "../ensure.mjs";

const require = createRequire(import.meta.url);

/** Of the user: of Node-RED's statuses, of the names in the flow, and of the lines in the terminal. */
const { LC_ALL, LANG } = process.env;
const language = /^de/i.test(LC_ALL || LANG || Intl.DateTimeFormat().resolvedOptions().locale) ? "de" : "en-US";

const demoFile = (name) => JSON.parse(readFileSync(join(root, "tools", "demo", name), "utf8"));

/** The demo's flow with names in the user's language; its comments are in both. */
function demoFlows() {
  const names = language === "de" ? demoFile("names.de.json") : {};
  return demoFile("flows.json").map((node) => (names[node.name] ? { ...node, name: names[node.name] } : node));
}

/** Makes the user folder with this package in it; flows that are there stay. */
export function prepareUserDir(userDir) {
  mkdirSync(join(userDir, "node_modules"), { recursive: true });
  const link = join(userDir, "node_modules", "node-red-contrib-fritz-calls");
  rmSync(link, { recursive: true, force: true });
  symlinkSync(root, link, "junction");
  const flows = join(userDir, "flows.json");
  if (existsSync(flows)) return;
  writeFileSync(flows, JSON.stringify(demoFlows(), undefined, 2));
  const secrets = {
    "fritz-demo-box": { username: "fritz1234", password: "secret" },
    "fritz-demo-hangup": { sipUsername: "anrufwaechter", sipPassword: "Beispiel1234" },
    "fritz-demo-info": { phoneblockToken: "pbt_simulator" },
  };
  writeFileSync(join(userDir, "flows_cred.json"), JSON.stringify(secrets));
}

/** The port that people expect if it is free, else any. */
export function freePort(liked) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(freePort(0)));
    probe.listen(liked, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts Node-RED on the port, connected to the simulated box. */
export function forkNodeRed({ userDir, port, box, buttons, execArgv = [], env = {} }) {
  return fork(
    require.resolve("node-red/red.js"),
    ["--settings", join(root, "tools", "demo", "settings.cjs"), "--userDir", userDir],
    {
      cwd: userDir,
      silent: true,
      execArgv,
      env: {
        ...process.env,
        FRITZ_DEMO_LANG: language,
        FRITZ_DEMO_PORT: String(port),
        FRITZ_DEMO_MONITOR_PORT: String(box.monitor.port),
        FRITZ_DEMO_TR064_PORT: String(box.tr064.port),
        FRITZ_DEMO_TLS_PORT: String(box.tr064.tlsPort),
        FRITZ_DEMO_SIP_PORT: String(box.sip.port),
        FRITZ_DEMO_CONTROL: `http://127.0.0.1:${buttons.address().port}/`,
        FRITZ_DEMO_PHONEBLOCK: `http://127.0.0.1:${box.web.port}/phoneblock`,
        ...env,
      },
    },
  );
}
