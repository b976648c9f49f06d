import assert from "node:assert/strict";
import { StreamFramer, headerOf, MOST_BYTES, parseMessage, type SipRequest } from "../../../src/lib/sip/message";
import { answerPort, answerTo, serialize } from "../../../src/lib/sip/serialize";
import { addressOf, cseqOf, hostAndPort, parseAddress, parseUri, topVia, valuesOf } from "../../../src/lib/sip/values";

const parse = (...lines: string[]) => parseMessage(Buffer.from(lines.join("\r\n")));
const HEAD = [
  "v: SIP/2.0/UDP 192.168.178.1:5060;branch=z9hG4bK1",
  "f: <sip:1@b>;tag=1",
  "t: <sip:2@c>",
  "i: x",
  "CSEQ : 1 OPTIONS",
];
const request = (...more: string[]) => {
  const message = parse("OPTIONS sip:a@b SIP/2.0", ...HEAD, ...more, "", "");
  assert.ok(message?.kind === "request");
  return message;
};

describe("sip: parser", () => {
  it("reads compact names, names in any case, folded lines and LF alone", () => {
    const text = ["OPTIONS sip:a@b SIP/2.0", ...HEAD, "k: timer,", "\t100rel", "SUBJECT:  hello  ", "", ""].join("\n");
    const message = parseMessage(Buffer.from(text));
    assert.ok(message);
    assert.equal(headerOf(message, "call-id"), "x");
    assert.deepEqual(valuesOf(message, "supported"), ["timer", "100rel"]);
    assert.equal(headerOf(message, "subject"), "hello");
    assert.deepEqual(cseqOf(message), { number: 1, method: "OPTIONS" });
  });

  it("splits lists at commas outside of quotes and brackets, over several lines", () => {
    const message = request('Contact: "a, \\"b" <sip:x@y;p=1,2>;q=1, <sip:z@y>', "m: <sip:last@y>");
    assert.deepEqual(valuesOf(message, "contact"), ['"a, \\"b" <sip:x@y;p=1,2>;q=1', "<sip:z@y>", "<sip:last@y>"]);
  });

  it("reads addresses with and without name and brackets", () => {
    assert.deepEqual(
      { ...parseAddress('"Anna \\"A\\" <x>" <sip:1@b;lr>;tag=t'), params: undefined },
      {
        name: 'Anna "A" <x>',
        uri: "sip:1@b;lr",
        params: undefined,
      },
    );
    assert.equal(parseAddress("Anna Maria <sip:1@b>")?.name, "Anna Maria");
    assert.equal(parseAddress("sip:1@b;tag=t")?.params.get("tag"), "t");
    assert.equal(parseAddress("sip:1@b;tag=t")?.uri, "sip:1@b");
    for (const bad of ["", "<>", "Anna", '"a\u0007" <sip:1@b>', "<sip:1@b"])
      assert.equal(parseAddress(bad), undefined, bad);
  });

  it("reads URIs: users with passwords and escapes, IPv6, tel", () => {
    const read = (text: string) => {
      const uri = parseUri(text);
      return uri && [uri.user, uri.host, uri.port];
    };
    assert.deepEqual(read("sip:**622:pw@[fd00::1]:5070;transport=tcp?h=v"), ["**622", "fd00::1", 5070]);
    assert.deepEqual(read("sips:%2B4930@fritz.box"), ["+4930", "fritz.box", undefined]);
    assert.deepEqual(read("sip:fritz.box"), ["", "fritz.box", undefined]);
    assert.deepEqual(read("tel:+4930;phone-context=x"), ["+4930", "", undefined]);
    assert.deepEqual(read("sip:50%@b"), ["50%", "b", undefined]);
    assert.deepEqual(read("sip:a%0d%0ab@b"), ["a%0d%0ab", "b", undefined]);
    for (const bad of ["", "http://b", "sip:a@b:99999", "sip:a@", "sip:a@b c"])
      assert.equal(parseUri(bad), undefined, bad);
    assert.deepEqual(hostAndPort("[::1]:5060"), { host: "::1", port: 5060 });
  });

  it("cuts a body to its Content-Length, and drops a message whose body is not whole", () => {
    assert.equal(parse("OPTIONS sip:a@b SIP/2.0", ...HEAD, "l: 3", "", "abcdef")?.body, "abc");
    assert.equal(parse("OPTIONS sip:a@b SIP/2.0", ...HEAD, "l: 7", "", "abcdef"), undefined);
    assert.equal(parse("OPTIONS sip:a@b SIP/2.0", ...HEAD, "l: x", "", ""), undefined);
    assert.equal(parse("OPTIONS sip:a@b SIP/2.0", ...HEAD, "", "abcdef")?.body, "abcdef");
  });

  it("drops garbage", () => {
    const without = (index: number) => HEAD.filter((_, i) => i !== index);
    for (const [what, message] of [
      ["nothing", parse("")],
      ["a keep-alive", parse("", "", "")],
      ["no end of head", parse("OPTIONS sip:a@b SIP/2.0", ...HEAD)],
      ["another version", parse("OPTIONS sip:a@b SIP/3.0", ...HEAD, "", "")],
      ["HTTP", parse("GET / HTTP/1.1", ...HEAD, "", "")],
      ["a blank in the URI", parse("OPTIONS sip:a b SIP/2.0", ...HEAD, "", "")],
      ["a status that is none", parse("SIP/2.0 99 x", ...HEAD, "", "")],
      ["a control character", parse("OPTIONS sip:a@b SIP/2.0", ...HEAD, "subject: a\u0000b", "", "")],
      ["a lone return", parse("OPTIONS sip:a@b SIP/2.0", ...HEAD, "subject: a\rVia: b", "", "")],
      ["too much", parse("OPTIONS sip:a@b SIP/2.0", ...HEAD, `s: ${"x".repeat(MOST_BYTES)}`, "", "")],
      ...HEAD.map((name, i) => [name, parse("OPTIONS sip:a@b SIP/2.0", ...without(i), "", "")] as const),
    ] as const) {
      assert.equal(message, undefined, what);
    }
  });
});

describe("sip: answers", () => {
  const from = { address: "192.168.178.1", port: 40_000 };
  const answer = (message: SipRequest, status = 200) =>
    serialize(answerTo(message, from, status, { tag: "t1" })).toString();

  it("copy Via, From, To, Call-ID and CSeq, and give a To tag", () => {
    const text = answer(request("Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK0, SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK9"));
    assert.equal(
      text,
      [
        "SIP/2.0 200 OK",
        "Via: SIP/2.0/UDP 192.168.178.1:5060;branch=z9hG4bK1",
        "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK0",
        "Via: SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK9",
        "From: <sip:1@b>;tag=1",
        "To: <sip:2@c>;tag=t1",
        "Call-ID: x",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
        "",
        "",
      ].join("\r\n"),
    );
  });

  it("go to the port of sent-by, or with rport to the source port; received says where from", () => {
    const plain = answerTo(request(), from, 200);
    assert.equal(answerPort(plain, from.port), 5060);
    const via = (text: string) => {
      const message = parse("OPTIONS sip:a@b SIP/2.0", `Via: ${text}`, ...HEAD.slice(1), "", "");
      assert.ok(message?.kind === "request");
      return answerTo(message, from, 200);
    };
    const asked = via("SIP/2.0/UDP fritz.box:5061;rport;branch=z9hG4bK1;received=9.9.9.9");
    assert.equal(
      headerOf(asked, "via"),
      "SIP/2.0/UDP fritz.box:5061;rport=40000;branch=z9hG4bK1;received=192.168.178.1",
    );
    assert.equal(answerPort(asked, from.port), 40_000);
    assert.equal(answerPort(via("SIP / 2.0 / UDP fritz.box : 5061 ; branch=z9hG4bK1"), from.port), 5061);
    assert.equal(topVia(asked)?.transport, "UDP");
  });

  it("keep a To tag that is there already", () => {
    const message = parse(
      "BYE sip:a@b SIP/2.0",
      ...HEAD.map((line) => line.replace("<sip:2@c>", "<sip:2@c>;tag=old")),
      "",
      "",
    );
    assert.ok(message?.kind === "request");
    assert.equal(addressOf(answerTo(message, from, 200, { tag: "new" }), "to")?.params.get("tag"), "old");
  });
});

describe("sip: messages in a stream", () => {
  const text = serialize(request("Subject: x")).toString();
  const withBody = text.replace("Content-Length: 0\r\n\r\n", "l: 4\r\n\r\nabcd");

  it("end where Content-Length says, however the bytes are cut", () => {
    const bytes = Buffer.from(`\r\n\r\n${text}${withBody}\r\n${text}`);
    for (const size of [1, 7, 100, bytes.length]) {
      const framer = new StreamFramer();
      const found: Buffer[] = [];
      for (let i = 0; i < bytes.length; i += size) found.push(...(framer.push(bytes.subarray(i, i + size)) ?? []));
      assert.deepEqual(
        found.map((one) => one.toString()),
        [text, withBody, text],
      );
    }
  });

  it("give up on what never ends", () => {
    const framer = new StreamFramer();
    assert.equal(framer.push(Buffer.alloc(MOST_BYTES + 1, "x")), undefined);
    assert.equal(new StreamFramer().push(Buffer.from("A b\r\nContent-Length: 999999\r\n\r\n")), undefined);
  });
});
