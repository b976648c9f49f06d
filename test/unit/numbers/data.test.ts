import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FritzError } from "../../../src/lib/core/errors";
import { useAreaCodeFile } from "../../../src/lib/numbers/index";
import { readAreaCodeFile } from "../../../src/lib/numbers/data";
import { at } from "../../support/numbers";

const HEADER = "Ortsnetzkennzahl;Ortsnetzname;KennzeichenAktiv";
const shipped = join(__dirname, "../../../data/onb.csv");

describe("a user's file of area codes", () => {
  let folder = "";
  let lines: string[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "onb-"));
    lines = (await readFile(shipped, "utf8")).trimEnd().split("\n").slice(1);
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(() => useAreaCodeFile(""));

  async function file(content: string | Buffer): Promise<string> {
    const path = join(folder, "NVONB.INTERNET.20991231.ONB");
    await writeFile(path, content);
    return path;
  }
  const whole = (end = "\n", rows = lines) => [HEADER, ...rows].join(end) + end;
  const refused = async (content: string | Buffer, code: string, values: object) => {
    await assert.rejects(readAreaCodeFile(await file(content)), (error: unknown) => {
      assert.ok(error instanceof FritzError, String(error));
      assert.deepEqual({ code: error.code, values: error.values }, { code, values });
      return true;
    });
  };

  const forms: [what: string, make: () => string | Buffer][] = [
    ["as the authority offers it: CRLF and a final 0x1A", () => `${whole("\r\n")}\u001a`],
    ["with line feeds", () => whole()],
    ["without a last line end", () => whole().trimEnd()],
    ["with a BOM", () => `\ufeff${whole("\r\n")}`],
    ["in Latin-1", () => Buffer.from(`${whole("\r\n")}\u001a`, "latin1")],
    ["with every field in quotes, as spreadsheets save it", () => whole("\r\n").replace(/[^;\r\n]+/g, '"$&"')],
    ["with one more column", () => whole("\r\n").replace(/\r\n/g, ";2099\r\n")],
    ["with empty lines", () => whole("\n\n")],
    [
      "with other capitals and spaces in the header",
      () => whole().replace(HEADER, HEADER.toUpperCase().replaceAll(";", " ; ")),
    ],
  ];
  for (const [what, make] of forms) {
    it(`is read ${what}`, async () => {
      const { areas, former } = await readAreaCodeFile(await file(make()));
      assert.equal(areas.size, 5200);
      assert.equal(areas.get("89"), "München");
      assert.equal(areas.get("335"), "Frankfurt (Oder)");
      assert.deepEqual([...former.keys()], ["33052", "33927"]);
    });
  }

  it("replaces the package's codes, for every home, until it is taken back", async () => {
    const rows = lines.filter((line) => !line.startsWith("7191;")).concat("4650;Neustadt a d Probe;1");
    assert.deepEqual(await useAreaCodeFile(await file(whole("\r\n", rows))), { inUse: 5200, former: 2 });
    assert.deepEqual(at("07191 123456").flags, ["unknown-area-code"]);
    assert.deepEqual([at("04650 12345").town, at("04650 12345").flags], ["Neustadt a d Probe", []]);
    assert.deepEqual(await useAreaCodeFile(""), { inUse: 5200, former: 2 });
    assert.equal(at("07191 123456").town, "Backnang");
    assert.deepEqual(at("04650 12345").flags, ["unknown-area-code"]);
  });

  it("is refused with the number of the line that is wrong, and the codes in use stay", async () => {
    const withLine = (line: string, end = "\r\n") => whole(end, [...lines.slice(0, 100), line, ...lines.slice(100)]);
    const place = (column: string, line = 102) => ({ line, column });
    await refused(withLine("0711;Stuttgart;1"), "onb-line", place("Ortsnetzkennzahl"));
    await refused(withLine("x;Stuttgart;1"), "onb-line", place("Ortsnetzkennzahl"));
    await refused(withLine("234567;Stuttgart;1"), "onb-line", place("Ortsnetzkennzahl"));
    await refused(withLine("201;Essen;1"), "onb-line", place("Ortsnetzkennzahl")); // twice
    await refused(withLine("4650;;1"), "onb-line", place("Ortsnetzname"));
    await refused(withLine("4650;Neustadt;"), "onb-line", place("KennzeichenAktiv"));
    await refused(withLine("4650;Neustadt;2"), "onb-line", place("KennzeichenAktiv"));
    await refused(withLine("4650;Neustadt"), "onb-line", place("KennzeichenAktiv"));
    await refused(withLine("4650;Neustadt", "\n\n"), "onb-line", place("KennzeichenAktiv", 203));
    await refused(withLine('4650;"Neu"stadt;1'), "onb-line", place('"'));
    await refused(whole().slice(0, -3), "onb-line", place("KennzeichenAktiv", 5203));
    await assert.rejects(useAreaCodeFile(await file(withLine("x;y;1"))), FritzError);
    assert.equal(at("07191 123456").town, "Backnang");
  });

  it("is refused if it is something else", async () => {
    await refused("", "onb-line", { line: 1, column: "Ortsnetzkennzahl" });
    await refused("Ortsnetzkennzahl;Ortsnetzname\n30;Berlin\n", "onb-line", { line: 1, column: "KennzeichenAktiv" });
    await refused("a,b,c\n30,Berlin,1\n", "onb-line", { line: 1, column: "Ortsnetzkennzahl" });
    await refused(whole("\n", lines.slice(0, 3000)), "onb-incomplete", { count: 2998 });
    await refused(Buffer.alloc(5 * 1024 * 1024, "x"), "onb-unreadable", { detail: "EFBIG" });
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7) % 256));
    await refused(noise, "onb-line", { line: 3, column: '"' });
  });

  it("is refused if there is none, or no file", async () => {
    await assert.rejects(useAreaCodeFile(join(folder, "none.ONB")), { code: "onb-missing" });
    await assert.rejects(useAreaCodeFile(folder), { code: "onb-unreadable" });
    if (process.platform === "win32") return;
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    await assert.rejects(useAreaCodeFile(pipe), { code: "onb-unreadable" }); // and does not hang
  });

  it("counts for nothing if another one was wished meanwhile", async () => {
    const slow = useAreaCodeFile(
      await file(
        whole(
          "\n",
          lines.filter((line) => !line.startsWith("7191;")),
        ),
      ),
    );
    await useAreaCodeFile("");
    await slow;
    assert.equal(at("07191 123456").town, "Backnang");
  });
});
