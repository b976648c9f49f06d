/** Blocking from end to end: the simulated box's call monitor, a real Node-RED, and the box's phonebook read back by another client. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Telephony } from "../../src/lib/box/telephony";
import { PHONEBLOCK_TOKEN, SimulatedBox } from "../../simulator";
import { type NodeRedServer, startNodeRed } from "../support/node-red-server";
import { onEachNodeRed } from "../support/versions";
import { removeFolder, until } from "../support/wait";

const SPAMMER = "03023125001";
describe("block, end to end", () => {
  onEachNodeRed((version) => {
    let box: SimulatedBox;
    let reader: Telephony;
    let server: NodeRedServer | undefined;
    let userDir: string;

    beforeEach(async () => {
      userDir = mkdtempSync(join(tmpdir(), `fritz-block-${version}-`));
      box = new SimulatedBox();
      await box.monitor.listen();
      await box.tr064.listen({ port: 0 });
      await box.web.listen();
      box.web.callers = [SPAMMER, "03023125099"].map((number) => ({
        ...{ number: `+49${number.slice(1)}`, score: 9, reports: 57 },
      }));
      const { port } = box.tr064;
      reader = new Telephony({ host: "127.0.0.1", port, tls: false, username: "fritz1234", password: "secret" });
    });
    afterEach(async () => {
      await server?.stop();
      server = undefined;
      reader.close();
      await box.monitor.stop();
      await box.tr064.stop();
      await box.web.stop();
      removeFolder(userDir);
    });

    const at = { z: "tab", x: 1, y: 1 };
    let store = "";
    const flows = () => [
      { id: "tab", type: "tab", label: "block" },
      {
        ...{ id: "box", type: "fritz-config", host: "127.0.0.1", tls: false },
        ...{ monitorPort: box.monitor.port, port: box.tr064.port },
        credentials: { username: "fritz1234", password: "secret" },
      },
      { ...at, id: "monitor", type: "fritz-callmonitor", box: "box", wires: [["info"]] },
      {
        ...{ ...at, id: "info", type: "fritz-caller-info", box: "box", wires: [["block"], []] },
        providers: [
          { id: "phonebook", enabled: true },
          { id: "numbers", enabled: true },
          { id: "phoneblock", enabled: true, baseUrl: box.web.base("phoneblock"), allowPrivate: true },
        ],
        credentials: { phoneblockToken: PHONEBLOCK_TOKEN },
      },
      {
        ...{ ...at, id: "block", type: "fritz-block", box: "box", action: "phonebook", targetBook: "Spam" },
        ...{ dryRun: false, store, wires: [["log"], ["log"]] },
      },
      { ...at, id: "log", type: "fritz-log", file: "block.log", anonymize: false, format: "json", wires: [[]] },
    ];
    const start = async () => {
      const module = "localfilesystem";
      const contextStorage = {
        ...{ default: { module: "memory" }, disk: { module } },
        at_once: { module, config: { flushInterval: 0 } },
      };
      const again = existsSync(join(userDir, "flows.json"));
      server = await startNodeRed({ version, userDir, settings: { contextStorage } });
      if (!again) await server.deploy(flows());
      await until("the connection", () => box.monitor.connections === 1);
    };
    type Line = { event: string; decision?: { verdict: string; action: string; because: string } };
    const logged = (): Line[] => {
      const file = join(userDir, "block.log");
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      const whole = text.split("\n").slice(0, -1);
      return whole.map((line) => JSON.parse(line) as Line);
    };
    const rings = () => logged().filter(({ event }) => event === "ring");
    /** What another client finds in the box's book. */
    const entries = async () => {
      const present = (await reader.books()).some(({ name }) => name === "Spam");
      const contacts = present ? await reader.contacts("Spam") : [];
      return contacts.map(({ name, numbers }) => `${name}: ${numbers.map(({ number }) => number).join(" ")}`);
    };
    const ENTRY = "[Spam] Berlin: 03023125001";

    it("ring -> info -> block -> entry; the next call of that number is rejected by the box", async function () {
      await start();
      const call = box.ring(SPAMMER);
      await until("the decision", () => rings().length === 1);
      box.hangUp(call);
      assert.deepEqual(await entries(), [ENTRY]);
      const [ring] = rings();
      assert.deepEqual(
        [ring?.decision?.verdict, ring?.decision?.because, ring?.decision?.action],
        [...["block", "spam-score", "added"]],
      );
      // What the user sets up once: the box rejects every caller in the book.
      const phonebookId = (await reader.books()).find(({ name }) => name === "Spam")?.id ?? "";
      const rule = { enable: true, type: "fromPB", mode: "eNoSignal", number: "", toNumber: "", outgoing: "" };
      box.tr064.state.deflections.push({ ...rule, phonebookId });
      box.ring(SPAMMER);
      await until(
        "the rejected call",
        () => logged().some((line) => (line as { outcome?: string }).outcome === "rejected"),
        15_000,
      );
      assert.deepEqual(await entries(), [ENTRY]);
    });

    it("100 repeated RINGs give one entry", async function () {
      await start();
      for (let i = 0; i < 100; i++)
        box.monitor.send(`24.11.26 12:25:${i % 50 < 10 ? "0" : ""}${i % 50};RING;${i};${SPAMMER};732123;SIP0;`);
      await until("all decisions", () => rings().length === 100);
      assert.deepEqual(await entries(), [ENTRY]);
      const others = rings().filter(({ decision }) => decision?.verdict !== "block");
      assert.deepEqual(
        others.map(({ decision }) => decision?.because),
        [],
      );
    });

    it("the box restarts in the middle of the write: one entry", async function () {
      await start();
      box.tr064.failNext({ kind: "reset-after", match: "SetPhonebookEntryUID" });
      box.ring(SPAMMER);
      await until("the write", () => box.tr064.faults.pending === 0);
      await box.tr064.restart(1_500);
      await until("the decision", () => rings().length === 1);
      await untilAsync("the entry", async () => (await entries()).length > 0);
      box.ring(SPAMMER);
      await until("the next decision", () => rings().length === 2);
      assert.deepEqual(await entries(), [ENTRY]);
    });

    /** The store, and how Node-RED ends; one that is killed keeps what its store had written by then. */
    const ENDS = [
      ["", "SIGTERM"],
      ["disk", "SIGTERM"],
      ["", "SIGKILL"],
      ["at_once", "SIGKILL"],
    ] as const;
    for (const [place, signal] of ENDS) {
      it(`Node-RED ends by ${signal} between decision and write: one entry, written by the next run (store "${place}")`, async function () {
        this.timeout(150_000);
        store = place;
        await start();
        box.ring("03023125099"); // the books come into memory
        await until("the first decision", () => rings().length === 1);
        // The books can be read, so the contacts are known; only the write does not get through.
        box.tr064.failNext({ kind: "503", match: "SetPhonebookEntryUID", times: 1_000 });
        box.ring(SPAMMER);
        await until("the decision", () => rings().length === 2);
        assert.equal(rings()[1]?.decision?.action, "failed");
        if (signal === "SIGKILL") process.kill(server?.pid ?? 0, signal);
        await server?.stop();
        if (signal === "SIGTERM") assert.match(server?.log.at(-1) ?? "", /Stopped flows/, "killed");
        box.tr064.faults.clear();
        assert.deepEqual(await entries(), ["[Spam] Berlin: 03023125099"]);
        await start();
        await untilAsync("the entry", async () => (await entries()).length > 1);
        box.ring(SPAMMER);
        await until("the next decision", () => rings().length === 3);
        // "added" is the answer of the same write, if it is not read back yet.
        assert.match(rings()[2]?.decision?.action ?? "", /^(added|already-there)$/);
        assert.deepEqual(await entries(), ["[Spam] Berlin: 03023125099", ENTRY]);
      });
    }
  });
});

async function untilAsync(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await condition());) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
