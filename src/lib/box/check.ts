/** "Check my Fritz!Box": checks everything that the nodes need, from the address to the rule for the spam book. */
import { FritzError } from "../core/errors";
import type { BookInfo } from "../phonebook/types";
import { bareHex } from "../tr064/http";
import { probeMonitor } from "../calls/tcp-connection";
import { resolveHome } from "../core/home-network";
import { BoxAccess, type CurrentUser } from "../tr064/access";
import { cleanHost } from "../calls/connection";
import { Telephony, type TelephonyOptions } from "./telephony";
import {
  type CheckLine,
  failedLine,
  type CheckTarget,
  addressLine,
  isSilent,
  notABox,
  withLink,
  eventsLine,
  monitorLine,
} from "./check-line";

const TIMEOUT_MS = 5_000;

/**
 * Checks a box as it is configured, deployed or not. Never rejects because of the box: failures are lines of
 * the result.
 */
export async function checkBox(target: CheckTarget): Promise<CheckLine[]> {
  const host = cleanHost(target.host);
  const found = await resolveHome(host);
  if ("code" in found) {
    const { code, address = "" } = found;
    return [{ id: "address", state: "fail", text: `problem.${code}`, values: { host, detail: address } }];
  }
  const telephony = new Telephony({ timeoutMs: TIMEOUT_MS, ...target, host });
  try {
    const check = new BoxCheck(target, telephony);
    const [monitor, rest] = await Promise.all([probeMonitor({ host, port: target.monitorPort }), check.overTr064()]);
    const lines = [
      addressLine(host, found.address),
      monitorLine(monitor, check.mayDial),
      eventsLine(target, monitor),
      ...rest,
    ];
    return isSilent(lines) ? [notABox(host)] : lines.map((line) => withLink(line, host));
  } finally {
    telephony.close();
  }
}

/** Switches the call monitor on through the box's dialling aid. Rejects with a `FritzError`. */
export async function dialMonitorOn(target: TelephonyOptions): Promise<void> {
  const telephony = new Telephony({ ...target, host: cleanHost(target.host) });
  try {
    await new BoxAccess(telephony.client).dial("#96*5*");
  } finally {
    telephony.close();
  }
}

class BoxCheck {
  /** Whether the user may use the dialling aid. */
  mayDial = false;
  private readonly access: BoxAccess;

  constructor(
    private readonly target: CheckTarget,
    private readonly telephony: Telephony,
  ) {
    this.access = new BoxAccess(telephony.client);
  }

  async overTr064(): Promise<CheckLine[]> {
    const box = await this.line("box", () => this.box());
    const lines = [box, ...this.certificate()];
    // Without an answer the other checks are skipped.
    if (box.state === "fail" && box.text !== "check.box-no-telephony") return lines;
    const login = await this.login();
    lines.push(...login.lines);
    if (!login.ok || box.state === "fail") return lines;
    lines.push(await this.line("second-factor", () => this.secondFactor()));
    lines.push(await this.line("place", () => this.place()));
    return [...lines, ...(await this.books())];
  }

  private async line(id: CheckLine["id"], look: () => Promise<CheckLine>): Promise<CheckLine> {
    try {
      return await look();
    } catch (error) {
      return failedLine(id, error);
    }
  }

  private async box(): Promise<CheckLine> {
    const { client } = this.telephony;
    const { model, fritzOs = "?", services } = await client.describe();
    const has = (name: string) => services.some(({ type }) => type.endsWith(`:service:${name}`));
    const values = { model, fritzOs };
    // Needs no login, but TLS, to detect a changed certificate.
    if (this.target.tls !== false && has("DeviceInfo:1")) await this.access.users();
    return has("X_VoIP:1") && has("X_AVM-DE_OnTel:1")
      ? { id: "box", state: "ok", text: "check.box-ok", values }
      : { id: "box", state: "fail", text: "check.box-no-telephony", values };
  }

  private certificate(): CheckLine[] {
    if (this.target.tls === false) return [{ id: "certificate", state: "warn", text: "check.certificate-off" }];
    const fingerprint = this.telephony.client.fingerprint;
    if (fingerprint === "") return [];
    const wanted = bareHex(this.target.fingerprint ?? "");
    if (wanted === fingerprint) return [{ id: "certificate", state: "ok", text: "check.certificate-ok" }];
    const more = { values: { fingerprint }, action: "certificate" } as const;
    return wanted === ""
      ? [{ id: "certificate", state: "warn", text: "check.certificate-any", ...more }]
      : [{ id: "certificate", state: "fail", text: "check.certificate-changed", ...more }];
  }

  private async login(): Promise<{ ok: boolean; lines: CheckLine[] }> {
    try {
      const user = await this.access.currentUser();
      this.mayDial = user !== undefined && user.dial !== "none" && (this.target.password ?? "") !== "";
      const name = user?.name || (this.target.username ?? "");
      const login: CheckLine = { id: "login", state: "ok", text: "check.login-ok", values: { user: name } };
      return { ok: true, lines: [login, ...rightsLine(user)] };
    } catch (error) {
      const line = failedLine("login", error);
      const users = await this.access.users().catch(() => []);
      const choices = users.length > 0 && ({ action: "user", choices: users } as const);
      const missing = error instanceof FritzError && error.code === "box-login-needed";
      const shown: CheckLine = missing ? { id: "login", state: "info", text: "check.login-none" } : line;
      return { ok: false, lines: [{ ...shown, ...choices }] };
    }
  }

  private async secondFactor(): Promise<CheckLine> {
    const on = await this.access.secondFactor();
    return { id: "second-factor", state: "ok", text: on ? "check.second-factor-on" : "check.second-factor-off" };
  }

  private async place(): Promise<CheckLine> {
    const { countryCode, areaCode = "" } = await this.telephony.dialPlan();
    const values = { countryCode, areaCode };
    return areaCode === ""
      ? { id: "place", state: "warn", text: "check.place-no-area", values }
      : { id: "place", state: "ok", text: "check.place-ok", values };
  }

  private async books(): Promise<CheckLine[]> {
    try {
      const books = await this.telephony.books(true);
      const text = books.some(({ writable }) => writable) ? "check.phonebooks-ok" : "check.phonebooks-read-only";
      const list = books.map(({ name, count = 0, writable }) => `${name} ${count}${writable ? "" : " *"}`).join(", ");
      const state = text === "check.phonebooks-ok" ? "ok" : "warn";
      return [
        { id: "phonebooks", state, text, values: { books: list } },
        await this.line("rule", () => this.rule(books)),
      ];
    } catch (error) {
      return [failedLine("phonebooks", error)];
    }
  }

  private async rule(books: BookInfo[]): Promise<CheckLine> {
    const canBar = await this.access.canBar();
    return { ...(await this.ruleOf(books, canBar)), canBar };
  }

  private async ruleOf(books: BookInfo[], canBar: boolean): Promise<CheckLine> {
    const barred = (await this.telephony.deflections.rejectedBooks(books)).map(({ name }) => name);
    const { targetBooks = [] } = this.target;
    const [unknown] = targetBooks.filter((name) => !books.some((book) => book.name === name));
    if (unknown !== undefined) {
      return {
        id: "rule",
        state: "warn",
        text: "check.rule-no-book",
        values: { book: unknown },
        action: "create-book",
      };
    }
    const [unbarred] = targetBooks.filter((name) => !barred.includes(name));
    if (unbarred !== undefined)
      return { id: "rule", state: "warn", text: "check.rule-missing", values: { book: unbarred } };
    if (barred.length > 0)
      return { id: "rule", state: "ok", text: "check.rule-ok", values: { books: barred.join(", ") } };
    return canBar
      ? { id: "rule", state: "ok", text: "check.rule-barring" }
      : { id: "rule", state: "info", text: "check.rule-none" };
  }
}

function rightsLine(user: CurrentUser | undefined): CheckLine[] {
  if (!user) return []; // an old box does not report rights
  if (user.phone === "readwrite") return [{ id: "rights", state: "ok", text: "check.rights-ok" }];
  return user.phone === "readonly"
    ? [{ id: "rights", state: "warn", text: "check.rights-read" }]
    : [{ id: "rights", state: "fail", text: "check.rights-none" }];
}
