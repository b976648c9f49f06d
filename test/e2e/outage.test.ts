/** What a person is told in a real Node-RED when the box is away: in their language, once, and without numbers. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { startNodeRed, root, type FlowNode, type NodeRedServer } from "../support/node-red-server";
import { onEachNodeRed } from "../support/versions";
import { pause, until } from "../support/wait";

interface Said {
  topic?: string;
  error?: { message: string };
  status?: { fill: string; text: string };
}

const LANGUAGES = ["de", "en-US"] as const;

function sentence(lang: string, key: string, values: Record<string, string | number>): string {
  const catalog = JSON.parse(readFileSync(join(root, "locales", lang, "fritz-config.json"), "utf8")) as {
    "fritz-config": { problem: Record<string, string>; recovered: string };
  };
  const text = key === "recovered" ? catalog["fritz-config"].recovered : catalog["fritz-config"].problem[key];
  return Object.entries(values).reduce(
    (done, [name, value]) => done.replaceAll(`__${name}__`, String(value)),
    text ?? "",
  );
}

describe("an outage", () => {
  onEachNodeRed((version) => {
    for (const lang of LANGUAGES) {
      describe(lang, () => {
        let server: NodeRedServer | undefined;
        const box = new SimulatedBox();
        after(async () => {
          await server?.stop();
          await box.monitor.stop();
        });

        const flows = (listeners: boolean): FlowNode[] => {
          const place = { z: "tab", x: 1, y: 1 };
          const file = {
            type: "file",
            filename: "said.json",
            filenameType: "str",
            appendNewline: true,
            overwriteFile: "false",
            encoding: "none",
            ...place,
          };
          const change = {
            type: "change",
            rules: [
              {
                t: "set",
                p: "payload",
                pt: "msg",
                to: '{"topic": topic, "error": {"message": error.message}, "status": status}',
                tot: "jsonata",
              },
            ],
            ...place,
          };
          return [
            { id: "tab", type: "tab", label: "t" },
            { id: "box", type: "fritz-config", name: "Home", host: "127.0.0.1", monitorPort: box.monitor.port },
            { id: "m", type: "fritz-callmonitor", box: "box", wires: [[]], ...place },
            ...(listeners
              ? [
                  { id: "c", type: "catch", scope: ["m"], wires: [["x"]], ...place },
                  { id: "s", type: "status", scope: ["m"], wires: [["x"]], ...place },
                  { id: "x", ...change, wires: [["f"]] },
                  { id: "f", ...file, wires: [[]] },
                ]
              : []),
          ];
        };
        const said = (): Said[] => {
          const file = join(server?.userDir ?? "", "said.json");
          if (!existsSync(file)) return [];
          const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
          return lines.map((line) => JSON.parse(line) as Said);
        };
        const ours = () => (server?.log ?? []).filter((line) => /fritz-/.test(line));

        it("is one sentence at the Catch node and a few words in the status; its end is one line in the log", async function () {
          await box.monitor.listen();
          await box.monitor.refuse();
          server = await startNodeRed({ version, lang, flows: flows(true) });
          const off = sentence(lang, "refused", { host: "127.0.0.1" });
          assert.match(off, /#96\*5\*/);
          const brief = lang === "de" ? " Anrufmonitor aus" : " monitor is off";
          await until("the Catch node", () => said().some(({ error }) => error?.message === off));
          await until("the red status", () =>
            said().some(({ status }) => status?.fill === "red" && status.text.endsWith(brief)),
          );
          await pause(1500);
          await box.monitor.accept();
          await until("the green status", () => said().some(({ status }) => status?.fill === "green"));
          assert.equal(said().filter(({ topic }) => topic === "outage").length, 1);
          await server.waitForLog(lang === "de" ? "wieder verbunden" : "connected again");
          assert.equal(ours().length, 1, ours().join("\n"));
        });

        it("is two lines in the log without a Catch node, however often the box is tried meanwhile", async function () {
          const from = ours().length;
          await server?.deploy(flows(false));
          await box.monitor.refuse();
          box.monitor.resetAll();
          await server?.waitForLog(sentence(lang, "restarting", { host: "127.0.0.1" }));
          await pause(4000);
          await box.monitor.accept();
          await until("the connection", () => box.monitor.connections === 1);
          await until("both lines", () => ours().length === from + 2);
          assert.deepEqual(
            ours()
              .slice(from)
              .map((line) => /\[(error|info)\]/.exec(line)?.[1]),
            ["error", "info"],
          );
        });

        it("is none if the box only closes or resets an idle connection", async () => {
          const from = ours().length;
          for (const end of ["closeAll", "resetAll", "closeAll"] as const) {
            const accepted = box.monitor.accepted;
            box.monitor[end]();
            await until(
              "the next connection",
              () => box.monitor.accepted === accepted + 1 && box.monitor.connections === 1,
            );
          }
          await pause(300);
          assert.equal(ours().length, from, ours().slice(from).join("\n"));
        });
      });
    }
  });
});
