/** All that matters against a second, independent and stricter box. */
import assert from "node:assert/strict";
import type { Contact } from "../../src/lib/phonebook/types";
import { Telephony, type TelephonyOptions } from "../../src/lib/box/telephony";
import { CERTIFICATES } from "../../simulator/tr064/certificates";
import { AcceleratedClock } from "../support/accelerated-clock";
import { type StrictBoxOptions, StrictBox } from "../support/strict-box";
import { pause } from "../support/wait";

const PLAIN: StrictBoxOptions = { connection: "keeps", body: "length", digest: "MD5", singleUse: false };
const BOXES: [string, Partial<StrictBoxOptions>][] = [
  ["keeps the connection and counts nonces", {}],
  ["takes each nonce once", { singleUse: true }],
  ["closes after each answer", { connection: "closes", singleUse: true }],
  ["closes after each answer without a word", { connection: "closes-silently", singleUse: true }],
  ["closes without a word and counts nonces", { connection: "closes-silently" }],
  ["answers in chunks", { body: "chunked" }],
  ["ends an answer with the connection", { body: "until-the-end" }],
  ["wants SHA-256", { digest: "SHA-256" }],
  ["names no algorithm", { digest: "no-algorithm" }],
  ["talks TLS", { tls: CERTIFICATES[0] }],
  ["talks TLS and closes without a word", { tls: CERTIFICATES[0], connection: "closes-silently", singleUse: true }],
  ["ends an answer with the TLS connection", { tls: CERTIFICATES[0], body: "until-the-end" }],
  ["knows only an old TLS", { tls: { ...CERTIFICATES[0], maxVersion: "TLSv1.1" } }],
];

const MEIER: Contact = {
  name: `Meier & Söhne "<'>" 😀 a\u0308 ]]> &amp;`,
  numbers: [
    { number: "030 23125-001", type: "work" },
    { number: "0171 3920001", type: "mobile", prio: true },
  ],
  vip: true,
  emails: ["a&b@example.org"],
};

describe("a strict box that has its documents on its TLS port only", () => {
  it("is read there, though all else is asked over HTTP", async () => {
    const secure = new StrictBox({ ...PLAIN, tls: CERTIFICATES[0] });
    const plain = new StrictBox({ ...PLAIN, documentsAt: () => secure });
    await Promise.all([secure.listen(), plain.listen()]);
    const { name: username, password } = plain.user;
    const options = {
      host: "127.0.0.1",
      port: plain.port,
      tls: false,
      username,
      password,
      clock: new AcceleratedClock(),
    };
    const telephony = new Telephony(options);
    try {
      assert.equal((await telephony.add("Spam & Co", [MEIER])).added, 1);
      assert.equal((await telephony.contacts("Spam & Co"))[0]?.name, MEIER.name);
      assert.deepEqual(await telephony.calls(), []);
      const pinned = new Telephony({ ...options, fingerprint: "0".repeat(64) });
      await assert.rejects(pinned.calls(), { code: "box-certificate" });
      pinned.close();
    } finally {
      telephony.close();
      await Promise.all([secure.stop(), plain.stop()]);
    }
  });
});

for (const [what, options] of BOXES) {
  describe(`a strict box that ${what}`, () => {
    let box: StrictBox;
    let telephony: Telephony;

    beforeEach(async () => {
      box = new StrictBox({ ...PLAIN, ...options });
      box.books.push({ name: "Online", online: true, entries: new Map() });
      await box.listen();
      telephony = open();
    });
    afterEach(async () => {
      telephony.close();
      await box.stop();
    });

    const open = (extra: Partial<TelephonyOptions> = {}) => {
      const { name: username, password } = box.user;
      const ports = { port: box.port, tlsPort: box.port, tls: options.tls !== undefined };
      return new Telephony({
        host: "127.0.0.1",
        ...ports,
        username,
        password,
        clock: new AcceleratedClock(),
        ...extra,
      });
    };

    it("phonebooks: list, add, read, update, remove, make, delete", async () => {
      assert.deepEqual(
        (await telephony.books(true)).map(({ name, writable, count }) => [name, writable, count]),
        [
          ["Telefonbuch", true, 0],
          ["Spam & Co", true, 0],
          ["Online", false, 0],
        ],
      );
      const bert = { name: "Bert", numbers: [{ number: "030 23125002" }] };
      const added = await telephony.add("Spam & Co", [MEIER, bert]);
      assert.deepEqual([added.added, added.failed], [2, []]);
      const [stored] = await telephony.contacts("Spam & Co");
      assert.deepEqual({ ...stored, uniqueId: "", modified: "" }, { ...MEIER, uniqueId: "", modified: "" });
      assert.equal((await telephony.add("Spam & Co", [{ ...MEIER, name: "X" }])).alreadyThere, 1);
      const updated = await telephony.update("Spam & Co", [{ name: "Bert", numbers: [], vip: true }]);
      assert.deepEqual([updated.updated, updated.failed], [1, []]);
      const partly = await telephony.remove("Spam & Co", [{ name: "", numbers: [{ number: "+49 171 3920001" }] }]);
      assert.deepEqual([partly.updated, partly.failed], [1, []]);
      const removed = await telephony.remove("Spam & Co", [MEIER, bert]);
      assert.deepEqual([removed.removed, removed.failed, box.books[1]?.entries.size], [2, [], 0]);
      assert.equal((await telephony.createBook("Büro 'n' Co")).id, 3);
      await telephony.deleteBook("Büro 'n' Co");
      assert.equal(box.books.length, 3);
      assert.deepEqual(box.violations, []);
    });

    it("call barring, call list, own numbers, look-ups", async () => {
      box.calls =
        "<Call><Id>1</Id><Type>2</Type><Caller>03023125001</Caller><Called>SIP: 23125000</Called><Date>24.11.26 08:00</Date></Call>";
      await telephony.add(0, [MEIER]);
      // The accelerated clock ends the wait for a reading early; the reading goes on.
      for (let i = 0; i < 200 && (await telephony.find("+493023125001")).unknown !== undefined; i++) await pause(10);
      assert.equal((await telephony.find("+493023125001")).contacts[0]?.name, MEIER.name);
      assert.equal((await telephony.calls())[0]?.name, MEIER.name);
      assert.deepEqual(await telephony.ownNumbers(), ["23125000"]);
      assert.equal((await telephony.bar([MEIER])).added, 1);
      assert.equal((await telephony.barring())[0]?.name, MEIER.name);
      assert.equal((await telephony.unbar([MEIER])).removed, 1);
      assert.deepEqual([box.barring.size, box.violations], [0, []]);
    });

    it("25 operations at once, in order, nothing twice", async () => {
      const done: number[] = [];
      await Promise.all(
        Array.from({ length: 25 }, async (_, i) => {
          const contact = { name: `N${i}`, numbers: [{ number: `030 231250${10 + i}` }] };
          const { added } = await telephony.add("Telefonbuch", [contact]);
          assert.equal(added, 1);
          done.push(i);
        }),
      );
      assert.deepEqual(
        done,
        done.map((_, i) => i),
      );
      assert.deepEqual([box.books[0]?.entries.size, box.violations], [25, []]);
    });

    it("a wrong password is tried once", async () => {
      telephony.close();
      telephony = open({ password: "wrong" });
      for (let i = 0; i < 5; i++) await assert.rejects(telephony.books(), { code: "box-login" });
      assert.deepEqual(box.violations, ["login: response"]);
    });
  });
}
