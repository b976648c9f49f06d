/** All languages say the same, say all of it, and the editor's forms and helps agree with the contract. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as ts from "typescript";
import { forEachCall, htmlFiles, packageJson, readNodeHtmls } from "./support/node-html";
import { root } from "./support/node-red-server";
import { readSources } from "./support/source-rules";

const LANGUAGES = ["en-US", "de"] as const;
type Language = (typeof LANGUAGES)[number];
/** All folders; a language that is not listed above is under way and may be incomplete. */
const languages = readdirSync(join(__dirname, "..", "locales")).sort();
const unfinished = languages.filter((language) => !LANGUAGES.some((finished) => finished === language));
/** Flat: "fritz-config.label.host" -> text. */
type Texts = Map<string, string>;

const ALL_EVENTS = ["ring", "call", "connect", "disconnect"];
/**
 * What saved flows depend on: property -> default value; `undefined` where the value is open. New properties need no line
 * here: the forms' defaults are compared with the runtime's in defaults.test.ts.
 */
const CONTRACT: Record<string, Record<string, unknown>> = {
  "fritz-config": {
    ...{ name: "", host: "fritz.box", monitorPort: 1012, port: 49000, tlsPort: 49443, tls: true, fingerprint: "" },
    ...{ countryCode: "", areaCode: "", areaCodeFile: "", timeZone: "" },
  },
  "fritz-callmonitor": { name: "", box: "", events: ALL_EVENTS, numbers: [], settleMs: 0 },
  "fritz-phonebook": { name: "", box: "", operation: "lookup", book: "", format: "json", limit: 1000, dryRun: false },
  "fritz-block": {
    ...{ name: "", box: "", allowBooks: [], blockBooks: [], allowPatterns: [], blockPatterns: [] },
    ...{ minScore: 7, minReports: 3, blockForeign: false, blockAnonymous: false, blockFake: false },
    ...{
      countries: { mode: "block", list: [] },
      action: "decide",
      targetBook: "Spam",
      namePrefix: "[Spam] ",
      dryRun: true,
    },
    ...{ repeatCalls: 0, repeatMinutes: 60, repeatSeconds: 10, quietFrom: "", quietTo: "", quietVipOnly: false },
    ...{ timeStamp: false, perHour: 10, maxEntries: 500, expireDays: 180, rangeFrom: 5, learnBook: "", store: "" },
    ...{ patternsWhenUnknown: false, booksWhenUnknown: false },
  },
  "fritz-caller-info": {
    ...{ name: "", box: "", deadlineMs: 4000, outgoing: true, image: false, cacheStore: "" },
    providers: ["phonebook", "numbers", "blocklist"].map((id) => ({ id, enabled: true })),
  },
  "fritz-hangup": {
    ...{ name: "", box: "", numbers: [], delayMs: 200, allowPatterns: [], perHour: 20, port: 0, registrarPort: 5060 },
    ...{ advertise: "", dryRun: true },
  },
  "fritz-deflection": { name: "", box: "", operation: "list", deflection: "", enabled: true, minutes: 0 },
  "fritz-dial": {
    ...{ name: "", box: "", operation: "ring", number: "", phone: "", seconds: 20, allowed: [], perHour: 10 },
  },
  "fritz-answering-machine": { name: "", box: "", operation: "new", machine: "", audio: true, enabled: true },
  "fritz-action": {
    name: "",
    box: "",
    service: "X_AVM-DE_OnTel:1",
    action: "GetDeflections",
    arguments: {},
    write: false,
    parse: true,
  },
  "fritz-log": { name: "", file: undefined, daily: undefined, anonymize: true, format: "line" },
};
const H3: Record<Language, { node: string[]; config: string[] }> = {
  "en-US": { node: ["Inputs", "Outputs", "Details"], config: ["Details"] },
  de: { node: ["Eingänge", "Ausgänge", "Details"], config: ["Details"] },
};

const filesOf = (language: string) => readdirSync(join(root, "locales", language)).sort();
const read = (language: string, file: string) => readFileSync(join(root, "locales", language, file), "utf8");

function flatten(value: unknown, path: string, into: Texts): Texts {
  if (typeof value === "string") return into.set(path, value);
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), `${path} is no text`);
  for (const [key, child] of Object.entries(value)) flatten(child, path === "" ? key : `${path}.${key}`, into);
  return into;
}

const textsOf = (language: string, set: string) =>
  flatten(JSON.parse(read(language, `${set}.json`)), "", new Map<string, string>());
const placeholders = (text: string) => [...text.matchAll(/__(\w+?)__/g)].map(([, name]) => name ?? "").sort();

/** What is wrong in a language that is under way, and what it lacks. */
function compare(english: Texts, texts: Texts): { faults: string[]; missing: string[] } {
  const faults = [...texts].flatMap(([key, text]) => {
    const original = english.get(key);
    if (original === undefined) return [`${key} is no longer there`];
    if (text === "" || text.trim() !== text) return [`${key} is empty or has blanks around it`];
    return placeholders(text).join() === placeholders(original).join() ? [] : [`${key} has other placeholders`];
  });
  return { faults, missing: [...english.keys()].filter((key) => !texts.has(key)) };
}

const sets = Object.keys(packageJson["node-red"].nodes);
const nodes = readNodeHtmls();
const sources = readSources(root, "src");

/** The members of an exported union of strings. */
function unionMembers(path: string, name: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.ES2023, true);
  const alias = file.statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === name);
  assert.ok(alias && ts.isTypeAliasDeclaration(alias) && ts.isUnionTypeNode(alias.type), `no union ${name} in ${path}`);
  return alias.type.types.map((member) => {
    assert.ok(ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal), `${name}: ${member.getText()}`);
    return member.literal.text;
  });
}

const problemCodes = unionMembers("src/lib/calls/connection.ts", "MonitorProblemCode");
const errorCodes = unionMembers("src/lib/core/errors.ts", "FritzErrorCode");

/** A key that the code asks for; one that ends with a dot stands for all that begin so. */
interface UsedKey {
  set: string;
  key: string;
  by: string;
}

/** The literal beginning of a text expression, and whether that is all of it. */
function beginning(node: ts.Expression | undefined): { text: string; whole: boolean } | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return { text: node.text, whole: true };
  if (ts.isTemplateExpression(node)) return { text: node.head.text, whole: false };
  if (!ts.isBinaryExpression(node)) return undefined;
  const left = beginning(node.left);
  return left && { text: left.text, whole: false };
}

function splitKey(key: string, set: string): { set: string; key: string } {
  const [, namespace, rest] = /^([^:\s]+):(.+)$/.exec(key) ?? [];
  return namespace === undefined ? { set, key } : { set: namespace, key: rest ?? "" };
}

/** `data-i18n` in the forms: "key" or "[attribute]key", several with ";". */
function templateKeys(): UsedKey[] {
  return nodes.flatMap(({ set, templates }) =>
    [...templates.join("\n").matchAll(/data-i18n="([^"]*)"/g)].flatMap(([, value = ""]) =>
      value.split(";").map((part) => {
        const key = part.trim().replace(/^\[[\w-]+\]/, "");
        return { ...splitKey(key, set), by: `${set}.html data-i18n="${value}"` };
      }),
    ),
  );
}

/** Every `RED._`, `this._`, `node._` in the forms' scripts. */
function scriptKeys(): UsedKey[] {
  const found: UsedKey[] = [];
  for (const { set, scripts } of nodes) {
    for (const script of scripts) {
      forEachCall(script, (call) => {
        const name = call.expression.getText();
        if (!/^(RED|this|node)\._$/.test(name)) return;
        const key = beginning(call.arguments[0]);
        assert.ok(key, `${set}.html: ${call.getText()} has no literal key`);
        const own = splitKey(key.text, set);
        // RED._ knows no node: without a namespace it would look into Node-RED's own texts.
        if (name === "RED._") assert.match(key.text, /^(node-red|node-red-contrib-fritz-calls\/[\w-]+):/);
        found.push({ ...own, by: `${set}.html ${call.getText()}` });
      });
    }
  }
  return found;
}

/** The literal beginnings of keys in the editor's scripts: "fritz-block.say." stands for all that begin so. */
function editorKeys(): UsedKey[] {
  const found: UsedKey[] = [];
  for (const [path, text] of sources) {
    if (!path.startsWith("src/editor/")) continue;
    const add = (key: string) => {
      const [set = ""] = key.split(".");
      if (sets.includes(set)) found.push({ set, key, by: path });
    };
    const wrapped = [...text.matchAll(/[`](fritz-[\w-]+\.[\w.-]*)\$\{key\}[`]/g)].map(([, prefix = ""]) => prefix);
    for (const [, key = ""] of text.matchAll(/["`](fritz-[\w-]+\.[\w.-]+?)(?:\$\{|["`])/g)) {
      add(key);
    }
    for (const [, key = ""] of text.matchAll(/\btextOf\(["`]([\w.-]+?)(?:\$\{|["`])/g)) {
      for (const prefix of wrapped) add(prefix + key);
    }
  }
  return found;
}

/**
 * What the runtime asks for: `sharedText(RED, key, values)` in fritz-config, `this.text(key, values)` of the call monitor's
 * status, `RED._("fritz-log.key", values)` in the node's own texts.
 */
function runtimeKeys(): (UsedKey & { values?: string[] })[] {
  const found: (UsedKey & { values?: string[] })[] = [];
  for (const [path, text] of sources) {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    forEachCall(file, (call) => {
      const name = call.expression.getText();
      const first =
        name === "sharedText" ? 1 : name === "sharedKey" ? 0 : name === "this.text" || name === "RED._" ? 0 : undefined;
      if (first === undefined) return;
      const key = beginning(call.arguments[first]);
      if (!key) return;
      if (name === "RED._" && !sets.some((set) => key.text.startsWith(`${set}.`))) return;
      const [own = ""] = key.text.split(".");
      const set =
        { sharedText: "fritz-config", sharedKey: "fritz-config", "this.text": "fritz-callmonitor", "RED._": own }[
          name
        ] ?? own;
      const prefix =
        { sharedText: `${set}.`, sharedKey: `${set}.`, "this.text": `${set}.status.`, "RED._": "" }[name] ?? "";
      const by = `${path} ${call.getText()}`;
      found.push({
        set,
        key: `${prefix}${key.text}`,
        by,
        ...(key.whole && { values: namesIn(call.arguments[first + 1]) }),
      });
    });
  }
  return found;
}

/** Statuses that go out as keys, which the editor puts into its own language: "fritz-log.status.key". */
function statusKeys(): UsedKey[] {
  return [...sources].flatMap(([path, text]) =>
    [...text.matchAll(/["`]((fritz-[\w-]+)\.status\.[\w.-]*)/g)].map(([, key = "", set = ""]) => ({
      set,
      key,
      by: path,
    })),
  );
}

/** The names of the values that a sentence gets. */
function namesIn(values: ts.Expression | undefined): string[] {
  if (!values || !ts.isObjectLiteralExpression(values)) return [];
  return values.properties.map((property) => property.name?.getText() ?? "");
}

const ownSet = (set: string) => set.replace(`${packageJson.name}/`, "");

/** Whether Node-RED itself has a text of that name for nodes. */
function coreKnows(language: Language, key: string): boolean {
  const file = join(root, "node_modules/@node-red/nodes/locales", language, "messages.json");
  const found = key
    .split(".")
    .reduce<unknown>(
      (texts, name) => (texts as Record<string, unknown> | undefined)?.[name],
      JSON.parse(readFileSync(file, "utf8")),
    );
  return typeof found === "string";
}

function knows(language: Language, { set, key }: UsedKey): boolean {
  if (set === "node-red") return coreKnows(language, key);
  const texts = textsOf(language, ownSet(set));
  return texts.has(key) || (key.endsWith(".") && [...texts.keys()].some((known) => known.startsWith(key)));
}

describe("locales: all languages alike", () => {
  it("have the same files: texts and help of each node set, and nothing else", () => {
    const wanted = sets.flatMap((set) => [`${set}.html`, `${set}.json`]).sort();
    for (const language of LANGUAGES) assert.deepEqual(filesOf(language), wanted, language);
    for (const language of languages) {
      assert.match(language, /^[a-z]{2}(-[A-Z]{2})?$/);
      assert.deepEqual(
        filesOf(language).filter((file) => !wanted.includes(file)),
        [],
        language,
      );
    }
  });

  for (const language of unfinished) {
    it(`${language} is under way: what is there fits; what is missing is listed and shown in English`, () => {
      const compared = sets.map((set) => {
        const there = existsSync(join(root, "locales", language, `${set}.json`));
        return compare(textsOf("en-US", set), there ? textsOf(language, set) : new Map<string, string>());
      });
      assert.deepEqual(
        compared.flatMap(({ faults }) => faults),
        [],
      );
      const missing = compared.flatMap((one) => one.missing);
      console.log(`      ${language}: ${missing.length} texts are missing\n        ${missing.join("\n        ")}`);
    });
  }

  it("a language under way may lack texts, but has none that fit nothing", () => {
    const english = new Map([
      ["a.one", "One __name__"],
      ["a.two", "Two"],
    ]);
    assert.deepEqual(compare(english, new Map([["a.one", "Een __name__"]])), { faults: [], missing: ["a.two"] });
    const wrong = new Map([
      ["a.one", "Een __naam__"],
      ["a.two", " Twee"],
      ["a.three", "Drie"],
    ]);
    assert.deepEqual(compare(english, wrong).faults, [
      "a.one has other placeholders",
      "a.two is empty or has blanks around it",
      "a.three is no longer there",
    ]);
  });

  for (const set of sets) {
    it(`have the same keys, no empty texts and the same placeholders in ${set}.json`, () => {
      const [english, german] = [textsOf("en-US", set), textsOf("de", set)];
      assert.ok(english.size > 0);
      assert.deepEqual([...german.keys()], [...english.keys()]);
      for (const [key, text] of english) {
        const translated = german.get(key) ?? "";
        for (const said of [text, translated]) assert.ok(said.trim() === said && said !== "", `${key}: "${said}"`);
        assert.deepEqual(placeholders(translated), placeholders(text), `${key}: other placeholders in German`);
        assert.ok(key.startsWith(`${set}.`), `${key} is not a key of its own set`);
      }
    });
  }
});

describe("locales: every text that is asked for exists, and every text is asked for", () => {
  const used = [...templateKeys(), ...scriptKeys(), ...editorKeys(), ...runtimeKeys(), ...statusKeys()];

  it("finds the keys", () => {
    assert.ok(templateKeys().length > 15, `${templateKeys().length} in templates`);
    assert.ok(scriptKeys().length > 10, `${scriptKeys().length} in scripts`);
    assert.ok(runtimeKeys().length > 8, `${runtimeKeys().length} in the runtime`);
  });

  for (const language of LANGUAGES) {
    it(`in ${language}`, () => {
      const missing = used.filter((key) => !knows(language, key)).map(({ key, by }) => `${key}, asked for by ${by}`);
      assert.deepEqual(missing, []);
      for (const set of ["fritz-config", "node-red"]) {
        assert.ok(!knows(language, { set, key: "fritz-config.label.no-such", by: "" }), "a key that no catalogue has");
      }
    });

    it(`has a sentence for every problem and error in ${language}, and for no other`, () => {
      assert.ok(problemCodes.length > 5 && errorCodes.length > 5);
      const { problem, error } = (
        JSON.parse(read(language, "fritz-config.json")) as { "fritz-config": Record<string, Record<string, string>> }
      )["fritz-config"];
      assert.deepEqual(Object.keys(problem ?? {}).sort(), [...problemCodes].sort());
      // "time-zone" is told by the config node itself; "internal" is what is no FritzError.
      assert.deepEqual(Object.keys(error ?? {}).sort(), [...errorCodes, "internal", "time-zone"].sort());
      for (const [code, text] of Object.entries(problem ?? {})) {
        const strange = placeholders(text).filter((name) => !["host", "port", "detail"].includes(name));
        assert.deepEqual(strange, [], `problem.${code}`);
      }
    });
  }

  it("has no unused text", () => {
    const asked = used.map(({ set, key }) => ({ set: ownSet(set), key }));
    const dead = sets.flatMap((set) =>
      [...textsOf("en-US", set).keys()].filter(
        (text) =>
          !asked.some(({ set: of, key }) => of === set && (key.endsWith(".") ? text.startsWith(key) : text === key)),
      ),
    );
    assert.deepEqual(dead, []);
  });

  it("gives every sentence of the nodes the values that it names", () => {
    const whole = runtimeKeys().filter(({ values }) => values !== undefined);
    assert.ok(whole.length > 5, `${whole.length} sentences`);
    for (const { set, key, by, values = [] } of whole) {
      assert.deepEqual(placeholders(textsOf("en-US", set).get(key) ?? "").sort(), [...values].sort(), by);
    }
  });

  it("gives every error the values that its sentence names", () => {
    const thrown: string[] = [];
    for (const [path, text] of sources) {
      const visit = (node: ts.Node) => {
        if (ts.isNewExpression(node) && node.expression.getText() === "FritzError") {
          const [code, values] = node.arguments ?? [];
          assert.ok(code, `${path}: ${node.getText()}`);
          const given = namesIn(values);
          // A code from a table: every code that the file names.
          const codes = ts.isStringLiteral(code)
            ? [code.text]
            : errorCodes.filter((name) => text.includes(`"${name}"`));
          for (const name of codes) {
            const sentence = textsOf("en-US", "fritz-config").get(`fritz-config.error.${name}`) ?? "";
            const lacking = placeholders(sentence).filter((placeholder) => !given.includes(placeholder));
            assert.deepEqual(lacking, [], `${path}: ${name}: ${node.getText()}`);
          }
          thrown.push(...codes);
        }
        ts.forEachChild(node, visit);
      };
      visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true));
    }
    assert.deepEqual([...new Set(thrown)].sort(), [...errorCodes].sort());
  });

  it("leaves no words in the forms themselves", () => {
    for (const { set, templates } of nodes) {
      const words = templates.join("\n").replace(/<[^>]*>/g, "");
      assert.equal(words.trim(), "", `${set}.html has words that no language file can change`);
      const attributes = [...templates.join("\n").matchAll(/\s(title|alt|aria-label)="([^"]*)"/g)].map(([all]) => all);
      assert.deepEqual(attributes, [], set);
    }
  });
});

describe("locales: forms and help agree with the contract", () => {
  it("knows all node types of the contract", () => {
    const types = nodes.map(({ definition }) => definition.type);
    assert.deepEqual(
      Object.keys(CONTRACT).filter((type) => !types.includes(type)),
      [],
    );
  });

  for (const { set, definition, templates } of nodes) {
    const { type, defaults, category } = definition;
    const isConfig = category === "config";

    it(`${type} has the contract's properties and default values`, () => {
      const contract = CONTRACT[type] ?? {};
      const missing = Object.keys(contract).filter((property) => !Object.hasOwn(defaults, property));
      assert.deepEqual(missing, []);
      for (const [property, value] of Object.entries(contract)) {
        if (value !== undefined) assert.deepEqual(defaults[property], value, property);
      }
      if (type !== "fritz-log") return;
      assert.equal(typeof defaults["daily"], "boolean");
      assert.ok(typeof defaults["file"] === "string" && defaults["file"] !== "");
    });

    it(`${type} has a field for each property`, () => {
      const html = templates.join("\n");
      const prefix = isConfig ? "node-config-input" : "node-input";
      for (const property of Object.keys(defaults)) {
        assert.match(html, new RegExp(`id="${prefix}-${property}(-[a-z]+)?"`), property);
      }
    });

    for (const language of LANGUAGES) {
      it(`${type} has help in ${language}: all parts and all properties`, () => {
        const help = read(language, `${set}.html`);
        const scripts = [...help.matchAll(/<script type="text\/html" data-help-name="([^"]+)">([\s\S]*?)<\/script>/g)];
        assert.deepEqual(
          scripts.map(([, name]) => name),
          [type],
        );
        const body = scripts[0]?.[2] ?? "";
        assert.match(body.trim(), /^<p>[^<]{20,}/, "the first paragraph is the palette's tooltip");
        const headings = [...body.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, heading]) => heading);
        assert.deepEqual(headings, H3[language][isConfig ? "config" : "node"]);
        const details = body.slice(body.indexOf("<h3>Details"));
        const tables = [...body.slice(0, -details.length).matchAll(/<h3>.*?<\/h3>[^]*?(?=<h3>|$)/g)].map(
          ([part]) => part,
        );
        for (const part of isConfig ? [] : tables)
          assert.match(part, /<th>msg/, `no table of msg.*: ${part.slice(0, 40)}`);
        for (const property of Object.keys(defaults)) {
          if (property !== "name")
            assert.ok(details.includes(`<code>${property}</code>`), `${property} is not explained`);
        }
        for (const label of labelsOf(language, set, Object.keys(defaults))) {
          assert.ok(details.includes(label), `the help does not name the field "${label}"`);
        }
        balanced(body, `${language}/${set}.html`);
      });
    }

    it(`${type} is really translated`, () => {
      const paragraphs = LANGUAGES.map((language) => /<p>([\s\S]*?)<\/p>/.exec(read(language, `${set}.html`))?.[1]);
      assert.notEqual(paragraphs[0], paragraphs[1]);
    });
  }

  it("reads the forms from where package.json says", () => {
    assert.deepEqual(
      htmlFiles.map((file) => basename(file, ".html")),
      sets,
    );
  });
});

/** The beginning of each field's label, as far as it is words: the help calls a field by the name that it has in the form. */
function labelsOf(language: Language, set: string, properties: string[]): string[] {
  const texts = textsOf(language, set);
  return properties
    .map((property) => texts.get(`${set}.label.${property}`))
    .filter((label) => label !== undefined)
    .map((label) => label.split(/[:(]/)[0]?.trim() ?? "");
}

/** Every element that opens also closes, in order. */
function balanced(html: string, what: string): void {
  const open: string[] = [];
  for (const [tag, end, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (end === "") open.push(name);
    else assert.equal(open.pop(), name, `${what}: ${tag} closes what is not open`);
  }
  assert.deepEqual(open, [], `${what}: never closed`);
}
