/** The examples as they lie on the canvas, in both languages: no node covers another one, none is out of view. Needs a build. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { browserMissing, EditorPage, type Locale } from "../support/editor-page";
import { EXAMPLE_FILES, EXAMPLES_FOLDER } from "../support/examples/files";
import { type FlowNode, type NodeRedServer, nodeRedAt, startNodeRed } from "../support/node-red-server";

/** What fits beside the palette and the sidebar of a usual window, pixels. */
const WIDEST = 1_500;

for (const [version, locale] of [
  ["4.1", "de-DE"],
  ["5.0", "en-US"],
] as const) {
  describe(`editor: the examples on the canvas, Node-RED ${version}, ${locale}`, function () {
    layoutTests(version, locale);
  });
}

function layoutTests(version: "4.1" | "5.0", locale: Locale): void {
  let server: NodeRedServer;
  let editor: EditorPage;

  before(async function () {
    const missing = browserMissing ?? nodeRedAt(version).missing;
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    server = await startNodeRed({ version, lang: locale === "de-DE" ? "de" : "en-US" });
    editor = await EditorPage.open(server.url, locale, `layout-${version}`);
  });
  after(async () => {
    await editor?.close();
    await server?.stop();
  });

  it("finds a node that covers another one", async () => {
    const at = (id: string, x: number): FlowNode => ({
      id,
      type: "comment",
      z: "probe",
      name: id,
      x,
      y: 100,
      wires: [],
    });
    const faults = await faultsOf([{ id: "probe", type: "tab", label: "probe" }, at("one", 200), at("two", 240)]);
    assert.equal(faults.length, 1, faults.join());
  });

  for (const file of EXAMPLE_FILES) {
    it(file, async () => {
      const flow = JSON.parse(readFileSync(join(EXAMPLES_FOLDER, file), "utf8")) as FlowNode[];
      assert.deepEqual(await faultsOf(flow), []);
    });
  }

  /** Imports a flow and measures its nodes as the editor draws them. */
  async function faultsOf(flow: FlowNode[]): Promise<string[]> {
    const tabs = await editor.run<string[]>(`(() => { const before = new Set(RED.nodes.getWorkspaceOrder());
      RED.view.importNodes(${JSON.stringify(flow)}, { generateIds: true, notify: false });
      return RED.nodes.getWorkspaceOrder().filter((id) => !before.has(id)); })()`);
    assert.ok(tabs.length > 0);
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
          return nodes.flatMap((a, i) => [
            ...(a.x + a.w / 2 > ${WIDEST} || a.x - a.w / 2 < 0 ? [name(a) + " is out of view"] : []),
            ...nodes.slice(i + 1).filter((b) => covers(a, b)).map((b) => name(a) + " covers " + name(b)),
          ]); })()`)),
      );
    }
    return faults;
  }
}
