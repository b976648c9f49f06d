/** Test support: a real kamailio on loopback: registrar with digest, parallel forking, Record-Route. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../wait";

export interface KamailioOptions {
  address: string;
  port: number;
  /** Algorithm of the challenge. */
  algorithm?: "MD5" | "SHA-256";
  qop?: boolean;
  /** Seconds for which a nonce is good. */
  nonceSeconds?: number;
  tcpOnly?: boolean;
  /** "address:port" of a household phone that rings besides the agent. */
  phone?: string | undefined;
  /** Per cent of the messages between proxy and its peers that are lost, and that are sent twice. */
  lossy?: number;
}

/** Users of the registrar. Calls go to "house": agent and household phone have both registered for it. */
const config = (options: KamailioOptions, folder: string) => `
debug=1
log_stderror=yes
memdbg=5
fork=yes
children=2
tcp_children=2
auto_aliases=no
dns=no
rev_dns=no
server_signature=no
listen=tcp:${options.address}:${options.port}
${options.tcpOnly ? "" : `listen=udp:${options.address}:${options.port}`}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/:/usr/lib/aarch64-linux-gnu/kamailio/modules/"
loadmodule "xlog.so"
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "cfgutils.so"
loadmodule "corex.so"
modparam("registrar", "max_expires", 300)
modparam("registrar", "min_expires", 0)
modparam("usrloc", "db_mode", 0)
modparam("auth", "nonce_expire", ${options.nonceSeconds ?? 300})
modparam("auth", "algorithm", "${options.algorithm ?? "MD5"}")
modparam("auth", "qop", "${options.qop ? "auth" : ""}")
modparam("auth", "nonce_count", 0)
modparam("tm", "fr_timer", 30000)
modparam("tm", "fr_inv_timer", 60000)
modparam("cfgutils", "initial_probability", ${options.lossy ?? 0})
request_route {
${options.lossy ? `  if (rand_event()) exit;` : ""}
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK") && t_check_trans()) t_relay();
    else if (!is_method("ACK")) sl_send_reply("404", "Not here");
    exit;
  }
  t_check_trans();
  if (is_method("REGISTER")) {
    xlog("L_ERR", "register $fU $cs\\n");
    if ($fU == "house" || $fU == "phone") {
      if (!pv_www_authenticate("fritz.box", "Beispiel1234", "0")) { www_challenge("fritz.box", "${options.qop ? "1" : "0"}"); exit; }
    }
    save("location");
    if (reg_fetch_contacts("location", "$tu", "all")) xlog("L_ERR", "contacts $fU $(ulc(all=>count))\\n");
    else xlog("L_ERR", "contacts $fU 0\\n");
    exit;
  }
  if (is_method("INVITE")) {
    record_route();
    $var(found) = lookup("location");
    if ($var(found) < 0) { sl_send_reply("404", "No phone"); exit; }
    ${options.phone ? `append_branch("sip:phone@${options.phone}");` : ""}
    t_relay();
    exit;
  }
  sl_send_reply("200", "OK");
}
${options.lossy ? "reply_route {\n  if (rand_event()) drop;\n}" : ""}
# ${folder}
`;

/** A running kamailio. */
export class Kamailio {
  private child: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), "kamailio-"));
  output = "";

  constructor(readonly options: KamailioOptions) {}

  async start(): Promise<void> {
    this.output = "";
    const file = join(this.folder, "kamailio.cfg");
    writeFileSync(file, config(this.options, this.folder));
    const child = spawn(
      "kamailio",
      ["-DD", "-E", "-f", file, "-Y", this.folder, "-P", join(this.folder, "pid"), "-m", "32"],
      {
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.child = child;
    let ready = false;
    const append = (data: Buffer) => (this.output = (this.output + data.toString()).slice(-20_000));
    child.stderr.on("data", append);
    child.stdout.on("data", append);
    const { connect } = await import("node:net");
    await until("kamailio listens", () => {
      if (child.exitCode !== null) throw new Error(`kamailio ended:\n${this.output}`);
      const probe = connect(this.options.port, this.options.address);
      probe.on("connect", () => ((ready = true), probe.destroy())).on("error", () => undefined);
      return ready;
    });
  }

  /** How many requests to register came; one that is sent again because the answer takes its time counts once. */
  get registers(): number {
    return new Set(this.output.match(/register \w+ \d+/g)).size;
  }

  /** Contacts of a user after the last registration. */
  contacts(user: string): number {
    const found = [...this.output.matchAll(new RegExp(`contacts ${user} (\\d+)`, "g"))].at(-1);
    return Number(found?.[1] ?? 0);
  }

  /** Ends it; its registrations are forgotten, as those of a box that is restarted. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const limit = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(limit);
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
