/** Sound of the box -> a WAV file for every player. The simulator's coder is written independently of the reader under test. */
import assert from "node:assert/strict";
import { recording, type SoundFormat } from "../../../simulator/tr064/recordings";
import { FritzError } from "../../../src/lib/core/errors";
import { isWave, toPlainWave } from "../../../src/lib/telephony/wave";

const samplesOf = (file: Buffer) =>
  Array.from({ length: (file.length - 44) / 2 }, (_, i) => file.readInt16LE(44 + i * 2));
const refused = (bytes: Uint8Array, detail?: string) =>
  assert.throws(
    () => toPlainWave(bytes),
    (error: FritzError) =>
      error.code === "message-audio" && (detail === undefined || error.values["detail"] === detail),
  );

describe("wave", () => {
  it("leaves PCM as it is", () => {
    const { bytes, seconds } = toPlainWave(recording(2));
    assert.deepEqual(bytes, recording(2));
    assert.equal(seconds, 2);
  });

  for (const format of ["a-law", "u-law"] as SoundFormat[]) {
    it(`makes 16-bit PCM of ${format}, the same sound within its precision`, () => {
      const { bytes, seconds } = toPlainWave(recording(1, format));
      assert.equal(seconds, 1);
      assert.equal(bytes.readUInt16LE(20), 1, "PCM");
      assert.equal(bytes.readUInt16LE(34), 16);
      const wanted = samplesOf(recording(1));
      samplesOf(bytes).forEach((sample, i) => {
        const error = Math.abs(sample - (wanted[i] ?? 0));
        assert.ok(error <= 16 + Math.abs(wanted[i] ?? 0) / 16, `sample ${i}: ${sample} for ${wanted[i]}`);
      });
    });
  }

  it("knows the length where the header leaves it open", () => {
    const { bytes, seconds } = toPlainWave(recording(1, "pcm", true));
    assert.equal(seconds, 1);
    assert.deepEqual(bytes, recording(1));
  });

  it("skips chunks it does not know, also those of odd length", () => {
    const plain = recording(1);
    const extra = Buffer.concat([Buffer.from("LIST"), Buffer.from([3, 0, 0, 0]), Buffer.from("abc\0")]);
    assert.deepEqual(toPlainWave(Buffer.concat([plain.subarray(0, 36), extra, plain.subarray(36)])).bytes, plain);
  });

  it("turns 24-bit, 32-bit and floating-point samples into 16-bit ones, and reads the extensible header", () => {
    for (const [code, bits, write] of [
      [1, 24, (data: Buffer, value: number) => data.writeIntLE(value << 8, 0, 3)],
      [1, 32, (data: Buffer, value: number) => data.writeInt32LE(value << 16, 0)],
      [3, 32, (data: Buffer, value: number) => data.writeFloatLE(value / 32_767, 0)],
    ] as const) {
      for (const extensible of [false, true]) {
        const data = Buffer.alloc(bits / 8);
        write(data, -12_345);
        assert.deepEqual(
          samplesOf(toPlainWave(file(code, bits, data, extensible)).bytes),
          [-12_345],
          `${code}/${bits}`,
        );
      }
    }
  });

  it("refuses what is no sound, what is cut, and codecs that it does not know", () => {
    assert.ok(!isWave(Buffer.from("<html>")));
    refused(Buffer.from("<html><body>Webserver</body></html>"), "RIFF");
    refused(Buffer.alloc(0), "RIFF");
    refused(recording(1).subarray(0, 40));
    refused(recording(1).subarray(0, 5000), "cut");
    refused(file(0x31, 0, Buffer.alloc(65)), "49/0");
    refused(file(1, 16, Buffer.alloc(4), false, 0));
  });
});

function file(code: number, bits: number, data: Buffer, extensible = false, channels = 1): Buffer {
  const head = Buffer.alloc(extensible ? 40 : 16);
  head.writeUInt16LE(extensible ? 0xfffe : code, 0);
  head.writeUInt16LE(channels, 2);
  head.writeUInt32LE(8000, 4);
  head.writeUInt16LE(bits, 14);
  if (extensible) head.writeUInt16LE(code, 24);
  const size = (length: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(length);
    return bytes;
  };
  const chunks = [Buffer.from("WAVEfmt "), size(head.length), head, Buffer.from("data"), size(data.length), data];
  return Buffer.concat([Buffer.from("RIFF"), size(36 + data.length), ...chunks]);
}
