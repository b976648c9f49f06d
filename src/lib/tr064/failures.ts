/** Maps the error codes of a box (UPnP and AVM's own) to `FritzError` codes. */
import { FritzError, type FritzErrorCode } from "../core/errors";

/** Code -> failure, and whether a retry may help. See docs/protocol/tr064.md#errors. */
const FAULTS: Readonly<Record<number, readonly [FritzErrorCode, retry: boolean]>> = {
  401: ["box-no-action", false], // unknown action, or access for apps is switched off
  402: ["box-arguments", false],
  403: ["box-no-action", false],
  501: ["box-action-failed", false],
  502: ["box-arguments", false],
  503: ["box-busy", true],
  600: ["box-arguments", false],
  603: ["box-memory", true],
  606: ["box-right", false],
  713: ["box-no-entry", false], // also: an online phonebook, which cannot be written
  714: ["box-no-entry", false],
  801: ["box-arguments", false],
  802: ["box-arguments", false],
  803: ["box-arguments", false],
  820: ["box-internal", false],
  866: ["box-second-factor", false],
  867: ["box-second-factor-blocked", true],
  868: ["box-second-factor-busy", true],
};

/** The error for a code that a box returned for an action. */
export function explainFault(upnpCode: number, action: string): FritzError {
  const [code, retry] = FAULTS[upnpCode] ?? ["box-action-failed", false];
  return new FritzError(code, { action, upnpCode }, retry);
}
