/** Simulator, TR-064: the sound of a message: a WAV file with 8000 samples a second, one channel. */

/** Sample format. Real boxes probably send "pcm"; it is not documented. */
export type SoundFormat = "pcm" | "a-law" | "u-law";

const RATE = 8000;
const TONE_HZ = 440;
const CODES: Record<SoundFormat, number> = { pcm: 1, "a-law": 6, "u-law": 7 };

/**
 * A tone of that length. `openEnded`: the header leaves the length open, as a program that writes to a pipe
 * does.
 */
export function recording(seconds: number, format: SoundFormat = "pcm", openEnded = false): Buffer {
  const samples = Int16Array.from({ length: Math.round(seconds * RATE) }, (_, i) =>
    Math.round(12_000 * Math.sin((2 * Math.PI * TONE_HZ * i) / RATE)),
  );
  const data = encode(samples, format);
  const size = openEnded ? 0xffff_ffff : data.length;
  return Buffer.concat([header(CODES[format], format === "pcm" ? 16 : 8, size), data]);
}

function encode(samples: Int16Array, format: SoundFormat): Buffer {
  if (format === "pcm") {
    const data = Buffer.alloc(samples.length * 2);
    samples.forEach((sample, i) => data.writeInt16LE(sample, i * 2));
    return data;
  }
  return Buffer.from(Uint8Array.from(samples, format === "a-law" ? toALaw : toULaw));
}

function header(code: number, bits: number, size: number): Buffer {
  const bytes = Buffer.alloc(44);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(size === 0xffff_ffff ? size : size + 36, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(code, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE((RATE * bits) / 8, 28);
  bytes.writeUInt16LE(bits / 8, 32);
  bytes.writeUInt16LE(bits, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(size, 40);
  return bytes;
}

/** ITU-T G.711: sign, three bits of segment, four bits of mantissa. */
function toALaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const size = Math.min(sample < 0 ? -sample - 1 : sample, 0x7fff) >> 4;
  const segment = size < 32 ? (size < 16 ? 0 : 1) : Math.floor(Math.log2(size)) - 3;
  const mantissa = segment === 0 ? size : (size >> (segment - 1)) & 0x0f;
  return (sign | (segment << 4) | (mantissa & 0x0f)) ^ 0x55;
}

function toULaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const size = Math.min(Math.abs(sample), 32_635) + 132;
  const segment = Math.floor(Math.log2(size)) - 7;
  return ~(sign | (segment << 4) | ((size >> (segment + 3)) & 0x0f)) & 0xff;
}
