/**
 * Pick lists of the editor, requested from the box with the login of the dialog, or the one stored for the
 * same host.
 */
import { Telephony } from "../../lib/box/telephony";
import { FritzError } from "../../lib/core/errors";
import { adminRoute } from "../shared/admin-route";
import type { Runtime } from "../shared/red";
import { askedBox, type BoxQuestion } from "./dialog-box";

/** Time limit of a request, ms. */
const PATIENCE_MS = 5_000;

/** POST fritz-calls/<name>: requests a list from a configured box, or one in a dialog. */
export function offerPickList<Q extends BoxQuestion>(
  RED: Runtime,
  name: string,
  permission: string,
  ask: (box: Telephony, question: Q) => Promise<object>,
): void {
  adminRoute(RED, name, permission, async (question: Q) => {
    const { options, storedElsewhere } = askedBox(RED, question);
    if (storedElsewhere) throw new FritzError("password-elsewhere");
    const box = new Telephony({ ...options, timeoutMs: PATIENCE_MS });
    try {
      return await ask(box, question);
    } finally {
      box.close();
    }
  });
}
