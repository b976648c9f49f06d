/** Nodes whose properties are missing in the flow, e.g. written by hand: the dialog shows what runs. Needs a build. */
import assert from "node:assert/strict";
import { EVENT_NAMES } from "../../src/lib/calls/types";
import { browserMissing, EditorPage } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, sharedNodeRed } from "../support/node-red-server";

const FLOWS = [
  { id: "tab", type: "tab", label: "Calls" },
  { id: "monitor", type: "fritz-callmonitor", z: "tab", x: 200, y: 120, wires: [[]] },
  { id: "box", type: "fritz-config", host: "127.0.0.1", monitorPort: 1, port: 1, tlsPort: 1 },
  { id: "block", type: "fritz-block", z: "tab", x: 200, y: 220, wires: [[], []], box: "box", action: "phonebook" },
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
    const width = await editor.run<number>('$(".red-ui-tray").width()');
    assert.ok(width < 640, `its long rows wrap: the dialog is ${width} pixels wide`);
    await editor.done();
    assert.deepEqual(await editor.run('RED.nodes.node("monitor").events'), [...EVENT_NAMES]);
  });

  it("takes the default phonebook of a fritz-block without one, which is valid", async () => {
    assert.deepEqual(await editor.node("block"), { id: "block", valid: true, reasons: [] });
    await editor.openDialog("block");
    assert.equal(await editor.page.locator("#node-input-targetBook").inputValue(), "Spam");
    await editor.page.locator("#fritz-block-tabs .red-ui-tab-label").nth(1).click();
    const action = editor.page.locator("#node-input-action");
    for (const choice of ["decide", "barring", "phonebook"]) {
      await action.selectOption(choice);
      // A select is as wide as it may be; as wide as its text it would be without that.
      const cut = await action.evaluate((field: HTMLElement) => {
        const shown = field.clientWidth;
        field.style.width = "auto";
        const wanted = field.clientWidth;
        field.style.width = "100%";
        return wanted - shown;
      });
      assert.ok(cut <= 0, `${choice} lacks ${cut} pixels`);
    }
    await editor.done();
    assert.equal(await editor.run('RED.nodes.node("block").targetBook'), "Spam");
  });
});
