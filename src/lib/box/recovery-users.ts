/** The nodes that want to know what was missed of one box's calls. */
import type { Clock } from "../core/clock";
import { safeCall } from "../core/async";
import type { Gap, RecoveryUser } from "./recovery-types";

/** A deploy takes its users away for a moment. */
const WITHOUT_USERS_MS = 60_000;

/** Passes everything on to all of them; a fault of one does not reach the others. */
export class RecoveryUsers {
  private readonly users = new Set<RecoveryUser>();
  private leftMs: number;

  constructor(private readonly clock: Clock) {
    this.leftMs = clock.now();
  }

  get count(): number {
    return this.users.size;
  }

  /** There is one, or was a moment ago. */
  get areThere(): boolean {
    return this.users.size > 0 || this.clock.now() - this.leftMs < WITHOUT_USERS_MS;
  }

  /** Reads the call list; undefined without a login. */
  get calls(): RecoveryUser["calls"] {
    return [...this.users].find(({ calls }) => calls)?.calls;
  }

  add(user: RecoveryUser): void {
    this.users.add(user);
  }

  remove(user: RecoveryUser): void {
    if (this.users.delete(user)) this.leftMs = this.clock.now();
  }

  gap(gap: Gap): void {
    for (const user of this.users) safeCall(() => user.gap(gap));
  }

  skipped(count: number): void {
    if (count > 0) for (const user of this.users) safeCall(() => user.skipped(count));
  }

  /** One of them reports it for the box. */
  trouble(error: unknown): void {
    const [user] = this.users;
    if (user) safeCall(() => user.trouble(error));
  }
}
