/** The simulated box, seen from the wire by a plain socket: what a real box sends, and every fault on demand. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { play, readLog, SimulatedBox, stamp } from "../../simulator";
import { runCommand } from "../../simulator/commands";
import { pause, until } from "../support/wait";

interface Client {
  socket: Socket;
  text: string;
  ended?: "closed" | "reset" | "refused";
}

function join1012(port: number): Client {
  const client: Client = { socket: connect(port, "127.0.0.1"), text: "" };
  client.socket.on("data", (chunk) => (client.text += chunk.toString("latin1")));
  client.socket.on("error", (error: NodeJS.ErrnoException) => {
    client.ended = error.code === "ECONNREFUSED" ? "refused" : "reset";
  });
  client.socket.on("close", () => (client.ended ??= "closed"));
  return client;
}

describe("simulated box", () => {
  const at = new Date(2026, 10, 23, 7, 5, 9);
  let box: SimulatedBox;
  let clients: Client[] = [];

  beforeEach(async () => {
    box = new SimulatedBox({ own: "732123", now: () => at });
    await box.monitor.listen();
  });
  afterEach(async () => {
    for (const { socket } of clients) socket.destroy();
    clients = [];
    await box.monitor.stop();
  });

  const client = async () => {
    const added = join1012(box.monitor.port);
    clients.push(added);
    await until("the client", () => box.monitor.connections === clients.filter(({ ended }) => !ended).length);
    return added;
  };

  it("sends the lines of a call as a box does, to every client, and gives the lowest free id to the next", async () => {
    const [a, b] = [await client(), await client()];
    const first = box.ring("0711123456");
    const second = box.dial("0172555#", 13, { line: "POTS" });
    box.answer(first, 40);
    box.hangUp(first);
    const third = box.ring("");
    assert.deepEqual([first.id, second.id, third.id], [0, 1, 0]);
    const expected = [
      "23.11.26 07:05:09;RING;0;0711123456;732123;SIP0;",
      "23.11.26 07:05:09;CALL;1;13;732123;0172555#;POTS;",
      "23.11.26 07:05:09;CONNECT;0;40;0711123456;",
      "23.11.26 07:05:09;DISCONNECT;0;0;",
      "23.11.26 07:05:09;RING;0;;732123;SIP0;",
      "",
    ].join("\r\n");
    await until("the lines", () => a.text.length >= expected.length && b.text.length >= expected.length);
    assert.equal(a.text, expected);
    assert.equal(b.text, expected);
    assert.equal(stamp(at), "23.11.26 07:05:09");
  });

  it("announces a barred caller and rejects at once", async () => {
    const seen = await client();
    box.barred.add("0900666");
    box.ring("0900666");
    await until("both lines", () => seen.text.includes("DISCONNECT;0;0;"));
    assert.deepEqual(box.openCalls, []);
  });

  it("closes in good order, resets, refuses and accepts again on the same port", async () => {
    const closed = await client();
    box.monitor.closeAll();
    await until("the close", () => closed.ended !== undefined);
    const reset = await client();
    box.monitor.resetAll();
    await until("the reset", () => reset.ended !== undefined);
    await box.monitor.refuse();
    const refused = join1012(box.monitor.port);
    clients.push(refused);
    await until("the refusal", () => refused.ended !== undefined);
    await box.monitor.accept();
    const welcome = await client();
    assert.deepEqual(
      [closed.ended, reset.ended, refused.ended, welcome.ended],
      ["closed", "reset", "refused", undefined],
    );
  });

  it("falls silent though all looks well", async () => {
    const seen = await client();
    box.monitor.mute();
    box.ring("01");
    await pause(50);
    assert.equal(seen.text, "");
    box.monitor.mute(false);
    box.ring("02");
    await until("the second ring", () => seen.text.includes(";02;"));
    assert.equal(seen.ended, undefined);
  });

  it("plays a log in scaled time, with recorded or present stamps", async () => {
    const seen = await client();
    const lines = readLog("# day\n16.06.20 12:00:00;RING;0;01;1;SIP0;  # one\n\n16.06.20 12:01:00;DISCONNECT;0;0;\n");
    assert.equal(lines.length, 2);
    assert.equal(await play(box.monitor, lines, { speed: 600 }), 2);
    await until("both lines", () => seen.text.includes("DISCONNECT"));
    assert.equal(seen.text, `${lines.join("\r\n")}\r\n`);
    const today = stamp(new Date()).slice(0, 8);
    await play(box.monitor, lines, { speed: Infinity, stamps: "now" });
    await until("today's lines", () => seen.text.includes(today));
    const stopped = new AbortController();
    const slow = play(box.monitor, lines, { speed: 0.001, signal: stopped.signal });
    stopped.abort();
    assert.equal(await slow, 1);
  });

  it("obeys what is typed, and explains what it does not understand", async () => {
    const seen = await client();
    for (const [typed, answer] of [
      ["ring 0711123456 69123", "call 0"],
      ["answer 12", "ok"],
      ["hangup 0", "ok"],
      ["dial 0172555 20", "call 0"],
      ["line what ever;  you like", "ok"],
      ["bytes 31 32 0d0a", "ok"],
      ["segments 2 abc def", "ok"],
      ["garbage 10", "ok"],
      ["status", "1 clients, 1 calls"],
      ["fault nonsense", "no fault nonsense"],
      ["fault refuse GetPhonebook(1) 3 713", "ok"],
      ["fault trickle - 1 20", "ok"],
      ["same-scheme", "ok"],
      ["hangup 7", "no open call has the id 7"],
      ["answer x", "x is not a whole number"],
      ["ring abc", "abc is not a number"],
      ["status", "1 clients, 1 calls"],
      ["constructor", "unknown command constructor; help lists them"],
      ["", ""],
    ] as const) {
      assert.equal(await runCommand(box, typed), answer, typed);
    }
    await until("the typed lines", () => seen.text.includes("what ever;  you like\r\n12\r\nabc def\r\n"));
    assert.match(await runCommand(box, "help"), /ring \[caller\]/);
    assert.match(await runCommand(box, "fault"), /^empty: .+^half: .+^refuse: /ms);
    const due = [box.tr064.faults.pending, box.tr064.faults.take("authorized", ["GetPhonebook(1)"])];
    assert.deepEqual(due, [4, { kind: "refuse", bytes: 713, ms: 713, code: 713 }]);
    assert.equal(box.tr064.state.schemeOfRequest, true);
    await runCommand(box, "fault off");
    assert.equal(box.tr064.faults.pending, 0);
    assert.match(await runCommand(box, "play /no/such/file"), /no such file/);
  });

  describe("fritz-simulator", () => {
    const tool = join(__dirname, "../../dist/simulator/cli.js");
    let child: ChildProcess | undefined;
    afterEach(() => void child?.kill("SIGKILL"));

    const start = async (...args: string[]) => {
      child = spawn(process.execPath, [tool, "--port", "0", ...args], { stdio: ["pipe", "pipe", "inherit"] });
      let output = "";
      child.stdout?.on("data", (chunk) => (output += String(chunk)));
      await until("its port", () => /:\d+\n/.test(output));
      const seen = join1012(Number(/:(\d+)\n/.exec(output)?.[1]));
      clients.push(seen);
      return { child, seen, said: () => output };
    };

    it("plays the recorded day that comes with it, takes commands and quits", async () => {
      const { child, seen, said } = await start("--play", "day", "--speed", "100000", "--pause", "0.01", "--loop");
      await until("the last line", () => seen.text.includes("17.06.20 10:37:34;DISCONNECT;1;312;\r\n"));
      child.stdin?.write("ring 0711\n");
      await until("the own ring", () => /;0711;732123;/.test(seen.text));
      await until("its answer", () => /call \d/.test(said()));
      child.stdin?.write("quit\n");
      assert.deepEqual(await once(child, "exit"), [0, null]);
    });

    it("goes on when its input ends, and stops on a signal", async () => {
      const { child, seen } = await start();
      child.stdin?.end();
      await pause(100);
      assert.equal(child.exitCode, null);
      child.kill("SIGTERM");
      assert.deepEqual(await once(child, "exit"), [0, null]);
      await until("the end", () => seen.ended !== undefined);
    });

    it("says what is wrong with its arguments", async () => {
      child = spawn(process.execPath, [tool, "--port", "0", "--play", "/no/such/log"], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      let errors = "";
      child.stderr?.on("data", (chunk) => (errors += String(chunk)));
      await until("the error", () => errors.includes("no such file"));
    });
  });

  it("brings along the recorded day, every line of which a box could have sent", () => {
    const lines = readLog(readFileSync(join(__dirname, "../../simulator/recorded-day.log"), "utf8"));
    assert.equal(lines.length, 24);
    for (const line of lines) assert.match(line, /^\d\d\.\d\d\.\d\d \d\d:\d\d:\d\d;(RING|CALL|CONNECT|DISCONNECT);\d;/);
  });
});
