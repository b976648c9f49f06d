import assert from "node:assert/strict";
import type { LineFault, MonitorLine } from "../../../src/lib/calls/monitor-line";
import { parseLine } from "../../../src/lib/calls/parse-line";
import { RECORDED_LINES } from "../../fixtures/recorded-lines";

const RING = "16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;";
const CALL = "16.06.20 15:04:02;CALL;1;13;732123;01755290123;SIP1;";
const CONNECT = "16.06.20 15:04:02;CONNECT;0;11;01755290123;";
const DISCONNECT = "16.06.20 12:25:46;DISCONNECT;0;109;";

function understood(line: string): MonitorLine {
  const parsed = parseLine(line);
  if (!parsed.ok) assert.fail(`${parsed.reason}: ${line}`);
  return parsed;
}

/** The parsed line as loose properties. */
const read = (line: string) => understood(line) as unknown as Record<string, unknown>;

const withoutRaw = (line: MonitorLine) => ({ ...line, raw: undefined });

describe("parseLine: recorded lines", () => {
  for (const { raw, says } of RECORDED_LINES) {
    it(raw.trim(), () => {
      const { raw: kept, ...fields } = understood(raw);
      assert.deepEqual(fields, says);
      assert.equal(kept, raw.replace(/\s#.*/, "").trim());
    });
  }
});

describe("parseLine: variants of one line", () => {
  for (const line of [RING, CALL, CONNECT, DISCONNECT]) {
    const verb = line.split(";")[1] ?? "";
    const same: [string, string][] = [
      ["with CRLF", `${line}\r\n`],
      ["with LF", `${line}\n`],
      ["with blanks around", `  ${line}  `],
      ["with a comment", `${line}  # who was that?`],
      ["with a comment right behind the last semicolon", `${line}# who was that?`],
      ["with a comment and CRLF", `${line} # 0711 123456; again\r\n`],
      ["with a byte order mark", `\ufeff${line}`],
      ["with more fields than known", `${line}new;things;`],
      ["with the year in four digits", line.replace(".20 ", ".2020 ")],
      ["with a small verb", line.replace(verb, verb.toLowerCase())],
    ];
    if (verb !== "CONNECT") same.push(["without the last semicolon", line.slice(0, -1)]);
    for (const [how, variant] of same) {
      it(`${verb} ${how}`, () => assert.deepEqual(withoutRaw(understood(variant)), withoutRaw(understood(line))));
    }
  }

  it("CONNECT without the last semicolon", () => {
    assert.equal(read(CONNECT.slice(0, -1)).remote, "01755290123");
  });

  it("keeps the line without line end and comment as raw", () => {
    assert.equal(read(`${RING}  # comment\r\n`).raw, RING);
    assert.equal(read(`${RING}\r\n`).raw, RING);
  });

  for (const line of ["SIP0", "SIP9", "SIP13", "SIP99", "POTS", "ISDN", "GSM"]) {
    it(`line ${line}`, () => assert.equal(read(RING.replace("SIP1", line)).line, line));
  }

  for (const [how, raw] of [
    ["RING without line field", "16.06.20 12:25:42;RING;0;01755290123;732123;"],
    ["RING without line field and last semicolon", "16.06.20 12:25:42;RING;0;01755290123;732123"],
    ["RING with an empty line field", "16.06.20 12:25:42;RING;0;01755290123;732123;;"],
    ["CALL without line field", "16.06.20 12:25:42;CALL;0;4;732123;01755290123;"],
  ] as const) {
    it(how, () => assert.equal("line" in understood(raw), false));
  }

  for (const [how, written, caller] of [
    ["withheld", "", ""],
    ["withheld, written as a lone 0", "0", ""],
    ["with the network's number in brackets", "0711123456(03012345678)", "0711123456(03012345678)"],
    ["a SIP address", "sip:anna.b@example.net", "sip:anna.b@example.net"],
    ["a SIP name", "anna", "anna"],
    ["international", "0041795678728", "0041795678728"],
    ["with a plus", "+41795678728", "+41795678728"],
    ["masked", "0171xxxxxx9", "0171xxxxxx9"],
    ["masked altogether", "xxx", "xxx"],
    ["without area code", "952123", "952123"],
    ["a bogus area code before 49", "0719149171234567", "0719149171234567"],
  ] as const) {
    it(`a caller ${how}`, () => assert.equal(read(RING.replace("01755290123", written)).caller, caller));
  }

  it("a withheld caller is withheld in CONNECT, too", () => {
    assert.equal(read("28.08.10 10:24:37;CONNECT;0;4;;").remote, "");
    assert.equal(read("28.08.10 10:24:37;CONNECT;0;4;0;").remote, "");
  });

  for (const [written, dialled] of [
    ["0222222222#", "0222222222"],
    ["0222222222##", "0222222222"],
    ["**621", "**621"],
    ["*121#0711123", "*121#0711123"],
    ["62", "62"],
    ["110", "110"],
  ] as const) {
    it(`dialled ${written}`, () => assert.equal(read(CALL.replace("01755290123", written)).called, dialled));
  }

  it("the # that ends dialling is cut in CONNECT, too", () => {
    assert.equal(read("16.06.20 15:04:02;CONNECT;0;11;0222222222#;").remote, "0222222222");
  });

  it("a telephone without a name", () => {
    const line = read("16.06.20 15:04:02;CONNECT;0;;01755290123;");
    assert.equal("extension" in line, false);
    assert.equal("device" in line, false);
  });

  it("a leap day and the turn of the year", () => {
    assert.equal(read("29.02.20 00:00:00;DISCONNECT;0;0;").localTime, "2020-02-29T00:00:00");
    assert.equal(read("31.12.69 23:59:59;DISCONNECT;0;0;").localTime, "2069-12-31T23:59:59");
    assert.equal(read("01.01.70 01:00:07;DISCONNECT;0;0;").localTime, "1970-01-01T01:00:07", "no time server yet");
  });
});

describe("parseLine: what is no event", () => {
  const faults: [LineFault, string][] = [
    ["empty", ""],
    ["empty", "\r\n"],
    ["empty", "   "],
    ["empty", "  # only a comment"],
    ["bad-date", "hello"],
    ["bad-date", ";;;;;;"],
    ["bad-date", "<date>;RING;0;<from>;<own msn>;"],
    ["bad-date", "31.02.20 12:25:42;RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "29.02.21 12:25:42;RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "00.06.20 12:25:42;RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "16.13.20 12:25:42;RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "16.06.20 24:00:00;RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "16.06.20 12:60:42;RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "16.06.20 12:25:60;RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "16.06.20;RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "2020-06-16T12:25:42;RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "RING;0;01755290123;732123;SIP1;"],
    ["bad-date", "6.06.20 12:25:42;RING;0;01755290123;732123;SIP1;"],
    ["unknown-verb", "16.06.20 12:25:42"],
    ["unknown-verb", "16.06.20 12:25:42;;0;01755290123;732123;SIP1;"],
    ["unknown-verb", "16.06.20 12:25:42;RINGS;0;01755290123;732123;SIP1;"],
    ["unknown-verb", "16.06.20 12:25:42;toString;0;01755290123;732123;SIP1;"],
    ["unknown-verb", "16.06.20 12:25:42;__proto__;0;01755290123;732123;SIP1;"],
    ["too-few-fields", "16.06.20 12:25:42;RING"],
    ["too-few-fields", "16.06.20 12:25:42;RING;0;0175529"],
    ["too-few-fields", "16.06.20 12:25:42;CALL;1;13;732123"],
    ["too-few-fields", "16.06.20 12:25:42;CONNECT;0;11"],
    ["too-few-fields", "16.06.20 12:25:42;DISCONNECT;0"],
    ["bad-connection-id", "16.06.20 12:25:42;RING;;01755290123;732123;SIP1;"],
    ["bad-connection-id", "16.06.20 12:25:42;RING;zero;01755290123;732123;SIP1;"],
    ["bad-connection-id", "16.06.20 12:25:42;RING;-1;01755290123;732123;SIP1;"],
    ["bad-connection-id", "16.06.20 12:25:42;RING;1.5;01755290123;732123;SIP1;"],
    ["bad-connection-id", "16.06.20 12:25:42;RING;1e3;01755290123;732123;SIP1;"],
    ["bad-connection-id", "16.06.20 12:25:42;DISCONNECT;0x1;0;"],
    ["bad-connection-id", "16.06.20 12:25:42;DISCONNECT;99999999999999999999;0;"],
    ["bad-extension", "16.06.20 12:25:42;CONNECT;0;phone;01755290123;"],
    ["bad-extension", "16.06.20 12:25:42;CALL;0;x;732123;01755290123;SIP0;"],
    ["bad-duration", "16.06.20 12:25:42;DISCONNECT;0;;"],
    ["bad-duration", "16.06.20 12:25:42;DISCONNECT;0;long;"],
    ["bad-duration", "16.06.20 12:25:42;DISCONNECT;0;-5;"],
    ["bad-duration", "16.06.20 12:25:42;DISCONNECT;0;1.5;"],
    ["bad-line", "16.06.20 12:25:42;RING;0;13;01755290123;732123;SIP1;"],
    ["bad-number", "16.06.20 12:25:42;RING;0;732123;SIP1;"],
    ["bad-connection-id", "16.06.20 12:25:42;RING;01755290;732123;SIP1;"],
    ["bad-number", "16.06.20 12:25:42;RING;0;0175\u00005290;732123;SIP1;"],
    ["bad-number", "16.06.20 12:25:42;RING;0;0175\r5290;732123;SIP1;"],
    ["bad-number", "16.06.20 12:25:42;CALL;0;4;732\u001b[2J;01755290123;SIP1;"],
    ["bad-number", "16.06.20 12:25:42;CONNECT;0;4;0175\u007f5290;"],
    ["bad-line", "16.06.20 12:25:42;RING;0;01755290123;732123;SI\u0000P1;"],
    ["bad-date", "\u0000\u0001\u0002\u00ff\u00fe"],
  ];
  for (const [reason, line] of faults) {
    it(`${reason}: ${JSON.stringify(line)}`, () => {
      const parsed = parseLine(line);
      if (parsed.ok) assert.fail(`was understood: ${JSON.stringify(parsed)}`);
      assert.equal(parsed.reason, reason);
      assert.equal(parsed.raw, line.replace(/(^|\s)#.*/, "").trim());
    });
  }

  for (const [what, line] of [
    ["CALL whose telephone is missing", "16.06.20 12:25:42;CALL;1;732123;01755290123;SIP1;"],
    ["CALL whose id is missing", "16.06.20 12:25:42;CALL;13;732123;01755290123;SIP1;"],
    ["CONNECT whose telephone is missing", "16.06.20 15:04:02;CONNECT;0;732123;"],
    ["CONNECT whose id is missing", "16.06.20 15:04:02;CONNECT;13;732123;"],
    ["CALL without line field whose telephone is missing", "16.06.20 15:04:02;CALL;1;732123;952123;"],
  ] as const) {
    it(`shifted fields: ${what}: a telephone's id is no telephone number`, () => {
      assert.equal(parseLine(line).ok, false, JSON.stringify(parseLine(line)));
    });
  }

  it("a value that is no string is a fault, not a throw", () => {
    for (const value of [undefined, null, 5, {}, []]) assert.equal(parseLine(value as string).ok, false);
  });
});
