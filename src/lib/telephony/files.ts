/**
 * Downloads files of the box, recordings and pictures: from the configured host only, with a secret session
 * id.
 */
import { FritzError } from "../core/errors";
import type { Tr064Client } from "../tr064/client";
import type { BytesOptions } from "../tr064/client-options";
import { BoxService, type Tr064 } from "../tr064/service";

/** Methods of a TR-064 client that are used. */
export type FileClient = Tr064 & Pick<Tr064Client, "bytes">;

export interface FileOptions {
  /** Whether these bytes are the file; after the end of a session a box sends an HTML page. */
  isFile: (bytes: Buffer) => boolean;
  mostBytes: number;
  received?: BytesOptions["received"];
}

/** The files of one box. */
export class BoxFiles {
  private readonly config: BoxService;
  private sid = "";

  constructor(private readonly client: FileClient) {
    this.config = new BoxService(client, "DeviceConfig:1");
  }

  /** `path` on the box. Rejects with a `FritzError`; `box-no-entry` if there is no such file. */
  async read(path: string, options: FileOptions): Promise<Buffer> {
    if (!isBoxPath(path)) throw new FritzError("box-no-entry", { action: "download" });
    const known = this.sid !== "";
    try {
      return await this.fetch(path, options);
    } catch (error) {
      // A session ends after about twenty minutes, and with a restart.
      if (!known || !isOver(error)) throw error;
      this.sid = "";
      return this.fetch(path, options);
    }
  }

  private async fetch(path: string, { isFile, mostBytes, received }: FileOptions): Promise<Buffer> {
    if (this.sid === "") this.sid = await this.newSession();
    const escaped = encodeURI(path).replace(/[&#?+]/g, encodeURIComponent);
    let bytes: Buffer | undefined;
    try {
      bytes = await this.client.bytes(`/download.lua?path=${escaped}&sid=${this.sid}`, { mostBytes, received });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    // Some boxes have their files only on the ports of the user interface.
    bytes ??= await this.client.bytes(
      `/cgi-bin/luacgi_notimeout?sid=${this.sid}&script=/lua/photo.lua&myabfile=${escaped}`,
      { mostBytes, received, userInterface: true },
    );
    if (!isFile(bytes)) throw new FritzError("box-reply", { detail: "file" }, true);
    return bytes;
  }

  private async newSession(): Promise<string> {
    const text = (await this.config.call("X_AVM-DE_CreateUrlSID"))("NewX_AVM-DE_UrlSID");
    return /^(?:sid=)?([0-9a-f]{1,64})$/i.exec(text.trim())?.[1] ?? "";
  }
}

/** `/download.lua?path=/data/tam/rec/rec.0.000`, `file:///var/...`, or the path alone -> the path. */
export function downloadPath(text: string): string {
  const [, query] = /^\/download\.lua\?(?:.*&)?path=([^&]*)/.exec(text) ?? [];
  return query ?? text.replace(/^file:\/\/(?=\/)/, "");
}

/** Returns an absolute path without "..": a text of the box may contain anything, also a URL. */
function isBoxPath(path: string): boolean {
  return path.startsWith("/") && !path.startsWith("//") && !path.includes("\\") && !path.split("/").includes("..");
}

const statusOf = (error: unknown) =>
  error instanceof FritzError && error.code === "box-reply" ? String(error.values["detail"]) : "";
const isMissing = (error: unknown) => statusOf(error).startsWith("404");
const isOver = (error: unknown) => /^(403|404|file)/.test(statusOf(error));
