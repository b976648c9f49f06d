/** The TR-064 client against the simulated box, over HTTP and TLS, with the faults of real ones. */
import assert from "node:assert/strict";
import { FritzError, type FritzErrorCode } from "../../src/lib/core/errors";
import type { Clock } from "../../src/lib/core/clock";
import { Tr064Client } from "../../src/lib/tr064/client";
import { type Tr064Options } from "../../src/lib/tr064/client-options";
import { SimulatedBox } from "../../simulator";

const ON_TEL = "X_AVM-DE_OnTel:1";
const USER = { name: "fritz1234", password: "gehe!m-ß", rights: { phone: "readwrite" } } as const;

/** Real time, but a wait of a second passes in a millisecond. */
const fastClock: Clock & { shift: number } = {
  shift: 0,
  now: () => Date.now() + fastClock.shift,
  after: (ms, run) => {
    const timer = setTimeout(run, ms / 1000);
    return { cancel: () => clearTimeout(timer) };
  },
};

for (const tls of [false, true]) {
  describe(`Tr064Client over ${tls ? "TLS" : "HTTP"}`, () => {
    let box: SimulatedBox;
    let clients: Tr064Client[] = [];

    beforeEach(async () => {
      fastClock.shift = 0;
      box = new SimulatedBox();
      box.tr064.state.users = [{ ...USER, rights: { ...USER.rights } }];
      box.tr064.state.books.addLocal("Spam");
      await box.tr064.listen();
    });
    afterEach(async () => {
      for (const client of clients) client.close();
      clients = [];
      await box.tr064.stop();
    });

    const client = (extra: Partial<Tr064Options> = {}) => {
      const { port, tlsPort } = box.tr064;
      const made = new Tr064Client({
        ...{ host: "127.0.0.1", port, tlsPort, tls, username: USER.name, password: USER.password, clock: fastClock },
        ...extra,
      });
      clients.push(made);
      return made;
    };
    const fails = (work: Promise<unknown>, code: FritzErrorCode) =>
      assert.rejects(work, (error) => {
        assert.ok(error instanceof FritzError, String(error));
        assert.equal(error.code, code);
        assert.ok(!JSON.stringify(error.values).includes(USER.password), "no secret in an error");
        return true;
      });
    /** Several times within 25 calls. */
    const expire = (staleFlag: boolean) => void Object.assign(box.tr064.auth, { nonceUses: 8, staleFlag });
    const list = (from: Tr064Client) => from.call(ON_TEL, "GetPhonebookList");

    it("reads model, FRITZ!OS and actions without a login, once", async () => {
      const stranger = client({ username: "", password: "" });
      const [first, again] = [await stranger.describe(), await stranger.describe()];
      assert.equal(first, again);
      assert.equal(first.model, box.tr064.state.model.name);
      const actions = await stranger.actionsOf(ON_TEL);
      assert.deepEqual(actions.get("GetPhonebook")?.in, ["NewPhonebookID"]);
      assert.deepEqual([...(await stranger.actionsOf("X_Nothing:1"))], []);
      assert.equal(box.tr064.requests.filter(({ path }) => path.endsWith(".xml")).length, 2);
    });

    it("logs in, and needs one more request for the first call only", async () => {
      const caller = client();
      assert.deepEqual(await list(caller), { NewPhonebookList: "0,1" });
      const before = box.tr064.requests.length;
      for (let i = 0; i < 5; i++) await list(caller);
      assert.equal(box.tr064.requests.length - before, 5);
    });

    it("downloads from the box that was configured, whatever the box thinks of its address", async () => {
      box.tr064.state.hostIdea = "192.0.2.77";
      box.tr064.state.books.local[1]?.add("Meier & Söhne 😀", "0711 123456");
      const caller = client();
      const { NewPhonebookURL = "" } = await caller.call(ON_TEL, "GetPhonebook", { NewPhonebookID: "1" });
      assert.match(await caller.download(NewPhonebookURL), /Meier &amp; Söhne 😀/);
    });

    for (const [what, set] of [
      ["single-use nonces", () => (box.tr064.auth.singleUseNonces = true)],
      ["nonces that expire", () => expire(false)],
      ["nonces that expire and say so", () => expire(true)],
      ["chunked replies", () => (box.tr064.wire.chunked = true)],
      ["Latin-1 replies", () => (box.tr064.wire.latin1 = true)],
      ["downloads without TLS's goodbye", () => (box.tr064.wire.abruptDownloads = true)],
    ] as const) {
      it(`25 calls at once all succeed, in order, with ${what}`, async () => {
        set();
        const caller = client();
        const done: number[] = [];
        const call = async (i: number) => {
          const { NewPhonebookURL = "" } = await caller.call(ON_TEL, "GetPhonebook", { NewPhonebookID: String(i % 2) });
          done.push(i);
          return NewPhonebookURL;
        };
        const urls = await Promise.all(Array.from({ length: 25 }, (_, i) => call(i)));
        assert.deepEqual(
          done,
          urls.map((_, i) => i),
        );
        assert.equal(box.tr064.peakRequests, 1, "one after the other");
        assert.match(await caller.download(urls[0] ?? ""), /<phonebook /);
      });
    }

    it("tries a wrong password once, not in a storm, and again later", async () => {
      const caller = client({ password: "wrong" });
      for (let i = 0; i < 10; i++) await fails(list(caller), "box-login");
      assert.equal(box.tr064.requests.filter(({ status }) => status === 401).length, 2);
      box.tr064.state.users = [{ ...USER, password: "wrong", rights: { ...USER.rights } }];
      await fails(list(caller), "box-login");
      fastClock.shift = 60_000;
      assert.equal((await list(caller))["NewPhonebookList"], "0,1");
    });

    it("says what is missing", async () => {
      await fails(list(client({ password: "" })), "box-login-needed");
      await fails(client().call(ON_TEL, "GetPhonebook", { NewPhonebookID: "77" }), "box-no-entry");
      await fails(client().call(ON_TEL, "GetPhonebook", {}), "box-arguments");
      await fails(client().call(ON_TEL, "NoSuchAction"), "box-no-action");
      await fails(client().call("X_Nothing:1", "Get"), "box-no-service");
      await fails(client().call("DeviceInfo:1", "GetInfo"), "box-right");
      box.tr064.state.appAccess = false;
      await fails(list(client()), "box-no-action");
    });

    it("waits for a busy box, and sends a reading call again if the connection broke", async () => {
      const caller = client();
      await list(caller);
      box.tr064.failNext({ kind: "503", times: 2 });
      assert.equal((await list(caller))["NewPhonebookList"], "0,1");
      box.tr064.failNext({ kind: "503", times: 9 });
      await fails(list(caller), "box-busy");
      box.tr064.faults.clear();
      box.tr064.failNext({ kind: "reset-before" });
      assert.equal((await list(caller))["NewPhonebookList"], "0,1");
    });

    it("takes a nonce that a broken connection used up for no wrong password", async () => {
      box.tr064.auth.singleUseNonces = true;
      const caller = client();
      for (let i = 0; i < 3; i++) {
        box.tr064.failNext({ kind: "reset-after" });
        assert.equal((await list(caller))["NewPhonebookList"], "0,1");
      }
      box.tr064.failNext({ kind: "503" });
      assert.equal((await list(caller))["NewPhonebookList"], "0,1");
    });

    it("never sends a writing call twice by itself", async () => {
      const caller = client();
      await list(caller);
      box.tr064.failNext({ kind: "reset-after" });
      await fails(
        caller.call(ON_TEL, "AddPhonebook", { NewPhonebookExtraID: "", NewPhonebookName: "Once" }),
        "box-unreachable",
      );
      assert.equal(box.tr064.state.books.local.filter(({ name }) => name === "Once").length, 1);
    });

    for (const kind of ["truncate", "garbage", "wrong-type"] as const) {
      it(`takes no ${kind} answer for a good one`, async () => {
        const caller = client();
        await list(caller);
        box.tr064.failNext({ kind, times: 2 });
        await assert.rejects(list(caller), FritzError);
        box.tr064.faults.clear();
        assert.equal((await list(caller))["NewPhonebookList"], "0,1");
      });
    }

    it("survives a restart of the box", async () => {
      const caller = client();
      await list(caller);
      await box.tr064.restart();
      await fails(list(caller), "box-refused");
      await box.tr064.accept();
      assert.equal((await list(caller))["NewPhonebookList"], "0,1");
    });

    it("gives up after its time", async () => {
      const caller = client({ timeoutMs: 2_000 });
      await list(caller);
      box.tr064.failNext({ kind: "slow", ms: 60_000 });
      await fails(list(caller), "box-timeout");
    });

    it("is patient with a box that is slow but not silent", async () => {
      const caller = client({ timeoutMs: 2_000 });
      await list(caller);
      box.tr064.failNext({ kind: "slow", ms: 3_200 });
      assert.equal((await list(caller))["NewPhonebookList"], "0,1");
    });

    it("takes a strange address for an unusable answer", async () => {
      for (const url of ["http://[", "", "//", "::", "/nothing"]) await fails(client().download(url), "box-reply");
    });

    if (!tls) return;

    it("shows the certificate's fingerprint, accepts the pinned one only, and says nothing to a stranger", async () => {
      const caller = client();
      await list(caller);
      assert.match(caller.fingerprint, /^[0-9A-F]{64}$/);
      const pinned = caller.fingerprint.toLowerCase().replace(/..(?!$)/g, "$&:");
      await list(client({ fingerprint: pinned }));
      box.tr064.useCertificate(1);
      box.tr064.resetAll();
      const before = box.tr064.requests.length;
      await assert.rejects(list(client({ fingerprint: pinned })), (error) => {
        assert.ok(error instanceof FritzError);
        assert.equal(error.code, "box-certificate");
        assert.match(String(error.values["fingerprint"]), /^[0-9A-F]{64}$/);
        return true;
      });
      assert.equal(box.tr064.requests.length, before);
    });

    it("takes the usual TLS port for a box that does not tell its own", async () => {
      box.tr064.state.missingActions.add("GetSecurityPort");
      const { port } = box.tr064;
      const made = new Tr064Client({ host: "127.0.0.1", port, username: USER.name, password: USER.password });
      clients.push(made);
      await assert.rejects(list(made), (error) => {
        // Another program may have that port on this computer: it was tried.
        assert.ok(error instanceof FritzError && error.code !== "box-no-action", String(error));
        return true;
      });
    });

    it("asks the box for its TLS port if none is configured", async () => {
      const { port } = box.tr064;
      const made = new Tr064Client({ host: "127.0.0.1", port, username: USER.name, password: USER.password });
      clients.push(made);
      assert.equal((await list(made))["NewPhonebookList"], "0,1");
      assert.ok(box.tr064.requests.some(({ action }) => action === "GetSecurityPort"));
    });
  });
}
