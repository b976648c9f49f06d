/** Lines about the box's address, and links to its pages. */
import type { CheckLine } from "./check-line";

const NO_BOX = /^error\.box-(refused|unreachable|timeout|reply|tls)$/;

/** Neither port answered: probably not a Fritz!Box. */
export function isSilent(lines: readonly CheckLine[]): boolean {
  const failure = (id: string) => lines.find((line) => line.id === id && line.state === "fail")?.text ?? "";
  return /^problem\.(refused|unreachable|timeout)$/.test(failure("monitor")) && NO_BOX.test(failure("box"));
}

/** Lines that can be fixed on the box's own pages. */
const ON_THE_BOX = ["rights", "rule", "phonebooks", "login"];

/** The only line if no Fritz!Box answers. */
export function notABox(host: string): CheckLine {
  return { id: "address", state: "fail", text: "check.not-a-box", values: { host } };
}

/** Adds a link to the box if its pages can fix the line. */
export function withLink(line: CheckLine, host: string): CheckLine {
  const isTrouble = line.state === "fail" || line.state === "warn" || line.text === "check.rule-none";
  return isTrouble && ON_THE_BOX.includes(line.id) ? { ...line, link: `http://${host}/` } : line;
}

/** The line about the address. */
export function addressLine(host: string, address: string): CheckLine {
  const text = host === address ? "check.address-home" : "check.address-ok";
  return { id: "address", state: "ok", text, values: { host, address } };
}
