/** Nodes whose properties are missing in the flow, e.g. written by hand: the dialog shows what runs. Needs a build. */
import assert from "node:assert/strict";
import { EVENT_NAMES } from "../../src/lib/calls/types";
import { browserMissing, EditorPage } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, sharedNodeRed } from "../support/node-red-server";

const FLOWS = [
  { id: "tab", type: "tab", label: "Calls" },
  { id: "monitor", type: "fritz-callmonitor", z: "tab", x: 200, y: 120, wires: [[]] },
];

describe("editor: missing properties, Node-RED 4.1, de-DE", () => {
  let server: NodeRedServer;
  let editor: EditorPage;

  before(async function () {
    const missing = browserMissing ?? nodeRedAt("4.1").missing;
    if (missing !== undefined) this.skip();
    server = await sharedNodeRed({ version: "4.1", lang: "de", flows: FLOWS });
    editor = await EditorPage.open(server.url, "de-DE", "missing-4.1");
  });
  after(async () => {
    await editor?.close();
    await server?.stop();
  });

  it("ticks the default events of a fritz-callmonitor without events, which is valid, and saves them", async () => {
    assert.deepEqual(await editor.node("monitor"), { id: "monitor", valid: true, reasons: [] });
    await editor.openDialog("monitor");
    const ticked = editor.page.locator("#node-input-events-boxes input:checked");
    const ids = await Promise.all((await ticked.all()).map((box) => box.getAttribute("id")));
    assert.deepEqual(
      ids,
      EVENT_NAMES.map((event) => `node-input-event-${event}`),
    );
    await editor.done();
    assert.deepEqual(await editor.run('RED.nodes.node("monitor").events'), [...EVENT_NAMES]);
  });
});
