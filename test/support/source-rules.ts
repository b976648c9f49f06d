/** Test support: the architecture's rules, checked on the syntax tree of the sources. A rule breach is a readable sentence. */
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";
import * as ts from "typescript";

/** Path from the project's root, with slashes -> text. */
export type Sources = ReadonlyMap<string, string>;

interface Import {
  from: string;
  line: number;
}

/** Folder -> its level: a file imports from its own folder and from lower levels. */
const LEVELS: [folder: string, level: number][] = [
  ["src/lib/core/", 0],
  ["src/lib/numbers/", 1],
  ["src/lib/web/", 2],
  ["src/lib/tr064/", 2],
  ["src/lib/phonebook/", 3],
  ["src/lib/telephony/", 4],
  ["src/lib/calls/", 5],
  ["src/lib/sip/", 5],
  ["src/lib/box/", 6],
  ["src/lib/callers/described/", 8],
  ["src/lib/callers/sources/", 9],
  ["src/lib/callers/", 7],
  ["src/lib/blocking/", 10],
  ["src/lib/log/", 11],
  ["src/nodes/", 12],
  ["src/editor/", 12],
];
const NODES = 12;

/** Files that may use the process's own clock, random numbers or event loop without a parameter. */
export const TIMED_FILES: readonly string[] = [
  "src/lib/box/check-line.ts",
  "src/lib/callers/sources/block-list-remote.ts",
  "src/lib/callers/sources/block-list.ts",
  "src/lib/callers/sources/phoneblock.ts",
  "src/lib/core/async.ts",
  "src/lib/core/clock.ts",
  "src/lib/sip/cli.ts",
];

/** The only files that may touch a socket, HTTP, the disk or a worker. */
export const IO_FILES: readonly string[] = [
  "src/lib/blocking/block-phrases.ts",
  "src/lib/callers/described/reader-thread.ts",
  "src/lib/callers/sources/list-file.ts",
  "src/lib/calls/tcp-connection.ts",
  "src/lib/core/bounded-file.ts",
  "src/lib/core/guarded-worker.ts",
  "src/lib/core/home-network.ts",
  "src/lib/core/json-file.ts",
  "src/lib/core/noted-file.ts",
  "src/lib/log/file.ts",
  "src/lib/numbers/data.ts",
  "src/lib/sip/place.ts",
  "src/lib/sip/sockets.ts",
  "src/lib/tr064/http.ts",
  "src/lib/tr064/login.ts",
  "src/lib/web/body.ts",
  "src/lib/web/fetch.ts",
  "src/lib/web/public-address.ts",
];

/** The public exports; no file below src/ imports one of them, but the first hands out the others. */
const ENTRY = "src/lib/index.ts";
/** Other folders use the entry point of `numbers/`; the editor's scripts use the part without data. */
const NUMBERS = "src/lib/numbers/";
const NUMBERS_ENTRY_POINTS = ["src/lib/numbers/index.ts", "src/lib/numbers/pattern-syntax.ts"];
const PARTS = ["src/lib/pure.ts", "src/lib/live.ts"];
const isEntry = (path: string) => path === ENTRY || PARTS.includes(path);
const OUTSIDE_WORLD = ["net", "tls", "http", "https", "http2", "fs", "dns", "dgram", "child_process", "worker_threads"];
const OUTSIDE_GLOBALS = ["fetch", "WebSocket", "XMLHttpRequest", "EventSource"];
const IMPURE_GLOBALS = ["process", "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "console"];
const IMPURE_CALLS = ["Date.now", "Math.random", "performance.now"];

/** Lines of a file in any language. */
const MOST_LINES = 200;

/** Files with too many lines. `files`: path -> text, in any language. */
export function lengthBreaches(files: Sources): string[] {
  return [...files].flatMap(([path, text]) => {
    const lines = text.split("\n").length - 1;
    return lines > MOST_LINES ? [`${path} has ${lines} lines, at most ${MOST_LINES} are allowed`] : [];
  });
}

/** Reads the files of folders below `root` whose names match. */
export function readFiles(root: string, name: RegExp, ...folders: string[]): Sources {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((path) => posix.join(folder, path.replaceAll("\\", "/")))
      .filter((path) => name.test(path) && !path.includes("node_modules/")),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

/** Reads all TypeScript files of folders below `root`. */
export const readSources = (root: string, ...folders: string[]): Sources => readFiles(root, /\.[cm]?ts$/, ...folders);

const folderOf = (path: string) => LEVELS.find(([folder]) => path.startsWith(folder));

const parsed = new Map<string, ts.SourceFile>();

function parse(path: string, text: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known?.text === text) return known;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  parsed.set(path, file);
  return file;
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

const lineOf = (file: ts.SourceFile, node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;

/** Every way in which a file can name another module: import, export from, import type, import(), require(). */
export function importsOf(path: string, text: string): Import[] {
  const file = parse(path, text);
  const found: Import[] = [];
  const add = (node: ts.Node | undefined) => {
    if (node && ts.isStringLiteralLike(node)) found.push({ from: node.text, line: lineOf(file, node) });
  };
  walk(file, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isCallExpression(node)) {
      const called = node.expression.getText(file);
      if (["import", "require", "require.resolve"].includes(called)) add(node.arguments[0]);
    }
  });
  return found;
}

/** The file that a relative import means. */
function resolveImport(sources: Sources, path: string, from: string): string | undefined {
  const target = posix.join(posix.dirname(path), from);
  return [target, `${target}.ts`, `${target}/index.ts`, target.replace(/\.([cm]?)js$/, ".$1ts")].find((candidate) =>
    sources.has(candidate),
  );
}

const isRelative = (from: string) => /^\.{1,2}(\/|$)/.test(from);

/** Who may import what. `dependencies` are the packages of which a user gets a part. */
export function importBreaches(sources: Sources, dependencies: readonly string[]): string[] {
  const breaches: string[] = [];
  for (const [path, text] of sources) {
    for (const { from, line } of importsOf(path, text)) {
      const breach = isRelative(from)
        ? relativeBreach(path, from, resolveImport(sources, path, from))
        : moduleBreach(path, from, dependencies);
      if (breach !== undefined) breaches.push(`${path}:${line} ${breach}`);
    }
  }
  return breaches;
}

/** Imports from outside `src/lib/numbers/` that go around its entry point. */
export function numbersBreaches(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) => {
    if (path.startsWith(NUMBERS)) return [];
    const targets = importsOf(path, text).map(({ from }) =>
      isRelative(from) ? resolveImport(sources, path, from) : "",
    );
    return targets
      .filter((target) => target?.startsWith(NUMBERS) && !NUMBERS_ENTRY_POINTS.includes(target))
      .map((target) => `${path} imports ${target} instead of ${NUMBERS_ENTRY_POINTS[0]}`);
  });
}

function relativeBreach(path: string, from: string, target: string | undefined): string | undefined {
  if (path.startsWith("simulator/")) {
    return target?.startsWith("simulator/") ? undefined : `the simulator stands alone, but imports ${from}`;
  }
  if (target === undefined || !target.startsWith("src/")) return `imports ${from}, which is no file under src/`;
  if (path === ENTRY && PARTS.includes(target)) return undefined;
  if (isEntry(target)) return `imports the entry point ${target} instead of the file itself`;
  const [folder, level] = folderOf(path) ?? [];
  const [otherFolder, otherLevel] = folderOf(target) ?? [];
  if (isEntry(path)) {
    return otherLevel !== undefined && otherLevel < NODES
      ? undefined
      : `hands out ${target}, which is not of the library`;
  }
  if (level === undefined || otherLevel === undefined) return undefined; // reported by `headerBreaches`
  if (otherLevel > level) return `imports upwards from ${target}`;
  return otherLevel === level && otherFolder !== folder
    ? `imports ${target} from a folder of the same level`
    : undefined;
}

function moduleBreach(path: string, from: string, dependencies: readonly string[]): string | undefined {
  const inNodes = path.startsWith("src/nodes/");
  const [scopeOrName = "", name = ""] = from.replace(/^node:/, "").split("/");
  if (isBuiltin(from)) {
    if (!path.startsWith("src/")) return undefined;
    if (OUTSIDE_WORLD.includes(scopeOrName) && !IO_FILES.includes(path)) {
      return `imports ${from}, but is not in the list of files that do I/O`;
    }
    return from.startsWith("node:") ? undefined : `imports ${from} without "node:"`;
  }
  const packageName = from.startsWith("@") ? `${scopeOrName}/${name}` : scopeOrName;
  if (packageName.startsWith("node-red") || packageName.startsWith("@node-red/")) {
    return inNodes ? undefined : `imports Node-RED (${from}) outside src/nodes`;
  }
  return dependencies.includes(packageName) ? undefined : `imports ${from}, which is not in tools/vendored.json`;
}

/** Import cycles, each as `a -> b -> a`. Type imports count, too. */
export function cycles(sources: Sources): string[] {
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, way: string[]) => {
    const start = way.indexOf(path);
    if (start >= 0) {
      const circle = way.slice(start);
      const first = circle.indexOf([...circle].sort()[0] ?? "");
      const turned = [...circle.slice(first), ...circle.slice(0, first)];
      found.add([...turned, turned[0]].join(" -> "));
      return;
    }
    if (done.has(path)) return;
    for (const { from } of importsOf(path, sources.get(path) ?? "")) {
      const target = isRelative(from) ? resolveImport(sources, path, from) : undefined;
      if (target !== undefined) visit(target, [...way, path]);
    }
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return [...found];
}

/** Each file lies in a known folder and starts with a comment that states its purpose. */
export function headerBreaches(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) => {
    const start = ts.getShebang(text)?.length ?? 0; // of a command
    const [comment] = ts.getLeadingCommentRanges(text, start) ?? [];
    if (comment?.pos !== (start === 0 ? 0 : start + 1) || !/[a-z]/i.test(text.slice(start, comment.end))) {
      return [`${path} does not start with a comment that says its one job`];
    }
    return isEntry(path) || folderOf(path) ? [] : [`${path} lies in no known folder`];
  });
}

/** Exported functions and classes without a docstring directly before them. */
export function docBreaches(sources: Sources): string[] {
  const breaches: string[] = [];
  for (const [path, text] of sources) {
    const file = parse(path, text);
    for (const statement of file.statements) {
      const name = exportedCallable(statement);
      if (name === undefined) continue;
      const comment = ts.getLeadingCommentRanges(text, statement.getFullStart())?.at(-1);
      const documented =
        comment !== undefined &&
        text.slice(comment.pos, comment.pos + 3) === "/**" &&
        /^[ \t]*\r?\n[ \t]*$/.test(text.slice(comment.end, statement.getStart(file))) &&
        /[a-z]/i.test(text.slice(comment.pos, comment.end));
      if (!documented) breaches.push(`${path}:${lineOf(file, statement)} ${name} has no docstring directly before it`);
    }
  }
  return breaches;
}

function exportedCallable(statement: ts.Statement): string | undefined {
  if (!ts.canHaveModifiers(statement)) return undefined;
  const exported = ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (exported !== true) return undefined;
  if (ts.isFunctionDeclaration(statement)) return statement.body && (statement.name?.text ?? "default");
  if (ts.isClassDeclaration(statement)) return statement.name?.text ?? "default";
  if (!ts.isVariableStatement(statement)) return undefined;
  const callable = statement.declarationList.declarations.find(
    ({ initializer }) => initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)),
  );
  return callable?.name.getText();
}

/**
 * The library is pure except for the files that do I/O: no clock, no random numbers, no process, no network.
 */
export function purityBreaches(sources: Sources): string[] {
  const breaches: string[] = [];
  for (const [path, text] of sources) {
    if (IO_FILES.includes(path) || TIMED_FILES.includes(path)) continue;
    const file = parse(path, text);
    const pure = path.startsWith("src/lib/");
    walk(file, (node) => {
      const word = usedGlobal(node) ?? "";
      if (pure && (IMPURE_GLOBALS.includes(word) || IMPURE_CALLS.includes(word))) {
        breaches.push(`${path}:${lineOf(file, node)} is pure, but uses ${word}`);
      }
      if (OUTSIDE_GLOBALS.includes(word)) breaches.push(`${path}:${lineOf(file, node)} uses ${word}`);
    });
  }
  return breaches;
}

/** `Date.now` or `fetch` where it is called, built, or reached into; not where a parameter or property has that name. */
function usedGlobal(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === "Date" && !node.arguments?.length) return "Date.now";
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node) && !ts.isPropertyAccessExpression(node)) return undefined;
  const { expression } = node;
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) && ts.isIdentifier(expression.expression)
    ? expression.getText()
    : undefined;
}
