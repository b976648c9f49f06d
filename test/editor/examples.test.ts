/**
 * The examples as the editor takes and draws them, in both languages: they are valid, no node covers another one, none is out
 * of view. Needs a build.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { EXAMPLE_FILES, EXAMPLES_FOLDER } from "../support/examples/files";
import { packageJson } from "../support/node-html";
import { type FlowNode, type NodeRedServer, nodeRedAt, sharedNodeRed } from "../support/node-red-server";

/** What fits beside the palette and the sidebar of a usual window, pixels. */
const WIDEST = 1_500;
/** These need nodes of another package, which is not there: they are looked at on the canvas only. */
const FOREIGN = /Dashboard/;

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: the examples, Node-RED ${version}, ${locale}`, function () {
    exampleTests(version, locale);
  });
}

function exampleTests(version: "4.1" | "5.0", locale: Locale): void {
  let server: NodeRedServer;
  let editor: EditorPage;

  before(async function () {
    const missing = browserMissing ?? nodeRedAt(version).missing;
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    const lang = locale === "de-DE" ? "de" : "en-US";
    // The box for the examples to take, as a user has it who tries them.
    const ports = { monitorPort: 1012, port: 49000, tlsPort: 49443, tls: true, fingerprint: "" };
    const place = { timeZone: "", countryCode: "", areaCode: "", areaCodeFile: "" };
    const box = { id: "box", type: "fritz-config", name: "", host: "127.0.0.1", ...ports, ...place };
    server = await sharedNodeRed({ version, lang, flows: [box] });
    editor = await EditorPage.open(server.url, locale, `examples-${version}-${lang}`);
  });
  after(async () => {
    await editor?.close();
    await server?.stop();
  });

  it("are looked at closely: a node that covers another one is found", async () => {
    const at = (id: string, x: number): FlowNode => ({
      id,
      type: "comment",
      z: "probe",
      name: id,
      x,
      y: 100,
      wires: [],
    });
    await withImported([{ id: "probe", type: "tab", label: "probe" }, at("one", 200), at("two", 240)], async (tabs) => {
      const faults = await faultsOn(tabs);
      assert.equal(faults.length, 1, faults.join());
    });
  });

  for (const [i, file] of EXAMPLE_FILES.entries()) {
    it(`"${file}" is offered, imported without complaint, and tidy`, async () => {
      const name = `${packageJson.name}/${file.replace(/\.json$/, "")}`;
      const answer = await fetch(`${server.url}/library/examples/flows/${encodeURI(name)}`);
      assert.equal(answer.status, 200);
      const flow = (await answer.json()) as FlowNode[];
      assert.deepEqual(flow, JSON.parse(readFileSync(join(EXAMPLES_FOLDER, file), "utf8")));
      const before = await editor.allNodes();
      await withImported(flow, async (tabs) => {
        if (!FOREIGN.test(file)) await checkNodes(flow, before);
        assert.deepEqual(await faultsOn(tabs), []);
        await editor.screenshot(`example-${i + 1}`);
      });
    });
  }

  it("had no fault in the page all the time", () => {
    assert.deepEqual(editor.faults, []);
  });

  /** Imports a flow, gives the new tabs to a look at it, and takes them away again. */
  async function withImported(flow: FlowNode[], look: (tabs: string[]) => Promise<void>): Promise<void> {
    const tabs = await editor.run<string[]>(`(() => { const before = new Set(RED.nodes.getWorkspaceOrder());
      RED.view.importNodes(${JSON.stringify(flow)}, { generateIds: true, notify: false });
      return RED.nodes.getWorkspaceOrder().filter((id) => !before.has(id)); })()`);
    assert.ok(tabs.length > 0);
    await editor.run("new Promise((resolve) => setTimeout(resolve, 0))"); // they take the box
    await look(tabs);
    await editor.run(`${JSON.stringify(tabs)}.forEach((id) => RED.workspaces.delete(RED.nodes.workspace(id)))`);
  }

  /** All nodes of the flow are there, each valid, and the editor complains of none. */
  async function checkNodes(flow: FlowNode[], before: { id: string }[]): Promise<void> {
    const known = new Set(before.map(({ id }) => id));
    const added = (await editor.allNodes()).filter(({ id }) => !known.has(id));
    const typesOf = (list: { type: string }[]) => list.map(({ type }) => type).sort();
    assert.deepEqual(typesOf(added), typesOf(flow.filter(({ type }) => type !== "tab" && type !== "group")));
    assert.deepEqual(
      added.filter(({ valid }) => !valid),
      [],
    );
    assert.equal(await editor.page.locator(".red-ui-notification-error:visible").count(), 0);
  }

  /** What is wrong with the places of the nodes, as the editor draws them. */
  async function faultsOn(tabs: string[]): Promise<string[]> {
    const faults: string[] = [];
    for (const tab of tabs) {
      await editor.run(`RED.workspaces.show("${tab}")`);
      await editor.page.waitForFunction(
        `RED.nodes.filterNodes({ z: "${tab}" }).every(({ w, resize }) => w > 0 && !resize)`,
      );
      faults.push(
        ...(await editor.run<string[]>(`(() => { const nodes = RED.nodes.filterNodes({ z: "${tab}" });
          const name = (node) => node.name || node.type + " at " + node.x + "," + node.y;
          const covers = (a, b) => Math.abs(a.x - b.x) < (a.w + b.w) / 2 && Math.abs(a.y - b.y) < (a.h + b.h) / 2;
          const hides = (b, a) => a.type.startsWith("fritz-") && b.y > a.y && b.y - b.h / 2 < a.y + a.h / 2 + 20
            && b.x - b.w / 2 < a.x && b.x + b.w / 2 > a.x - a.w / 2;
          return nodes.flatMap((a, i) => [
            ...nodes.filter((b) => hides(b, a)).map((b) => name(b) + " hides the status of " + name(a)),
            ...(a.x + a.w / 2 > ${WIDEST} || a.x - a.w / 2 < 0 ? [name(a) + " is out of view"] : []),
            ...nodes.slice(i + 1).filter((b) => covers(a, b)).map((b) => name(a) + " covers " + name(b)),
          ]); })()`)),
      );
    }
    return faults;
  }
}
