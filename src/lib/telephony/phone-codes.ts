/** Extensions of telephones and machines, and the codes that ring them. See docs/protocol/call-monitor.md#extension-ids. */

export const FIRST_IP_PHONE = 20;
export const FIRST_MACHINE = 40;
const OF_A_KIND = 10;

/** Whether the extension is an IP phone's. */
export const isIpPhone = (extension: number) => extension >= FIRST_IP_PHONE && extension < FIRST_IP_PHONE + OF_A_KIND;

/** Whether the extension is an answering machine's. */
export const isMachine = (extension: number) => extension >= FIRST_MACHINE && extension < FIRST_MACHINE + OF_A_KIND;

/** Last and first extension, and the code of the first. */
const CODES: readonly (readonly [last: number, least: number, code: number])[] = [
  [2, 0, 1],
  [15, 10, 610],
  [29, 20, 620],
  [44, 40, 600],
];

/** The code that rings it. */
export function codeOf(extension: number): { code?: string } {
  const [, from, first] = CODES.find(([last, least]) => extension >= least && extension <= last) ?? [];
  return from === undefined || first === undefined ? {} : { code: `**${first + extension - from}` };
}
