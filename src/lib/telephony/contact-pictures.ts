/** Pictures of contacts as data URLs: fetched from the box that was configured, kept in memory, never waited for longer than asked. */
import { MINUTE_MS, DAY_MS, type Clock } from "../core/clock";
import { BoundedMap } from "../core/bounded-map";
import { withTimeout } from "../core/async";
import { FritzError } from "../core/errors";
import { BoxFiles, downloadPath, type FileClient } from "./files";

/** Larger than any picture for the display of a handset. */
const MOST_BYTES = 128 * 1024;
/** Handsets cope with about as many. */
const MOST_KEPT = 150;
/** The box names a picture after the time of its making: another picture has another address. */
const FRESH_MS = DAY_MS;
/** What was not there, or could not be fetched, is not asked for with each call, ms. */
const PAUSE_MS = 10 * MINUTE_MS;

interface Kept {
  picture: Promise<string | undefined>;
  untilMs: number;
}

/** The pictures of one box. Nothing here rejects. */
export class ContactPictures {
  private readonly files: BoxFiles;
  private readonly kept = new BoundedMap<string, Kept>(MOST_KEPT);

  constructor(
    client: FileClient,
    private readonly clock: Clock,
  ) {
    this.files = new BoxFiles(client);
  }

  /**
   * The picture behind a contact's `imageUrl`: "data:image/jpeg;base64,...". Undefined if there is none, if it is larger than 128 KB or no
   * picture, if it is not on the box, or if it is not there after `ms`; it is fetched all the same then, for the next call.
   */
  picture(imageUrl: string, ms: number): Promise<string | undefined> {
    return withTimeout(this.clock, ms, this.fetch(imageUrl));
  }

  /** Begins to fetch, so that the picture is there when it is asked for. */
  fetch(imageUrl: string): Promise<string | undefined> {
    const path = downloadPath(imageUrl);
    if (!path.startsWith("/")) return Promise.resolve(undefined); // online books link to elsewhere
    const known = this.kept.get(path);
    if (known && known.untilMs > this.clock.now()) return known.picture;
    const kept: Kept = { picture: this.read(path, (ms) => (kept.untilMs = this.clock.now() + ms)), untilMs: Infinity };
    this.kept.set(path, kept);
    return kept.picture;
  }

  private async read(path: string, keepFor: (ms: number) => void): Promise<string | undefined> {
    try {
      const isFile = (bytes: Buffer) => typeOf(bytes) !== undefined;
      const bytes = await this.files.read(path, { isFile, mostBytes: MOST_BYTES });
      keepFor(FRESH_MS);
      return `data:${typeOf(bytes) ?? ""};base64,${bytes.toString("base64")}`;
    } catch (error) {
      keepFor(PAUSE_MS);
      if (error instanceof FritzError) return undefined; // a caller is worth knowing without a picture
      throw error;
    }
  }
}

/** By its first bytes; what the box says of the type is not reliable. */
function typeOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return "image/jpeg";
  return bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47])) ? "image/png" : undefined;
}
