/**
 * The promise in a real Node-RED: whatever fails, no contact is blocked and none is written into the box; known spam is, as soon
 * as the contacts are known. Ten houses live in one Node-RED. FRITZ_LONG=1 for 500 situations; FRITZ_FROM for others.
 */
import assert from "node:assert/strict";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { type DeployType, type FlowNode, type NodeRedServer, startNodeRed } from "../support/node-red-server";
import { FAILURES, type Situation, situation, spammer } from "../support/situations";
import { onEachNodeRed } from "../support/versions";
import { pause, until } from "../support/wait";

const HOUSES = 10;
/** Batches of ten for each Node-RED. */
const BATCHES = process.env["FRITZ_LONG"] ? 25 : 1;
const FROM = Number(process.env["FRITZ_FROM"] ?? 0);

interface Decided {
  verdict: string;
  because: string;
  action: string;
}

/** The decisions in the file of fritz-log, by the number that was shown; looked for every 20 ms while somebody waits. */
class Decisions {
  private readonly all = new Map<string, Decided[]>();
  private file: number | undefined;
  private rest = "";
  private nextMs = 0;

  constructor(private readonly path: string) {}

  of(number: string): readonly Decided[] {
    if (performance.now() >= this.nextMs) this.read();
    return this.all.get(number) ?? [];
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }

  private read(): void {
    if (this.file === undefined && existsSync(this.path)) this.file = openSync(this.path, "r");
    const bytes = Buffer.alloc(1024 * 1024);
    const size = this.file === undefined ? 0 : readSync(this.file, bytes);
    const lines = (this.rest + bytes.toString("latin1", 0, size)).split("\n");
    this.rest = lines.pop() ?? "";
    lines.forEach((line) => this.take(line));
    this.nextMs = performance.now() + 20;
  }

  private take(line: string): void {
    const { event, caller, decision } = JSON.parse(line) as {
      event: string;
      caller: { number: string };
      decision?: Decided;
    };
    if (event !== "ring" || !decision) return;
    this.all.set(caller.number, [...(this.all.get(caller.number) ?? []), decision]);
  }
}

/** One box with its nodes in the flows. */
class House {
  readonly box = new SimulatedBox();
  private spammers = 0;
  /** What broke the promise here. */
  readonly faults: string[] = [];
  /** `failing`: with the situation's mistakes in the configuration; `new`: as another user, who remembers nothing. */
  phase: "prepared" | "failing" | "new" = "prepared";

  constructor(
    readonly situation: Situation,
    private readonly server: NodeRedServer,
    private readonly decisions: Decisions,
    private readonly sourcePort: number,
  ) {}

  async open(): Promise<void> {
    const { tr064, monitor } = this.box;
    const { books, users } = tr064.state;
    books.addLocal("Familie");
    books.addLocal("Blacklist").add("Blocked", "0209777777");
    books.addLocal("Spam");
    const account = { enable: true, status: 0, lastConnect: "", url: "http://127.0.0.1", serviceId: "", username: "" };
    books.addOnline("Online", account);
    // Everybody has contacts; one of these stands in the book of the blocked as well.
    for (const name of ["Telefonbuch", "Familie", "Online"]) books.named(name).add("Somebody", "0800 1234567");
    this.situation.contacts.forEach(({ book, written }, i) => books.named(book).add(`Contact ${i}`, written));
    books.named("Blacklist").add("Contact 0 as well", this.situation.contacts[0]?.shown ?? "");
    users.push({ name: "fritz5678", password: "secret", rights: { config: "readwrite" } });
    await monitor.listen();
    await tr064.listen({ port: 0 });
  }

  async close(): Promise<void> {
    await Promise.all([this.box.monitor.stop(), this.box.tr064.stop()]);
  }

  fail(): void {
    this.phase = "failing";
    FAILURES[this.situation.failure](this.box);
    if (this.situation.state !== "none") rmSync(this.statePath, { recursive: true, force: true });
    if (this.situation.state === "folder") mkdirSync(this.statePath, { recursive: true });
    if (this.situation.state === "newer") this.writeState('{"version":9,"allowed":[]}');
    if (this.situation.state === "damaged") this.writeState('{"version":1,"allowed":"x"');
  }

  async recover(): Promise<void> {
    const { tr064 } = this.box;
    this.phase = "new";
    tr064.faults.clear();
    tr064.resetAll();
    Object.assign(tr064.wire, { latencyMs: 0 });
    Object.assign(tr064.state, { appAccess: true, telephony: true });
    tr064.state.users.forEach((user) => (user.rights = { config: "readwrite" }));
    await tr064.accept();
    if (this.situation.state !== "none") rmSync(this.statePath, { recursive: true, force: true });
  }

  /** Rings, and waits for a decision. */
  private async ring(number: string): Promise<void> {
    const before = this.decisions.of(number).length;
    const call = this.box.ring(number);
    const isThere = () => this.decisions.of(number).length > before;
    await until("the decision", isThere).catch(() => this.faults.push(`${number}: no decision ${this.text}`));
    this.box.hangUp(call);
  }

  /** The control: spam is blocked and written. The first calls may come before the books are read. */
  async expectSpamBlocked(): Promise<void> {
    const rung: string[] = [];
    const decided = () => rung.flatMap((number) => this.decisions.of(number));
    const isDone = ({ verdict, action }: Decided) => verdict === "block" && /^(added|already-there)$/.test(action);
    for (const end = Date.now() + 25_000; Date.now() < end; await pause(200)) {
      const number = spammer(this.situation.n, this.spammers++);
      rung.push(number);
      await this.ring(number);
      if (decided().some(isDone)) return;
    }
    this.faults.push(`spam is not blocked when ${this.phase}: ${JSON.stringify(decided().at(-1))} ${this.text}`);
  }

  async contactsCall(): Promise<void> {
    await Promise.all(this.situation.contacts.map(({ shown }) => this.ring(shown)));
  }

  /** The contacts' calls that were blocked, at once or when a late answer was decided. */
  get blocked(): string[] {
    const decided = this.situation.contacts.flatMap(({ shown }) =>
      this.decisions.of(shown).map((one) => ({ ...one, shown })),
    );
    return decided
      .filter(({ verdict }) => verdict !== "allow")
      .map((one) => `${one.shown} is blocked: ${JSON.stringify(one)} ${this.text}`);
  }

  /** The contacts whom the box would reject from now on. */
  get rejected(): string[] {
    const { state } = this.box.tr064;
    const phonebookId = state.books.idOf(state.books.named("Spam"));
    const rule = { enable: true, type: "fromPB", mode: "eNoSignal", number: "", toNumber: "", outgoing: "" };
    state.deflections = [{ ...rule, phonebookId }];
    return this.situation.contacts.map(({ shown }) => shown).filter((shown) => state.bars(shown));
  }

  get text(): string {
    return JSON.stringify(this.situation);
  }

  private get statePath(): string {
    return join(this.server.userDir, "fritz-calls", `block-${this.id("block")}.json`);
  }

  private writeState(text: string): void {
    mkdirSync(join(this.server.userDir, "fritz-calls"), { recursive: true });
    writeFileSync(this.statePath, text);
  }

  private id(name: string): string {
    return `h${this.situation.n}-${name}`;
  }

  nodes(round: number): FlowNode[] {
    const { n, source, phonebooks, action, failure, before, late } = this.situation;
    const failing = this.phase === "failing";
    const boxOf = (has: boolean) => (has || !failing ? { box: this.id("box") } : {});
    const username = this.phase === "new" ? "fritz5678" : "fritz1234";
    const wrong = { "wrong password": "wrong", "no password": "" } as Partial<Record<string, string>>;
    const password = (failing ? wrong[failure] : undefined) ?? "secret";
    // Another fingerprint (unused without TLS): the box is asked anew, and only the copy on disk is known.
    const fingerprint = failing && before === "disk" ? "00" : "";
    const node = (name: string, type: string, wires: string[], more: object): FlowNode => ({
      ...{ id: this.id(name), type, z: "tab", x: 1, y: 1, name: `${round}`, wires: [wires, wires] },
      ...more,
    });
    const url = `http://127.0.0.1:${this.sourcePort}/${failing ? source : "spam"}/{e164}`;
    const descriptor = {
      ...{ id: "opinions", label: "Opinions", kind: ["score"], cache: { hit: "0m", unknown: "0m" } },
      request: { url, minIntervalMs: 0 },
      response: { type: "json", fields: { value: { json: "/value" }, votes: { json: "/votes" } } },
      scale: { type: "linear", good: 1, bad: 9 },
    };
    const booksSource = failing ? phonebooks : "on";
    return [
      {
        ...{ id: this.id("box"), type: "fritz-config", name: `house ${n}`, host: "127.0.0.1", tls: false, fingerprint },
        ...{ monitorPort: this.box.monitor.port, port: this.box.tr064.port, credentials: { username, password } },
      },
      node("monitor", "fritz-callmonitor", [this.id("info")], { box: this.id("box") }),
      node("info", "fritz-caller-info", [this.id("block")], {
        ...{
          ...boxOf(this.situation.infoBox),
          deadlineMs: 600,
          wires: [[this.id("block")], late ? [this.id("block")] : []],
        },
        providers: [
          ...(booksSource === "absent" ? [] : [{ id: "phonebook", enabled: booksSource === "on" }]),
          { id: "numbers", enabled: true },
          { id: "opinions", enabled: true, descriptor, allowPrivate: true },
        ],
      }),
      node("block", "fritz-block", ["log"], {
        ...{ ...boxOf(this.situation.blockBox), ...AGGRESSIVE, action, targetBook: "Spam", dryRun: false },
      }),
    ];
  }
}

/** Everything that can block, as hard as it can. */
const AGGRESSIVE = {
  ...{ blockPatterns: ["+49*", "030*", "017*", "02*"], blockBooks: ["Blacklist"], minScore: 1, minReports: 0 },
  ...{ blockForeign: true, blockFake: true, blockAnonymous: true, countries: { mode: "block", list: ["DE", "AT"] } },
  ...{ repeatCalls: 1, repeatSeconds: 60, perHour: 100_000, rangeFrom: 2 },
};

describe(`contacts get through, end to end: ${2 * BATCHES * HOUSES} situations`, () => {
  const sources = createServer(({ url = "" }, response) => {
    if (url.startsWith("/hangs")) return;
    response.statusCode = url.startsWith("/500") ? 500 : 200;
    response.end(url.startsWith("/garbage") ? "<html>" : JSON.stringify({ value: 9, votes: 999 }));
  });
  before(() => new Promise<void>((resolve) => sources.listen(0, "127.0.0.1", resolve)));
  after(() => {
    sources.closeAllConnections();
    sources.close();
  });

  onEachNodeRed((version) => {
    let server: NodeRedServer;
    let decisions: Decisions;
    let round = 0;
    let userDir: string;
    before(async function () {
      userDir = mkdtempSync(join(tmpdir(), `fritz-contacts-${version}-`));
      server = await startNodeRed({ version, userDir });
      decisions = new Decisions(join(userDir, "all.log"));
    });
    after(async () => {
      await server.stop();
      decisions.close();
      rmSync(userDir, { recursive: true, force: true });
    });

    const flows = (houses: readonly House[]): FlowNode[] => [
      { id: "tab", type: "tab", label: `round ${++round}` },
      ...houses.flatMap((house) => house.nodes(round)),
      ...[{ id: "log", type: "fritz-log", z: "tab", x: 1, y: 1, file: "all.log", format: "json", anonymize: false }],
    ];

    /** Deploys, and waits until each call monitor is connected. */
    const deploy = async (houses: readonly House[], type: DeployType = "full") => {
      await server.deploy(flows(houses), type);
      await until("the call monitors", () => houses.every(({ box }) => box.monitor.connections === 1));
    };

    const live = async (houses: readonly House[]) => {
      const prepared = houses.filter(({ situation: { before } }) => before !== "nothing");
      for (const house of houses) if (!prepared.includes(house)) house.fail();
      await deploy(houses);
      await Promise.all(prepared.map((house) => house.expectSpamBlocked()));
      prepared.forEach((house) => house.fail());
      await deploy(houses);
      const calling = Promise.all(houses.map((house) => house.contactsCall()));
      for (const type of houses[0]?.situation.deploys ?? []) await deploy(houses, type); // while decisions are on their way
      await calling;
      await Promise.all(houses.map((house) => house.recover()));
      await deploy(houses);
      await Promise.all(houses.map((house) => house.expectSpamBlocked()));
      await Promise.all(houses.map((house) => house.contactsCall()));
      const written = houses.flatMap((house) => house.rejected.map((number) => `${number} is written ${house.text}`));
      assert.deepEqual([...houses.flatMap(({ faults, blocked }) => [...faults, ...blocked]), ...written], []);
    };

    for (let batch = 0; batch < BATCHES; batch++) {
      const first = FROM + (version === "4.1" ? 0 : BATCHES * HOUSES) + batch * HOUSES;
      it(`situations ${first} to ${first + HOUSES - 1}`, async function () {
        this.timeout(180_000);
        const { port } = sources.address() as AddressInfo;
        const houses = Array.from(
          { length: HOUSES },
          (_, i) => new House(situation(first + i), server, decisions, port),
        );
        try {
          await Promise.all(houses.map((house) => house.open()));
          await live(houses);
        } finally {
          await Promise.all(houses.map((house) => house.close()));
        }
      });
    }
  });
});
