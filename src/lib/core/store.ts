/** A place to keep one value over restarts. Its fake is in test/support. */

/** Keeps one plain JSON value over restarts. */
export interface Store {
  /** Resolves to undefined if nothing was saved. */
  load(): Promise<unknown>;
  save(value: unknown): Promise<void>;
  /**
   * Keeps what changes the saved value until the next `save`; `load` gives the value with it. Quick, and as safe against a killed process
   * when it resolves, less against a power cut. Missing where that is not possible.
   */
  note?(change: unknown): Promise<void>;
  /** Makes what was noted as safe against a power cut as what was saved. Resolves to whether so much was noted that a `save` is due. */
  sync?(): Promise<boolean>;
}
