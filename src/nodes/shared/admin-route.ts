/** L5 nodes: the one wrapper of all admin routes: permission first, JSON in and out, a failure is a sentence's code. */
import { FritzError } from "../../lib/model/errors";
import type { Runtime } from "./red";

/**
 * POST fritz-calls/<name>. A failure of the kind that a user meets answers 422 with `{ code, values }` for the editor's own
 * language; the values hold no secrets.
 */
export function adminRoute<Q>(
  RED: Runtime,
  name: string,
  permission: string,
  answer: (question: Q) => Promise<object>,
): void {
  RED.httpAdmin.post(`/fritz-calls/${name}`, RED.auth.needsPermission(permission), (request, response) => {
    const body: unknown = request.body; // Node-RED has parsed it
    const question = (typeof body === "object" && body !== null ? body : {}) as Q;
    // Whatever fails, also before the first await, is answered: an unhandled rejection would end Node-RED.
    Promise.resolve()
      .then(() => answer(question))
      .then(
        (found) => void response.json(found),
        (error: unknown) => {
          if (error instanceof FritzError) response.status(422).json({ code: error.code, values: error.values });
          else
            response
              .status(500)
              .json({ code: "internal", values: { detail: error instanceof Error ? error.name : "" } });
        },
      );
  });
}
