/** Test support: finds exported functions, classes and constants that no other file imports. Types may be exported for their readers. */
import { posix } from "node:path";
import * as ts from "typescript";
import type { Sources } from "./source-rules";

/** "path name" of each such export. `entries`: files whose exports are for users, or for Node-RED. */
export function unusedExports(sources: Sources, isEntry: (path: string) => boolean): string[] {
  const files = new Map([...sources].map(([path, text]) => [path, parse(path, text)]));
  const used = new Set([...files].flatMap(([path, file]) => usesOf(file, (from) => resolve(sources, path, from))));
  return [...files].flatMap(([path, file]) => {
    if (isEntry(path) || used.has(`${path} *`)) return [];
    return exportsOf(file)
      .map((name) => `${path} ${name}`)
      .filter((one) => !used.has(one));
  });
}

const parse = (path: string, text: string) => ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);

function resolve(sources: Sources, path: string, from: string): string | undefined {
  if (!from.startsWith(".")) return undefined;
  const target = posix.join(posix.dirname(path), from);
  return [target, `${target}.ts`, `${target}/index.ts`].find((candidate) => sources.has(candidate));
}

/** "path name" of all that a file imports or hands on; "path *" for a whole module. */
function usesOf(file: ts.SourceFile, target: (from: string) => string | undefined): string[] {
  const uses: string[] = [];
  const visit = (node: ts.Node): void => {
    const path = ts.isStringLiteralLike(node) ? target(node.text) : undefined;
    if (path !== undefined) uses.push(...namesAt(node.parent).map((name) => `${path} ${name}`));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return uses;
}

/** The names that a declaration takes from its module. */
function namesAt(parent: ts.Node): string[] {
  if (ts.isExportDeclaration(parent)) return parent.exportClause ? elementsOf(parent.exportClause) : ["*"];
  if (!ts.isImportDeclaration(parent)) return ["*"]; // require(), import(), import("…").Type
  const { name, namedBindings } = parent.importClause ?? {};
  return [...(name ? ["default"] : []), ...(namedBindings ? elementsOf(namedBindings) : [])];
}

function elementsOf(names: ts.NamedExportBindings | ts.NamedImportBindings): string[] {
  if (ts.isNamespaceExport(names) || ts.isNamespaceImport(names)) return ["*"];
  return names.elements.map(({ propertyName, name }) => (propertyName ?? name).text);
}

function exportsOf(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    const modifiers = ts.getModifiers(statement)?.map(({ kind }) => kind) ?? [];
    if (!modifiers.includes(ts.SyntaxKind.ExportKeyword)) return [];
    if (modifiers.includes(ts.SyntaxKind.DefaultKeyword)) return ["default"];
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(namesOf);
    const isValue = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    return isValue && statement.name ? [statement.name.text] : [];
  });
}

const namesOf = ({ name }: ts.VariableDeclaration): string[] => (ts.isIdentifier(name) ? [name.text] : []);
