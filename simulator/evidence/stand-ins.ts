/**
 * Evidence: pseudonyms for private values: the same original always gets the same one, and it cannot be
 * reversed.
 */
import { createHmac, randomBytes } from "node:crypto";

/** Beginnings that say the kind or the country of a number and not whose it is. */
const PREFIX = /^(?:\*#|\*\*|\*|#|(?:\+|00)(?:49|43|41|31|33|39|352|32|48|\d{2})|0(?:15|16|17|180|137|32|700|80|90)?)/;

/** Makes pseudonyms with a key that is never stored. */
export class StandIns {
  private readonly words = new Map<string, string>();

  constructor(private readonly key: Buffer = randomBytes(32)) {}

  /**
   * A telephone number, in the form in which it is written. What several ways to write a number have in common, its end, they have
   * in common afterwards, too: "03023125001", "+493023125001" and "23125001" still belong together.
   */
  number(written: string): string {
    const count = (text: string) => text.replace(/\D/g, "").length;
    if (count(written) <= 3) return written; // an emergency number, a telephone of the house
    const known = PREFIX.exec(written)?.[0] ?? "";
    const prefix = count(written.slice(known.length)) < 5 ? "" : known;
    const rest = written.slice(prefix.length);
    for (let round = 0; ; round++) {
      const other = prefix + this.digits(rest, round);
      if (other !== written) return other;
    }
  }

  /** Replaces each digit depending on those behind it. */
  private digits(text: string, round: number): string {
    let behind = "";
    let result = "";
    for (const char of [...text].reverse()) {
      if (!/\d/.test(char)) {
        result = char + result;
        continue;
      }
      const shift = (this.hash(`${round}:${behind}`)[0] ?? 0) % 10;
      result = String((Number(char) + shift) % 10) + result;
      behind = char + behind;
    }
    return result;
  }

  /** A text: a name, a place, a label. */
  text(original: string): string {
    return this.numbered("Text", original);
  }

  /** An address of a computer, of the range that is reserved for examples. */
  address(original: string): string {
    return `192.0.2.${Number(this.numbered("address", original).replace(/\D/g, "")) % 250}`;
  }

  /** A key, a serial number, a session: other letters and digits, separators and length as they were. */
  token(original: string): string {
    for (let round = 0; ; round++) {
      const bytes = this.hash(`${round}:token:${original}`);
      let i = 0;
      const next = () => (bytes[i++ % bytes.length] ?? 0) ^ (i >> 5);
      const other = original.replace(/[0-9a-z]/gi, (char) => {
        const pool = /\d/.test(char)
          ? "0123456789"
          : /[a-f]/.test(char)
            ? "abcdef"
            : /[A-F]/.test(char)
              ? "ABCDEF"
              : "xyz";
        return pool[next() % pool.length] ?? "x";
      });
      if (other !== original || !/[0-9a-z]/i.test(original)) return other;
    }
  }

  private numbered(kind: string, original: string): string {
    const known = this.words.get(`${kind} ${original}`);
    if (known !== undefined) return known;
    const count = [...this.words.keys()].filter((key) => key.startsWith(`${kind} `)).length;
    const made = `${kind} ${count + 1}`;
    this.words.set(`${kind} ${original}`, made);
    return made;
  }

  private hash(text: string): Buffer {
    return createHmac("sha256", this.key).update(text).digest();
  }
}
