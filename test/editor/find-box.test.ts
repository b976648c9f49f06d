/** "Find my Fritz!Box" in the dialog of fritz-config: real Node-RED, real browser. Needs a build. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { SimulatedBox } from "../../simulator/index";
import { browserMissing, EditorPage } from "../support/editor-page";
import { type NodeRedServer, nodeRedAt, startNodeRed } from "../support/node-red-server";

/** Nothing listens at the first address; the simulated box is at the second one. */
const SEARCHED = ["127.0.0.2", "127.0.0.1"];

describe("editor: find my Fritz!Box, Node-RED 4.1, de-DE", () => {
  let server: NodeRedServer;
  let editor: EditorPage;
  let box: SimulatedBox;
  let otherDevice: Server;
  const searches: string[] = [];

  before(async function () {
    const missing = browserMissing ?? nodeRedAt("4.1").missing;
    if (missing !== undefined) this.skip();
    box = new SimulatedBox();
    await box.tr064.listen();
    otherDevice = createServer((_, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
    await once(otherDevice, "listening");
    server = await startNodeRed({ version: "4.1", lang: "de", env: { FRITZ_SEARCH_HOSTS: SEARCHED.join(",") } });
    editor = await EditorPage.open(server.url, "de-DE", "find-4.1");
    editor.page.on("request", onRequest);
    const id = await editor.add("fritz-callmonitor", "callmon", 200, 120);
    await editor.openDialog(id);
    await editor.openConfig("box", "add");
    await editor.page.locator("#fritz-config-details-heading").click();
  });
  after(async () => {
    editor?.page.off("request", onRequest);
    await editor?.close();
    await server?.stop();
    await box?.tr064.stop();
    otherDevice?.close();
  });

  const onRequest = (request: { url(): string }) => {
    if (request.url().endsWith("/fritz-calls/find-box")) searches.push(request.url());
  };
  const field = (name: string) => editor.page.locator(`#node-config-input-${name}`);
  const find = () => editor.page.getByRole("button", { name: "Meine Fritz!Box suchen" }).click();

  it("says that nothing was found, and leaves the address alone", async () => {
    const written = await field("host").inputValue();
    await field("port").fill(String((otherDevice.address() as AddressInfo).port));
    assert.deepEqual(searches, [], "no search without a click");
    await find();
    await editor.page
      .locator("#fritz-check-lines", { hasText: "Keine Fritz!Box gefunden: Bitte tragen Sie ihre Adresse selbst ein" })
      .waitFor();
    assert.equal(await field("host").inputValue(), written);
    assert.equal(searches.length, 1);
  });

  it("fills the address in on the click, not before, and checks the box found", async () => {
    await field("port").fill(String(box.tr064.port));
    await field("tlsPort").fill(String(box.tr064.tlsPort));
    await field("monitorPort").fill(String((otherDevice.address() as AddressInfo).port));
    assert.notEqual(await field("host").inputValue(), "127.0.0.1");
    assert.equal(searches.length, 1, "no search without a click");
    await find();
    await editor.page.locator("#fritz-check-summary").waitFor();
    assert.equal(await field("host").inputValue(), "127.0.0.1");
    assert.equal(searches.length, 2);
    const found = editor.page.locator('.fritz-check-line[data-check="box"]');
    assert.equal(await found.getAttribute("data-state"), "ok");
    assert.deepEqual(editor.faults, []);
  });
});
