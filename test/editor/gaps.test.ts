/** Nodes of a flow that lacks properties: the dialog shows what runs, and Done makes nothing else of it. Needs a build. */
import assert from "node:assert/strict";
import { browserMissing, EditorPage } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, sharedNodeRed } from "../support/node-red-server";

/** Type -> property -> what the dialog shows and Done saves: that is how the node runs. */
const SHOWN: Record<string, Record<string, string | number | boolean>> = {
  "fritz-hangup": { dryRun: true, delayMs: 200, perHour: 20, registrarPort: 5060, port: 0 },
  "fritz-dial": { operation: "ring", seconds: 20, perHour: 10 },
  "fritz-deflection": { operation: "list", enabled: true },
  "fritz-answering-machine": { operation: "new", audio: true, enabled: true },
  "fritz-action": { write: false, parse: true },
};
const EVENTS = ["ring", "call", "connect", "disconnect"];

for (const version of ["4.1", "5.0"] as const) {
  describe(`editor: properties that a flow lacks, Node-RED ${version}`, function () {
    let server: NodeRedServer;
    let editor: EditorPage;

    before(async function () {
      const { missing = browserMissing } = nodeRedAt(version);
      if (missing !== undefined) {
        console.log(`    skipped: ${missing}`);
        this.skip();
      }
      // Nothing listens there.
      const box = { id: "box1", type: "fritz-config", host: "127.0.0.1", monitorPort: 1, port: 1, tlsPort: 1 };
      const nodes = ["fritz-callmonitor", ...Object.keys(SHOWN)].map((type, row) => {
        return { id: type, type, z: "tab1", x: 200, y: 60 + 60 * row, box: "box1", wires: [] };
      });
      const flows = [{ id: "tab1", type: "tab", label: "test" }, box, ...nodes];
      server = await sharedNodeRed({ version, lang: "en-US", flows });
      editor = await EditorPage.open(server.url, "en-US", `gaps-${version}`);
    });
    after(async () => {
      await editor?.close();
      await server?.stop();
    });

    const saved = (id: string, property: string) => editor.run<unknown>(`RED.nodes.node("${id}").${property}`);

    for (const [type, properties] of Object.entries(SHOWN)) {
      it(`${type} shows how it runs`, async () => {
        await editor.openDialog(type);
        for (const [property, value] of Object.entries(properties)) {
          const field = editor.page.locator(`#node-input-${property}`);
          if (typeof value === "boolean") assert.equal(await field.isChecked(), value, property);
          else assert.equal(await field.inputValue(), String(value), property);
        }
        await editor.done();
        for (const [property, value] of Object.entries(properties))
          assert.equal(String(await saved(type, property)), String(value), property);
      });
    }

    it("fritz-callmonitor ticks the events that it sends", async () => {
      await editor.openDialog("fritz-callmonitor");
      for (const event of EVENTS)
        assert.equal(await editor.page.locator(`#node-input-event-${event}`).isChecked(), true, event);
      assert.equal(await editor.page.locator("#node-input-event-state").isChecked(), false, "state");
      await editor.done();
      assert.deepEqual(await saved("fritz-callmonitor", "events"), EVENTS);
    });
  });
}
