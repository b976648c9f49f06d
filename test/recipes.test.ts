/** The recipes of CONTRIBUTING.md, where a test can hold them true: what has to be touched, and that the compiler names it. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { root } from "./support/node-red-server";

const contributing = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");

/** The paths that a recipe names in backquotes, `<node>` and `<language>` filled in. */
function pathsOf(recipe: string, node: string): string[] {
  const [, text = ""] = contributing.split(`## Recipe: ${recipe}\n`);
  const [own = ""] = text.split("\n## ");
  const named = [...own.matchAll(/`((?:src|locales)\/[^`]+\.\w+)`/g)].map(([, path = ""]) => path);
  return named
    .flatMap((path) => (path.includes("*") ? ["de", "en-US"].map((language) => path.replace("*", language)) : [path]))
    .map((path) => path.replaceAll("<node>", node));
}

/** The files of the package's sources that have a word. */
function filesWith(word: string): string[] {
  return ["src", "locales"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
    )
    .filter((path) => /\.(ts|html|json)$/.test(path))
    .filter((path) => !path.startsWith("locales/") || /^locales\/(de|en-US)\//.test(path)) // others may follow later
    .filter((path) => new RegExp(`\\b${word}\\b`).test(readFileSync(join(root, path), "utf8")))
    .sort();
}

describe("recipe: a property of a node", () => {
  const recipe = pathsOf("a property of a node", "fritz-block");
  const isFormPart = (path: string) => /\/form-\w+\.html$/.test(path);

  it("names the places of a property that is no rule, and no other", () => {
    const places = recipe.filter((path) => !path.startsWith("src/lib/"));
    for (const property of ["maxEntries", "expireDays"]) {
      const touched = filesWith(property);
      assert.deepEqual(
        touched.filter((path) => !isFormPart(path)),
        [...places].sort(),
        property,
      );
      assert.ok(touched.length <= 8, touched.join(", "));
    }
  });

  it("takes at most nine files for one that is a rule of fritz-block", () => {
    for (const property of ["booksWhenUnknown", "quietVipOnly"]) {
      const touched = filesWith(property);
      assert.ok(touched.length <= 9, touched.join(", "));
      const others = touched.filter((path) => !recipe.includes(path) && !isFormPart(path));
      assert.ok(
        others.every((path) => /blocking\/(pass-)?rules\.ts$|src\/editor\/block/.test(path)),
        others.join(", "),
      );
    }
  });
});

describe("recipe: an event of the call monitor", () => {
  /** A fifth event, and its line. */
  const CHANGED: Record<string, (text: string) => string> = {
    "src/lib/calls/types.ts": (text) => text.replace(`"disconnect"] as const`, `"disconnect", "hold"] as const`),
    "src/lib/calls/monitor-line.ts": (text) =>
      `${text.replace(/export type MonitorLine =/, "$& HoldLine |")}\nexport interface HoldLine extends LineBase { event: "hold" }\n`,
  };

  it("the compiler names each file that the recipe names", function () {
    const recipe = pathsOf("an event of the call monitor", "fritz-callmonitor");
    const code = recipe.filter((path) => path.endsWith(".ts") && path.startsWith("src/") && !(path in CHANGED));
    assert.ok(code.length >= 3, code.join(", "));
    assert.ok(recipe.length <= 9, recipe.join(", "));
    assert.deepEqual(filesWithErrors(code, CHANGED), [...code].sort());
    for (const path of Object.keys(CHANGED)) assert.ok(recipe.includes(path), path);
  });
});

/** The files below src/ that do not compile, with some of them changed; `from` and what they import is looked at. */
function filesWithErrors(from: string[], changed: Record<string, (text: string) => string>): string[] {
  const file = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(file.config, ts.sys, root);
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, language, ...rest) => {
    const change = Object.entries(changed).find(([name]) => path.endsWith(`/${name}`))?.[1];
    if (!change) return read(path, language, ...rest);
    const text = readFileSync(path, "utf8");
    assert.notEqual(change(text), text, path);
    return ts.createSourceFile(path, change(text), language, true);
  };
  const program = ts.createProgram(
    from.map((path) => join(root, path)),
    { ...options, noEmit: true },
    host,
  );
  const files = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(join(root, "src/")));
  return files
    .filter((source) => program.getSemanticDiagnostics(source).length > 0)
    .map(({ fileName }) => fileName.slice(root.length + 1))
    .sort();
}
