/** Wrapper of all admin routes: permission, JSON in and out, errors as codes. */
import { FritzError } from "../../lib/core/errors";
import type { Runtime } from "./red";

/** What Node-RED's editor sends in place of a stored password or key that the user has left alone. */
export const UNCHANGED_SECRET = "__PWRD__";

/**
 * POST fritz-calls/<name>. A `FritzError` answers 422 with `{ code, values }` for the editor's language; the
 * values contain no secrets.
 */
export function adminRoute<Q>(
  RED: Runtime,
  name: string,
  permission: string,
  answer: (question: Q) => Promise<object>,
): void {
  RED.httpAdmin.post(`/fritz-calls/${name}`, RED.auth.needsPermission(permission), (request, response) => {
    const body: unknown = request.body; // parsed by Node-RED
    const question = (typeof body === "object" && body !== null ? body : {}) as Q;
    // Answers every failure, also before the first await: an unhandled rejection would end Node-RED.
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
