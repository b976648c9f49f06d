import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DigestSession, parseChallenge } from "../../../src/lib/tr064/digest";

describe("digest login", () => {
  const BOX = 'Digest realm="HTTPS Access",nonce="88B30A35B27FDC00",algorithm=MD5,qop="auth"';
  const RFC = {
    realm: "testrealm@host.com",
    nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
    opaque: "5ccc069c403ebaf9f0171e9517f40e41",
    auth: true,
    stale: false,
  };
  const mufasa = { user: "Mufasa", password: "Circle Of Life" };
  const cnonce = () => "0a4f113b";

  it("reads a box's challenge", () => {
    assert.deepEqual(parseChallenge([BOX]), {
      realm: "HTTPS Access",
      nonce: "88B30A35B27FDC00",
      algorithm: "MD5",
      auth: true,
      stale: false,
    });
  });

  it("finds Digest among other schemes, and takes the strongest", () => {
    assert.equal(parseChallenge([`Basic realm="x", ${BOX}`])?.nonce, "88B30A35B27FDC00");
    const strong = BOX.replace("MD5", "SHA-256").replace("88B30A35B27FDC00", "strong");
    assert.equal(parseChallenge([BOX, strong])?.nonce, "strong");
    assert.equal(parseChallenge([strong, BOX])?.nonce, "strong");
    assert.equal(parseChallenge([BOX.replace('"auth"', '"auth-int, auth"')])?.auth, true);
    assert.equal(parseChallenge([`${BOX}, stale=TRUE`])?.stale, true);
    assert.equal(parseChallenge(['Digest realm="a \\"b\\"", nonce="n"'])?.realm, 'a "b"');
  });

  for (const header of [
    'Basic realm="x"',
    "Digest nonce=n",
    'Digest realm="x"',
    BOX.replace("MD5", "ROT13"),
    BOX.replace('"auth"', '"auth-int"'),
    `${BOX}${" ".repeat(16_000)}`,
  ]) {
    it(`finds nothing usable in ${header.slice(0, 100)}`, () => assert.equal(parseChallenge([header]), undefined));
  }

  it("computes RFC 2617's example", () => {
    const session = new DigestSession({ ...RFC, algorithm: "MD5" }, mufasa, cnonce);
    const header = session.authorize("GET", "/dir/index.html");
    assert.match(header, /response="6629fae49393a05397450978507c4ef1"/);
    assert.match(header, /nc=00000001/);
    assert.match(header, /username="Mufasa"/);
    assert.match(header, /opaque="5ccc069c403ebaf9f0171e9517f40e41"/);
  });

  it("computes the same with SHA-256, and with a session key", () => {
    const hash = (...parts: string[]) => createHash("sha256").update(parts.join(":")).digest("hex");
    const [plain, request] = [hash("Mufasa", RFC.realm, "Circle Of Life"), hash("GET", "/")];
    const expected = (secret: string) => hash(secret, RFC.nonce, "00000001", cnonce(), "auth", request);
    for (const [algorithm, response] of [
      ["SHA-256", expected(plain)],
      ["SHA-256-sess", expected(hash(plain, RFC.nonce, cnonce()))],
    ] as const) {
      const header = new DigestSession({ ...RFC, algorithm }, mufasa, cnonce).authorize("GET", "/");
      assert.ok(header.includes(`response="${response}"`), algorithm);
      assert.ok(header.includes(`algorithm=${algorithm}`));
    }
  });

  it("counts up with every request of a nonce, each with its own response", () => {
    const session = new DigestSession({ ...RFC, algorithm: "MD5" }, mufasa);
    const headers = Array.from({ length: 17 }, () => session.authorize("POST", "/x"));
    assert.deepEqual(
      headers.map((header) => /nc=(\w+)/.exec(header)?.[1]),
      headers.map((_, i) => (i + 1).toString(16).padStart(8, "0")),
    );
    assert.equal(new Set(headers.map((header) => /response="(\w+)"/.exec(header)?.[1])).size, 17);
  });

  it("without qop sends neither count nor cnonce (RFC 2069)", () => {
    const session = new DigestSession({ ...RFC, auth: false, algorithm: "MD5" }, mufasa);
    assert.doesNotMatch(session.authorize("GET", "/"), /nc=|cnonce=|qop=/);
  });

  it("sends names beyond Latin-1 as UTF-8 bytes, and quotes what needs it", () => {
    const session = new DigestSession({ ...RFC, algorithm: "MD5" }, { user: 'J"ürgen😀', password: "ß" });
    const header = session.authorize("GET", "/");
    const name = /username="((?:[^"\\]|\\.)*)"/.exec(header)?.[1]?.replace(/\\(.)/g, "$1") ?? "";
    assert.equal(Buffer.from(name, "latin1").toString("utf8"), 'J"ürgen😀');
  });
});
