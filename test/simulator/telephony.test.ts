/** What acts on the telephone system, against the simulated box over HTTP and TLS: done once, read back, whatever goes wrong on the way. */
import assert from "node:assert/strict";
import { FritzError } from "../../src/lib/core/errors";
import { AnsweringMachines } from "../../src/lib/telephony/answering-machines";
import { AnyAction } from "../../src/lib/telephony/any-action";
import { Deflections } from "../../src/lib/telephony/deflections";
import { DiallingAid } from "../../src/lib/telephony/dialling";
import { PhoneNames } from "../../src/lib/telephony/phone-names";
import { Tr064Client } from "../../src/lib/tr064/client";
import { type Tr064Options } from "../../src/lib/tr064/client-options";
import { recording, SimulatedBox } from "../../simulator";
import { AcceleratedClock } from "../support/accelerated-clock";
import { until } from "../support/wait";

const PASSWORD = "gehe!m-42";

/** A write, how it shows at the box, and what is said where no answer came. */
interface Write {
  action: string;
  run(): Promise<unknown>;
  isDone(): boolean;
  /** The failure where the box forgets what it said yes to; undefined = nothing at the box tells. */
  kept?: string;
  /** The failure where it is not known whether it was done; undefined = it is read from the box. */
  uncertain?: string;
}

for (const tls of [false, true]) {
  describe(`acting over ${tls ? "TLS" : "HTTP"}`, function () {
    let box: SimulatedBox;
    let clients: Tr064Client[] = [];
    let clock = new AcceleratedClock();

    beforeEach(async () => {
      clock = new AcceleratedClock();
      box = new SimulatedBox();
      const { state } = box.tr064;
      state.users = [
        { name: "nodered", password: PASSWORD, rights: { phone: "readwrite" } },
        { name: "reader", password: PASSWORD, rights: { phone: "readonly" } },
        { name: "guest", password: PASSWORD, rights: { nas: "readwrite" } },
      ];
      const rule = { number: "", toNumber: "", outgoing: "", phonebookId: "" as const };
      state.books.addLocal("Spam");
      state.deflections = [
        { ...rule, enable: true, type: "fromPB", mode: "eNoSignal", phonebookId: 1 },
        { ...rule, enable: false, type: "fromAll", mode: "eNoSignal" },
      ];
      for (const minute of [1, 2]) {
        state.tam.leave(0, { number: `0302312500${minute}`, date: new Date(2026, 0, 5, 12, minute) });
      }
      await box.tr064.listen();
    });
    afterEach(async () => {
      for (const one of clients) one.close();
      clients = [];
      await box.tr064.stop();
    });

    function client(username = "nodered", more: Partial<Tr064Options> = {}): Tr064Client {
      const { port, tlsPort } = box.tr064;
      const made = new Tr064Client({
        ...{ host: "127.0.0.1", port, tlsPort, webPort: tls ? tlsPort : port, tls, clock },
        ...{ username, password: PASSWORD, ...more },
      });
      clients.push(made);
      return made;
    }
    const books = () => Promise.resolve(box.tr064.state.books.all.map(({ name }, id) => ({ id, name })));
    const deflections = (user?: string) => new Deflections(client(user), books);
    const machines = (user?: string) => new AnsweringMachines(client(user), (local) => `${local}+01:00`);
    const aid = (user?: string) => new DiallingAid(client(user), clock);
    const asked = (action: string) =>
      box.tr064.requests.filter((one) => one.action === action && one.authorized).length;
    const fails = async (work: Promise<unknown>, code: string) => {
      const error = await work.then(
        () => assert.fail(`no failure, but ${code} was expected`),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof FritzError, String(error));
      assert.equal(error.code, code);
      assert.doesNotMatch(`${error.message}`, new RegExp(`${PASSWORD}|0302312500|[0-9a-f]{16}`));
    };

    const writes = (user?: string): Record<string, Write> => {
      const { state } = box.tr064;
      const list = state.tam;
      return {
        "a rule": {
          action: "SetDeflectionEnable",
          run: () => deflections(user).set("do-not-disturb", true),
          isDone: () => state.deflections[1]?.enable === true,
          kept: "deflection-kept",
        },
        "a machine": {
          action: "SetEnable",
          run: () => machines(user).set("Anrufbeantworter 1", false),
          isDone: () => list.slots[0]?.enable === false,
          kept: "machine-kept",
        },
        "a mark": {
          action: "MarkMessage",
          run: () => machines(user).mark({ machine: 0, index: 1 }),
          isDone: () => list.messages.some(({ index, isNew }) => index === 1 && !isNew),
          kept: "message-kept",
        },
        "a deletion": {
          action: "DeleteMessage",
          run: () => machines(user).delete({ machine: 0, index: 1 }),
          isDone: () => !list.messages.some(({ index }) => index === 1),
          kept: "message-kept",
        },
        "a dial": {
          action: "X_AVM-DE_DialNumber",
          run: () => aid(user).dial("**9"),
          isDone: () => box.dialledNumbers.length > 0,
          uncertain: "dial-uncertain",
        },
        "the aid's telephone": {
          action: "X_AVM-DE_DialSetConfig",
          run: () => aid(user).use("Telefon"),
          isDone: () => state.dialPhone === "FON1: Telefon",
          kept: "dial-phone-kept",
        },
        "any action": {
          action: "SetDECTHandsetPhonebook",
          run: () =>
            new AnyAction(client(user)).run({
              ...{ service: "X_AVM-DE_OnTel:1", action: "SetDECTHandsetPhonebook", write: true, parse: true },
              arguments: { DectID: 1, PhonebookID: 1 },
            }),
          isDone: () => state.handsets[0]?.phonebookId === 1,
          uncertain: "action-uncertain",
        },
      };
    };

    for (const [name, { action, kept, uncertain }] of Object.entries({
      "a rule": { action: "SetDeflectionEnable", kept: "deflection-kept", uncertain: undefined },
      "a machine": { action: "SetEnable", kept: "machine-kept", uncertain: undefined },
      "a mark": { action: "MarkMessage", kept: "message-kept", uncertain: undefined },
      "a deletion": { action: "DeleteMessage", kept: "message-kept", uncertain: undefined },
      "a dial": { action: "X_AVM-DE_DialNumber", kept: undefined, uncertain: "dial-uncertain" },
      "the aid's telephone": { action: "X_AVM-DE_DialSetConfig", kept: "dial-phone-kept", uncertain: undefined },
      "any action": { action: "SetDECTHandsetPhonebook", kept: undefined, uncertain: "action-uncertain" },
    })) {
      describe(name, () => {
        const write = (user?: string) => writes(user)[name] ?? assert.fail(name);

        it("is done once", async () => {
          await write().run();
          assert.ok(write().isDone());
          assert.equal(asked(action), 1);
        });

        it("is not done and not tried again where the connection breaks before it", async () => {
          box.tr064.failNext({ kind: "reset-before", match: action });
          await fails(write().run(), uncertain ?? "box-unreachable");
          assert.ok(!write().isDone());
          assert.equal(asked(action), 1);
        });

        it("is done once, and known to be done or said to be uncertain, where it breaks after it", async () => {
          box.tr064.failNext({ kind: "reset-after", match: action });
          if (uncertain) await fails(write().run(), uncertain);
          else await write().run();
          assert.ok(write().isDone());
          assert.equal(asked(action), 1);
        });

        it("waits for a box that says later, and is done once", async () => {
          box.tr064.failNext({ kind: "503", match: action, times: 2 });
          await write().run();
          assert.ok(write().isDone());
        });

        if (kept) {
          it("is read back: a box that says yes and forgets it is found out", async () => {
            box.tr064.failNext({ kind: "drop-write", match: action });
            await fails(write().run(), kept);
          });
        }

        it("is refused to a user without the right, and to one who may only read", async () => {
          await fails(write("guest").run(), "box-right");
          await fails(write("reader").run(), "box-right");
          assert.ok(!write().isDone());
        });

        it("says that the box wants the second factor", async () => {
          box.tr064.state.secondFactor.enabled = true;
          box.tr064.state.protectedActions.add(action);
          await fails(write().run(), "box-second-factor");
          box.tr064.state.secondFactor.blocked = true;
          await fails(write().run(), "box-second-factor-blocked");
          assert.ok(!write().isDone());
        });

        it("is done at most once where the box restarts in the middle", async () => {
          box.tr064.wire.latencyMs = 30;
          const work = write()
            .run()
            .catch((error: unknown) => error);
          await until("the first request", () => box.tr064.openRequests > 0);
          await box.tr064.restart(40);
          const end = await work;
          assert.ok(!(end instanceof Error) || end instanceof FritzError, String(end));
          assert.ok(asked(action) <= 1);
          box.tr064.wire.latencyMs = 0;
          if (asked(action) === 0) await write().run(); // nothing is in its way afterwards
          assert.ok(write().isDone());
        });

        it("is done once where the box restarts right after it", async () => {
          const work = write()
            .run()
            .catch((error: unknown) => error);
          await until("the write", () => asked(action) === 1);
          await box.tr064.restart(40);
          const end = await work;
          if (end instanceof Error) {
            const codes = [uncertain, "box-unreachable", "box-refused", "box-timeout"];
            assert.ok(end instanceof FritzError && codes.includes(end.code), String(end));
          }
          assert.equal(asked(action), 1);
          assert.ok(write().isDone());
        });
      });
    }

    /** What only looks: what it asks for, and how. */
    const reads = (user?: string): Record<string, { match: string | RegExp; run(): Promise<unknown> }> => ({
      "the rules": { match: "GetDeflections", run: () => deflections(user).list() },
      "the machines": { match: "GetList", run: () => machines(user).machines() },
      "the messages": { match: /GetMessageList|tamcalllist/, run: () => machines(user).messages() },
      "the aid's telephones": { match: "X_AVM-DE_GetPhonePort", run: () => aid(user).phones() },
      "the aid's setting": { match: "X_AVM-DE_DialGetConfig", run: () => aid(user).phone() },
      "any value": {
        match: "GetInfo",
        run: () =>
          new AnyAction(client(user)).run({
            ...{ service: "X_AVM-DE_TAM:1", action: "GetInfo", arguments: { Index: 0 }, write: false, parse: true },
          }),
      },
    });

    for (const name of [
      "the rules",
      "the machines",
      "the messages",
      "the aid's telephones",
      "the aid's setting",
      "any value",
    ]) {
      describe(`a look at ${name}`, () => {
        const read = (user?: string) => reads(user)[name] ?? assert.fail(name);

        for (const kind of ["reset-before", "reset-after", "truncate", "garbage", "wrong-type", "503"] as const) {
          it(`gives an answer or a failure that says to try again, and works afterwards: ${kind}`, async () => {
            const look = read();
            box.tr064.failNext({ kind, match: look.match });
            const end = await look.run().catch((error: unknown) => error);
            if (end instanceof Error) {
              const codes = ["box-unreachable", "box-reply", "box-busy"];
              assert.ok(end instanceof FritzError && codes.includes(end.code), String(end));
            }
            assert.deepEqual(await look.run(), await read("reader").run());
          });
        }

        it("is refused to a user without the right only, and with the second factor says so", async () => {
          await fails(read("guest").run(), "box-right");
          const { state } = box.tr064;
          state.secondFactor.enabled = true;
          await read().run();
          for (const action of ["GetDeflections", "GetList", "GetMessageList", "GetInfo"])
            state.protectedActions.add(action);
          for (const action of ["X_AVM-DE_GetPhonePort", "X_AVM-DE_DialGetConfig"]) state.protectedActions.add(action);
          await fails(read().run(), "box-second-factor");
        });

        it("survives a restart in the middle", async () => {
          box.tr064.wire.latencyMs = 30;
          const work = read()
            .run()
            .catch((error: unknown) => error);
          await until("the first request", () => box.tr064.openRequests > 0);
          await box.tr064.restart(40);
          const end = await work;
          assert.ok(!(end instanceof Error) || end instanceof FritzError, String(end));
          box.tr064.wire.latencyMs = 0;
          await read().run();
        });
      });
    }

    it("hangs up also where the connection breaks before or after the order, and not without the right", async () => {
      for (const kind of ["reset-before", "reset-after", "503"] as const) {
        await aid().dial("**9");
        assert.equal(box.ringing, "**9");
        box.tr064.failNext({ kind, match: "X_AVM-DE_DialHangup" });
        await aid().hangup();
        assert.equal(box.ringing, "", kind);
      }
      await aid().dial("**9");
      await fails(aid("guest").hangup(), "box-right");
      await fails(aid("reader").hangup(), "box-right");
      assert.equal(box.ringing, "**9");
    });

    it("finds a rule again whose place has moved between two looks, and never switches another one", async () => {
      const { state } = box.tr064;
      const lib = deflections();
      const [spam] = await lib.list();
      assert.equal(spam?.name, "fromPB Spam NoSignal");
      state.deflections.unshift({ ...state.deflections[0]!, type: "fromAnonymous", phonebookId: "", enable: true });
      await lib.set(spam.name, false);
      assert.deepEqual(
        state.deflections.map(({ enable }) => enable),
        [true, false, false],
      );
    });

    it("has no rules where the box has none, or says so with an error", async () => {
      box.tr064.state.deflections = [];
      assert.deepEqual(await deflections().list(), []);
      await fails(deflections().set("do-not-disturb", true), "deflection-no-dnd");
    });

    it("reads messages of all machines with sound, marks them as new again, and finds one whose index has moved", async () => {
      const { tam } = box.tr064.state;
      tam.indexes = "moving";
      tam.delete(tam.messages[0]!);
      tam.leave(1, { number: "", date: new Date(2026, 0, 5, 13), seconds: 2 });
      tam.slots[1] = { ...tam.slots[0]!, name: "Büro" };
      const lib = machines();
      assert.deepEqual(
        (await lib.counted()).map(({ name, new: fresh, total }) => [name, fresh, total]),
        [
          ["Anrufbeantworter 1", 1, 1],
          ["Büro", 1, 1],
        ],
      );
      const [message] = await lib.messages("büro");
      assert.ok(message);
      assert.equal(message.caller.presentation, "restricted");
      const { bytes, seconds } = await lib.sound(message);
      assert.deepEqual(bytes, recording(2));
      assert.equal(seconds, 2);
      tam.leave(1, { number: "030", date: new Date(2026, 0, 5, 14) });
      assert.equal((await lib.mark(message)).index, 1);
      assert.equal((await lib.mark(message, false)).new, true);
      await lib.delete(message);
      assert.deepEqual(
        tam.of(1).map(({ number }) => number),
        ["030"],
      );
      await fails(lib.delete(message), "message-unknown");
      await fails(lib.set("Keller", true), "machine-unknown");
    });

    it("fetches sound the way that the box has it, in any format, with a new session when the old one has ended", async () => {
      const { state } = box.tr064;
      const lib = machines();
      const [message] = await lib.messages();
      assert.ok(message);
      state.tam.format = "a-law";
      state.tam.openEnded = true;
      assert.equal((await lib.sound(message)).bytes.readUInt16LE(20), 1);
      await box.tr064.restart(0); // sessions are void
      assert.equal((await lib.sound(message)).seconds, 3);
      state.fileRoute = "user-interface";
      assert.equal((await lib.sound(message)).seconds, 3);
      state.tam.leave(0, { number: "030", date: new Date(), seconds: 120 });
      const [long] = await lib.messages();
      assert.equal((await lib.sound(long ?? message)).seconds, 120);
      box.tr064.wire.abruptDownloads = true;
      assert.equal((await lib.sound(message)).seconds, 3);
      box.tr064.wire.abruptDownloads = false;
      box.tr064.failNext({ kind: "oversize", match: /luacgi/ });
      await fails(lib.sound(message), "box-reply");
      for (const path of ["http://192.0.2.1/x", "//192.0.2.1/x", "/data/../etc/passwd", "x"]) {
        await fails(lib.sound({ path }), "box-no-entry");
      }
      assert.ok(box.tr064.requests.every(({ path }) => !path.includes("passwd")));
    });

    it("rings for a time and stops by itself, also when it is told to stop or the answer to the dial was lost", async () => {
      const lib = aid();
      let started = false;
      assert.equal(await lib.ringFor("**9", 20, () => (started = true)), "time");
      assert.ok(started);
      assert.ok(clock.waits.includes(20_000));
      assert.equal(box.ringing, "");
      const stop = new AbortController();
      const slow = new DiallingAid(client(), { now: () => 0, after: () => ({ cancel: () => {} }) });
      const ring = slow.ringFor("**610", 20, () => stop.abort(), stop.signal);
      assert.equal(await ring, "order");
      assert.equal(box.ringing, "");
      box.tr064.failNext({ kind: "reset-after", match: "X_AVM-DE_DialNumber" });
      await fails(lib.ringFor("**9", 20), "dial-uncertain");
      assert.equal(box.ringing, "", "it is ended all the same");
      box.tr064.failNext({ kind: "reset-before", match: "X_AVM-DE_DialHangup", times: 2 });
      await lib.ringFor("**9", 20);
      assert.equal(box.ringing, "", "hanging up is tried again");
    });

    it("ends the ring before it begins the next, and says what is missing for dialling", async () => {
      const { state } = box.tr064;
      const never = { now: () => 0, after: () => ({ cancel: () => {} }) };
      const lib = new DiallingAid(client(), never);
      const first = lib.ringFor("**9", 20, () => void lib.dial("**610").catch(() => undefined));
      assert.equal(await first, "next");
      await until("both dials", () => box.dialledNumbers.length === 2);
      assert.deepEqual(await lib.phones(), state.phones);
      assert.equal(await lib.use("**1"), "FON1: Telefon");
      assert.equal(await lib.use("mobilteil 1"), "DECT: Mobilteil 1");
      assert.equal(state.dialPhone, "DECT: Mobilteil 1");
      await fails(lib.use("IP-Telefon"), "dial-phone");
      state.dialPhone = "";
      await fails(lib.dial("**9"), "dial-off");
      state.secondFactor.enabled = true;
      await fails(lib.use("**1"), "box-second-factor");
    });

    it("runs any action with real types, and refuses writes, unknown names and wrong values before the box is asked", async () => {
      const lib = new AnyAction(client());
      const run = (service: string, action: string, values = {}, write = false, parse = true) =>
        lib.run({ service, action, arguments: values, write, parse });
      assert.ok((await lib.services()).includes("X_AVM-DE_TAM:1"));
      const tam = await lib.actions("urn:dslforum-org:service:X_AVM-DE_TAM:1");
      const mark = tam.find(({ name }) => name === "MarkMessage");
      assert.deepEqual(mark?.in[0], { name: "NewIndex", type: "ui2", range: { min: "0", max: "4" } });
      assert.deepEqual(
        tam.map(({ writes: one }) => one),
        [false, true, false, true, true, false],
      );
      const { values, raw } = await run("X_AVM-DE_TAM1", "getinfo", { index: 0 });
      assert.deepEqual([values["Enable"], values["Name"], values["RingSeconds"]], [true, "Anrufbeantworter 1", 20]);
      assert.equal(raw["NewEnable"], "1");
      const rules = (await run("X_AVM-DE_OnTel:1", "GetDeflections")).values["DeflectionList"];
      assert.deepEqual(
        (rules as { Type: string }[]).map(({ Type }) => Type),
        ["fromPB", "fromAll"],
      );
      box.tr064.state.deflections.pop();
      assert.ok(Array.isArray((await run("X_AVM-DE_OnTel:1", "GetDeflections")).values["DeflectionList"]), "one item");
      box.tr064.state.deflections.pop();
      assert.deepEqual((await run("X_AVM-DE_OnTel:1", "GetDeflections")).values["DeflectionList"], []);
      const text = (await run("X_AVM-DE_TAM:1", "GetList", {}, false, false)).values["TAMList"];
      assert.match(String(text), /^<List>/);
      const before = box.tr064.requests.filter(({ method }) => method === "POST").length;
      await fails(run("X_AVM-DE_TAM:1", "SetEnable", { Index: 0, Enable: false }), "action-write");
      await fails(run("X_AVM-DE_TAM:1", "Explode", {}, true), "action-unknown");
      await fails(run("X_AVM-DE_TAM:1", "SetEnable", { Index: 0 }, true), "action-argument-missing");
      await fails(
        run("X_AVM-DE_TAM:1", "SetEnable", { Index: 0, Enable: 1, More: 1 }, true),
        "action-argument-unknown",
      );
      await fails(run("X_AVM-DE_TAM:1", "SetEnable", { Index: -1, Enable: 1 }, true), "action-value");
      await fails(run("X_AVM-DE_TAM:1", "SetEnable", { Index: 0, Enable: "vielleicht" }, true), "action-value");
      await fails(run("", "", {}), "action-missing");
      await fails(run("X_Nothing:1", "Get", {}), "box-no-service");
      assert.equal(box.tr064.requests.filter(({ method }) => method === "POST").length, before);
      await run("X_AVM-DE_TAM:1", "MarkMessage", { Index: 0, MessageIndex: 0 }, true);
    });

    it("learns the names of telephones and own numbers, answers from memory, and leaves a box alone that does not answer", async () => {
      const { state } = box.tr064;
      state.sipClients = [{ name: "Tablet", username: "tablet" }];
      state.numbers = [{ number: "732123", type: "eVoIP", index: 0, name: "Familie" }];
      const calls = [
        { port: 10, device: "Mobilteil Küche" },
        { port: 10, device: "Mobilteil alt" },
      ];
      const names = new PhoneNames(client(), clock, () => Promise.resolve(calls));
      assert.equal(names.phone(10), undefined, "nothing waits for it");
      await names.refresh();
      assert.deepEqual(
        [0, 10, 20, 40].map((one) => names.phone(one)),
        [...["Telefon", "Mobilteil Küche", "Tablet", "Anrufbeantworter 1"]],
      );
      assert.equal(names.label("732123"), "Familie");
      assert.deepEqual((await names.all())[0], { extension: 0, code: "**1", name: "Telefon" });
      assert.equal(names.label("07191732123"), "Familie");
      calls.unshift({ port: 11, device: "Neues Mobilteil" }, { port: 4, device: "Irgendeines am Bus" });
      assert.equal(names.phone(4), undefined, "several telephones share the extension of the ISDN bus");
      const ports = () => box.tr064.requests.filter(({ action }) => action === "X_AVM-DE_GetPhonePort").length;
      const before = ports();
      assert.equal(names.phone(11), undefined);
      names.refreshSoon();
      await names.refresh(); // joins a refresh that runs; there is none yet
      assert.equal(names.phone(11), "Neues Mobilteil");
      assert.equal(names.phone(4), undefined);
      names.refreshSoon();
      assert.equal(ports(), before + 4, "known names are fresh for hours");
      state.missingActions.add("X_AVM-DE_GetNumbers");
      await names.refresh();
      assert.equal(names.phone(10), "Mobilteil Küche", "what one part does not tell costs nothing else");
      state.missingActions.clear();
      const lost = new PhoneNames(client("guest", { password: "wrong" }), clock, () => Promise.resolve([]));
      for (let i = 0; i < 20; i++) assert.equal(lost.phone(0), undefined);
      await assert.rejects(lost.refresh(), { code: "box-login" });
      const seen = box.tr064.requests.length;
      for (let i = 0; i < 20; i++) lost.phone(0);
      assert.equal(box.tr064.requests.length, seen);
    });
  });
}
