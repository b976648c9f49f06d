/** The dialog's "create a user of its own": begun, followed and stopped by its routes. What the administrator typed is kept nowhere. */
import { MINUTE_MS, systemClock, type Timer } from "../../lib/core/clock";
import { randomUUID } from "node:crypto";
import { type AppUser, createAppUser } from "../../lib/box/app-user";
import { FritzError } from "../../lib/core/errors";
import { Tr064Client } from "../../lib/tr064/client";
import type { ConfirmationMethods } from "../../lib/tr064/second-factor";
import { adminRoute } from "../shared/admin-route";
import type { Runtime } from "../shared/red";
import { askedBox, type BoxQuestion } from "./dialog-box";

type JobState =
  | { state: "working" }
  | { state: "confirm"; methods: ConfirmationMethods; untilMs: number }
  | ({ state: "done" } & AppUser)
  | { state: "failed"; code: string; values: object };

interface Job {
  now: JobState;
  stop: AbortController;
  /** Runs when the job has ended and its result was not fetched yet. */
  kept?: Timer;
}

/** The dialog asks every second; a result that is not fetched by then is forgotten, ms. */
const KEPT_MS = MINUTE_MS;
const TIMEOUT_MS = 8_000;

/** Offers the routes; once for a runtime. */
export function offerAppUserRoutes(RED: Runtime, permission: string): void {
  const jobs = new Map<string, Job>();
  const forget = (id: string) => {
    jobs.get(id)?.kept?.cancel();
    jobs.delete(id);
  };
  adminRoute(RED, "app-user", permission, (question: BoxQuestion) => {
    const { username = "", password = "" } = question.credentials ?? {};
    if (username.trim() === "" || password === "") throw new FritzError("app-user-input");
    const id = randomUUID();
    const job: Job = { now: { state: "working" }, stop: new AbortController() };
    jobs.set(id, job);
    void run(RED, question, job).finally(() => (job.kept = systemClock.after(KEPT_MS, () => forget(id))));
    return Promise.resolve({ job: id });
  });
  adminRoute(RED, "app-user-state", permission, ({ job: id = "" }: { job?: string }) => {
    const job = jobs.get(id);
    if (!job) throw new FritzError("app-user-gone");
    const { now } = job;
    if (now.state === "done" || now.state === "failed") forget(id); // the password leaves once
    if (now.state !== "confirm") return Promise.resolve(now);
    const { state, methods, untilMs } = now;
    const seconds = Math.max(0, Math.round((untilMs - systemClock.now()) / 1000));
    return Promise.resolve({ state, methods, seconds });
  });
  adminRoute(RED, "app-user-stop", permission, ({ job: id = "" }: { job?: string }) => {
    jobs.get(id)?.stop.abort();
    return Promise.resolve({});
  });
}

/** Never rejects. */
async function run(RED: Runtime, question: BoxQuestion, job: Job): Promise<void> {
  const clients: Tr064Client[] = [];
  try {
    const { id = "" } = question;
    // The passwords of an administrator and of a new user never go over the network in the clear.
    const { settings } = question;
    const { options } = askedBox(RED, { ...question, ...(settings && { settings: { ...settings, tls: true } }) });
    const open = (user: AppUser) => {
      const client = new Tr064Client({ ...options, ...user, timeoutMs: TIMEOUT_MS });
      clients.push(client);
      return client;
    };
    const user = await createAppUser({
      client: open({ username: options.username ?? "", password: options.password ?? "" }),
      appId: `noderedfritzcalls${id.replace(/[^0-9A-Za-z]/g, "")}`,
      logIn: open,
      clock: systemClock,
      signal: job.stop.signal,
      waiting: (methods, untilMs) => (job.now = { state: "confirm", methods, untilMs }),
    });
    job.now = { state: "done", ...user };
  } catch (error) {
    const known = error instanceof FritzError;
    job.now = known
      ? { state: "failed", code: error.code, values: error.values }
      : { state: "failed", code: "internal", values: { detail: error instanceof Error ? error.name : "" } };
  } finally {
    for (const client of clients) client.close();
  }
}
