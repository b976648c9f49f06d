/** What the sources of `fritz-caller-info` need of Node-RED: files, language, words. */
import { resolve } from "node:path";
import { type KindWords, NAMED_KINDS } from "../../lib/callers/kind";
import type { SourceTools } from "../../lib/callers/source-definition";
import { webFetch } from "../../lib/web/fetch";
import { userFile } from "../shared/stores";
import type { Runtime } from "../shared/red";

/** The words of the kinds, in the server's language. */
export const kindWords = (RED: Runtime) =>
  Object.fromEntries(NAMED_KINDS.map((kind) => [kind, RED._(`fritz-caller-info.kind.${kind}`)])) as KindWords;

/** What sources are built with. */
export function toolsOf(RED: Runtime, secrets: Record<string, string>): SourceTools {
  const { lang = "en-US", userDir = process.cwd(), fileWorkingDirectory = userDir } = RED.settings;
  return {
    ...{ fetch: webFetch, secrets, boxKey: "", finder: "no-box" as const, language: lang },
    resolve: (path) => resolve(fileWorkingDirectory, path.trim()),
    keep: (name) => userFile(RED, name),
  };
}
