/** Test support: what an editor html says about its node, read as the flow library reads it: only literals count. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as ts from "typescript";
import { root } from "./node-red-server";

export interface NodeDefinition {
  type: string;
  category: string;
  /** Name of a property -> its default value. */
  defaults: Record<string, unknown>;
  icon?: string;
  color?: string;
  inputs?: number;
  outputs?: number;
}

export interface NodeHtml {
  /** Name of the node set: the file's name. */
  set: string;
  definition: NodeDefinition;
  /** The texts of `<script type="text/html">`. */
  templates: string[];
  /** The syntax trees of `<script type="text/javascript">`. */
  scripts: ts.SourceFile[];
}

interface PackageJson {
  name: string;
  main: string;
  keywords: string[];
  engines: { node: string };
  bin: Record<string, string>;
  scripts: Record<string, string>;
  dependencies?: Record<string, string>;
  "node-red": { version: string; nodes: Record<string, string> };
}

export const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as PackageJson;

/** Set -> path of its html below the project's root, in src/. */
export const htmlFiles = Object.values(packageJson["node-red"].nodes).map((js) =>
  join("src/nodes", basename(js, ".js"), `${basename(js, ".js")}.html`),
);

/** The editor html of all node sets of the package. */
export function readNodeHtmls(): NodeHtml[] {
  return htmlFiles.map((file) => parseNodeHtml(basename(file, ".html"), readForm(join(root, file))));
}

/** The form with its parts, as the build assembles it. */
function readForm(path: string): string {
  const read = (name: string) => readFileSync(join(dirname(path), name), "utf8");
  return read(basename(path)).replace(/^ *<!-- include ([\w-]+\.html) -->\n/gm, (_line, name: string) => read(name));
}

/** Throws with a sentence if something is missing or not literal. */
export function parseNodeHtml(set: string, html: string): NodeHtml {
  const templates: string[] = [];
  const scripts: ts.SourceFile[] = [];
  for (const [, attributes = "", content = ""] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)) {
    const type = /\btype="([^"]*)"/.exec(attributes)?.[1];
    const [, address] = /\bsrc="?([^"\s]*)/.exec(attributes) ?? [];
    if (address?.startsWith(`resources/${packageJson.name}/`)) continue; // the package's own, typed in src/editor
    if (address !== undefined) throw new Error(`${set}.html loads a script from elsewhere`);
    if (type === "text/html") templates.push(content);
    else if (type === "text/javascript") {
      scripts.push(ts.createSourceFile(`${set}.html`, content, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS));
    } else throw new Error(`${set}.html has a script of type ${type ?? "nothing"}`);
  }
  const definitions = scripts.flatMap((script) => registrations(script));
  const [definition] = definitions;
  if (!definition || definitions.length > 1) throw new Error(`${set}.html registers ${definitions.length} types`);
  return { set, definition, templates, scripts };
}

export function forEachCall(tree: ts.Node, visit: (call: ts.CallExpression) => void): void {
  if (ts.isCallExpression(tree)) visit(tree);
  ts.forEachChild(tree, (child) => forEachCall(child, visit));
}

function registrations(script: ts.SourceFile): NodeDefinition[] {
  const found: NodeDefinition[] = [];
  forEachCall(script, (call) => {
    if (call.expression.getText() === "RED.nodes.registerType") found.push(toDefinition(call));
  });
  return found;
}

function toDefinition({ arguments: [type, definition] }: ts.CallExpression): NodeDefinition {
  if (!type || !ts.isStringLiteral(type)) throw new Error("registerType: the type is not a string literal");
  if (!definition || !ts.isObjectLiteralExpression(definition)) {
    throw new Error("registerType: the definition is not an object literal");
  }
  const members = membersOf(definition);
  const literal = (name: string) => literalValue(members.get(name), `${type.text}: ${name}`);
  const defaults = members.get("defaults");
  if (!defaults || !ts.isObjectLiteralExpression(defaults)) throw new Error(`${type.text}: no inline defaults`);
  const values = [...membersOf(defaults)].map(([name, property]): [string, unknown] => {
    if (!ts.isObjectLiteralExpression(property)) throw new Error(`${type.text}: defaults.${name} is not inline`);
    return [name, literalValue(membersOf(property).get("value"), `${type.text}: defaults.${name}.value`)];
  });
  const result: NodeDefinition = {
    type: type.text,
    category: literal("category") as string,
    defaults: Object.fromEntries(values),
  };
  if (result.category === "config") return result;
  return {
    ...result,
    icon: literal("icon") as string,
    color: literal("color") as string,
    inputs: literal("inputs") as number,
    outputs: literal("outputs") as number,
  };
}

function membersOf(object: ts.ObjectLiteralExpression): Map<string, ts.Expression> {
  return new Map(
    object.properties.map((property) => {
      if (!ts.isPropertyAssignment(property)) throw new Error(`not a plain property: ${property.getText()}`);
      const { name } = property;
      return [ts.isStringLiteral(name) || ts.isIdentifier(name) ? name.text : name.getText(), property.initializer];
    }),
  );
}

/** The value of a JSON-like literal. */
export function literalValue(node: ts.Expression | undefined, what: string): unknown {
  if (!node) throw new Error(`${what} is missing`);
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map((element) => literalValue(element, what));
  if (ts.isObjectLiteralExpression(node)) {
    return Object.fromEntries([...membersOf(node)].map(([name, value]) => [name, literalValue(value, what)]));
  }
  throw new Error(`${what} is not a literal: ${node.getText()}`);
}
