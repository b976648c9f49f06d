/** Test support: Debian's sipp as caller, household phone and registrar, with scenarios written here. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const send = (lines: readonly string[], body: readonly string[] = [], attributes = "") =>
  `<send${attributes}><![CDATA[\n${[
    ...lines,
    body.length > 0 ? "Content-Type: application/sdp" : "",
    "Content-Length: [len]",
  ]
    .filter((line) => line !== "")
    .join("\n")}\n\n${body.join("\n")}${body.length > 0 ? "\n" : ""}]]></send>`;
const recv = (what: string, attributes = "") => `<recv ${what} ${attributes}/>`;
const response = (status: number, attributes = "") => recv(`response="${status}"`, attributes);
const request = (method: string, attributes = "") => recv(`request="${method}"`, attributes);
const pause = (ms: number) => `<pause milliseconds="${ms}"/>`;

const OFFER = [
  ...["v=0", "o=u 1 1 IN IP[local_ip_type] [local_ip]", "s=-", "c=IN IP[local_ip_type] [local_ip]", "t=0 0"],
  ...["m=audio 7078 RTP/AVP 9 8 0 101", "a=rtpmap:101 telephone-event/8000"],
];
const FROM = "From: <sip:[field0]@fritz.box>;tag=[pid]c[call_number]";
const VIA = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]";
const copied = ["[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]"];
const tagged = copied.map((line) => (line === "[last_To:]" ? "[last_To:];tag=[pid]p[call_number]" : line));
const CONTACT = "Contact: <sip:phone@[local_ip]:[local_port];transport=[transport]>";

const invite = (to: string) =>
  send(
    [
      ...[`INVITE ${to} SIP/2.0`, VIA, FROM, `To: <${to}>`, "Call-ID: [call_id]", "CSeq: 1 INVITE", CONTACT],
      ...["Max-Forwards: 70", "P-Called-Party-ID: <sip:987654@fritz.box>", "Expires: 120"],
    ],
    OFFER,
    ' retrans="500"',
  );
const inDialog = (method: string, cseq: number) =>
  send([
    ...[`${method} [next_url] SIP/2.0`, VIA, "[routes]", FROM, "[last_To:]", "Call-ID: [call_id]"],
    ...[`CSeq: ${cseq} ${method}`, "Max-Forwards: 70"],
  ]);
const ok = send(["SIP/2.0 200 OK", ...copied]);
const ringing = [100, 180, 180].map((status) => response(status, 'optional="true"'));

/** What a sipp does; `to` is the Request-URI of a caller. */
export const SCENARIOS = {
  /** Calls, gets 200, and is hung up on. */
  hungUpOn: (to: string) => [
    invite(to),
    ...ringing,
    response(200, 'rrs="true"'),
    inDialog("ACK", 1),
    request("BYE"),
    ok,
    pause(100),
  ],
  /** Calls, talks for half a second, and hangs up itself. */
  talks: (to: string) => [
    invite(to),
    ...ringing,
    response(200, 'rrs="true"'),
    inDialog("ACK", 1),
    pause(500),
    inDialog("BYE", 2),
    response(200),
  ],
  /** The ACK comes late: the 200 is repeated until then. */
  lateAck: (to: string) => [
    invite(to),
    ...ringing,
    response(200, 'rrs="true"'),
    pause(1_700),
    inDialog("ACK", 1),
    request("BYE"),
    ok,
  ],
  /** No ACK at all: the 200 is repeated, and BYE comes after 32 s. */
  lostAck: (to: string) => [invite(to), ...ringing, response(200), request("BYE"), ok],
  /** BYE instead of ACK. */
  earlyBye: (to: string) => [
    invite(to),
    ...ringing,
    response(200, 'rrs="true"'),
    inDialog("BYE", 2),
    response(200, 'ignoresdp="true"'),
    pause(300),
  ],
  /** CANCEL when the 200 is already on its way: it stays answered. */
  crossingCancel: (to: string) => [
    invite(to),
    ...ringing,
    response(200, 'rrs="true"'),
    send([
      ...[`CANCEL ${to} SIP/2.0`, "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-5]", FROM],
      ...[`To: <${to}>`, "Call-ID: [call_id]", "CSeq: 1 CANCEL", "Max-Forwards: 70"],
    ]),
    response(200),
    inDialog("ACK", 1),
    request("BYE"),
    ok,
  ],
  /** A phone that rings until it is cancelled. */
  ringsOnly: () => [
    request("INVITE"),
    send(["SIP/2.0 180 Ringing", ...tagged, "[last_Record-Route:]", CONTACT]),
    request("CANCEL"),
    send(["SIP/2.0 200 OK", ...tagged]),
  ],
  /** A phone that is picked up after some time. */
  picksUp: (afterMs: number) => [
    request("INVITE"),
    send(["SIP/2.0 180 Ringing", ...tagged, "[last_Record-Route:]", CONTACT]),
    pause(afterMs),
    send(["SIP/2.0 200 OK", ...tagged, "[last_Record-Route:]", CONTACT], OFFER),
    request("ACK"),
    request("BYE"),
    ok,
  ],
  /** A registrar whose nonce is stale once, and that checks each answer. */
  staleNonce: (password: string) => [
    request("REGISTER"),
    send([
      "SIP/2.0 401 Unauthorized",
      ...tagged,
      'WWW-Authenticate: Digest realm="fritz.box", nonce="0000000000000001"',
    ]),
    ...verified(password, 1),
    send([
      "SIP/2.0 401 Unauthorized",
      ...tagged,
      'WWW-Authenticate: Digest realm="fritz.box", nonce="0000000000000002", stale=true',
    ]),
    ...verified(password, 2),
    send(["SIP/2.0 200 OK", ...tagged, "[last_Contact:]"]),
  ],
};

/** A REGISTER whose answer is checked by sipp; a wrong one is refused with 403. */
const verified = (password: string, label: number) => [
  `<recv request="REGISTER" next="${label}" test="good${label}"><action><verifyauth assign_to="good${label}" username="house" password="${password}"/></action></recv>`,
  send(["SIP/2.0 403 Forbidden", ...tagged]),
  `<label id="${label}"/>`,
];

export interface SippOptions {
  address: string;
  port: number;
  /** "address:port" that calls go to; a server without. */
  target?: string;
  /** The caller's number. */
  number?: string;
  calls?: number;
  /** Calls a second. */
  rate?: number;
  limitMs?: number;
  tcp?: boolean;
}

/** A sipp under way. */
export interface RunningSipp {
  /** Resolves when all calls went as written; rejects with sipp's own report. */
  done: Promise<void>;
  stop: () => void;
}

/** Starts a sipp with a scenario. */
export function sipp(steps: readonly string[], options: SippOptions): RunningSipp {
  const { address, port, target, number = "03012345678", calls = 1, rate = 10, limitMs = 100_000, tcp } = options;
  const folder = mkdtempSync(join(tmpdir(), "sipp-"));
  const [scenario, numbers] = [join(folder, "scenario.xml"), join(folder, "numbers.csv")];
  writeFileSync(
    scenario,
    `<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="s">\n${steps.join("\n")}\n</scenario>\n`,
  );
  writeFileSync(numbers, `SEQUENTIAL\n${number}\n`);
  const args = [
    ...(target === undefined ? [] : [target, "-inf", numbers, "-r", String(rate)]),
    ...[
      "-sf",
      scenario,
      "-i",
      address,
      "-p",
      String(port),
      "-m",
      String(calls),
      "-l",
      "10000",
      "-nostdin",
      "-t",
      tcp ? "t1" : "u1",
    ],
    ...[
      "-timeout",
      String(Math.ceil(limitMs / 1000)),
      "-timeout_error",
      "-trace_err",
      "-error_file",
      join(folder, "errors"),
    ],
  ];
  const child = spawn("sipp", args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TERM: "vt100" },
  });
  let output = "";
  const append = (data: Buffer) => (output = (output + data.toString()).slice(-6_000));
  child.stdout.on("data", append);
  child.stderr.on("data", append);
  const done = new Promise<void>((resolve, reject) => {
    child.on("error", reject).on("exit", (code) => {
      rmSync(folder, { recursive: true, force: true });
      if (code === 0) resolve();
      else reject(new Error(`sipp ended with ${code}:\n${output}`));
    });
  });
  done.catch(() => undefined);
  return { done, stop: () => child.kill("SIGKILL") };
}
