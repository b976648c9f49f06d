/** The digest login against an independent witness: `digest-fetch` computes the same header, and logs in at the simulated box. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DigestSession, parseChallenge } from "../../src/lib/tr064/digest";
import { SimulatedBox } from "../../simulator";

interface Witness {
  digest: { cnonce: string; nc: number; nonce: string };
  parseAuth(challenge: string): void;
  addAuth(url: string, options: { method: string }): { headers: { Authorization: string } };
  fetch(url: string, options?: object): Promise<Response>;
}
type WitnessClass = new (user: string, password: string, options?: { algorithm?: string }) => Witness;

const HOST = "http://box.invalid";
const ALGORITHMS = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"];
const NAMES = ["nodered", "Jörg Müller", "名前😀", "a:b", "a,b=c", ""];
const REALMS = ["HTTPS Access", "F!Box SOAP-Auth", "", "a, b=c", "Grüße", "  spaces  "];

const SHARED = ["username", "realm", "nonce", "uri", "qop", "nc", "cnonce", "response", "opaque"];

/** The fields of a header; a name beyond ASCII travels as the bytes of its UTF-8. */
function fields(header: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", quoted, bare] of header.matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    if (SHARED.includes(name)) found[name] = quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "";
  }
  return found;
}
const wire = (text: string) => Buffer.from(text, "utf8").toString("latin1");

describe("digest login and its witness digest-fetch", () => {
  let Client: WitnessClass;
  before(async () => {
    Client = ((await import("digest-fetch")) as unknown as { default: WitnessClass }).default;
  });

  interface Login {
    user: string;
    password: string;
    realm: string;
    algorithm: string;
    qop: boolean;
    uri: string;
  }
  /** Header fields of both for the n-th request with one challenge; the witness's client nonce is used by both. */
  function both({ user, password, realm, algorithm, qop, uri }: Login, request = 1) {
    const challenge = `Digest realm="${realm}", nonce="88B30A35B27FDC00", opaque="5ccc06", algorithm=${algorithm}${qop ? ', qop="auth"' : ""}`;
    const witness = new Client(user, password, { algorithm });
    witness.parseAuth(challenge);
    const parsed = parseChallenge([challenge]) ?? assert.fail("no challenge");
    const own = new DigestSession(parsed, { user, password }, () => witness.digest.cnonce);
    let header = own.authorize("POST", uri);
    for (let i = 1; i < request; i++) header = own.authorize("POST", uri);
    witness.digest.nc = request;
    const theirs = fields(witness.addAuth(`${HOST}${uri}`, { method: "post" }).headers.Authorization);
    const ours = fields(header);
    // Where no count is asked for, RFC 7616 wants none; the witness sends one all the same, and a cnonce that is not used.
    if (!qop) {
      delete theirs["nc"];
      if (!/-sess$/.test(algorithm)) delete theirs["cnonce"];
    }
    for (const name of ["username", "realm"]) theirs[name] = wire(theirs[name] ?? "");
    return { ours, theirs };
  }

  for (const algorithm of ALGORITHMS) {
    for (const qop of [true, false]) {
      it(`agree on every field: ${algorithm}, ${qop ? "qop=auth" : "without qop"}`, () => {
        for (const user of NAMES) {
          for (const realm of REALMS) {
            const login = {
              user,
              password: `${user}-ß😀"\\`,
              realm,
              algorithm,
              qop,
              uri: "/upnp/control/x_contact?a=b,c",
            };
            const { ours, theirs } = both(login);
            assert.deepEqual(ours, theirs, `${user} at ${realm}`);
            assert.match(ours["response"] ?? "", /^[0-9a-f]{32,64}$/);
          }
        }
      });
    }
  }

  it("agree on whatever users, passwords, realms and addresses there are", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 30 });
    const quotable = text.filter((value) => !/["\\\r\n]/.test(value));
    fc.assert(
      fc.property(
        fc.record({
          user: quotable,
          password: text,
          realm: quotable,
          algorithm: fc.constantFrom(...ALGORITHMS),
          qop: fc.boolean(),
          uri: fc.webPath().map((path) => `/${path.replace(/^\/*/, "")}`),
        }),
        fc.integer({ min: 1, max: 9 }),
        (login, request) => {
          const { ours, theirs } = both(login, request);
          assert.deepEqual(ours, theirs);
        },
      ),
      { numRuns: 300 },
    );
  });

  describe("where the witness is not followed", () => {
    const login = { user: "u", password: "p", realm: "r", algorithm: "MD5", qop: true, uri: "/" };

    it("the tenth request: the count is hexadecimal (RFC 7616, 3.4), the witness counts in tens", () => {
      const { ours, theirs } = both(login, 10);
      assert.equal(ours["nc"], "0000000a");
      assert.equal(theirs["nc"], "00000010");
      assert.notEqual(ours["response"], theirs["response"]);
    });

    it("a new nonce: the count begins at 1, the witness counts on", () => {
      const witness = new Client("u", "p");
      witness.parseAuth('Digest realm="r", nonce="first", qop="auth"');
      witness.parseAuth('Digest realm="r", nonce="second", qop="auth"');
      const theirs = fields(witness.addAuth(`${HOST}/`, { method: "GET" }).headers.Authorization);
      assert.equal(theirs["nc"], "00000002");
      const second = parseChallenge(['Digest realm="r", nonce="second", qop="auth"']) ?? assert.fail();
      const own = new DigestSession(second, { user: "u", password: "p" });
      assert.equal(fields(own.authorize("GET", "/"))["nc"], "00000001");
    });

    it("a quote in the realm or the name: it is escaped, the witness ends there", () => {
      const challenge = 'Digest realm="a \\"b\\"", nonce="n", qop="auth"';
      assert.equal(parseChallenge([challenge])?.realm, 'a "b"');
      const witness = new Client("u", "p");
      witness.parseAuth(challenge);
      const theirs = fields(witness.addAuth(`${HOST}/`, { method: "GET" }).headers.Authorization);
      assert.notEqual(theirs["realm"], 'a "b"');
    });

    it("an algorithm that only the box names: it is used, the witness stays with MD5", () => {
      const challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256';
      assert.equal(parseChallenge([challenge])?.algorithm, "SHA-256");
      const witness = new Client("u", "p");
      witness.parseAuth(challenge);
      const { headers } = witness.addAuth(`${HOST}/`, { method: "GET" });
      assert.match(headers.Authorization, /algorithm=MD5/);
    });
  });
});

describe("digest-fetch as a foreign client of the simulated box", () => {
  const box = new SimulatedBox();
  before(() => box.tr064.listen());
  after(() => box.tr064.stop());

  const BODY = `<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>
<u:GetPhonebookList xmlns:u="urn:dslforum-org:service:X_AVM-DE_OnTel:1"></u:GetPhonebookList></s:Body></s:Envelope>`;
  const ask = (client: Witness) =>
    client.fetch(`http://127.0.0.1:${box.tr064.port}/upnp/control/x_contact`, {
      method: "POST",
      headers: {
        "Content-Type": 'text/xml; charset="utf-8"',
        SoapAction: "urn:dslforum-org:service:X_AVM-DE_OnTel:1#GetPhonebookList",
      },
      body: BODY,
    });

  let Client: WitnessClass;
  before(async () => {
    Client = ((await import("digest-fetch")) as unknown as { default: WitnessClass }).default;
  });

  it("logs in once and asks nine times with one nonce", async () => {
    const client = new Client("fritz1234", "secret");
    for (let i = 0; i < 9; i++) {
      const answer = await ask(client);
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /<NewPhonebookList>0/);
    }
  });

  it("is refused with a wrong password", async () => {
    assert.equal((await ask(new Client("fritz1234", "wrong"))).status, 401);
  });
});
