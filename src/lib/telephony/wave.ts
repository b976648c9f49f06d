/** Converts a box's sound files to plain PCM WAV files, which every player and service accepts. Pure. */
import { FritzError } from "../core/errors";

/** A file and its duration. */
export interface Sound {
  bytes: Buffer;
  seconds: number;
}

interface Format {
  /** 1 PCM, 3 floating point, 6 A-law, 7 µ-law. */
  code: number;
  channels: number;
  rate: number;
  bits: number;
}

const EXTENSIBLE = 0xfffe;
const HEADER_BYTES = 44;
/** Lengths written by programs that do not know the final length. */
const OPEN_ENDS = [0, 0xffff_ffff, 0x7fff_ffff, 0xffff_ffff - 36, 0x7fff_ffff - 36];

/** Whether these are the first bytes of a WAV file; boxes do not send the type of a document reliably. */
export function isWave(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength)).toString("latin1");
  return text.startsWith("RIFF") && text.slice(8) === "WAVE";
}

/**
 * Reads 8 to 32 bit PCM, floating point, A-law and µ-law; returns 8 or 16 bit PCM. Throws `message-audio` for
 * anything else; with retry for a file that is shorter than its header says.
 */
export function toPlainWave(given: Uint8Array): Sound {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (!isWave(bytes)) throw new FritzError("message-audio", { detail: "RIFF" }, true);
  const { format, data } = readChunks(bytes);
  const samples = toPcm(format, data);
  const bits = format.code === 1 && format.bits === 8 ? 8 : 16;
  const perSecond = (format.rate * format.channels * bits) / 8;
  return {
    bytes: Buffer.concat([header({ ...format, bits }, samples.length), samples]),
    seconds: Math.round((samples.length / perSecond) * 10) / 10,
  };
}

function readChunks(bytes: Buffer): { format: Format; data: Buffer } {
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [name, size, start] = [bytes.toString("latin1", at, at + 4), bytes.readUInt32LE(at + 4), at + 8];
    if (name === "fmt ") format = readFormat(bytes.subarray(start, start + size));
    if (name === "data" && format) {
      const open = OPEN_ENDS.includes(size);
      if (!open && start + size > bytes.length) throw new FritzError("message-audio", { detail: "cut" }, true);
      return { format, data: bytes.subarray(start, open ? bytes.length : start + size) };
    }
    at = start + size + (size % 2);
  }
  throw new FritzError("message-audio", { detail: "data" }, true);
}

function readFormat(chunk: Buffer): Format {
  if (chunk.length < 16) throw new FritzError("message-audio", { detail: "fmt" });
  const code = chunk.readUInt16LE(0);
  const format = {
    code: code === EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : code,
    ...{ channels: chunk.readUInt16LE(2), rate: chunk.readUInt32LE(4), bits: chunk.readUInt16LE(14) },
  };
  const { channels, rate } = format;
  if (channels < 1 || channels > 8 || rate < 1000 || rate > 192_000) {
    throw new FritzError("message-audio", { detail: `${channels}/${rate}` });
  }
  return format;
}

/** Decoders by format, with bytes per sample. */
const DECODERS: Readonly<Record<string, [bytes: number, decode: (data: Buffer, at: number) => number]>> = {
  "1/24": [3, (data, at) => data.readIntLE(at, 3) >> 8],
  "1/32": [4, (data, at) => data.readInt32LE(at) >> 16],
  "3/32": [4, (data, at) => Math.round(Math.max(-1, Math.min(1, data.readFloatLE(at))) * 32_767)],
  "6/8": [1, (data, at) => fromALaw(data.readUInt8(at))],
  "7/8": [1, (data, at) => fromULaw(data.readUInt8(at))],
};

function toPcm({ code, bits, channels }: Format, data: Buffer): Buffer {
  if (code === 1 && (bits === 8 || bits === 16)) {
    return data.subarray(0, data.length - (data.length % ((channels * bits) / 8)));
  }
  const [size, decode] = DECODERS[`${code}/${bits}`] ?? [];
  if (size === undefined || !decode) throw new FritzError("message-audio", { detail: `${code}/${bits}` });
  const count = Math.floor(data.length / size / channels) * channels;
  const samples = Buffer.alloc(count * 2);
  for (let i = 0; i < count; i++) samples.writeInt16LE(decode(data, i * size), i * 2);
  return samples;
}

/** ITU-T G.711. */
function fromALaw(byte: number): number {
  const value = byte ^ 0x55;
  const [exponent, mantissa] = [(value >> 4) & 7, value & 0x0f];
  const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
  return (value & 0x80) !== 0 ? size : -size;
}

function fromULaw(byte: number): number {
  const value = ~byte & 0xff;
  const size = (((value & 0x0f) << 3) + 0x84) << ((value >> 4) & 7);
  return (value & 0x80) !== 0 ? 0x84 - size : size - 0x84;
}

function header({ channels, rate, bits }: Format, size: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const align = (channels * bits) / 8;
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(size + HEADER_BYTES - 8, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * align, 28);
  bytes.writeUInt16LE(align, 32);
  bytes.writeUInt16LE(bits, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(size, 40);
  return bytes;
}
