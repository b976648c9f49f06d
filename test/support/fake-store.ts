/** Test support: a store that is a variable, so that a second run can be given what the first one left. */
import type { Store } from "../../src/lib/core/store";

export class FakeStore implements Store {
  saves = 0;
  failure: Error | undefined;

  constructor(public value: unknown = undefined) {}

  load(): Promise<unknown> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(structuredClone(this.value));
  }

  save(value: unknown): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.saves++;
    this.value = JSON.parse(JSON.stringify(value)) as unknown;
    return Promise.resolve();
  }
}
