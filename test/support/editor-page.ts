/** Test support: the editor in a real Chromium, with the moves that a person makes in it. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  chromium,
  type ConsoleMessage,
  type Locator,
  type Page,
  type Request,
  type Response,
} from "playwright-core";
import { root } from "./node-red-server";

/** Where Debian puts Chromium: without a window of its own, which is enough here and cheaper, or the whole browser. */
const PLACES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const EXECUTABLE = process.env["CHROMIUM"] ?? PLACES.find((path) => existsSync(path)) ?? "/usr/bin/chromium";
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Nothing leaves this computer, and a test that needs more than Node-RED shows it: the request fails.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];
/** Where screenshots go; without it none is made. */
const OUTPUT = process.env["CI_OUTPUT"];
/** A busy machine may take a minute for what takes a second else. */
const PATIENCE_MS = 60_000;
/** How often the page looks whether a condition holds, ms: by default at every frame, and each look draws one. */
const POLLING = { polling: 50 };
/** Nothing moves any more. Spinners turn without an end and do not count. */
const STILL = `document.getAnimations().every(({ playState, effect }) =>
  playState !== "running" || effect.getComputedTiming().iterations === Infinity) && $.timers.length === 0`;
/** Nothing slides, fades or blinks: each frame of it has to be drawn. */
const NO_MOVES = `document.addEventListener("DOMContentLoaded", () => {
  const style = document.createElement("style");
  style.textContent = "*, *::before, *::after { transition: none !important; animation: none !important; caret-color: transparent !important; }";
  document.head.append(style);
  if (window.jQuery) jQuery.fx.off = true;
});`;
/** The topmost dialog has slid in and has taken the focus. */
const TRAY_OPEN = `(() => { const tray = $(".red-ui-tray:visible").last()[0];
  return tray && tray.contains(document.activeElement) && ${STILL}; })()`;

export type Locale = "de-DE" | "en-US";

/** What is in the way of a browser, if anything. */
export const browserMissing = existsSync(EXECUTABLE) ? undefined : `no Chromium at ${EXECUTABLE} (CHROMIUM says where)`;

/** All editor tests of a process share one browser. */
let browser: Promise<Browser> | undefined;
export const sharedBrowser = () =>
  (browser ??= chromium.launch({ executablePath: EXECUTABLE, args: ARGS, timeout: PATIENCE_MS }));
/** The profiles in it, one for each language: what a page has loaded serves the next one, too. */
const profiles = new Map<Locale, Promise<BrowserContext>>();
/** Tabs that no test has open, empty. In a new tab the editor takes twice the work to load: all of it is compiled anew. */
const emptyTabs = new Map<Locale, Page[]>();
after(async () => {
  await (await browser)?.close();
});

async function newProfile(locale: Locale): Promise<BrowserContext> {
  return (await sharedBrowser()).newContext({ locale, viewport: { width: 1400, height: 900 } });
}

async function newTab(locale: Locale): Promise<Page> {
  const profile = profiles.get(locale) ?? newProfile(locale);
  profiles.set(locale, profile);
  const page = await (await profile).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  // What an earlier test has left in this browser (a search in the palette) is none of this one's. A reload keeps it.
  await page.addInitScript(`if (location.protocol !== "about:" && !sessionStorage.getItem("begun")) {
    localStorage.clear(); sessionStorage.setItem("begun", "yes"); }`);
  await page.addInitScript(NO_MOVES);
  return page;
}

/** A node as the editor holds it. */
export interface EditorNode {
  id: string;
  valid: boolean;
  reasons: string[];
}

export class EditorPage {
  /** What went wrong in the page: exceptions, errors on the console, failed requests. */
  readonly faults: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly locale: Locale,
    private readonly shotPrefix: string,
  ) {
    page.on("pageerror", this.onPageError);
    page.on("console", this.onConsole);
    page.on("response", this.onResponse);
    page.on("requestfailed", this.onRequestFailed);
  }

  private readonly onPageError = (error: Error) => this.faults.push(`exception: ${error.stack ?? error.message}`);

  private readonly onConsole = (message: ConsoleMessage) => {
    if (message.type() === "error") this.faults.push(`console: ${message.text()}`);
  };

  private readonly onResponse = (response: Response) => {
    if (response.status() >= 400) this.faults.push(`${response.status()} ${response.url()}`);
  };

  private readonly onRequestFailed = (request: Request) => {
    const reason = request.failure()?.errorText ?? "";
    if (reason !== "net::ERR_ABORTED") this.faults.push(`${reason} ${request.url()}`);
  };

  static async open(url: string, locale: Locale, shotPrefix: string): Promise<EditorPage> {
    const editor = new EditorPage(emptyTabs.get(locale)?.pop() ?? (await newTab(locale)), locale, shotPrefix);
    await editor.page.goto(url);
    await editor.ready();
    return editor;
  }

  private async ready(): Promise<void> {
    await this.holds('window.RED && RED.nodes && RED.nodes.getType("fritz-log") && RED.workspaces.active()');
    await this.page.locator("#red-ui-main-container").waitFor();
  }

  /** Empties the tab for the next test; one that cannot be emptied is closed. */
  async close(): Promise<void> {
    const { page } = this;
    page.off("pageerror", this.onPageError);
    page.off("console", this.onConsole);
    page.off("response", this.onResponse);
    page.off("requestfailed", this.onRequestFailed);
    try {
      await this.run("sessionStorage.clear()");
      await page.mouse.up();
      await this.restMouse();
      await page.goto("about:blank");
      emptyTabs.set(this.locale, [...(emptyTabs.get(this.locale) ?? []), page]);
    } catch {
      await page.close();
    }
  }

  /** Waits until an expression is true in the page. */
  private async holds(expression: string): Promise<void> {
    await this.page.waitForFunction(expression, undefined, POLLING);
  }

  /** Runs an expression in the page. A string, because what the compiler adds to functions is not known there. */
  run<T>(expression: string): Promise<T> {
    return this.page.evaluate(expression);
  }

  async screenshot(name: string): Promise<void> {
    if (OUTPUT === undefined) return;
    const folder = isAbsolute(OUTPUT) ? OUTPUT : join(root, OUTPUT);
    mkdirSync(folder, { recursive: true });
    await this.still();
    await this.page.screenshot({ path: join(folder, `${this.shotPrefix}-${name}.png`) });
  }

  /** Waits until nothing moves any more: dialogs slide, categories of the palette fold. */
  async still(): Promise<void> {
    await this.holds(STILL);
  }

  inPalette(type: string): Locator {
    return this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
  }

  async searchPalette(text: string): Promise<void> {
    const search = this.page.locator("#red-ui-palette-search input");
    await search.fill("");
    await search.pressSequentially(text); // the list listens to keys
    // What was filtered by is kept for the next visit, after the list has been filtered.
    await this.holds(`(RED.settings.getLocal("palette-state") || "").includes('${JSON.stringify(text)}')`);
    await this.still();
  }

  /** Searches a node in the palette and drags it to a place in the workspace; gives its id. */
  async add(type: string, search: string, x: number, y: number): Promise<string> {
    await this.searchPalette(search);
    const before = await this.idsOf(type);
    for (let tries = 0; tries < 5 && (await this.idsOf(type)).length === before.length; tries++) {
      await this.drag(type, x, y); // the palette may still be moving: the hand may miss
    }
    const id = (await this.idsOf(type)).find((added) => !before.includes(added));
    assert.ok(id);
    await this.page.keyboard.press("Escape");
    return id;
  }

  private async drag(type: string, x: number, y: number): Promise<void> {
    const from = await middle(this.inPalette(type));
    const chart = await box(this.page.locator("#red-ui-workspace-chart"));
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + 40, from.y + 20, { steps: 4 });
    await mouse.move(chart.x + x, chart.y + y, { steps: 8 });
    const before = await this.count();
    await mouse.up();
    // A hand that missed leaves all as it was; one that hit makes a node at once.
    await this.page
      .waitForFunction(`RED.nodes.filterNodes({}).length > ${before}`, undefined, { ...POLLING, timeout: 2_000 })
      .catch(() => undefined);
  }

  private count(): Promise<number> {
    return this.run("RED.nodes.filterNodes({}).length");
  }

  /** Draws a wire from the first output of one node to the input of another. */
  async wire(from: string, to: string): Promise<void> {
    const start = await middle(this.onCanvas(from).locator(".red-ui-flow-port-output .red-ui-flow-port"));
    const end = await middle(this.onCanvas(to).locator(".red-ui-flow-port-input .red-ui-flow-port"));
    const { mouse } = this.page;
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await mouse.move(end.x, end.y, { steps: 8 });
    await mouse.up();
    await this.holds(`RED.nodes.filterLinks({ source: { id: "${from}" }, target: { id: "${to}" } }).length === 1`);
  }

  onCanvas(id: string): Locator {
    return this.page.locator(`[id="${id}"]`);
  }

  async openDialog(id: string): Promise<void> {
    await this.onCanvas(id).dblclick({ position: { x: 60, y: 15 } });
    await this.page.locator("#node-dialog-ok").waitFor();
    await this.dialogOpen();
  }

  /** Closes a node's dialog with Done. */
  async done(): Promise<void> {
    await this.page.locator("#node-dialog-ok").click();
    await this.page.locator("#node-dialog-ok").waitFor({ state: "detached" });
  }

  /** From a node's dialog into that of the configuration node in one of its fields. */
  async openConfig(property: string, button: "add" | "edit" = "edit"): Promise<void> {
    await this.page.locator(`#node-input-btn-${property}-${button}`).click();
    await this.page.locator("#node-config-dialog-ok").waitFor();
    await this.dialogOpen();
  }

  /** Waits until the topmost dialog stands still and has the focus. */
  async dialogOpen(): Promise<void> {
    await this.holds(TRAY_OPEN);
  }

  async configDone(): Promise<void> {
    await this.page.locator("#node-config-dialog-ok").click();
    await this.page.locator("#node-config-dialog-ok").waitFor({ state: "detached" });
    await this.trayBack();
  }

  /** The dialog below the one that was closed has slid back in, or there was none below. */
  private async trayBack(): Promise<void> {
    await this.holds(`(() => { const tray = $(".red-ui-tray").last()[0];
      return (!tray || getComputedStyle(tray).right === "0px") && ${STILL}; })()`);
  }

  async deploy(): Promise<void> {
    await this.page.locator("#red-ui-header-button-deploy").click();
    await this.holds("!RED.nodes.dirty()");
  }

  /** What is seen of a field that has types, of a property of the node. */
  typedField(property: string): Locator {
    return this.rowOf(property).locator(".red-ui-typedInput-input");
  }

  /** Chooses another type of such a field: "flow.". */
  async chooseType(property: string, type: string): Promise<void> {
    await this.rowOf(property).locator(".red-ui-typedInput-type-select").click();
    await this.page.locator(".red-ui-typedInput-options:visible a", { hasText: type }).click();
  }

  private rowOf(property: string): Locator {
    return this.page.locator(`.form-row:has(#node-input-${property})`);
  }

  /** Types into a field and leaves it: only then the editor checks it. */
  async enter(field: Locator, text: string): Promise<void> {
    await field.fill(text);
    await field.blur();
  }

  /** What the editor thinks of a node. */
  async node(id: string): Promise<EditorNode> {
    const { valid, reasons } = (await this.allNodes()).find((node) => node.id === id) ?? assert.fail(`no node ${id}`);
    return { id, valid, reasons };
  }

  /** All nodes, of all tabs, and the configuration nodes. */
  allNodes(): Promise<(EditorNode & { type: string; z?: string })[]> {
    return this.run(`(() => { const found = [];
      const see = ({ id, type, z, valid, validationErrors: reasons }) => { found.push({ id, type, z, valid, reasons }); };
      RED.nodes.eachNode(see); RED.nodes.eachConfig(see); return found; })()`);
  }

  async idsOf(type: string): Promise<string[]> {
    return (await this.allNodes()).filter((node) => node.type === type).map(({ id }) => id);
  }

  /** What comes up when the mouse rests on something: beside a field, or in the workspace. */
  async tooltip(of: Locator): Promise<string> {
    const shown = this.page.locator(".red-ui-popover:visible, .red-ui-flow-port-tooltip");
    await this.restMouse();
    await shown.first().waitFor({ state: "detached" });
    await of.hover();
    await shown.first().waitFor();
    return (await shown.allTextContents()).join("\n");
  }

  /** Fails if one of the elements is cut off by what should hold it, or covered by the next. */
  async shows(elements: string, holder: string): Promise<void> {
    const outside = await box(this.page.locator(`${holder}:visible`));
    let y = outside.y;
    for (const element of await this.page.locator(`${elements}:visible`).all()) {
      const { x, width, ...vertical } = await box(element);
      assert.ok(vertical.y >= y - 1, `${elements} overlap: one begins at ${vertical.y}, above ${y}`);
      y = vertical.y + vertical.height;
      assert.ok(y <= outside.y + outside.height + 1, `${elements} are cut off at the bottom`);
      assert.ok(x >= outside.x - 1 && x + width <= outside.x + outside.width + 1, `${elements} are cut off at a side`);
    }
    assert.ok(y > outside.y, `no ${elements}`);
  }

  /** Node-RED 5 only. Loads the page anew, so nothing may be waiting to be deployed. */
  async theme(name: "dark" | "light"): Promise<void> {
    await this.run(`RED.settings.setLocal("view-dark-theme", "${name}")`);
    await this.page.reload();
    await this.ready();
    assert.equal(await this.run('document.documentElement.classList.contains("nr-theme-dark")'), name === "dark");
  }

  /** Fails on text that is hardly told from its background (contrast as WCAG reckons it; 4.5 is its level AA). */
  async readable(elements: string): Promise<void> {
    const poor = await this.run<string[]>(`(() => {
      const parts = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
      const light = (color) => parts(color).slice(0, 3).map((part) => part / 255)
        .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
      const ground = (element) => {
        const color = getComputedStyle(element).backgroundColor;
        return parts(color)[3] === 0 && element.parentElement ? ground(element.parentElement) : color;
      };
      return $(${JSON.stringify(elements)}).filter(":visible").get().flatMap((element) => {
        const pair = [light(getComputedStyle(element).color), light(ground(element))];
        const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        return contrast >= 4.5 ? [] : [element.tagName + " " + element.id + $(element).text() + " " + contrast];
      });
    })()`);
    assert.deepEqual(poor, []);
  }

  /** Puts the mouse where nothing reacts to it. */
  restMouse(): Promise<void> {
    return this.page.mouse.move(400, 20);
  }
}

async function box(of: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await of.first().waitFor();
  const found = await of.first().boundingBox();
  assert.ok(found, "not to be seen");
  return found;
}

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = await box(of);
  return { x: x + width / 2, y: y + height / 2 };
}
