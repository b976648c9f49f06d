/** Test support: the documents of the project, and what they name. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const FOLDERS = [".", "docs", "bench", "data", ".github"];
const NOT_OURS = /(^|\/)(node_modules|docs\/api|results)(\/|$)/;

const inside = (root: string, folder: string) =>
  readdirSync(join(root, folder), { recursive: folder !== ".", encoding: "utf8" }).map((name) =>
    join(folder, name).replaceAll("\\", "/"),
  );

/** Every Markdown file, path -> text, with slashes. */
export function readDocuments(root: string): Map<string, string> {
  const paths = FOLDERS.flatMap((folder) => inside(root, folder)).filter(
    (path) => path.endsWith(".md") && !NOT_OURS.test(path),
  );
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

/** Made by a command, so not there in a fresh clone. */
const MADE = ["docs/api/", "bench/results.json"];

/** Paths of source files and of the project's own folders in backticks: what a reader would open. */
export function pathsIn(text: string): string[] {
  return [...text.matchAll(/`(?:node |npx mocha )?([\w./*<>-]+)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => !MADE.includes(path))
    .filter(
      (path) => /\.(ts|mjs|cjs)$/.test(path) || /^(src|test|tools|simulator|docs|bench|locales|\.github)\//.test(path),
    );
}

/** What a path in a document can mean: from the root, beside the document, or in short from the sources. */
export function isNamed(path: string, document: string, files: readonly string[]): boolean {
  const pattern = path
    .replace(/\/$/, "")
    .replace(/[.+]/g, "\\$&")
    .replace(/\*|<[\w-]+>/g, "[^/]+");
  const places = ["", `${dirname(document)}/`, "src/", "src/lib/"].join("|").replaceAll("./", "");
  const whole = new RegExp(path.includes("/") ? `^(${places})${pattern}(/|$)` : `(^|/)${pattern}$`);
  return files.some((file) => whole.test(file));
}

/** All files of the folders that documents name, with slashes. */
export function filesOf(root: string): string[] {
  const folders = [
    "src",
    "test",
    "tools",
    "simulator",
    "docs",
    "bench",
    "data",
    "locales",
    "icons",
    "examples",
    ".github",
  ];
  return folders.flatMap((folder) => inside(root, folder)).filter((path) => !/(^|\/)node_modules(\/|$)/.test(path));
}

/** The anchor that GitHub makes of a heading. */
export const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

/** A document without its code blocks: `# …` in them is no heading, `[a](b)` no link. */
export const prose = (text: string) => text.replace(/^```[^]*?^```/gm, "");

/** The anchors of a document's headings. */
export const anchorsOf = (text: string) =>
  [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
