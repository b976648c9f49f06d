/** The documents: links lead somewhere, commands exist, decisions are numbered. That paths exist: words.test.ts. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { anchorsOf, prose, readDocuments } from "./support/documents";
import { packageJson } from "./support/node-html";
import { root } from "./support/node-red-server";

const documents = readDocuments(root);
const vendored = JSON.parse(readFileSync(join(root, "tools/vendored.json"), "utf8")) as Record<string, string>;
const decisions = [...documents.keys()].filter((path) => path.startsWith("docs/decisions/")).sort();

/** Links and pictures that stay in the project: `[a](b#c)` and `[a]: b`. */
const linksIn = (text: string) =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
    .map(([, inline, below]) => inline ?? below ?? "")
    .filter((target) => !/^[a-z]+:/.test(target));

/** What is wrong with a link of a document, if anything. */
function brokenLink(from: string, target: string): string[] {
  const [file = "", anchor = ""] = target.split("#");
  const path = file === "" ? from : normalize(join(dirname(from), file)).replaceAll("\\", "/");
  if (!existsSync(join(root, path))) return [`${from}: ${target} is not there`];
  if (anchor === "" || anchorsOf(documents.get(path) ?? "").includes(anchor)) return [];
  return [`${from}: ${target}: ${path} has no such heading`];
}

describe("the documents", () => {
  it("are read, each one", () => {
    for (const path of ["README.md", "README.de.md", "docs/messages.md", "bench/README.md", "data/SOURCES.md"]) {
      assert.ok(documents.has(path), path);
    }
    assert.ok(decisions.length >= 35, `${decisions.length} decisions`);
  });

  it("link only to what is there", () => {
    const links = [...documents].flatMap(([from, text]) => linksIn(text).map((target) => ({ from, target })));
    assert.ok(links.length > 40, `${links.length} links`);
    assert.deepEqual(
      links.flatMap(({ from, target }) => brokenLink(from, target)),
      [],
    );
  });

  it("are each linked from another one, or from the folder's own list", () => {
    const linked = new Set(
      [...documents].flatMap(([from, text]) =>
        linksIn(text).map((target) => normalize(join(dirname(from), target.split("#")[0] ?? ""))),
      ),
    );
    const lonely = [...documents.keys()].filter((path) => !linked.has(path) && !linked.has(dirname(path)));
    assert.deepEqual(
      lonely.filter((path) => !["README.md", "SECURITY.md"].includes(path)), // where everybody looks
      [],
    );
  });

  it("name only commands that package.json has", () => {
    const named = [...documents].flatMap(([from, text]) =>
      [...text.matchAll(/\bnpm run ([a-z][\w-]*)/g)].map(([, name = ""]) => ({ from, name })),
    );
    assert.ok(named.length > 5);
    assert.deepEqual(
      named.filter(({ name }) => packageJson.scripts[name] === undefined),
      [],
    );
  });

  it("find a broken link, a missing heading, and none in a code block", () => {
    assert.deepEqual(brokenLink("docs/library.md", "../README.md#examples"), []);
    assert.deepEqual(brokenLink("docs/library.md", "README.md"), ["docs/library.md: README.md is not there"]);
    assert.match(brokenLink("README.md", "#no-such").join(), /README\.md has no such heading/);
    assert.deepEqual(linksIn("[a](b.md#c) [d](https://e)\n```\n[f](g)\n```\n[h]: i.md\n"), ["b.md#c", "i.md"]);
  });
});

describe("the decisions", () => {
  it("are numbered without a gap, in the file's name and in the heading", () => {
    const numbers = decisions.map((path) => Number(/^\d{4}(?=-)/.exec(basename(path))?.[0]));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
    const headings = decisions.map((path) => /^# (\d+)\. \S/.exec(documents.get(path) ?? "")?.[1]);
    assert.deepEqual(headings, numbers.map(String));
  });

  it("are named by a number that there is", () => {
    const cited = [...documents].flatMap(([from, text]) =>
      [...text.matchAll(/\bdecisions? (\d+)\b/gi)].map(([, number = ""]) => ({ from, number: Number(number) })),
    );
    assert.ok(cited.length > 3);
    assert.deepEqual(
      cited.filter(({ number }) => number < 1 || number > decisions.length),
      [],
    );
  });

  it("give the reason for each package that is built in", () => {
    const texts = decisions.map((path) => documents.get(path) ?? "").join("\n");
    for (const module of Object.keys(vendored)) {
      const [name = ""] = module.split("/");
      assert.ok(texts.includes(name), name);
    }
    assert.equal(packageJson.dependencies, undefined, "none at run time: decision 34");
  });
});
