/** The example flows for `fritz-caller-info`, run as they are, but for the addresses: those lead to simulated services. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { WebServices } from "../../simulator/index";
import { FakePhonebooks } from "../support/fake-phonebooks";
import { BERLIN } from "../support/numbers";
import { collect, coreNode, fakeTelephony, helper, load, node, until } from "../support/flow";
import { exampleFile } from "../support/examples/files";
import { SECRETS } from "../support/source-tools";
import { callEvent, party } from "../support/events";

type FlowNode = Record<string, unknown> & { id: string; type: string; wires?: string[][] };

describe("the examples of fritz-caller-info", () => {
  const web = new WebServices();
  before((done) => {
    helper.startServer(done);
  });
  before(() => web.listen());
  after(() => web.stop());
  after((done) => {
    helper.stopServer(done);
  });
  beforeEach(() => {
    web.reset();
    fakeTelephony.current = Object.assign(new FakePhonebooks(), { plan: BERLIN });
  });
  afterEach(() => helper.unload());

  /** Nodes that this harness does not have become collectors; the box becomes one with given phonebooks. */
  async function loadExample(name: string): Promise<FlowNode[]> {
    const flow = JSON.parse(readFileSync(exampleFile(name), "utf8")) as FlowNode[];
    const adapted = flow
      .filter(({ type }) => type !== "tab" && type !== "comment")
      .map((original): FlowNode => {
        const one: FlowNode = { ...original, z: "tab" };
        if (one.type === "fritz-config") return { id: one.id, type: "fake-box" };
        if (one.type === "inject" || one.type === "debug" || one.type === "fritz-callmonitor") {
          return { id: one.id, type: "helper", wires: one.wires ?? [] };
        }
        if (one.type !== "fritz-caller-info") return one;
        const providers = (one["providers"] as { id: string }[]).map((entry) => ({
          ...entry,
          ...(WebServices.sites.includes(entry.id) && {
            baseUrl: web.base(entry.id),
            allowPrivate: true,
            minIntervalMs: 0,
          }),
        }));
        return { ...one, providers, deadlineMs: 60_000 }; // the first answer waits for its thread
      });
    const asking = adapted.filter(({ type }) => type === "fritz-caller-info");
    const secrets: Record<string, object> = Object.fromEntries(asking.map(({ id }) => [id, SECRETS]));
    await load(adapted, secrets, [coreNode("function/15-change"), coreNode("function/10-switch")]);
    return flow;
  }
  const idOf = (flow: FlowNode[], type: string, name: string) =>
    flow.find((one) => one.type === type && one["name"] === name)?.id ?? assert.fail(`no ${type} "${name}"`);
  const ask = (id: string, payload: unknown) => node(id).receive({ payload });

  it("shows who is calling, without asking anybody outside", async () => {
    const flow = await loadExample("Who is calling");
    const got = collect(idOf(flow, "debug", "who is calling"));
    ask(idOf(flow, "fritz-caller-info", ""), callEvent({ caller: party("03023125042") }));
    await until("the answer", () => got.length === 1);
    assert.equal((got[0]?.["callerInfo"] as { display: string }).display, "Berlin");
    assert.deepEqual(web.requests, []);
  });

  it("gives score and comments of tellows, name and town of the reverse search, and both in one text", async () => {
    const flow = await loadExample("Spam score and reverse search");
    const got = collect(idOf(flow, "debug", ""));
    ask(idOf(flow, "fritz-caller-info", "score and name"), "030 23125042");
    await until("the answer", () => got.length === 1);
    const { payload, score, comments } = got[0] as Record<string, unknown>;
    // Listed under a name, and only 12 people complain: suspicious, not spam.
    assert.deepEqual([payload, score, comments], ["Muster Energie Vertrieb, Berlin", 6, 12]);
    ask(idOf(flow, "fritz-caller-info", "score and name"), "030 23125077");
    await until("the answer", () => got.length === 2);
    assert.deepEqual([got[1]?.payload, got[1]?.["score"], got[1]?.["comments"]], ["Berlin", 9, 57]);
    ask(idOf(flow, "fritz-caller-info", "score and name"), "0176 04069001");
    await until("the answer", () => got.length === 3);
    assert.deepEqual([got[2]?.payload, got[2]?.["score"]], ["fritz-caller-info.kind.mobile · Telefónica", undefined]);
  });

  it("asks one site after the other until one is sure, and a name only for those who are not spam", async () => {
    const flow = await loadExample("Spam score and reverse search");
    const [spam, fine] = [collect(idOf(flow, "debug", "spam")), collect(idOf(flow, "debug", "let it ring"))];
    const cascade = idOf(flow, "fritz-caller-info", "cascade");
    const sites = () => web.requests.splice(0).map(({ site }) => site);

    ask(cascade, "030 23125077");
    await until("spam", () => spam.length === 1);
    assert.deepEqual(sites(), ["werruft"]);

    web.fail("werruft", { kind: "status", status: 429 });
    ask(cascade, "030 23125042");
    await until("spam", () => spam.length === 2);
    assert.deepEqual(sites(), ["werruft", "cleverdialer"]);

    ask(cascade, "089 99998001");
    await until("no spam", () => fine.length === 1);
    assert.deepEqual(sites(), ["cleverdialer", "telefonspion", "werhatangerufen", "tellows", "dasoertliche"]);
    assert.equal((fine[0]?.["callerInfo"] as { name: string }).name, "Erika Muster");
  });
});
