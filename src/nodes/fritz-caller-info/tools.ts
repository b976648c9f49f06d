/** What the sources of `fritz-caller-info` need of Node-RED: files, language, words. */
import { resolve } from "node:path";
import { type KindWords, NAMED_KINDS } from "../../lib/callers/kind";
import type { SourceTools } from "../../lib/callers/source-definition";
import { FritzError } from "../../lib/core/errors";
import { textOr } from "../../lib/core/unknown";
import { webFetch } from "../../lib/web/fetch";
import { userFile } from "../shared/stores";
import type { Node, Runtime } from "../shared/red";
import { typedValue, whereOf } from "../shared/typed";

/** The words of the kinds, in the server's language. */
export const kindWords = (RED: Runtime) =>
  Object.fromEntries(NAMED_KINDS.map((kind) => [kind, RED._(`fritz-caller-info.kind.${kind}`)])) as KindWords;

/** What sources are built with. `node`: whose contexts they may use. */
export function toolsOf(RED: Runtime, secrets: Record<string, string>, node?: Node): SourceTools {
  const { lang = "en-US", userDir = process.cwd(), fileWorkingDirectory = userDir } = RED.settings;
  return {
    ...{ fetch: webFetch, secrets, boxKey: "", finder: "no-box" as const, language: lang },
    resolve: (path) => resolve(fileWorkingDirectory, path.trim()),
    ...(node && {
      find: async (file: string, fileType: unknown) => {
        const def = { file, fileType };
        const found = textOr(await typedValue(RED, node, def, "file", {}), "");
        if (found === "")
          throw new FritzError("property-empty", { property: "file", where: whereOf(def, "file") ?? file });
        return found;
      },
    }),
    keep: (name) => userFile(RED, name),
  };
}
