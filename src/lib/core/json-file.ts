/** One JSON value in one file, whole at any moment: also after a crash, on a full disk, or if the file is damaged. */
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./errors";
import type { Store } from "./store";

/** Call data: for the owner only. */
export const OWNER_ONLY = 0o600;
export const FOLDER_MODE = 0o700;

/**
 * Stores the value at `path` and again at `path.copy`; the folder is made when it is missing. `load` takes the copy if the
 * file is missing or no JSON (and keeps the latter as `path.broken`). It rejects, and leaves all files as they are, if neither
 * holds JSON or the file cannot be read.
 */
export function jsonFile(path: string): Store {
  const copy = `${path}.copy`;
  return {
    async load() {
      const first = await read(path);
      if ("value" in first) return first.value;
      const second = await read(copy);
      if (!("value" in second)) {
        const damage = first.damage ?? second.damage;
        if (damage) throw damage;
        return undefined;
      }
      if (first.damage) await rename(path, `${path}.broken`);
      return second.value;
    },
    async save(value) {
      await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
      const text = JSON.stringify(value);
      await replace(path, text);
      await replace(copy, text);
    },
  };
}

/** A value; else what is wrong with it, or nothing if there is no such file. Rejects if the system refuses to read. */
async function read(path: string): Promise<{ value: unknown } | { damage?: Error }> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return {};
    throw error;
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { damage: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Writes a draft to the disk, then puts it in the file's place. */
async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  try {
    const file = await open(draft, "w", OWNER_ONLY);
    try {
      await chmod(draft, OWNER_ONLY); // a draft left over by a crash may have another one
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined); // a full disk needs the room
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Without it a rename may be lost with the power. Windows cannot do it. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!["EPERM", "EISDIR", "EACCES", "EINVAL", "EBADF"].includes(systemCode(error))) throw error;
  }
}
