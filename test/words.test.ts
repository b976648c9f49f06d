/** Names and prose use the field's standard terms: what was renamed once stays renamed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { filesOf, isNamed, pathsIn, readDocuments } from "./support/documents";
import { readFiles } from "./support/source-rules";

const root = join(__dirname, "..");
const FOLDERS = ["src", "simulator", "tools", "bench", "test", "docs", "locales/en-US", "examples"];
const CODE = readFiles(root, /\.([cm]?[jt]s|html)$/, ...FOLDERS.slice(0, 5));
const TEXTS = readFiles(root, /\.([cm]?[jt]s|html|json|md|css)$/, ...FOLDERS);

/** Parts of names, as words: `townCrier`, `town-crier` and `TownCrier` are one. */
const NAMES = [
  ...["bar bench", "bar shelf", "barring round", "book shelf", "connection keeper", "home view", "home numbers"],
  ...["known call", "known calls", "call turn", "hasty clock", "in turns", "town crier", "block desk", "judged"],
  ...["sound answer", "shape check", "descriptor check", "source memory", "source news", "good callers"],
  ...["block orders", "entry store", "box lists", "played call", "callers desk", "testimony", "inquiry", "announcer"],
  ...["deed", "befriend", "trust again", "went right", "went wrong", "gist", "unwrite"],
  ...["source guard", "source guards", "told call", "told calls", "is told", "as told", "just told", "told ms"],
  ...["tell now", "tell gaps"],
];
/** Names that stand in other ones: an interval after a gap, ms, is one. */
const EXACT = ["gapMs"];
/** Verbs of speaking are no names: a function shows, reports, or returns the text of something. Nor are persons and furniture. */
const SPEAKING =
  /(?:\b(?:const|let|function|class|interface|type|private|protected)\s+|^\s+(?:async )?)(say|tell|told|speak|complain|hear|desk|keeper|isolated|within|manners|fate)(?=\s*[(=:<;])/i;
const HAVE_NONE = ["src/", "test/", "simulator/"];
/** What a simulated caller says is spoken. */
const SPOKEN = /^(simulator\/(box|commands)\.ts|test\/words\.test\.ts)/;
/** Words of comments, tests, help and documents. */
const PROSE = /\b(nobody|whoever|for ever|tells the people|town[- ]crier)\b/i;
/** Lines of a call list, what a telephone says, an order of a user, and this test. */
const QUOTED = /nobody answered|Nobody called today|minutes: "for ever"|^test\/words\.test\.ts/;

/** "TownCrier" -> "town crier" */
const wordsOf = (name: string) =>
  name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[-_./]+/g, " ")
    .toLowerCase();

const OLD_NAME = new RegExp(`\\b(${NAMES.join("|")})\\b`);
const linesOf = (path: string, text: string) => text.split("\n").map((line, i) => ({ at: `${path}:${i + 1}`, line }));

const isOldName = (name: string) => EXACT.includes(name) || OLD_NAME.test(wordsOf(name));

/** This list; and former names of the library and of saved flows that are understood beside the present ones. */
const STILL_OLD = [
  ...["test/words.test.ts", "test/saved-flow.test.ts", "src/lib/live.ts", "src/lib/callers/source-definition.ts"],
  ...["src/editor/source-groups.ts", "test/unit/editor/source-groups.test.ts", "test/nodes/fritz-caller-info.test.ts"],
];

function oldNames(): string[] {
  const inCode = [...CODE].filter(([path]) => !STILL_OLD.includes(path));
  return inCode.flatMap(([path, text]) => {
    const names = new Set(text.match(/[A-Za-z_$][\w$]*/g));
    return [path, ...names].filter(isOldName).map((name) => `${path}: ${name}`);
  });
}

function oldProse(): string[] {
  const lines = [...TEXTS].flatMap(([path, text]) =>
    text.split("\n").map((line, i) => `${path}:${i + 1} ${line.trim()}`),
  );
  return lines.filter((line) => PROSE.test(line) && !QUOTED.test(line));
}

describe("words", () => {
  it("knows an old name in every spelling", () => {
    const spelled = ["town-crier.ts", "TownCrier", "theTownCrier", "HASTY_CLOCK", "homeView"];
    assert.deepEqual(spelled.filter(isOldName), spelled);
    assert.deepEqual(["within", "indeed", "homeCache", "gistless"].filter(isOldName), []);
  });

  it("has no file or symbol with an old name", () => assert.deepEqual(oldNames(), []));

  it("names nothing after speaking", () => {
    const files = [...CODE].filter(([path]) => HAVE_NONE.some((folder) => path.startsWith(folder)));
    const lines = files.filter(([path]) => !SPOKEN.test(path)).flatMap(([path, text]) => linesOf(path, text));
    assert.deepEqual(
      lines.filter(({ line }) => SPEAKING.test(line)).map(({ at, line }) => `${at} ${line.trim()}`),
      [],
    );
    for (const line of [
      "const say = () => 1;",
      "  private tell(): void {",
      "function tell(a: string) {",
      "  say: string;",
    ]) {
      assert.match(line, SPEAKING);
    }
  });

  it("has no riddle in its comments, tests, help and documents", () => assert.deepEqual(oldProse(), []));
});

describe("words: paths in documents", () => {
  const files = filesOf(root);
  const lost = (document: string, text: string) =>
    pathsIn(text)
      .filter((path) => !isNamed(path, document, files))
      .map((path) => `${document}: ${path}`);

  it("lead to a file or folder that is there", () => {
    const documents = [...readDocuments(root)];
    assert.ok(documents.flatMap(([, text]) => pathsIn(text)).length > 80);
    assert.deepEqual(
      documents.flatMap(([path, text]) => lost(path, text)),
      [],
    );
  });

  it("are found however they are written, and missed when they are gone", () => {
    const there =
      "`core/errors.ts` `words.test.ts` `test/` `src/nodes/<node>/definition.ts` `locales/*/fritz-log.json`";
    assert.deepEqual(lost("docs/a.md", there), []);
    assert.deepEqual(lost("bench/README.md", "`run.mjs` `lib/figures.mjs`"), []);
    assert.deepEqual(lost("a.md", "`domain/box-time.ts` `gone.ts` `src/none/`"), [
      ...["a.md: domain/box-time.ts", "a.md: gone.ts", "a.md: src/none/"],
    ]);
  });
});
