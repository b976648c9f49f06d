/** `fritz-simulator record` and `replay`: a box is recorded, and the recording is read like that box. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Telephony } from "../../src/lib/box/telephony";
import { readRecording, ReplayedBox, SimulatedBox } from "../../simulator";
import { root } from "../support/node-red-server";
import { until } from "../support/wait";

const TOOL = join(root, "dist/simulator/cli.js");

describe("fritz-simulator record and replay", function () {
  const box = new SimulatedBox();
  let folder = "";
  let file = "";
  let child: ChildProcess | undefined;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fritz-evidence-"));
    file = join(folder, "recording.json");
    box.tr064.state.books.named("Telefonbuch").add("Erika Muster", "030 23125-001");
    await box.monitor.listen();
    await box.tr064.listen();
    box.hangUp(box.ring("03023125001"));
  });
  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });
  after(async () => {
    await box.monitor.stop();
    await box.tr064.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (...args: string[]) => {
    const env = { ...process.env, FRITZ_PASSWORD: "secret" };
    const started = spawn(process.execPath, [TOOL, ...args], { stdio: ["pipe", "pipe", "pipe"], env });
    child = started;
    const said = { out: "", err: "" };
    started.stdout.on("data", (chunk) => (said.out += String(chunk)));
    started.stderr.on("data", (chunk) => (said.err += String(chunk)));
    return { child: started, said };
  };
  const recordArgs = () => [
    ...["record", "--host", "127.0.0.1", "--port", String(box.tr064.port), "--user", "fritz1234", "--out", file],
    ...["--monitor", String(box.monitor.port), "--seconds", "1"],
  ];
  const SECRETS = ["Erika", "Muster", "23125001", "23125-001", "127.0.0.1", "fritz1234", box.tr064.state.model.serial];

  it("shows what it has, and saves nothing without a yes", async () => {
    const { child, said } = start(...recordArgs());
    await until("the question", () => /Save this as .* \[y\/N\]/.test(said.err));
    child.stdin.write("\n");
    await once(child, "exit");
    assert.match(said.out, /"fritz-recording\/1"/);
    assert.match(said.err, /Nothing was saved/);
    assert.ok(!existsSync(file));
  });

  it("records the telephony without names, numbers, addresses and serial numbers", async () => {
    const { child, said } = start(...recordArgs(), "--yes");
    await until("a listener", () => box.monitor.connections === 1);
    box.hangUp(box.ring("03023125001"));
    await once(child, "exit");
    const text = readFileSync(file, "utf8");
    for (const secret of SECRETS) assert.ok(!text.includes(secret) && !said.out.includes(secret), secret);
    const recording = readRecording(text);
    assert.deepEqual(
      recording.monitor.map(({ line }) => line.split(";")[1]),
      ["RING", "DISCONNECT"],
    );
    const actions = recording.calls.map(({ action }) => action);
    for (const action of ["GetPhonebookList", "GetPhonebook", "GetCallList", "GetDeflections", "X_AVM-DE_GetNumbers"]) {
      assert.ok(actions.includes(action), `${action}: ${actions.join(" ")}`);
    }
    assert.ok(!actions.some((action) => /^(?:X_AVM-DE_)?(?:Set|Add|Delete)/.test(action)));
  });

  it("replays as a box: its phonebook, its call list, its lines", async () => {
    const { said } = start("replay", file, "--port", "0", "--tr064", "0");
    await until("the addresses", () => /TR-064 on http/.test(said.out));
    const port = Number(/TR-064 on http:\/\/127\.0\.0\.1:(\d+)/.exec(said.out)?.[1]);
    const telephony = new Telephony({ host: "127.0.0.1", port, tls: false, username: "fritz1234", password: "secret" });
    try {
      const [book] = await telephony.books();
      const [contact] = await telephony.contacts(String(book?.id ?? ""));
      assert.match(contact?.name ?? "", /^Text \d+$/);
      assert.match(contact?.numbers[0]?.number ?? "", /^0\d\d \d{5}-\d{3}$/);
      const [call] = await telephony.calls();
      const digits = (number?: string) => number?.replace(/\D/g, "");
      assert.equal(digits(call?.caller.number), digits(contact?.numbers[0]?.number));
    } finally {
      telephony.close();
    }
  });

  it("says what is wrong with a file", () => {
    assert.throws(() => readRecording("nonsense"), /is no recording: it is not JSON/);
    for (const text of [
      "null",
      "{}",
      "[]",
      '{"format":"fritz-recording/1","monitor":[{}],"documents":{},"calls":[]}',
    ]) {
      assert.throws(() => readRecording(text), /no recording of the format/);
    }
    const broken = join(folder, "broken.json");
    writeFileSync(broken, "{}");
    assert.throws(() => readRecording(readFileSync(broken, "utf8")), /no recording/);
  });

  it("an action that was not recorded is answered as unknown", async () => {
    const replayed = new ReplayedBox(readRecording(readFileSync(file, "utf8")));
    await replayed.listen();
    const telephony = new Telephony({
      ...{ host: "127.0.0.1", port: replayed.port, tls: false, username: "fritz1234", password: "secret" },
    });
    try {
      await assert.rejects(
        telephony.add("Telefonbuch", [{ name: "New", numbers: [{ number: "0711123456" }] }]).then((report) => {
          if (report.failed.length > 0) throw new Error("failed");
        }),
      );
    } finally {
      telephony.close();
      await replayed.stop();
    }
  });
});
