/** What every command of package.json needs before it can install anything: Node.js alone. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { packageJson } from "../support/node-html";
import { root } from "../support/node-red-server";

const scripts = Object.entries(packageJson.scripts);

/** The static imports of a tool and of all that it imports: `await import()` comes later, when what it needs is installed. */
function staticImports(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, "utf8");
  const names = [...text.matchAll(/^(?:import|export)\b[^;`]*?from "([^"]+)";$|^import "([^"]+)";$/gm)];
  return names.flatMap(([, from, alone]) => {
    const name = from ?? alone ?? "";
    if (!name.startsWith(".")) return [name];
    return name.endsWith(".mjs") ? staticImports(join(dirname(file), name), seen) : []; // else: in the template of a file
  });
}

describe("tools: a fresh clone", () => {
  for (const [name, command] of scripts.filter(([, line]) => line.startsWith("node tools/"))) {
    const file = join(root, command.split(" ")[1] ?? "");

    it(`npm run ${name} begins with nothing installed`, () => {
      assert.ok(existsSync(file), file);
      const imports = staticImports(file);
      assert.ok(imports.length > 0, "an import was read at all");
      assert.deepEqual(
        imports.filter((module) => !isBuiltin(module)),
        [],
      );
    });
  }

  it("every command of the list in CONTRIBUTING.md is one that installs what it needs", () => {
    const [, list = ""] = /```\n(npm run dev[^]*?)```/.exec(readFileSync(join(root, "CONTRIBUTING.md"), "utf8")) ?? [];
    const named = [...list.matchAll(/^npm (?:run )?(\S+)/gm)].map(([, name = ""]) => name);
    assert.deepEqual(named, ["dev", "check", "test", "coverage", "bench", "docs"]);
    for (const name of named) {
      const [, file = ""] = /^node (tools\/[\w-]+\.mjs)/.exec(packageJson.scripts[name] ?? "") ?? [];
      assert.match(readFileSync(join(root, file), "utf8"), /\binstall\(root\)/, name);
    }
  });
});
