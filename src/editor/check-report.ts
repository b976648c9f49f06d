/** Summary of a check, and its report for a bug report. Pure. */

/** One line of the check, as the server returns it. */
export interface CheckLine {
  id: string;
  state: "ok" | "warn" | "fail" | "info";
  text: string;
  values?: Record<string, string | number>;
  action?: "dial" | "certificate" | "user" | "create-book";
  choices?: string[];
  /** Of the rule: whether the box has a call barring list. */
  canBar?: boolean;
  /** The box's own page. */
  link?: string;
}

/** Values allowed in a report: no name, number, address or secret. */
const HARMLESS = ["model", "fritzOs", "seconds", "port", "action", "service", "upnpCode"];

/** The overall state, the key of its sentence, and the number of lines of each state. */
export function headline(lines: readonly CheckLine[]): {
  state: "ok" | "warn" | "fail";
  key: string;
  values: Record<"ok" | "warn" | "fail", number>;
} {
  const count = (state: CheckLine["state"]) => lines.filter((line) => line.state === state).length;
  const values = { ok: count("ok"), warn: count("warn"), fail: count("fail") };
  const state = values.fail > 0 ? "fail" : values.warn > 0 ? "warn" : "ok";
  const isFirst = state === "ok" && lines.some(({ text }) => text === "check.login-none");
  return { state: isFirst ? "warn" : state, key: isFirst ? "monitor-only" : state, values };
}

/** A line of the report; `sentence` formats it with the values given. */
export function reportLine(
  line: CheckLine,
  sentence: (line: CheckLine, values: Record<string, string | number>) => string,
) {
  const entries = Object.entries(line.values ?? {});
  const values = Object.fromEntries(entries.map(([key, value]) => [key, HARMLESS.includes(key) ? value : "…"]));
  return `[${line.state}] ${line.id}: ${sentence(line, values)}`;
}
