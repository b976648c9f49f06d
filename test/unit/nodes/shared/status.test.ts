/** The texts below the nodes: short in every language, for every failure. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { FritzError, type FritzErrorCode } from "../../../../src/lib/core/errors";
import {
  briefly,
  brieflyProblem,
  clockTime,
  showFailure,
  showStatus,
  STATUS_LENGTH,
} from "../../../../src/nodes/shared/status";
import type { MonitorProblem } from "../../../../src/lib/calls/connection";
import type { Node, Runtime } from "../../../../src/nodes/shared/red";
import { root } from "../../../support/node-red-server";

type Texts = Record<string, string>;
/** The longest that the values of a status become. */
const VALUES: Texts = {
  at: "16:04",
  time: "27.11., 16:04",
  count: "1000",
  total: "9999",
  done: "9999",
  seconds: "600",
  score: "9",
  percent: "100",
};

function flat(value: unknown, path: string, texts: Texts): Texts {
  if (typeof value === "string") texts[path] = value;
  else
    for (const [key, inner] of Object.entries(value as object))
      flat(inner, path === "" ? key : `${path}.${key}`, texts);
  return texts;
}

function catalogues(language: string): Texts {
  const folder = join(root, "locales", language);
  const texts: Texts = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    flat(JSON.parse(readFileSync(join(folder, file), "utf8")), "", texts);
  }
  return texts;
}

/** What rules that allow ("pass") or block give as their reasons; contacts that are not known have a text of their own. */
function reasonsOf(rule: string): string[] {
  const folder = join(root, "src/lib/blocking");
  const source = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const calls = [...source.join("\n").matchAll(new RegExp(`\\b${rule}\\(\\s*"([\\w-]+)"`, "g"))];
  return [...new Set(calls.map(([, because = ""]) => because))].filter((because) => because !== "friends-unknown");
}

/** As Node-RED: the text of a key, or the key itself. */
function runtime(texts: Texts): Runtime {
  const _ = (key: string, values: Record<string, unknown> = {}) => {
    const name = key.slice(key.indexOf(":") + 1);
    return (texts[name] ?? key).replace(/__(\w+)__/g, (_all, value: string) => String(values[value]));
  };
  return { _ } as unknown as Runtime;
}

function shown(show: (node: Node) => void): string {
  let text = "";
  show({ status: (status: { text: string }) => (text = status.text) } as unknown as Node);
  return text;
}

for (const language of readdirSync(join(root, "locales"))) {
  describe(`the texts below the nodes (${language})`, () => {
    const texts = catalogues(language);
    const named = (part: RegExp) => Object.entries(texts).filter(([key]) => part.test(key));

    it("have at most 25 characters", () => {
      const statuses = named(/^[\w-]+\.(status|acting)\./);
      if (language === "en-US") assert.ok(statuses.length > 40);
      for (const [key, text] of statuses) {
        const full = text.replace(/__(\w+)__/g, (all, name: string) => VALUES[name] ?? all);
        assert.ok(full.length <= STATUS_LENGTH && !full.includes("__"), `${key}: "${full}" (${full.length})`);
      }
    });

    it("have a text for each reason of a decision, which the editor shows in its own language", () => {
      for (const [word, rule] of Object.entries({ allowed: "pass", blocked: "block", "would-block": "block" })) {
        const reasons = reasonsOf(rule);
        assert.ok(reasons.length >= 8, `${rule}: ${reasons.join()}`);
        for (const because of reasons) assert.ok(texts[`fritz-block.status.${word}.${because}`], `${word}: ${because}`);
      }
    });

    it("say each failure in few words, with its time", function () {
      if (named(/^fritz-config\.brief\./).length === 0) this.skip(); // a language that is under way
      const RED = runtime(texts);
      const codes = named(/^fritz-config\.error\./).map(([key]) => key.slice("fritz-config.error.".length));
      assert.ok(codes.length > 100);
      for (const code of codes) {
        const error = new FritzError(code as FritzErrorCode);
        const text = shown((node) => showFailure(RED, node, error));
        assert.match(text, /^\d\d:\d\d \S/, code);
        assert.ok(!text.endsWith("…") && !text.includes("brief"), `${code}: ${text}`);
        assert.ok(briefly(RED, error).length <= STATUS_LENGTH - 6, code);
      }
      for (const [key] of named(/^fritz-config\.problem\./)) {
        const problem = { code: key.slice("fritz-config.problem.".length) } as MonitorProblem;
        const text = brieflyProblem(RED, problem);
        assert.ok(!text.includes("brief") && text.length <= STATUS_LENGTH - 6, `${key}: ${text}`);
      }
    });
  });
}

describe("showStatus", () => {
  it("cuts what a value makes too long", () => {
    const text = shown((node) => showStatus(node, "green", "dot", "anrufe-der-ganzen-familie-2026.log"));
    assert.equal(text, "anrufe-der-ganzen-famili…");
  });

  it("passes keys of the catalogue whole, which the editor puts into its own language", () => {
    const key = "fritz-callmonitor.status.connecting";
    assert.equal(
      shown((node) => showStatus(node, "yellow", "ring", key)),
      key,
    );
  });

  it("gives the day of what began on another", () => {
    const noon = new Date(2026, 10, 7, 12, 5);
    assert.equal(clockTime(noon.getTime()), "7.11.");
    assert.match(clockTime(), /^\d\d:\d\d$/);
  });
});
