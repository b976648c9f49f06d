/** Phonebooks, call barring and call list against the simulated box, over HTTP and TLS, with the faults of real ones. */
import assert from "node:assert/strict";
import type { Contact, WriteReport } from "../../src/lib/phonebook/types";
import { FritzError, type FritzErrorCode } from "../../src/lib/core/errors";
import { Telephony, type TelephonyOptions } from "../../src/lib/box/telephony";
import { type FaultKind, SimulatedBox } from "../../simulator";
import { AcceleratedClock } from "../support/accelerated-clock";
import { until } from "../support/wait";

const USER = { name: "fritz1234", password: "gehe!m-ß" };
const SET = "SetPhonebookEntryUID";

const number = (i: number) => `030 23125${String(i).padStart(3, "0")}`;
const contact = (i: number): Contact => ({ name: `N${i}`, numbers: [{ number: number(i) }] });
const contacts = (count: number, from = 0) => Array.from({ length: count }, (_, i) => contact(from + i));
const summary = ({ added, updated, removed, alreadyThere, failed }: WriteReport) => ({
  ...Object.fromEntries(Object.entries({ added, updated, removed, alreadyThere }).filter(([, count]) => count > 0)),
  ...(failed.length > 0 && { failed: failed.map(({ contact: { name }, error }) => `${name} ${error.code}`) }),
});

for (const tls of [false, true]) {
  describe(`phonebooks over ${tls ? "TLS" : "HTTP"}`, () => {
    let box: SimulatedBox;
    let clock: AcceleratedClock;
    let opened: Telephony[] = [];

    beforeEach(async () => {
      clock = new AcceleratedClock();
      box = new SimulatedBox();
      box.tr064.state.users = [{ ...USER, rights: { phone: "readwrite" } }];
      box.tr064.state.books.addLocal("Spam");
      box.tr064.state.books.addOnline("Google").add("Online", number(900));
      await box.tr064.listen();
    });
    afterEach(async () => {
      for (const telephony of opened) telephony.close();
      opened = [];
      await box.tr064.stop();
    });

    const open = (extra: Partial<TelephonyOptions> = {}): Telephony => {
      const { port, tlsPort } = box.tr064;
      // The clock is a thousand times too fast for the patience of a look-up.
      const phonebooks = { lookup: { patienceMs: 60_000_000 } };
      const address = { host: "127.0.0.1", port, tlsPort, tls, phonebooks };
      const telephony = new Telephony({ ...address, username: USER.name, password: USER.password, clock, ...extra });
      opened.push(telephony);
      return telephony;
    };
    const fails = (work: Promise<unknown>, code: FritzErrorCode) =>
      assert.rejects(work, (error) => {
        assert.ok(error instanceof FritzError, String(error));
        assert.equal(error.code, code);
        assert.doesNotMatch(JSON.stringify(error), /gehe!m|23125/, "no secret and no number in an error");
        return true;
      });
    const fill = (name: string, count: number, from = 0) => {
      for (const { name: who, numbers } of contacts(count, from)) {
        box.tr064.state.books.named(name).add(who, ...numbers.map((one) => one.number));
      }
    };
    const inBox = (name: string) =>
      box.tr064.state.books.named(name).contacts.map(({ xml }) => /<realName>(.*?)<\/realName>/.exec(xml)?.[1] ?? "");
    const asked = (action: string) =>
      box.tr064.requests.filter((one) => one.action === action && one.authorized).length;

    describe("books", () => {
      it("are listed with name, id, owner, size, and whether they can be written", async () => {
        fill("Telefonbuch", 2);
        assert.deepEqual(await open().books(true), [
          { id: 0, name: "Telefonbuch", writable: true, owner: "0", count: 2 },
          { id: 1, name: "Spam", writable: true, owner: "1", count: 0 },
          { id: 2, name: "Google", writable: false, owner: "240", count: 1 },
        ]);
        assert.deepEqual(
          (await open().books()).map(({ name, writable }) => `${name} ${writable}`),
          ["Telefonbuch true", "Spam true", "Google false"],
        );
      });

      it("are known as online by their owner where the box does not list its online books", async () => {
        for (const action of ["GetNumberOfEntries", "GetInfoByIndex"]) box.tr064.state.missingActions.add(action);
        const telephony = open();
        assert.deepEqual(
          (await telephony.books(true)).map(({ writable }) => writable),
          [true, true, false],
        );
        await fails(telephony.add("Google", contacts(1)), "book-read-only");
        await fails(telephony.deleteBook("Google"), "book-read-only");
        assert.deepEqual(inBox("Google"), ["Online"]);
      });

      it("are listed though some of them make trouble", async () => {
        const list = async () => (await open().books(true)).map(({ name, writable }) => `${name} ${writable}`);
        const { books } = box.tr064.state;
        books.addOnline("Gone");
        books.delete(3); // its account stays
        assert.deepEqual(await list(), ["Telefonbuch true", "Spam true", "Google false"]);
        box.tr064.state.missingActions.add("GetInfoByIndex");
        assert.deepEqual(await list(), ["Telefonbuch true", "Spam true", "Google false"]);
      });

      it("are found by name, by id, and by name in another case", async () => {
        fill("Spam", 1);
        const telephony = open();
        for (const name of ["Spam", "spam", "1", 1, " Spam "]) {
          assert.deepEqual(
            (await telephony.contacts(name)).map((one) => one.name),
            ["N0"],
            String(name),
          );
        }
        await fails(telephony.contacts("Nothing"), "book-unknown");
        await fails(telephony.contacts(7), "book-unknown");
        await fails(telephony.contacts(" "), "book-missing");
      });

      it("of one name are told apart by id; of a local and an online one the local is written", async () => {
        const { books } = box.tr064.state;
        books.addLocal("Twin");
        const telephony = open();
        assert.deepEqual(summary(await telephony.add("Twin", contacts(1))), { added: 1 });
        books.addLocal("Twin");
        await fails(telephony.add("Twin", contacts(1)), "book-ambiguous");
        assert.deepEqual(summary(await telephony.add("3", contacts(1, 5))), { added: 1 });
        books.addOnline("Spam");
        assert.deepEqual(summary(await telephony.add("Spam", contacts(1))), { added: 1 });
        assert.equal(books.local[1]?.contacts.length, 1);
      });

      it("are made and deleted; the first is not, and none is made twice", async () => {
        const telephony = open();
        assert.deepEqual(await telephony.createBook(" Büro & Co "), { id: 2, name: "Büro & Co", writable: true });
        assert.equal((await telephony.createBook("Büro & Co")).id, 2);
        assert.equal(asked("AddPhonebook"), 1);
        assert.equal(
          (await telephony.createBook("Google")).writable,
          true,
          "an online one of that name is another one",
        );
        await telephony.deleteBook("Büro & Co");
        await fails(telephony.deleteBook("Büro & Co"), "book-unknown");
        await fails(telephony.deleteBook("Telefonbuch"), "book-first");
        await fails(telephony.createBook(" "), "book-missing");
        assert.deepEqual(
          box.tr064.state.books.all.map(({ name }) => name),
          ["Telefonbuch", "Spam", "Google", "Google"],
        );
      });

      it("are all read, more than 999 contacts too", async () => {
        fill("Spam", 1_200);
        const telephony = open();
        assert.equal((await telephony.contacts("Spam")).length, 1_200);
        const all = await telephony.allContacts();
        assert.deepEqual([all.length, all.at(-1)?.book, all.at(-1)?.bookId], [1_201, "Google", 2]);
      });
    });

    describe("contacts", () => {
      it("are added once, whatever form their number has, and read back with the box's key", async () => {
        const telephony = open();
        const anna: Contact = {
          name: "Meier & Söhne <\"'> 😀",
          numbers: [
            { number: "030 23125001", type: "work" },
            { number: "0171 3920001", type: "mobile", prio: true, quickdial: "07", vanity: "MEIER" },
          ],
          vip: true,
          emails: ["a&b@example.org"],
        };
        assert.deepEqual(summary(await telephony.add("Spam", [anna])), { added: 1 });
        const again = [anna, { name: "X", numbers: [{ number: "+49 (30) 23125-001" }] }];
        assert.deepEqual(summary(await telephony.add("Spam", again)), { alreadyThere: 2 });
        const [stored] = await telephony.contacts("Spam");
        assert.ok(stored?.uniqueId !== undefined && stored.modified !== undefined);
        const { uniqueId, modified, ...rest } = stored;
        assert.deepEqual(rest, anna);
        assert.ok(Number(uniqueId) > 0 && Date.parse(modified) > 0);
      });

      it("with texts that a program made are cleaned before they are written, not reported as lost", async () => {
        const report = await open().add("Spam", [{ name: " [Spam] \u0000", numbers: [{ number: " 030 23125001\n" }] }]);
        assert.deepEqual(summary(report), { added: 1 });
        await fails(open().add("Spam", [{ name: " ", numbers: [] }]), "contact-no-name");
      });

      it("with more than nine numbers become several", async () => {
        const numbers = Array.from({ length: 20 }, (_, i) => ({ number: number(i) }));
        const telephony = open();
        assert.deepEqual(summary(await telephony.add("Spam", [{ name: "Firma", numbers }])), { added: 3 });
        assert.deepEqual(
          (await telephony.contacts("Spam")).map((one) => one.numbers.length),
          [9, 9, 2],
        );
        assert.deepEqual(summary(await telephony.add("Spam", [{ name: "Firma", numbers }])), { alreadyThere: 3 });
      });

      it("are updated with unknown elements kept, and one number of several is removed", async () => {
        const book = box.tr064.state.books.named("Spam");
        book.add(
          `<contact><category>0</category><person><realName>Anna</realName><imageURL>x</imageURL></person>` +
            `<telephony nid="2"><number type="home" prio="0" id="0" quickdial="3">030 23125001</number>` +
            `<number type="mobile" prio="1" id="1">0171 3920001</number></telephony><services />` +
            `<setup><ringTone prefix="9">7</ringTone></setup><features doorphone="1" /><new kind="x">&lt;y&gt;</new></contact>`,
        );
        const telephony = open();
        assert.deepEqual(summary(await telephony.update("Spam", [{ name: "Anna", numbers: [], vip: true }])), {
          updated: 1,
        });
        const kept = () => {
          const xml = book.contacts[0]?.xml ?? "";
          for (const part of [
            '<ringTone prefix="9">7<',
            'doorphone="1"',
            '<new kind="x">&lt;y&gt;</new>',
            "<imageURL>x<",
          ]) {
            assert.ok(xml.includes(part), `${part} in ${xml}`);
          }
          return xml;
        };
        assert.match(kept(), /<category>1<.*prio="0" id="0" quickdial="3">030 23125001<.*prio="1" id="1">0171/s);
        const one = [{ name: "Anna", numbers: [{ number: "+49171 3920001" }] }];
        assert.deepEqual(summary(await telephony.remove("Spam", one)), { updated: 1 });
        assert.match(kept(), /nid="1"><number type="home" prio="1" id="0" quickdial="3">030 23125001<\/number><\/tele/);
        assert.deepEqual(summary(await telephony.remove("Spam", [{ name: "Anna", numbers: [] }])), { removed: 1 });
        assert.deepEqual(inBox("Spam"), []);
        await fails(telephony.remove("Spam", [{ name: "Anna", numbers: [] }]).then(onlyError), "contact-unknown");
      });

      it("of a dry run are counted, and nothing is written", async () => {
        fill("Spam", 3);
        const telephony = open();
        const dryRun = { dryRun: true };
        assert.deepEqual(summary(await telephony.add("Spam", contacts(5), dryRun)), { added: 2, alreadyThere: 3 });
        assert.deepEqual(summary(await telephony.remove("Spam", contacts(3), dryRun)), { removed: 3 });
        assert.deepEqual(summary(await telephony.update("Spam", [{ ...contact(1), vip: true }], dryRun)), {
          updated: 1,
        });
        assert.deepEqual(summary(await telephony.bar(contacts(2), dryRun)), { added: 2 });
        assert.deepEqual(inBox("Spam"), ["N0", "N1", "N2"]);
        assert.deepEqual(
          box.tr064.requests.filter(({ action = "" }) => /Set|Delete|Add/.test(action)),
          [],
        );
        await fails(telephony.add("Google", contacts(1), dryRun), "book-read-only");
      });

      it("cannot be written to an online book, nor to one that is not there", async () => {
        const telephony = open();
        for (const write of ["add", "update", "remove"] as const) {
          await fails(telephony[write]("Google", contacts(1)), "book-read-only");
          await fails(telephony[write]("Nothing", contacts(1)), "book-unknown");
        }
        assert.deepEqual(inBox("Google"), ["Online"]);
      });

      it("are written and deleted on a box before FRITZ!OS 7, which knows no unique ids in its actions", async () => {
        for (const action of ["SetPhonebookEntryUID", "DeletePhonebookEntryUID", "GetPhonebookEntryUID"]) {
          box.tr064.state.missingActions.add(action);
        }
        fill("Spam", 4);
        const telephony = open();
        assert.deepEqual(summary(await telephony.add("Spam", contacts(6))), { added: 2, alreadyThere: 4 });
        const changes = [1, 4].map((i) => ({ name: `N${i}`, numbers: [{ number: `0171 392000${i}` }] }));
        assert.deepEqual(summary(await telephony.update("Spam", changes)), { updated: 2 });
        const gone = [0, 2, 5].map((i) => ({ name: `N${i}`, numbers: [] }));
        assert.deepEqual(summary(await telephony.remove("Spam", gone)), { removed: 3 });
        assert.deepEqual(
          (await telephony.contacts("Spam")).map((one) => [one.name, one.numbers[0]?.number]),
          [
            ["N1", "0171 3920001"],
            ["N3", number(3)],
            ["N4", "0171 3920004"],
          ],
        );
      });
    });

    describe("when something is wrong", () => {
      it("a wrong password is tried once, by many operations together", async () => {
        box.tr064.auth.lockAfter = 2;
        const telephony = open({ password: "wrong" });
        const results = await Promise.allSettled([
          ...Array.from({ length: 5 }, () => telephony.books()),
          telephony.contacts("Spam"),
          telephony.add("Spam", contacts(10)),
          telephony.calls(),
          telephony.barring(),
          telephony.ownNumbers(),
        ]);
        for (const result of results) {
          assert.equal(result.status, "rejected");
          assert.equal((result.reason as FritzError).code, "box-login");
        }
        assert.equal((await telephony.find(number(1))).unknown, "wrong-password");
        assert.equal(box.tr064.auth.locked, false);
        assert.ok(
          clock.waits.every((ms) => ms === 0 || ms === 60_000_000),
          "a wrong password is not retried",
        );
        box.tr064.auth.unauthenticatedLimit = 5;
        await fails(telephony.books(), "box-login");
        await fails(telephony.books(), "box-login");
      });

      it("a user without the right to write can read, one without any cannot", async () => {
        fill("Telefonbuch", 1);
        box.tr064.state.users = [{ ...USER, rights: { phone: "readonly" } }];
        const reader = open();
        assert.equal((await reader.find(number(0))).contacts.length, 1);
        await fails(reader.add("Spam", contacts(3)), "box-right");
        await fails(reader.bar(contacts(1)), "box-right");
        await fails(reader.createBook("X"), "box-right");
        box.tr064.state.users = [{ ...USER, rights: { nas: "readwrite" } }];
        await fails(open().books(), "box-right");
        assert.equal((await open().find(number(0))).unknown, "no-right");
        assert.equal((await open({ username: "", password: "" }).find(number(0))).unknown, "no-login");
        await fails(open({ username: "", password: "" }).books(), "box-login-needed");
      });

      it("a box without telephony or without access for apps says so", async () => {
        box.tr064.state.telephony = false;
        await fails(open().books(), "box-no-service");
        await fails(open().calls(), "box-no-service");
        await fails(open().barring(), "barring-missing");
        box.tr064.state.telephony = true;
        box.tr064.state.appAccess = false;
        await fails(open().books(), "box-no-action");
      });

      it("a box that was found without telephony while it started is asked again", async () => {
        box.tr064.state.telephony = false;
        const telephony = open();
        await fails(telephony.books(), "box-no-service");
        box.tr064.state.telephony = true;
        assert.equal((await telephony.books()).length, 3);
      });

      it("a box that comes back with another FRITZ!OS is asked anew what it can", async () => {
        box.tr064.state.missingActions.add("SetCallBarringEntry");
        const telephony = open();
        await fails(telephony.barring(), "barring-missing");
        box.tr064.state.missingActions.clear();
        await box.tr064.restart();
        await fails(telephony.books(), "box-refused");
        await box.tr064.accept();
        assert.deepEqual(await telephony.barring(), []);
      });

      it("an address of a document that has served its time is asked for anew", async () => {
        fill("Spam", 1);
        const telephony = open();
        await telephony.books();
        box.tr064.failNext({ kind: "truncate", match: /^\/phonebook\.lua/ });
        assert.equal((await telephony.contacts("Spam")).length, 1);
        box.tr064.failNext({ kind: "truncate", match: /^\/calllist\.lua/ });
        assert.deepEqual(await telephony.calls(), []);
        box.tr064.state.sidLifetimeMs = 0;
        await fails(telephony.contacts("Spam"), "box-reply");
        assert.ok(box.tr064.requests.filter(({ status }) => status === 403).length === 2, "twice, not endlessly");
      });

      for (const [what, set] of [
        ["single-use nonces", () => (box.tr064.auth.singleUseNonces = true)],
        ["nonces that are stale soon", () => Object.assign(box.tr064.auth, { nonceUses: 2, staleFlag: true })],
        ["chunked replies", () => (box.tr064.wire.chunked = true)],
        ["downloads that end without a word", () => (box.tr064.wire.abruptDownloads = true)],
      ] as const) {
        it(`25 operations at once all succeed, in order, with ${what}`, async () => {
          fill("Telefonbuch", 3);
          set();
          const telephony = open();
          const done: number[] = [];
          const operations = [
            (i: number) => telephony.add("Spam", [contact(i)]),
            () => telephony.contacts("Telefonbuch"),
            () => telephony.books(),
            (i: number) => telephony.bar([contact(i)]),
            () => telephony.calls(),
          ];
          const work = Array.from({ length: 25 }, async (_, i) => {
            const result = await operations[i % 5]?.(i);
            done.push(i);
            return result;
          });
          const found = telephony.find(number(1));
          const results = await Promise.all(work);
          assert.deepEqual(
            done,
            done.map((_, i) => i),
          );
          assert.equal((await found).contacts[0]?.name, "N1");
          assert.deepEqual(summary(results[20] as WriteReport), { added: 1 });
          assert.deepEqual(inBox("Spam"), ["N0", "N5", "N10", "N15", "N20"]);
          assert.equal(box.tr064.state.books.barring.contacts.length, 5);
          assert.equal(box.tr064.peakRequests, 1);
        });
      }

      for (const kind of ["503", "reset-before", "reset-after", "truncate", "garbage", "wrong-type"] as const) {
        it(`${kind} of a write, a list and a download: nothing twice, nothing lost`, async () => {
          fill("Spam", 2);
          const telephony = open();
          await telephony.books();
          const once = (match: string | RegExp, fault: FaultKind = kind) => box.tr064.failNext({ kind: fault, match });
          once(SET);
          once("GetPhonebookList");
          once(/^\/phonebook\.lua/);
          const report = await telephony.add("Spam", contacts(6));
          assert.deepEqual(summary(report), { added: 4, alreadyThere: 2 });
          assert.deepEqual(inBox("Spam"), ["N0", "N1", "N2", "N3", "N4", "N5"]);
          once("DeletePhonebookEntryUID");
          assert.deepEqual(summary(await telephony.remove("Spam", contacts(3))), { removed: 3 });
          once(SET);
          const change = { name: "N4", numbers: [], vip: true };
          assert.deepEqual(summary(await telephony.update("Spam", [change])), { updated: 1 });
          assert.deepEqual(inBox("Spam"), ["N3", "N4", "N5"]);
          assert.equal(box.tr064.faults.pending, 0);
        });
      }

      it("an endless document is refused, and the box can be used again", async () => {
        fill("Spam", 1);
        const telephony = open();
        box.tr064.failNext({ kind: "oversize", match: /^\/phonebook\.lua/ });
        await fails(telephony.contacts("Spam"), "box-reply");
        assert.equal((await telephony.contacts("Spam")).length, 1);
      });

      it("a book that is full: what the box dropped is reported, and a warning comes before", async () => {
        const spam = box.tr064.state.books.named("Spam");
        spam.capacity = 12;
        fill("Spam", 9);
        const telephony = open({ phonebooks: { limit: 10 } });
        const first = await telephony.add("Spam", contacts(1, 9));
        assert.deepEqual([summary(first), first.nearLimit], [{ added: 1 }, { count: 10, limit: 10 }]);
        const second = await telephony.add("Spam", contacts(4, 10));
        assert.deepEqual(summary(second), { added: 2, failed: ["N12 contact-dropped", "N13 contact-dropped"] });
        const own = await telephony.add("Spam", contacts(1, 12), { limit: 1_000 });
        assert.equal(own.nearLimit, undefined);
      });

      it("a write that the box confirms and forgets is reported", async () => {
        fill("Spam", 2);
        const telephony = open();
        const forget = (match: string) => box.tr064.failNext({ kind: "drop-write", match });
        forget(SET);
        assert.deepEqual(summary(await telephony.add("Spam", contacts(2, 2))), {
          added: 1,
          failed: ["N2 contact-dropped"],
        });
        forget(SET);
        const change = [{ ...contact(0), vip: true }];
        assert.deepEqual(summary(await telephony.update("Spam", change)), { failed: ["N0 contact-dropped"] });
        forget("DeletePhonebookEntryUID");
        assert.deepEqual(summary(await telephony.remove("Spam", contacts(2))), {
          removed: 1,
          failed: ["N0 contact-kept"],
        });
      });

      it("a restart in the middle of a thousand contacts: nothing twice, nothing lost, and the report is right", async function () {
        fill("Spam", 100);
        const telephony = open();
        const restarts: Promise<void>[] = [];
        const progress = (done: number, total: number) => {
          assert.equal(total, 1_000);
          if (done === 350 || done === 999) restarts.push(box.tr064.restart(100));
        };
        const report = await telephony.add("Spam", contacts(1_000), { progress });
        await Promise.all(restarts);
        assert.equal(restarts.length, 2);
        assert.deepEqual(summary(report), { added: 900, alreadyThere: 100 });
        assert.deepEqual(report.nearLimit, { count: 1_000, limit: 1_000 });
        const names = inBox("Spam");
        assert.equal(names.length, 1_000);
        assert.equal(new Set(names).size, 1_000);
      });

      it("a box that does not come back: the report says how far it came", async () => {
        const telephony = open();
        const progress = (done: number) => void (done === 2 && box.tr064.refuse());
        const report = await telephony.add("Spam", contacts(4), { progress });
        assert.deepEqual(summary(report), { added: 2, failed: ["N2 box-refused", "N3 box-refused"] });
        await fails(telephony.add("Spam", contacts(1)), "box-refused");
      });

      it("books that come and go in the middle of a list: it goes on in the right one", async () => {
        const { books } = box.tr064.state;
        books.addLocal("Familie").add("Oma", number(800));
        books.addLocal("Ziel");
        books.addLocal("Danach");
        fill("Danach", 3, 500);
        const telephony = open();
        const progress = (done: number) => {
          if (done === 2) books.delete(2); // "Familie": "Ziel" is 2 now and "Danach" 3
          if (done === 4) books.local.splice(1, 0, books.addLocal("Neu")) && books.local.pop();
        };
        assert.deepEqual(summary(await telephony.add("Ziel", contacts(6), { progress })), { added: 6 });
        assert.deepEqual(inBox("Ziel"), ["N0", "N1", "N2", "N3", "N4", "N5"]);
        assert.deepEqual(inBox("Danach"), ["N500", "N501", "N502"]);
        const shift = (done: number) => void (done === 1 && books.delete(1));
        assert.deepEqual(summary(await telephony.remove("Ziel", contacts(6), { progress: shift })), { removed: 6 });
        assert.deepEqual(inBox("Danach"), ["N500", "N501", "N502"], "no other entries went");
      });

      it("a book that goes for good in the middle of a list stops it", async () => {
        const { books } = box.tr064.state;
        const progress = (done: number) => void (done === 2 && books.delete(1));
        const report = await open().add("Spam", contacts(4), { progress });
        assert.deepEqual(summary(report), { added: 2, failed: ["N2 book-unknown", "N3 book-unknown"] });
      });

      it("an entry that somebody else removed meanwhile does not stop a list", async () => {
        fill("Spam", 4);
        const spam = box.tr064.state.books.named("Spam");
        const progress = (done: number) => void (done === 1 && (spam.contacts = spam.contacts.slice(1)));
        const report = await open().remove("Spam", contacts(4), { progress });
        assert.deepEqual(summary(report), { removed: 3, failed: ["N1 box-no-entry"] });
      });

      it("a list can be stopped, also while the box is away", async () => {
        const telephony = open();
        const stop = new AbortController();
        const progress = (done: number) => {
          if (done !== 2) return;
          void box.tr064.refuse();
          void until("the first wait", () => clock.waits.length > 3).then(() => stop.abort());
        };
        const report = await telephony.add("Spam", contacts(4), { progress, signal: stop.signal });
        assert.deepEqual(summary(report), { added: 2, failed: ["N2 interrupted", "N3 interrupted"] });
      });
    });

    describe("call barring", () => {
      it("is written once a number, read, and taken back", async () => {
        const telephony = open();
        assert.deepEqual(await telephony.barring(), []);
        const spam = { name: "SPAM", numbers: [{ number: "089 99998001" }] };
        assert.deepEqual(summary(await telephony.bar([spam])), { added: 1 });
        const again = [spam, { name: "other", numbers: [{ number: "+49 89 99998001" }] }];
        assert.deepEqual(summary(await telephony.bar(again)), { alreadyThere: 2 });
        const [barred] = await telephony.barring();
        assert.deepEqual([barred?.name, barred?.numbers[0]?.number], ["SPAM", "089 99998001"]);
        assert.equal(box.tr064.state.bars("08999998001"), true);
        assert.deepEqual(summary(await telephony.unbar([{ name: "", numbers: [{ number: "0049 89 99998001" }] }])), {
          removed: 1,
        });
        assert.equal(box.tr064.state.bars("08999998001"), false);
        await fails(telephony.unbar([spam]).then(onlyError), "contact-unknown");
      });

      it("frees a number that stands there twice", async () => {
        const { barring } = box.tr064.state.books;
        barring.add("SPAM", "089 99998001");
        barring.add("Gewinnspiel", "+498999998001");
        barring.add("SPAM", "089 99998002");
        const telephony = open();
        const number = [{ name: "", numbers: [{ number: "08999998001" }] }];
        assert.deepEqual(summary(await telephony.unbar(number)), { removed: 2 });
        assert.equal(box.tr064.state.bars("08999998001"), false);
        assert.equal(box.tr064.state.bars("08999998002"), true);
      });

      it("is missing on old boxes, and said to be", async () => {
        box.tr064.state.missingActions.add("SetCallBarringEntry");
        const telephony = open();
        await fails(telephony.bar(contacts(1)), "barring-missing");
        await fails(telephony.barring(), "barring-missing");
      });

      it("survives a broken connection like a phonebook", async () => {
        const telephony = open();
        await telephony.books();
        box.tr064.failNext({ kind: "reset-after", match: "SetCallBarringEntry" });
        assert.deepEqual(summary(await telephony.bar(contacts(3))), { added: 3 });
        assert.equal(box.tr064.state.books.barring.contacts.length, 3);
      });
    });

    describe("look-ups", () => {
      it("answer from memory in any written form, ranges included, and after a write from the new books", async () => {
        fill("Telefonbuch", 3);
        box.tr064.state.books.named("Spam").add("Gewinnspiel", "0900 1*");
        const telephony = open();
        const names = async (of: string) => (await telephony.find(of)).contacts.map((one) => `${one.name} ${one.book}`);
        assert.deepEqual(await names("+49 30 23125-001"), ["N1 Telefonbuch"]);
        const before = box.tr064.requests.length;
        assert.deepEqual(await names("03023125002"), ["N2 Telefonbuch"]);
        assert.deepEqual(await names("0900 123456"), ["Gewinnspiel Spam"]);
        assert.deepEqual(await names("0900 2"), []);
        assert.equal(box.tr064.requests.length, before, "the box was not asked");
        await telephony.add("Spam", [contact(50)]);
        assert.deepEqual(await names(number(50)), ["N50 Spam"]);
        await telephony.remove("Spam", [contact(50)]);
        assert.deepEqual(await names(number(50)), []);
        await telephony.createBook("Neu");
        assert.equal((await telephony.find(number(900))).contacts[0]?.bookId, 3, "the online book has moved");
      });

      it("go on while the box is away, and say so", async () => {
        fill("Telefonbuch", 1);
        const telephony = open();
        assert.equal((await telephony.find(number(0))).staleSince, undefined);
        await box.tr064.refuse();
        clock.shiftMs += 3_600_000;
        await telephony.find("089 99998001");
        const found = await telephony.find(number(0));
        assert.equal(found.contacts[0]?.name, "N0");
        assert.ok((found.staleSince ?? 0) <= clock.now() - 3_600_000);
        assert.equal((await open().find(number(0))).unknown, "unreachable", "nothing was ever read");
        await box.tr064.accept();
        clock.shiftMs += 60_000;
        await telephony.find("089 99998001");
        assert.equal((await telephony.find(number(0))).staleSince, undefined);
      });

      it("use the box's own area code, or the configured one", async () => {
        box.tr064.state.books.named("Telefonbuch").add("Nachbar", "732999");
        const found = async (telephony: Telephony, of: string) => (await telephony.find(of)).contacts.length;
        assert.equal(await found(open(), "07191 732999"), 1);
        assert.equal(await found(open({ areaCode: "030" }), "030 732999"), 1);
        assert.equal(await found(open({ areaCode: "030" }), "07191 732999"), 0);
      });
    });

    describe("call list", () => {
      it("is read with names, newest first, and can be cut", async () => {
        fill("Telefonbuch", 1);
        box.ring(number(0));
        box.hangUp(box.dial("089 99998001"));
        const [open0] = box.openCalls;
        assert.ok(open0);
        box.answer(open0, 40);
        box.hangUp(open0);
        const calls = await open().calls();
        assert.deepEqual(
          calls.map(({ kind, name, caller, called, port }) => [kind, name, caller.number, called.number, port]),
          [
            ["outgoing", undefined, "732123", "089 99998001", 11],
            ["answered", "N0", number(0), "732123", 40], // calls have their place from their beginning on
          ],
        );
        assert.equal((await open().calls({ max: 1 })).length, 1);
        assert.deepEqual(await open().calls({ sinceMs: Date.now() + 120_000 }), []);
      });

      it("says when there is none", async () => {
        box.tr064.state.calls.mode = "off";
        await fails(open().calls(), "calls-off");
        box.tr064.state.calls.mode = "unsupported";
        await fails(open().calls(), "box-internal");
      });
    });
  });
}

/** The error of the only contact of a list, as a rejection. */
function onlyError({ failed: [only] }: WriteReport): never {
  assert.ok(only);
  throw only.error;
}
