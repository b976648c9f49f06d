/** A map with an upper bound, so that no input fills the memory. */

/**
 * Keeps at most `most` entries: those set last. Setting a key again makes it the youngest. An entry that somebody waits for
 * (`isInUse`) stays beyond that.
 */
export class BoundedMap<K, V> extends Map<K, V> {
  constructor(
    private readonly most: number,
    private readonly isInUse: (value: V) => boolean = () => false,
  ) {
    super();
  }

  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    if (this.size > this.most) this.shrink();
    return this;
  }

  private shrink(): void {
    for (const [oldest, value] of this) {
      if (!this.isInUse(value)) this.delete(oldest);
      if (this.size <= this.most) return;
    }
  }
}
