import assert from "node:assert/strict";
import { mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readNames } from "../../../src/lib/callers/sources/names-list";
import { normalizeNumber } from "../../../src/lib/numbers/index";
import { BERLIN } from "../../support/numbers";
import { sourceOf } from "../../support/source-tools";
import { removeFolder } from "../../support/wait";

describe("the list of names", () => {
  for (const [what, text] of [
    ["numbers first", "030 23125042;Zahnarzt\n+49 30 231251*;Amt\n"],
    ["named columns, other order", "Name,Ort,Telefon\nZahnarzt,Berlin,030/23125042\nAmt,Berlin,030 231251*"],
    ["names first", "# mine\nZahnarzt\t0049 30 23125042\nAmt\t030 231251*"],
  ] as const) {
    it(`reads ${what}`, async () => {
      const names = await readNames(text, BERLIN);
      assert.deepEqual(
        [...names],
        [
          ["+493023125042", "Zahnarzt"],
          ["+4930231251*", "Amt"],
        ],
      );
    });
  }

  for (const text of ["", "Zahnarzt", "Zahnarzt;Berlin", "030 23125042;"]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.rejects(readNames(text, BERLIN), /blocklist-content/));
  }

  it("is a source: number and range in any written form, read again after a change, missing without a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fritz-names-"));
    const file = join(folder, "names.csv");
    writeFileSync(file, "030 23125042;Zahnarzt\n030 231251*;Amt");
    const source = sourceOf({ id: "names", file });
    const ask = (written: string) =>
      source.lookup({ written, number: normalizeNumber(written, BERLIN), plan: BERLIN }, new AbortController().signal);
    assert.deepEqual(await ask("+49 30 23125042"), { name: { text: "Zahnarzt", rank: "phonebook" } });
    assert.equal((await ask("03023125199"))?.name?.text, "Amt");
    assert.equal(await ask("03023129999"), null);
    assert.equal(await ask(""), null);
    writeFileSync(file, "030 23125042;Dr. Muster");
    utimesSync(file, new Date(), new Date(Date.now() + 5_000));
    assert.equal((await ask("03023125042"))?.name?.text, "Dr. Muster");
    removeFolder(folder);
    await assert.rejects(ask("03023125042"), /blocklist-file/);
    assert.equal(sourceOf({ id: "names" }).unready, "no-list");
  });
});
