/** L2 transport: which paths leave a folder. */
import { isAbsolute, relative } from "node:path";

/** Whether the path is outside the folder (another drive included). Only reckons with names: links are the caller's business. */
export function leavesFolder(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside === ".." || /^\.\.[\\/]/.test(inside) || isAbsolute(inside);
}
