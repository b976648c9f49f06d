/** L2 transport: one JSON value in one file, whole at any moment: also if the power fails in the middle of a write. */
import { chmod, mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Store } from "../model/ports";
import { systemCode } from "./system-error";

/** Call data: for the owner only. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** The folder is made when it is missing. What is no JSON is put aside under the same name with `.broken`, and `load` rejects. */
export function jsonFile(path: string): Store {
  return {
    async load() {
      const text = await readFile(path, "utf8").catch((error: unknown) => {
        if (systemCode(error) === "ENOENT") return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        await rename(path, `${path}.broken`);
        throw error;
      }
    },
    async save(value) {
      await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
      const draft = `${path}.new`;
      const file = await open(draft, "w", FILE_MODE);
      try {
        await chmod(draft, FILE_MODE); // a draft left over by a crash may have another one
        await file.writeFile(JSON.stringify(value));
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    },
  };
}
