/** A file that is there already: only a log is appended to, and only inside the folder of logs. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertInside, assertLog } from "../../../src/lib/log/file";

describe("a file that is there already", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fritz-log-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (text: string) => {
    const path = join(folder, "file");
    writeFileSync(path, text);
    return path;
  };

  for (const text of [
    "18.03.26 22:35:21;RING;0;03023125001;732123;SIP0;\n",
    "\uFEFF18.03.26 22:35:21;RING;0;\r\n",
    ...['{"event":{}}\n', '{"callerInfo":{}}', '{"decision":{}}', "\n18.03.26", "\r\n", ""],
  ]) {
    it(`is a log: ${JSON.stringify(text.slice(0, 30))}`, async () => assertLog(write(text)));
  }

  for (const text of ['{"events":[]}', "#!/bin/sh\n", " ", "18.03.2026 22:35:21;RING", "[Unit]\n", "\r"]) {
    it(`is no log: ${JSON.stringify(text.slice(0, 30))}`, () =>
      assert.rejects(assertLog(write(text)), { code: "log-foreign" }));
  }

  it("is no log where it is a folder, or behind a file; one that is not there may become one", async () => {
    await assert.rejects(assertLog(folder), { code: "log-foreign" });
    await assert.rejects(assertLog(join(write(""), "x.log")), { code: "log-folder" });
    await assertLog(join(folder, "new", "x.log"));
  });

  it("is inside the folder unless a link leads out of it, however much of its path is there", async () => {
    const [logs, outside] = [join(folder, "logs"), join(folder, "outside")];
    for (const one of [logs, outside]) mkdirSync(one);
    await assertInside(logs, join(logs, "x.log"));
    await assertInside(join(folder, "not-there-yet"), join(folder, "not-there-yet", "a", "x.log"));
    symlinkSync(outside, join(logs, "link"));
    for (const path of ["link", "link/x.log", "link/a/x.log"]) {
      await assert.rejects(assertInside(logs, join(logs, path)), { code: "log-outside" });
    }
    symlinkSync(logs, join(folder, "way"));
    await assertInside(join(folder, "way"), join(logs, "x.log"));
  });
});
