/** Test support: the rules of the house, checked on the syntax tree of the sources. A rule breach is a readable sentence. */
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

interface Floor {
  level: number;
  room: string;
}

const FLOORS: [folder: string, level: number][] = [
  ["src/lib/model/", 0],
  ["src/lib/protocol/", 1],
  ["src/lib/domain/", 1],
  ["src/lib/transport/", 2],
  ["src/lib/services/", 3],
  ["src/lib/providers/", 4],
  ["src/nodes/", 5],
];
/** The front door: only hands out what the floors offer, and nobody inside goes through it. */
const DOOR = "src/lib/index.ts";
const OUTSIDE_WORLD = ["net", "tls", "http", "https", "http2", "fs", "dns", "dgram", "child_process"];
const OUTSIDE_GLOBALS = ["fetch", "WebSocket", "XMLHttpRequest", "EventSource"];
const IMPURE_GLOBALS = ["process", "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "console"];
const IMPURE_CALLS = ["Date.now", "Math.random", "performance.now"];

/** Reads all TypeScript files of folders below `root`. */
export function readSources(root: string, ...folders: string[]): Sources {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((path) => posix.join(folder, path.replaceAll("\\", "/")))
      .filter((path) => /\.[cm]?ts$/.test(path) && !path.includes("node_modules/")),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

function floorOf(path: string): Floor | undefined {
  const found = FLOORS.find(([folder]) => path.startsWith(folder));
  return found && { level: found[1], room: found[0] };
}

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

/** Who may import what. `dependencies` are the packages that a user gets installed. */
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

function relativeBreach(path: string, from: string, target: string | undefined): string | undefined {
  if (path.startsWith("simulator/")) {
    return target?.startsWith("simulator/") ? undefined : `the simulator stands alone, but imports ${from}`;
  }
  if (target === undefined || !target.startsWith("src/")) return `imports ${from}, which is no file under src/`;
  if (target === DOOR) return `goes through the front door ${DOOR} instead of importing the file itself`;
  const mine = floorOf(path);
  const other = floorOf(target);
  if (path === DOOR) return other && other.level < 5 ? undefined : `hands out ${target}, which is not of the pure core`;
  if (!mine || !other) return undefined; // told by `headerBreaches`
  if (other.level > mine.level) return `(L${mine.level}) imports upwards from ${target} (L${other.level})`;
  if (other.level === mine.level && other.room !== mine.room) return `imports ${target} from the room next door`;
  return undefined;
}

function moduleBreach(path: string, from: string, dependencies: readonly string[]): string | undefined {
  const inNodes = path.startsWith("src/nodes/");
  const [scopeOrName = "", name = ""] = from.replace(/^node:/, "").split("/");
  if (isBuiltin(from)) {
    if (!path.startsWith("src/")) return undefined;
    if (OUTSIDE_WORLD.includes(scopeOrName) && !path.startsWith("src/lib/transport/")) {
      return `imports ${from} outside transport/`;
    }
    return from.startsWith("node:") ? undefined : `imports ${from} without "node:"`;
  }
  const packageName = from.startsWith("@") ? `${scopeOrName}/${name}` : scopeOrName;
  if (packageName.startsWith("node-red") || packageName.startsWith("@node-red/")) {
    return inNodes ? undefined : `imports Node-RED (${from}) outside src/nodes`;
  }
  return dependencies.includes(packageName)
    ? undefined
    : `imports ${from}, which is not in package.json's dependencies`;
}

/** Circles of imports, each as `a -> b -> a`. Imports of types count: what needs one another belongs together. */
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

/** The first words of a file say on which floor it lives, and it lives there. */
export function headerBreaches(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) => {
    const [comment] = ts.getLeadingCommentRanges(text, 0) ?? [];
    if (comment?.pos !== 0) return [`${path} does not start with a comment that says its layer and its one job`];
    if (path === DOOR) return [];
    const floor = floorOf(path);
    if (!floor) return [`${path} lies on no floor of the house`];
    const room = posix.basename(floor.room);
    const said = /^\/[/*]+[\s*]*(L\d \w+): \S/.exec(text.slice(0, comment.end))?.[1];
    const wanted = `L${floor.level} ${room}`;
    return said === wanted ? [] : [`${path} says "${said ?? "no layer"}" in its first comment, but is "${wanted}"`];
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

/** The two lower floors are pure: no clock, no chance, no process. And only transport/ speaks to the outside world. */
export function purityBreaches(sources: Sources): string[] {
  const breaches: string[] = [];
  for (const [path, text] of sources) {
    const file = parse(path, text);
    const pure = (floorOf(path)?.level ?? 5) <= 1;
    const inTransport = path.startsWith("src/lib/transport/");
    if (pure) {
      for (const { from, line } of importsOf(path, text)) {
        if (!isRelative(from) && isBuiltin(from)) breaches.push(`${path}:${line} is pure, but imports ${from}`);
      }
    }
    walk(file, (node) => {
      const word = usedGlobal(node) ?? "";
      if (pure && (IMPURE_GLOBALS.includes(word) || IMPURE_CALLS.includes(word))) {
        breaches.push(`${path}:${lineOf(file, node)} is pure, but uses ${word}`);
      }
      if (!inTransport && OUTSIDE_GLOBALS.includes(word)) {
        breaches.push(`${path}:${lineOf(file, node)} uses ${word} outside transport/`);
      }
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
